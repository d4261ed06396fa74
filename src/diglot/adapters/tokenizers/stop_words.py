"""Words too common to ask for, and those too empty to describe a text."""

# Lucene's EnglishAnalyzer: the 33 words that published BM25 figures for English rest on.
_LUCENE = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this"
    " to was will with"
)
ENGLISH = frozenset(_LUCENE.split())

# For keywords only: what says nothing of a text's subject.
_EMPTY_ENGLISH = (
    "about above across after again against all almost alone along already also although always among another any"
    " anything around away back became because become been before behind being below between both came can cannot"
    " cause come could did different do does doing done don't down during each either else enough etc even ever every"
    " example few first from further gave get give given go going got had has have having he hence her here hers"
    " herself him himself his how however i i'm i've it's its itself just keep know last later least less let like"
    " made make makes making many may maybe me might mine more most much must my myself near need never next nor now"
    " off often old once one only onto other others our ours ourselves out over own per perhaps put rather really said"
    " same saw say says second see seem seen several shall she should show since so some something sometimes still"
    " take taken tell than thank thanks that's them themselves there's therefore thing things think those though three"
    " through thus together too took toward towards two under until up upon us use used uses using usually various"
    " very via want was way we well went were what what's when where whether which while who whom whose why within"
    " without would yes yet you you're your yours yourself"
)
_EMPTY_CHINESE = (
    "的 了 和 与 或 是 在 有 为 以 及 等 等等 对 从 到 向 把 被 由 将 于 而 且 并 但 也 都 就 又 还 很 更"
    " 最 不 没 没有 非 无 这 那 此 其 该 某 各 每 这个 那个 这些 那些 这样 那样 这种 那种 这里 那里 这么"
    " 那么 什么 怎么 怎样 如何 为什么 哪个 哪些 哪里 谁 多少 几个 我 你 您 他 她 它 我们 你们 他们 她们"
    " 它们 咱们 自己 大家 别人 一个 一些 一种 一样 一般 一直 一定 一下 一次 一切 可以 可能 能够 能 会 应该"
    " 应当 必须 需要 不能 不会 不是 不要 不同 不仅 不过 不管 不论 只是 只有 只要 就是 还是 还有 而且 而是"
    " 并且 以及 或者 或是 因为 所以 因此 由于 如果 假如 要是 虽然 但是 可是 然而 即使 尽管 无论 除了 除非"
    " 关于 对于 至于 根据 按照 通过 经过 随着 为了 作为 其中 其他 其它 其实 例如 比如 譬如 如下 以上 以下"
    " 之前 之后 之间 之一 以后 以前 以来 时候 时间 目前 现在 当时 同时 然后 接着 最后 首先 其次 已经 曾经"
    " 正在 仍然 非常 特别 十分 比较 更加 越来越 进行 使用 成为 认为 表示 称为 包括 属于 具有 存在 主要"
    " 重要 相关 有关 之类 左右 所有 任何 许多 很多 大量 部分 全部 方面 情况 问题 方法 请 请问"
)
EMPTY = ENGLISH | frozenset(_EMPTY_ENGLISH.split()) | frozenset(_EMPTY_CHINESE.split())
