"""Fetches a model's files from a hub, only when somebody adds it: config, tokenizer, and one form of the weights."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from diglot.adapters.embedders.architecture import is_convertible, read_json
from diglot.adapters.embedders.weights import INDEX, SINGLE
from diglot.domain.errors import InvalidArgument, ModelNotFound, ModelUnavailable

Progress = Callable[[str, float], None]

_DESCRIPTIONS = frozenset(
    {
        "config.json",
        "modules.json",
        "sentence_bert_config.json",
        "config_sentence_transformers.json",
        "1_Pooling/config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.txt",
    }
)
# What our conversion makes is smaller and faster than most exports, so it comes first where it is possible.
_SAFETENSORS = ((SINGLE,), (INDEX, "model-"))
_ONNX = (("onnx/model.onnx", "onnx/model.onnx_data"), ("model.onnx", "model.onnx_data"))
_PLAIN_NAME = re.compile(r"(onnx/|1_Pooling/)?[\w-][\w.-]*")


def fetch(repository: str, folder: Path, progress: Progress, endpoint: str | None = None) -> None:
    """Into `folder`, laid out as in the repository. `ModelNotFound` if there is no such (or no open) repository,
    `ModelUnavailable` if the hub cannot be reached."""
    import huggingface_hub
    from huggingface_hub import errors

    # The library under it has changed with huggingface_hub's versions; its failures are OSErrors where this is missing.
    no_answer: type[Exception] = getattr(errors, "HTTPError", OSError)

    try:
        revision, names = _listing(huggingface_hub.HfApi(endpoint=endpoint), repository)
        wanted = sorted(_DESCRIPTIONS.intersection(names))
        for name in wanted:
            _download(repository, name, revision, folder, endpoint)
        weights = _weights(names, is_convertible(read_json(folder / "config.json")))
        for count, name in enumerate(weights):
            progress(f"fetching {name}", count / len(weights))
            _download(repository, name, revision, folder, endpoint)
    except (errors.RepositoryNotFoundError, errors.HFValidationError) as error:
        raise ModelNotFound(f"The hub has no open model {repository}.") from error
    except (no_answer, errors.HfHubHTTPError, errors.LocalEntryNotFoundError, OSError) as error:
        raise ModelUnavailable(f"{repository} could not be fetched from the hub: {type(error).__name__}.") from error


def _listing(hub: Any, repository: str) -> tuple[str, list[str]]:
    """One revision for all files, so that a push in between mixes nothing."""
    model = hub.model_info(repository, timeout=30)
    return str(model.sha), [file.rfilename for file in model.siblings or () if _PLAIN_NAME.fullmatch(file.rfilename)]


def _download(repository: str, name: str, revision: str, folder: Path, endpoint: str | None) -> None:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    hf_hub_download(repository, name, revision=revision, local_dir=folder, endpoint=endpoint)


def _weights(names: list[str], convertible: bool) -> list[str]:
    forms = (*_SAFETENSORS, *_ONNX) if convertible else _ONNX
    for first, *others in forms:
        if first in names:
            return [first, *(name for name in names if name.startswith(tuple(others)) and name != first)]
    raise InvalidArgument("The repository holds neither an ONNX model nor safetensors weights that can be converted.")
