"""Rules in any dialect's form. The one place that knows how the others say them."""

from diglot.domain.errors import InvalidArgument
from diglot.domain.identity import parse_id
from diglot.domain.rules import (
    AUTOMATIC,
    ChildRules,
    ChunkForm,
    ChunkingRules,
    ChunkMethod,
    CleaningRules,
    MethodOptions,
    RuleMode,
)
from diglot.http.dify import process_rules as dify
from diglot.http.native import wire
from diglot.http.ragflow import chunking as ragflow

WAYS = (("rules", "form"), ("process_rule", "doc_form"), ("chunk_method", "parser_config"))


def rules_of(
    sent: wire.RulesSent, before: ChunkingRules | None, most_tokens: int
) -> tuple[ChunkingRules | None, ChunkForm | None]:
    """`before`: those of the document, which RAGFlow's are laid over. None: what was not said."""
    ways = [said for names in WAYS if (said := [name for name in names if getattr(sent, name) is not None])]
    if len(ways) > 1:
        raise InvalidArgument("Rules are taken in one form at a time: ours, Dify's or RAGFlow's.", ways[1][0])
    if sent.chunk_method is not None or sent.parser_config is not None:
        return _by_method(sent, before), None
    if sent.process_rule is not None or sent.doc_form is not None:
        by_rule = dify.chunking_rules(sent.process_rule, most_tokens)
        return by_rule, dify.form_of(sent.doc_form, by_rule)
    ours = None if sent.rules is None else _ours(sent.rules, most_tokens)
    return ours, sent.form or _implied(ours)


def _by_method(sent: wire.RulesSent, before: ChunkingRules | None) -> ChunkingRules:
    method = sent.chunk_method or ragflow.method_of(before)
    if method is ChunkMethod.GENERAL:
        raise InvalidArgument(f"There is no chunk_method {method.value!r}.", "chunk_method")
    if before is None:
        return ragflow.rules_of(method, ragflow.first_config(method, sent.parser_config))
    return ragflow.rules_of(method, ragflow.next_config(before, method, sent.parser_config))


def _ours(sent: wire.Rules, most_tokens: int) -> ChunkingRules:
    _require_sizes(sent, "rules", most_tokens)
    rules = ChunkingRules(
        mode=sent.mode,
        cleaning=CleaningRules(**sent.cleaning.model_dump()),
        separator=sent.separator,
        max_tokens=sent.max_tokens,
        overlap=sent.overlap,
        method=ChunkMethod(sent.method),
        options=_options(sent.options),
        children=None if sent.children is None else _children(sent.children, most_tokens),
    )
    if rules.mode is RuleMode.AUTOMATIC and rules.method is ChunkMethod.GENERAL and _own(rules) != _own(AUTOMATIC):
        raise InvalidArgument("Rules with values of their own have the mode 'custom' or 'hierarchical'.", "rules.mode")
    return rules


def _own(rules: ChunkingRules) -> tuple[object, ...]:
    """What automatic rules do not leave open."""
    return rules.cleaning, rules.separator, rules.max_tokens, rules.overlap


def _implied(rules: ChunkingRules | None) -> ChunkForm | None:
    """Rules for children make children; a method of its own says its form itself."""
    if rules is None or rules.method is not ChunkMethod.GENERAL:
        return None
    is_parted = rules.children is not None or rules.mode is RuleMode.HIERARCHICAL
    return ChunkForm.HIERARCHICAL if is_parted else None


def _children(sent: wire.Children, most_tokens: int) -> ChildRules:
    _require_sizes(sent, "rules.children", most_tokens)
    return ChildRules.from_json(sent.model_dump())


def _require_sizes(sent: wire.Rules | wire.Children, where: str, most_tokens: int) -> None:
    least = dify.LEAST_MAX_TOKENS
    if not least <= sent.max_tokens <= most_tokens:
        raise InvalidArgument(f"max_tokens must be between {least} and {most_tokens}.", f"{where}.max_tokens")
    if sent.overlap >= sent.max_tokens:
        raise InvalidArgument("overlap must be less than max_tokens.", f"{where}.overlap")


def _options(sent: wire.Options) -> MethodOptions:
    if any(len(pair) != 2 for pair in sent.pages):
        raise InvalidArgument("Each range of pages has a first and a last page.", "rules.options.pages")
    datasets = [parse_id(one) for one in sent.tag_datasets]
    if None in datasets:
        raise InvalidArgument("What names a dataset is an id.", "rules.options.tag_datasets")
    return MethodOptions.from_json(sent.model_dump() | {"tag_datasets": datasets})
