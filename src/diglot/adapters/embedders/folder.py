"""What a model folder says of itself, in sentence-transformers' and the tokenizer's files, and what its name says."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diglot.adapters.embedders.architecture import is_convertible, is_reranker, read_architecture, read_json
from diglot.adapters.embedders.onnx import Pooling
from diglot.domain.errors import InvalidArgument

DEFAULT_MAX_TOKENS = 512
_LONGEST = 32_768

_KNOWN_PREFIXES = (
    # Model cards of BAAI/bge-*-v1.5 and intfloat/*e5*: their folders do not say it.
    (re.compile(r"\bbge-(small|base|large)-zh"), "为这个句子生成表示以用于检索相关文章：", ""),
    (re.compile(r"\bbge-(small|base|large)-en"), "Represent this sentence for searching relevant passages: ", ""),
    (re.compile(r"\b(multilingual-)?e5-(small|base|large)(-v2)?\b(?!-instruct)"), "query: ", "passage: "),
)
_POOLINGS = {
    "pooling_mode_mean_tokens": Pooling.MEAN,
    "pooling_mode_cls_token": Pooling.CLS,
    "pooling_mode_lasttoken": Pooling.LAST,
}
_MODULES = frozenset({"Transformer", "Pooling", "Normalize"})


@dataclass(frozen=True, slots=True)
class Description:
    """None and "" where the folder does not say."""

    max_tokens: int
    pooling: Pooling
    query_prefix: str
    passage_prefix: str
    is_reranker: bool


def describe_folder(folder: Path, name: str) -> Description:
    """`InvalidArgument` for a model whose vectors we would get wrong: unknown pooling or further layers."""
    config = read_json(folder / "config.json")
    query, passage = _prefixes(folder, name)
    return Description(_max_tokens(folder, config), _pooling(folder), query, passage, is_reranker(config))


def _max_tokens(folder: Path, config: dict[str, Any]) -> int:
    sentence = read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    tokenizer = read_json(folder / "tokenizer_config.json").get("model_max_length")
    known = read_architecture(config).max_tokens if is_convertible(config) else None
    positions = known or config.get("max_position_embeddings")
    said = [int(each) for each in (sentence, tokenizer, positions) if isinstance(each, int | float) and each > 0]
    # Tokenizers without a limit say 10**30.
    return min([each for each in said if each <= _LONGEST], default=DEFAULT_MAX_TOKENS)


def _pooling(folder: Path) -> Pooling:
    modules = _modules(folder)
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    strange = [kind for kind in kinds if kind not in _MODULES]
    if strange:
        raise InvalidArgument(f"The model has layers that cannot be converted: {', '.join(strange)}.")
    path = next((str(each.get("path")) for each, kind in zip(modules, kinds, strict=True) if kind == "Pooling"), "")
    said = read_json(folder / (Path(path).name or "1_Pooling") / "config.json")
    modes = [key for key, value in said.items() if key.startswith("pooling_mode_") and value is True]
    if len(modes) > 1 or any(mode not in _POOLINGS for mode in modes):
        raise InvalidArgument(f"The model's pooling is not supported: {', '.join(modes)}.")
    if not modes and "pooling_mode" in said:
        return _pooling_by_name(said["pooling_mode"])
    return _POOLINGS[modes[0]] if modes else Pooling.MEAN


def _pooling_by_name(mode: object) -> Pooling:
    names = {"mean": Pooling.MEAN, "cls": Pooling.CLS, "lasttoken": Pooling.LAST}
    if str(mode) not in names:
        raise InvalidArgument(f"The model's pooling is not supported: {mode}.")
    return names[str(mode)]


def _modules(folder: Path) -> list[dict[str, Any]]:
    path = folder / "modules.json"
    if not path.is_file():
        return []
    try:
        modules = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidArgument("modules.json is not valid JSON.") from error
    if not isinstance(modules, list) or not all(isinstance(each, dict) for each in modules):
        raise InvalidArgument("modules.json is not a list of modules.")
    return modules


def _prefixes(folder: Path, name: str) -> tuple[str, str]:
    said = read_json(folder / "config_sentence_transformers.json").get("prompts")
    prompts = said if isinstance(said, dict) else {}
    query, passage = prompts.get("query"), prompts.get("passage") or prompts.get("document")
    if query or passage:
        return str(query or ""), str(passage or "")
    return known_prefixes(name)


def known_prefixes(name: str) -> tuple[str, str]:
    """Query and passage prefix of a model known by its name, else two empty texts."""
    lowered = name.lower()
    return next(((query, passage) for known, query, passage in _KNOWN_PREFIXES if known.search(lowered)), ("", ""))
