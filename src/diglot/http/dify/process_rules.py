"""`process_rule`: how a document is cleaned and split, in Dify's words."""

from typing import Any

from diglot.domain.errors import InvalidArgument
from diglot.domain.identity import RuleId, dashed
from diglot.domain.rules import ChildRules, ChunkForm, ChunkingRules, ChunkMethod, CleaningRules, ParentMode, RuleMode
from diglot.http.dify import wire
from diglot.http.dify.translate import FORMS
from diglot.http.separators import unescaped

LEAST_MAX_TOKENS = 50
PARENT_MODES = {"paragraph": ParentMode.PARAGRAPH, "full-doc": ParentMode.FULL_DOCUMENT}
PARENT_MODE_NAMES = {mode: name for name, mode in PARENT_MODES.items()}


def form_of(form: str | None, rules: ChunkingRules | None) -> ChunkForm | None:
    """What was said, or what a rule for child chunks says without words."""
    if form is not None:
        return FORMS[form]
    return ChunkForm.HIERARCHICAL if rules is not None and rules.children is not None else None


def chunking_rules(sent: wire.ProcessRule | None, most_tokens: int) -> ChunkingRules | None:
    """`InvalidArgument` for what only shows when all is put together."""
    if sent is None:
        return None
    if sent.mode == "automatic":
        return ChunkingRules()
    if sent.rules is None:
        raise InvalidArgument("Process rule rules is required", "process_rule")
    children = _child_rules(sent.rules, most_tokens) if sent.mode == "hierarchical" else None
    segmentation = sent.rules.segmentation
    if children is not None and children.parent_mode is ParentMode.FULL_DOCUMENT:
        segmentation = segmentation or wire.Segmentation.model_validate({})
    elif segmentation is None:
        raise InvalidArgument("Process rule segmentation is required", "process_rule")
    else:
        _require_sizes(segmentation, most_tokens)
    wanted = {rule.id: rule.enabled for rule in sent.rules.pre_processing_rules}
    return ChunkingRules(
        mode=RuleMode(sent.mode),
        cleaning=CleaningRules(
            remove_extra_spaces=wanted.get("remove_extra_spaces", False),
            remove_urls_emails=wanted.get("remove_urls_emails", False),
        ),
        separator=unescaped(segmentation.separator),
        max_tokens=segmentation.max_tokens,
        overlap=segmentation.chunk_overlap or 0,
        children=children,
    )


def _child_rules(sent: wire.Rules, most_tokens: int) -> ChildRules:
    segmentation = sent.subchunk_segmentation or wire.ChildSegmentation.model_validate({})
    _require_sizes(segmentation, most_tokens)
    return ChildRules(
        parent_mode=PARENT_MODES[sent.parent_mode or "paragraph"],
        separators=(unescaped(segmentation.separator),),
        max_tokens=segmentation.max_tokens,
        overlap=segmentation.chunk_overlap or 0,
    )


def _require_sizes(segmentation: wire.Segmentation, most_tokens: int) -> None:
    if not segmentation.separator:
        raise InvalidArgument("Process rule segmentation separator is required", "process_rule")
    if not LEAST_MAX_TOKENS <= segmentation.max_tokens <= most_tokens:
        raise InvalidArgument(
            f"Custom segment length should be between {LEAST_MAX_TOKENS} and {most_tokens}.", "process_rule"
        )
    if (segmentation.chunk_overlap or 0) >= segmentation.max_tokens:
        raise InvalidArgument("Process rule segmentation chunk_overlap must be less than max_tokens", "process_rule")


def rule_body(dataset_id: str, rule_id: RuleId, rules: ChunkingRules) -> dict[str, Any]:
    if rules.method is not ChunkMethod.GENERAL:
        rules = nearest_rules(rules)
    said: dict[str, Any] = {
        "pre_processing_rules": [
            {"id": "remove_extra_spaces", "enabled": rules.cleaning.remove_extra_spaces},
            {"id": "remove_urls_emails", "enabled": rules.cleaning.remove_urls_emails},
        ],
        "segmentation": _segmentation_body(rules.separator, rules.max_tokens, rules.overlap),
    }
    children = rules.children
    if children is not None:
        said["parent_mode"] = PARENT_MODE_NAMES[children.parent_mode]
        separator = children.separators[0] if children.separators else ""
        said["subchunk_segmentation"] = _segmentation_body(separator, children.max_tokens, children.overlap)
    return {"id": dashed(rule_id), "dataset_id": dashed(dataset_id), "mode": rules.mode, "rules": said}


def _segmentation_body(separator: str, max_tokens: int, overlap: int) -> dict[str, Any]:
    return {"separator": separator, "max_tokens": max_tokens, "chunk_overlap": overlap}


def nearest_rules(rules: ChunkingRules) -> ChunkingRules:
    """What comes nearest in Dify's words to a method that it has not."""
    options = rules.options
    return ChunkingRules(
        mode=RuleMode.CUSTOM if rules.children is None else RuleMode.HIERARCHICAL,
        cleaning=CleaningRules(remove_extra_spaces=False, remove_urls_emails=False),
        separator=options.delimiter,
        max_tokens=options.chunk_tokens,
        overlap=options.chunk_tokens * options.overlap_percent // 100,
        children=rules.children,
    )
