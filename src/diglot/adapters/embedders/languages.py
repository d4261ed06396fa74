"""Which languages a tokenizer can spell. A model that cannot read a language ruins a good word search in it."""

from collections.abc import Iterable
from typing import Any

# Plain prose in the main languages of the scripts that `Tokenizer.language` tells apart. "en" stands for Latin script.
SAMPLES = {
    "en": "The committee published its annual report on water quality in rivers and lakes last week.",
    "zh": "委员会上周发布了关于河流和湖泊水质的年度报告，并提出了改善城市供水系统的建议。",
    "ja": "委員会は先週、川や湖の水質に関する年次報告書を発表し、都市の給水を改善する案を示した。",
    "ko": "위원회는 지난주 강과 호수의 수질에 관한 연례 보고서를 발표하고 도시 급수 개선안을 제시했다.",
    "ru": "На прошлой неделе комитет опубликовал ежегодный доклад о качестве воды в реках и озёрах.",
    "ar": "نشرت اللجنة الأسبوع الماضي تقريرها السنوي عن جودة المياه في الأنهار والبحيرات.",
    "el": "Η επιτροπή δημοσίευσε την περασμένη εβδομάδα την ετήσια έκθεση για την ποιότητα του νερού.",
    "he": "הוועדה פרסמה בשבוע שעבר את הדוח השנתי שלה על איכות המים בנהרות ובאגמים.",
    "hi": "समिति ने पिछले सप्ताह नदियों और झीलों में पानी की गुणवत्ता पर अपनी वार्षिक रिपोर्ट प्रकाशित की।",
    "th": "คณะกรรมการเผยแพร่รายงานประจำปีเกี่ยวกับคุณภาพน้ำในแม่น้ำและทะเลสาบเมื่อสัปดาห์ที่แล้ว",
}
_SYLLABIC = frozenset({"zh", "ja", "ko"})
_MOST_UNKNOWN = 0.1
# Letter by letter, or byte by byte, is spelling without understanding.
_MOST_TOKENS_A_LETTER = 0.6
_MOST_TOKENS_A_SYLLABLE = 1.1


def guess_languages(tokenizer: Any) -> frozenset[str] | None:
    """ISO 639-1 codes of the samples that a `tokenizers.Tokenizer` spells in few and known tokens; None: all."""
    read = frozenset(language for language, sample in SAMPLES.items() if _spells(tokenizer, language, sample))
    return None if read == SAMPLES.keys() else read or frozenset({"en"})


def _spells(tokenizer: Any, language: str, sample: str) -> bool:
    tokens = tokenizer.encode(sample, add_special_tokens=False).tokens
    letters = sum(not letter.isspace() for letter in sample)
    most = _MOST_TOKENS_A_SYLLABLE if language in _SYLLABIC else _MOST_TOKENS_A_LETTER
    return len(tokens) <= most * letters and _unknown(tokens) <= _MOST_UNKNOWN * len(tokens)


def _unknown(tokens: Iterable[str]) -> int:
    return sum(token.strip("<>[]").lower() == "unk" for token in tokens)
