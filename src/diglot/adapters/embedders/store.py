"""The models folder: one folder a model, made aside and renamed into place whole.

models/NAME/model.json, and what its kind needs: model.onnx and tokenizer.json, or the key of an endpoint in `secret`,
sealed under the installation's key, which lies beside the models folder.
models/.fingerprints/NAME remembers what the name once meant: stored vectors are known by it.
"""

import contextlib
import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from diglot.adapters.embedders.record import ModelRecord, checked_name
from diglot.adapters.embedders.sealing import Seal
from diglot.domain.errors import InvalidArgument, ModelNotFound, NameTaken

RECORD = "model.json"
SECRET = "secret"
KEY_FILE = "model-keys.key"
_FINGERPRINTS = ".fingerprints"
_ASIDE = ".adding-"
_DAY = 86_400

log = logging.getLogger(__name__)

Signature = frozenset[tuple[str, int, int, int]]


class ModelStore:
    """Any number of processes read and write it; a model is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seal = Seal(folder.with_name(KEY_FILE))

    def records(self) -> list[ModelRecord]:
        """Oldest first. A damaged description is left out and logged."""
        records = [record for path in self._paths() if (record := self._read(path)) is not None]
        return sorted(records, key=lambda each: (each.added_at, each.name))

    def find(self, name: str) -> ModelRecord:
        """By name alone. `ModelNotFound`."""
        for record in self.records():
            if record.name == name:
                return record
        raise ModelNotFound(f"There is no model {name}.", name=name)

    def folder(self, name: str) -> Path:
        return self._folder / checked_name(name)

    def secret(self, name: str) -> str | None:
        """The key of an endpoint, None without one. `ModelUnavailable` if it cannot be read."""
        try:
            sealed = (self.folder(name) / SECRET).read_text("utf-8")
        except FileNotFoundError:
            return None
        return self._seal.open(name, sealed)

    def signature(self) -> Signature:
        """Differs after every change, by whichever process. A few microseconds a model."""
        seen = []
        for path in self._paths():
            with contextlib.suppress(OSError):
                status = path.stat()
                seen.append((path.parent.name, status.st_ino, status.st_mtime_ns, status.st_size))
        return frozenset(seen)

    def remove(self, name: str) -> None:
        """`ModelNotFound`. Processes that have it loaded go on with it until they ask the next time."""
        record = self.find(name)
        with self._aside() as aside:
            os.replace(self.folder(record.name), aside / record.name)

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """An empty folder beside the models, gone afterwards."""
        with self._aside() as aside:
            yield aside

    def check_free(self, name: str) -> None:
        """`NameInvalid` or `NameTaken`. Names that differ by case alone are the same folder on some systems."""
        checked_name(name)
        for record in self.records():
            if name.lower() in {known.lower() for known in (record.name, *record.aliases)}:
                raise NameTaken(f"There is already a model {name}; remove it first, or give another name.", name=name)

    def put(self, record: ModelRecord, files: Path, secret: str | None = None) -> ModelRecord:
        """Makes `files` (a folder made in `workspace`) the model's. Durable when it returns. `NameTaken`."""
        self.check_free(record.name)
        self._remember(record)
        taken = {name.lower() for known in self.records() for name in (known.name, *known.aliases)}
        record = replace(record, aliases=tuple(name for name in record.aliases if name.lower() not in taken))
        if secret:
            _write_private(files / SECRET, self._seal.seal(record.name, secret))
        (files / RECORD).write_text(json.dumps(record.to_json(), indent=2, ensure_ascii=False), "utf-8")
        for path in files.iterdir():
            _sync(path)
        _sync(files)
        try:
            # Never onto an existing folder, full or empty: os.rename would replace an empty one.
            if self.folder(record.name).exists():
                raise FileExistsError
            os.rename(files, self.folder(record.name))
        except OSError as error:
            raise NameTaken(f"There is already a model {record.name}.", name=record.name) from error
        _sync(self._folder)
        return record

    def _paths(self) -> list[Path]:
        try:
            names = sorted(os.listdir(self._folder))
        except FileNotFoundError:
            return []
        paths = [self._folder / name / RECORD for name in names if not name.startswith(".")]
        return [path for path in paths if path.is_file()]

    def _read(self, path: Path) -> ModelRecord | None:
        try:
            record = ModelRecord.from_json(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, InvalidArgument, TypeError) as error:
            log.warning("model %s cannot be used, its %s is damaged: %s", path.parent.name, RECORD, error)
            return None
        return replace(record, name=path.parent.name)

    def _remember(self, record: ModelRecord) -> None:
        folder = self._folder / _FINGERPRINTS
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / record.name.lower()
        if path.is_file() and path.read_text("utf-8") != record.fingerprint:
            raise NameTaken(
                f"The name {record.name} once meant another model, and vectors made with it may be stored: "
                "give this model another name.",
                name=record.name,
            )
        with self._aside() as aside:
            (aside / "fingerprint").write_text(record.fingerprint, "utf-8")
            _sync(aside / "fingerprint")
            os.replace(aside / "fingerprint", path)
        _sync(folder)

    @contextmanager
    def _aside(self) -> Iterator[Path]:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        folder = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=self._folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _sweep(self) -> None:
        """What a process left that died in the middle; a day is longer than any conversion takes."""
        for path in self._folder.glob(f"{_ASIDE}*"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < time.time() - _DAY:
                    shutil.rmtree(path, ignore_errors=True)


def sha256_of(paths: list[Path]) -> str:
    """Hex digest of the files' bytes, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
