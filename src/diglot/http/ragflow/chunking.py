"""RAGFlow's chunk_method and parser_config, and our chunking rules."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from diglot.domain.identity import DatasetId, parse_id
from diglot.domain.rules import ChildRules, ChunkingRules, ChunkMethod, ColumnRole, MethodOptions
from diglot.http.ragflow.parser_config import Graphrag, ParentChild, ParserConfig, Raptor
from diglot.http.separators import unescaped

DEFAULT_METHOD = ChunkMethod.NAIVE
BACKQUOTED = re.compile("`([^`]+)`")
# `llm_id` is the account's chat model; there is none.
BASE: Mapping[str, Any] = {"table_context_size": 0, "image_context_size": 0, "llm_id": ""}
OFF: Mapping[str, Any] = {"raptor": {"use_raptor": False}, "graphrag": {"use_graphrag": False}}
SHOWN_OF_RAPTOR = frozenset({"scope", "auto_disable_for_structured_data"})
SHOWN_OF_GRAPHRAG = frozenset({"community", "resolution"})
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
        "raptor": Raptor.model_validate({"use_raptor": True}).model_dump(exclude=set(SHOWN_OF_RAPTOR)),
        "graphrag": Graphrag.model_validate({"use_graphrag": True}).model_dump(exclude=set(SHOWN_OF_GRAPHRAG)),
        "parent_child": ParentChild.model_validate({}).model_dump(),
        "children_delimiter": "",
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
    ChunkMethod.KNOWLEDGE_GRAPH: {
        "chunk_token_num": 8192,
        "delimiter": "\n",
        "entity_types": ["organization", "person", "location", "event", "time"],
        **OFF,
    },
}
ROLES = {"vectorize": ColumnRole.INDEXING}


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


def first_config(method: ChunkMethod, given: ParserConfig | None) -> dict[str, Any]:
    """Of a new dataset: whoever gives a part of it gets the defaults of what can be given for the rest."""
    if given is None:
        return default_config(method)
    absent = {name for name, value in given if value is None and name not in given.model_fields_set}
    return _settled(merged(default_config(method), given.model_dump(exclude={"ext", *absent}) | _more(given)))


def next_config(before: ChunkingRules | None, method: ChunkMethod, given: ParserConfig | None) -> dict[str, Any]:
    """After a change: what is given on top of what was; another method alone begins with its defaults."""
    if given is None:
        return config_of(before) if method is method_of(before) else default_config(method)
    changed = given.model_dump(exclude={"ext"}, exclude_unset=True) | _more(given)
    return _settled(merged(config_of(before), changed))


def rules_of(method: ChunkMethod, config: Mapping[str, Any]) -> ChunkingRules:
    """`config` is a whole parser_config, defaults and all; it is kept word for word."""
    options = MethodOptions(
        chunk_tokens=config.get("chunk_token_num") or 512,
        delimiter=unescaped(config.get("delimiter") or "\n"),
        overlap_percent=int(config.get("overlapped_percent") or 0),
        sheets_as_html=bool(config.get("html4excel")),
        pages=tuple(_pages(config)),
        column_roles=_roles(config),
        tag_datasets=tuple(_tag_datasets(config)),
        most_tags=config.get("topn_tags") or 1,
    )
    return ChunkingRules(method=method, options=options, children=_child_rules(config), kept=dict(config))


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
    nearest = {"chunk_token_num": rules.max_tokens, "delimiter": rules.separator}
    if rules.children is not None:
        divided = {"use_parent_child": True, "children_delimiter": "".join(rules.children.separators)}
        return _settled(default_config(DEFAULT_METHOD) | nearest | {"parent_child": divided})
    return default_config(DEFAULT_METHOD) | nearest


def _more(given: ParserConfig) -> dict[str, Any]:
    """What `ext` may add: nothing that was not checked stands in for what was."""
    return {name: value for name, value in given.ext.items() if name not in ParserConfig.model_fields}


def _settled(config: dict[str, Any]) -> dict[str, Any]:
    """With what RAGFlow's readers look for beside `parent_child`."""
    parent_child = config.get("parent_child") or {}
    is_divided = bool(parent_child.get("use_parent_child"))
    delimiter = parent_child.get("children_delimiter", "\n") if is_divided else ""
    return config | {"children_delimiter": delimiter, "enable_children": is_divided}


def _child_rules(config: Mapping[str, Any]) -> ChildRules | None:
    """Each character of the delimiter separates; text in backquotes in it separates as a whole."""
    parent_child = config.get("parent_child") or {}
    if not parent_child.get("use_parent_child"):
        return None
    delimiter = unescaped(parent_child.get("children_delimiter") or "\n")
    quoted = BACKQUOTED.findall(delimiter)
    return ChildRules(separators=(*quoted, *dict.fromkeys(BACKQUOTED.sub("", delimiter))))


def _pages(config: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for pair in config.get("pages") or ():
        if len(pair) == 2:
            yield pair[0], pair[1]


def _tag_datasets(config: Mapping[str, Any]) -> Iterator[DatasetId]:
    """What is no id names no dataset."""
    for sent in config.get("tag_kb_ids") or ():
        plain = parse_id(sent)
        if plain is not None:
            yield DatasetId(plain)


def _roles(config: Mapping[str, Any]) -> dict[str, ColumnRole] | None:
    if config.get("table_column_mode") != "manual" or config.get("table_column_roles") is None:
        return None
    return {name: ROLES.get(role) or ColumnRole(role) for name, role in config["table_column_roles"].items()}
