"""What a BERT-like model is made of, read from its config.json."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diglot.domain.errors import InvalidArgument

FAMILIES = {"bert": "bert", "xlm-roberta": "roberta", "roberta": "roberta", "camembert": "roberta"}


@dataclass(frozen=True, slots=True)
class Architecture:
    """`family` is bert or roberta (they differ in positions and in the head of a classifier). `labels` 0: an encoder
    without a head; else a cross-encoder with that many logits."""

    family: str
    layers: int
    heads: int
    hidden: int
    epsilon: float
    positions: int
    padding_id: int
    labels: int

    @property
    def max_tokens(self) -> int:
        """Roberta counts positions from padding_id + 1."""
        return self.positions - (self.padding_id + 1 if self.family == "roberta" else 0)


def is_convertible(config: dict[str, Any]) -> bool:
    return config.get("model_type") in FAMILIES


def read_architecture(config: dict[str, Any]) -> Architecture:
    """`InvalidArgument` if it is of another kind, since a graph that is nearly right fails silently."""
    if not is_convertible(config):
        raise InvalidArgument(
            f"Models of type {config.get('model_type')!r} cannot be converted, only {', '.join(FAMILIES)}; "
            "give a folder with model.onnx and tokenizer.json instead."
        )
    for key, wanted in {"hidden_act": "gelu", "position_embedding_type": "absolute"}.items():
        if config.get(key, wanted) != wanted:
            raise InvalidArgument(f"A model with {key} = {config[key]!r} cannot be converted.")
    try:
        return Architecture(
            family=FAMILIES[config["model_type"]],
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            hidden=int(config["hidden_size"]),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
            positions=int(config["max_position_embeddings"]),
            padding_id=int(config.get("pad_token_id") or 0),
            labels=_labels(config),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidArgument(f"config.json is not complete: {error}") from error


def is_reranker(config: dict[str, Any]) -> bool:
    return any(str(name).endswith("ForSequenceClassification") for name in config.get("architectures") or ())


def _labels(config: dict[str, Any]) -> int:
    if not is_reranker(config):
        return 0
    return len(config.get("id2label") or ()) or int(config.get("num_labels", 2))


def read_json(path: Path) -> dict[str, Any]:
    """An empty dict where there is no file; `InvalidArgument` where it is no JSON object."""
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"{path.name} is not valid JSON.") from error
    if not isinstance(content, dict):
        raise InvalidArgument(f"{path.name} holds no JSON object.")
    return content
