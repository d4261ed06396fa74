"""How many tokens a language model would read: one fast estimate for limits and for every count we show."""

import re
from collections.abc import Iterator

# The Han characters that are a single token of cl100k; nearly every other one is two. Traditional text holds more of
# those: one factor for all Han text would be 16 % off there.
_COMMON_HAN = (
    "一万三上下不与专业东两个中串为主么义之也书了事二于五些交产享京人亿今介从他付代以们件价任份企优会传但位体何余作你使例供価保信修倍值停像元先入全公共关其具内円册再写出击分列则初利别到制前力功加务动動包化"
    "北区十午华单南即历原去县参及友反发取变口只可台右号司合同名后向否含听启告员周命和品哈商問器四回因国图土在地场址型城基報場填增声处备复外多大天失头女好如始子字存学安宋完定实审客家容密对导将小少尔就局展山"
    "岁州工左已市布常平年并广序库应店度建开异式引张当录形影径待後得微心必志态思性总息您情意感成我或户所手打找技投报拉持指按换据排接推提播支收改放政效数整文料断新方族无日时明易星是時景更最月有服期木未本机权"
    "束条来板构析果查标样核格案检模次款止正此步歳段每比民気水求江汽没治法注活流海消清游源火点無然片版物特率环现球理生用由电男画界番登的监目直相省看県真知码确示社票私种科秒称移程稍税稿空立站章端笑符第等签简"
    "算管箱米类系素索约级线组经结给络统编网置美老考者而联能自至色节英藏行表装西要見见规视角解言計記話読计认议记论设证评试话询该详语误说请读调象责败账货购费资起超路身车转软载辑输达过运近还这进连述退送选通速"
    "造連道邮部都配释里重量金钟钮链销错键长開間関门闭问间队阳陆限院除雅集雷需非面音页项预频题额首验高黑"
)

# A token here never spans a class of characters, and every part of a token is at most one token. So the count of a
# text is never more than the sum over its parts: what a splitter packs by sums stays within its limit.
_PIECE = re.compile(
    r"[a-z][a-z]{0,8}+"
    r"|[A-Z](?:[a-z]{1,9}+|[A-Z]{0,2}+)"
    r"|[0-9][0-9]{0,2}+"
    r"|[!-/:-@\[-`{-~][!-/:-@\[-`{-~]{0,2}+"
    r"|\n\s*+"
    r"|[\u0400-\u04ff][\u0400-\u04ff]?+"
)
_SINGLE = re.compile(r"[^\x00-\x7f\u0400-\u04ff\s]+")
_DOUBLE = re.compile(r"[^\x00-\u2e7f\u3000-\u30ff\uac00-\ud7af\uff00-\uffef" + _COMMON_HAN + "]+")
_UNIT = re.compile(rf"{_PIECE.pattern}|{_SINGLE.pattern.removesuffix('+')}")


def count_tokens(text: str) -> int:
    """An estimate of cl100k's count, in linear time (about 25 MB/s a core).

    Measured against cl100k_base: English abstracts (scifact) -3 %, a report -4 %, a Markdown manual +12 %, its FAQ
    +6 %, a web page of many links -3 %; Simplified Chinese (cmrc2018) -1 %, a statute +8 %, Traditional (drcd) -5 %,
    English and Chinese notes 0 %; Japanese +5 %; Python source +11 %, JSON -4 %.
    """
    count = len(_PIECE.findall(text))
    if text.isascii():
        return count
    return count + len("".join(_SINGLE.findall(text))) + len("".join(_DOUBLE.findall(text)))


def token_ends(text: str) -> Iterator[tuple[int, int]]:
    """Where a text can be cut when it has no better place: ends of smallest pieces, each with its tokens (1 or 2)."""
    for piece in _UNIT.finditer(text):
        yield piece.end(), 2 if _DOUBLE.match(piece.group()) else 1
