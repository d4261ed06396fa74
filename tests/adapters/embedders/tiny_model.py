"""Small random transformers in safetensors, with a tokenizer, made by code; and what numpy says they compute."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

LAYERS, HEADS, HIDDEN, WIDE, POSITIONS = 2, 4, 32, 64, 66

Tensors = dict[str, np.ndarray]


def write_tiny_model(folder: Path, family: str = "bert", labels: int = 0, seed: int = 0, **config: Any) -> Tensors:
    """A model folder as the transformers library leaves it. Answers the tensors without their prefix."""
    folder.mkdir(parents=True, exist_ok=True)
    size = _write_tokenizer(folder, family)
    tensors = _random_tensors(np.random.default_rng(seed), family, labels, size)
    prefix = {"bert": "bert.", "xlm-roberta": "roberta."}[family] if labels else ""
    inner = ("embeddings.", "encoder.", "pooler.")
    save_file(
        {prefix + name if name.startswith(inner) else name: tensor for name, tensor in tensors.items()},
        folder / "model.safetensors",
    )
    (folder / "config.json").write_text(json.dumps(_config(family, labels, size) | config))
    return tensors


def _config(family: str, labels: int, size: int) -> dict[str, Any]:
    name = {"bert": "Bert", "xlm-roberta": "XLMRoberta"}[family]
    head = {"id2label": {str(each): f"LABEL_{each}" for each in range(labels)}} if labels else {}
    return {
        "model_type": family,
        "architectures": [name + ("ForSequenceClassification" if labels else "Model")],
        "hidden_act": "gelu",
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "hidden_size": HIDDEN,
        "intermediate_size": WIDE,
        "layer_norm_eps": 1e-5,
        "max_position_embeddings": POSITIONS,
        "pad_token_id": 1 if family == "xlm-roberta" else 0,
        "vocab_size": size,
    } | head


def _write_tokenizer(folder: Path, family: str) -> int:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] if family == "bert" else ["<s>", "<pad>", "</s>", "<unk>"]
    letters = [chr(code) for code in range(33, 127)] + list("一段文字汉语中国")
    words = ["the", "text", "water", "river", "question", "cat", "dog"]
    vocabulary = [*special, *letters, *(f"##{letter}" for letter in letters), *words]
    unknown = "[UNK]" if family == "bert" else "<unk>"
    tokenizer = Tokenizer(models.WordPiece({token: place for place, token in enumerate(vocabulary)}, unk_token=unknown))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    if family == "bert":
        tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    else:
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    # As published models have it: padding and truncation that an encoder must not keep.
    tokenizer.enable_padding(length=64)
    tokenizer.enable_truncation(8)
    tokenizer.save(str(folder / "tokenizer.json"))
    return len(vocabulary)


def _random_tensors(random: np.random.Generator, family: str, labels: int, size: int) -> Tensors:
    tensors: Tensors = {}

    def dense(name: str, outputs: int, inputs: int) -> None:
        tensors[f"{name}.weight"] = (random.standard_normal((outputs, inputs)) * 0.3).astype(np.float32)
        tensors[f"{name}.bias"] = (random.standard_normal(outputs) * 0.1).astype(np.float32)

    def norm(name: str) -> None:
        tensors[f"{name}.weight"] = (1 + random.standard_normal(HIDDEN) * 0.1).astype(np.float32)
        tensors[f"{name}.bias"] = (random.standard_normal(HIDDEN) * 0.1).astype(np.float32)

    rows = {"word": size, "position": POSITIONS, "token_type": 2 if family == "bert" else 1}
    for name, count in rows.items():
        tensors[f"embeddings.{name}_embeddings.weight"] = random.standard_normal((count, HIDDEN)).astype(np.float32)
    norm("embeddings.LayerNorm")
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            dense(f"{name}.attention.self.{part}", HIDDEN, HIDDEN)
        dense(f"{name}.attention.output.dense", HIDDEN, HIDDEN)
        norm(f"{name}.attention.output.LayerNorm")
        dense(f"{name}.intermediate.dense", WIDE, HIDDEN)
        dense(f"{name}.output.dense", HIDDEN, WIDE)
        norm(f"{name}.output.LayerNorm")
    if labels and family == "bert":
        dense("pooler.dense", HIDDEN, HIDDEN)
        dense("classifier", labels, HIDDEN)
    elif labels:
        dense("classifier.dense", HIDDEN, HIDDEN)
        dense("classifier.out_proj", labels, HIDDEN)
    return tensors


def hidden_states(tensors: Tensors, ids: list[int], types: list[int], first_position: int) -> np.ndarray:
    """(tokens, hidden) of one text, unpadded: the reference in float64."""
    data = (
        tensors["embeddings.word_embeddings.weight"][ids].astype(np.float64)
        + tensors["embeddings.position_embeddings.weight"][first_position : first_position + len(ids)]
        + tensors["embeddings.token_type_embeddings.weight"][types]
    )
    data = _norm(tensors, "embeddings.LayerNorm", data)
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        attended = _attention(tensors, f"{name}.attention.self", data)
        data = _norm(
            tensors,
            f"{name}.attention.output.LayerNorm",
            _dense(tensors, f"{name}.attention.output.dense", attended) + data,
        )
        wide = _gelu(_dense(tensors, f"{name}.intermediate.dense", data))
        data = _norm(tensors, f"{name}.output.LayerNorm", _dense(tensors, f"{name}.output.dense", wide) + data)
    return data


def logits(tensors: Tensors, states: np.ndarray) -> np.ndarray:
    is_bert = "classifier.weight" in tensors
    inner, outer = ("pooler.dense", "classifier") if is_bert else ("classifier.dense", "classifier.out_proj")
    return _dense(tensors, outer, np.tanh(_dense(tensors, inner, states[0])))


def _dense(tensors: Tensors, name: str, data: np.ndarray) -> np.ndarray:
    return data @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]


def _norm(tensors: Tensors, name: str, data: np.ndarray) -> np.ndarray:
    centred = data - data.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    return scaled * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]


def _gelu(data: np.ndarray) -> np.ndarray:
    return data * 0.5 * (1 + np.vectorize(math.erf)(data / math.sqrt(2)))


def _attention(tensors: Tensors, name: str, data: np.ndarray) -> np.ndarray:
    query, key, value = (
        _dense(tensors, f"{name}.{part}", data).reshape(len(data), HEADS, -1).transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / math.sqrt(HIDDEN // HEADS)
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    return (shares @ value).transpose(1, 0, 2).reshape(len(data), HIDDEN)
