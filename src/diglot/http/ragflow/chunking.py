"""RAGFlow's chunk_method and parser_config, and our chunking rules."""

from collections.abc import Mapping
from typing import Any

from diglot.domain.rules import ChunkingRules, ChunkMethod, ColumnRole, MethodOptions

DEFAULT_METHOD = ChunkMethod.NAIVE
BASE: Mapping[str, Any] = {"table_context_size": 0, "image_context_size": 0}
OFF: Mapping[str, Any] = {"raptor": {"use_raptor": False}, "graphrag": {"use_graphrag": False}}
# What is stored where nobody says more, beside `BASE`.
DEFAULTS: Mapping[ChunkMethod, Mapping[str, Any]] = {
    ChunkMethod.NAIVE: {
        "layout_recognize": "DeepDOC",
        "chunk_token_num": 512,
        "delimiter": "\n",
        "auto_keywords": 0,
        "auto_questions": 0,
        "html4excel": False,
        "topn_tags": 3,
        **OFF,
    },
    **dict.fromkeys(
        (
            ChunkMethod.QA,
            ChunkMethod.MANUAL,
            ChunkMethod.PAPER,
            ChunkMethod.BOOK,
            ChunkMethod.LAWS,
            ChunkMethod.PRESENTATION,
        ),
        OFF,
    ),
    ChunkMethod.KNOWLEDGE_GRAPH: {"chunk_token_num": 8192, "delimiter": "\n", **OFF},
}


def default_config(method: ChunkMethod) -> dict[str, Any]:
    return {**BASE, **DEFAULTS.get(method, {})}


def merged(stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Objects within objects are merged key by key, whatever else is given takes the place of what was stored."""
    result = dict(stored)
    for name, value in given.items():
        before = result.get(name)
        both = isinstance(before, Mapping) and isinstance(value, Mapping)
        result[name] = merged(before, value) if both else value  # type: ignore[arg-type]  # both are mappings
    return result


def rules_of(method: ChunkMethod, config: Mapping[str, Any]) -> ChunkingRules:
    """`config` is a whole parser_config, defaults and all; it is kept word for word."""
    roles = config.get("table_column_roles") if config.get("table_column_mode") == "manual" else None
    options = MethodOptions(
        chunk_tokens=config.get("chunk_token_num") or 512,
        delimiter=config.get("delimiter") or "\n",
        overlap_percent=int(config.get("overlapped_percent") or 0),
        sheets_as_html=bool(config.get("html4excel")),
        pages=tuple((first, last) for first, last in config.get("pages") or ()),
        column_roles=None if roles is None else {name: ColumnRole(role) for name, role in roles.items()},
    )
    return ChunkingRules(method=method, options=options, kept=dict(config))


def method_of(rules: ChunkingRules | None) -> ChunkMethod:
    """What RAGFlow's clients are told: rules that another dialect made are nearest to `naive`."""
    if rules is None or rules.method is ChunkMethod.GENERAL:
        return DEFAULT_METHOD
    return rules.method


def config_of(rules: ChunkingRules | None) -> dict[str, Any]:
    """The parser_config as it was given, or as near as another dialect's rules come to one."""
    if rules is None:
        return default_config(DEFAULT_METHOD)
    if rules.method is not ChunkMethod.GENERAL:
        return dict(rules.kept or default_config(rules.method))
    return default_config(DEFAULT_METHOD) | {"chunk_token_num": rules.max_tokens, "delimiter": rules.separator}
