"""A model's folder, whatever form it comes in, to the two files that we run: model.onnx and tokenizer.json."""

import shutil
from pathlib import Path
from typing import Any

from diglot.adapters.embedders.architecture import is_convertible, read_architecture, read_json
from diglot.adapters.embedders.graph import write_graph
from diglot.adapters.embedders.weights import Weights, weight_files
from diglot.domain.errors import InvalidArgument

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"


def write_model(source: Path, target: Path, quantised: bool = True) -> list[Path]:
    """Writes model.onnx and answers the files it was made from. A ready ONNX model in the folder itself is taken as
    it is, before safetensors, before one in onnx/."""
    weights = weight_files(source)
    for exported in (source / MODEL, source / "onnx" / MODEL):
        if exported.is_file() and (exported.parent == source or not weights):
            return _copy_exported(exported, target)
    if not weights:
        raise InvalidArgument("The folder holds neither model.onnx nor safetensors weights.")
    architecture = read_architecture(read_json(source / "config.json"))
    write_graph(Weights(weights), architecture, target / MODEL, quantised)
    return weights


def _copy_exported(exported: Path, target: Path) -> list[Path]:
    # Weights over 2 GB lie in files beside the model, named after it.
    parts = sorted(path for path in exported.parent.iterdir() if path.name.startswith(MODEL) and path.is_file())
    for path in parts:
        shutil.copyfile(path, target / path.name)
    return parts


def write_tokenizer(source: Path, target: Path) -> Any:
    """Writes tokenizer.json, made from vocab.txt where a BERT folder has only that; answers the `tokenizers` object."""
    from tokenizers import Tokenizer, normalizers

    path = source / TOKENIZER
    try:
        tokenizer = Tokenizer.from_buffer(path.read_bytes()) if path.is_file() else _from_vocabulary(source)
    except ValueError as error:
        raise InvalidArgument(f"tokenizer.json cannot be read: {error}") from error
    if read_json(source / "sentence_bert_config.json").get("do_lower_case") is True:
        steps = [normalizers.Lowercase(), *([tokenizer.normalizer] if tokenizer.normalizer else [])]
        tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(target / TOKENIZER))
    return tokenizer


def _from_vocabulary(source: Path) -> Any:
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

    config = read_json(source / "config.json")
    if not (source / "vocab.txt").is_file() or (is_convertible(config) and config["model_type"] != "bert"):
        raise InvalidArgument("The folder holds no tokenizer.json.")
    said = read_json(source / "tokenizer_config.json")
    return BertWordPieceTokenizer(
        str(source / "vocab.txt"),
        lowercase=bool(said.get("do_lower_case", True)),
        strip_accents=said.get("strip_accents"),
        handle_chinese_chars=bool(said.get("tokenize_chinese_chars", True)),
    )._tokenizer
