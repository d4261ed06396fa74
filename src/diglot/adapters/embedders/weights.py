"""Tensors of a model folder in safetensors, one file or many. Pickled weights are never read: they can run code."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from diglot.adapters.embedders.architecture import read_json
from diglot.domain.errors import InvalidArgument

Tensor = npt.NDArray[np.float32]

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
_PREFIXES = ("", "bert.", "roberta.", "model.")


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a folder, none if it has none; `InvalidArgument` if a named one is missing."""
    if (folder / SINGLE).is_file():
        return [folder / SINGLE]
    names = sorted(set(read_json(folder / INDEX).get("weight_map", {}).values()))
    paths = [folder / Path(str(name)).name for name in names]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise InvalidArgument(f"The weights are not complete: {', '.join(missing)} missing.")
    return paths


def _names(file: Any) -> list[str]:
    return list(file.keys())


class Weights:
    """One tensor at a time as float32, whatever precision it is stored in; nothing is kept."""

    def __init__(self, paths: list[Path]) -> None:
        import safetensors

        try:
            self._files = [safetensors.safe_open(path, framework="np") for path in paths]
        except (OSError, safetensors.SafetensorError) as error:
            raise InvalidArgument(f"The weights cannot be read: {error}") from error
        self._homes: dict[str, Any] = {name: file for file in self._files for name in _names(file)}

    def __contains__(self, name: str) -> bool:
        return self._find(name) is not None

    def __getitem__(self, name: str) -> Tensor:
        found = self._find(name)
        if found is None:
            raise InvalidArgument(f"The weights have no tensor {name}.")
        try:
            tensor = self._homes[found].get_tensor(found)
        except (TypeError, KeyError) as error:
            raise InvalidArgument(f"Tensor {name} has a number format that cannot be read here: {error}") from error
        return np.ascontiguousarray(tensor, dtype=np.float32)

    def _find(self, name: str) -> str | None:
        return next((prefix + name for prefix in _PREFIXES if prefix + name in self._homes), None)
