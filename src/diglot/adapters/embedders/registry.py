"""The embedding models of this installation: the built-in one and those in the store, loaded once a process."""

import threading
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from diglot.adapters.embedders.endpoint import Endpoint
from diglot.adapters.embedders.lexical import LEXICAL, LexicalEmbedder
from diglot.adapters.embedders.onnx import OnnxEmbedder
from diglot.adapters.embedders.openai import OpenAIEmbedder
from diglot.adapters.embedders.reach import INTERNET, Reach
from diglot.adapters.embedders.record import ModelKind, ModelRecord
from diglot.adapters.embedders.store import ModelStore, Signature
from diglot.domain.errors import ModelNotFound
from diglot.ports.embedder import Embedder, EmbeddingModel
from diglot.ports.tokenizer import Tokenizer


class Closable(Protocol):
    def close(self) -> None: ...


Model = TypeVar("Model", bound=Closable)


class StoredModels:
    """The store's records by name and alias, read again when a file there changes, by whichever process."""

    def __init__(self, store: ModelStore, wanted: Callable[[ModelRecord], bool]) -> None:
        self._store = store
        self._wanted = wanted
        self._signature: Signature | None = None
        self._records: dict[str, ModelRecord] = {}
        self._lock = threading.Lock()

    def records(self) -> dict[str, ModelRecord]:
        """By name, oldest first."""
        with self._lock:
            # Read before the list: a change between the two is then seen the next time.
            signature = self._store.signature()
            if signature != self._signature:
                self._records = {each.name: each for each in self._store.records() if self._wanted(each)}
                self._signature = signature
            return self._records

    def resolve(self, name: str) -> ModelRecord | None:
        """A name wins over an alias, an exact spelling over one in other capitals, an older model over a newer."""
        records = self.records()
        if name in records:
            return records[name]
        for known in (str, str.lower):
            for record in records.values():
                if known(name) in {known(each) for each in (record.name, *record.aliases)}:
                    return record
        return None


class LoadedModels(Generic[Model]):
    """Each record's model, built once however many threads ask at the same time; other models do not wait for it."""

    def __init__(self, build: Callable[[ModelRecord], Model]) -> None:
        self._build = build
        self._loaded: dict[str, tuple[ModelRecord, Model]] = {}
        self._gates: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, record: ModelRecord) -> Model:
        found = self._loaded.get(record.name)
        if found is not None and found[0] == record:
            return found[1]
        with self._lock:
            gate = self._gates.setdefault(record.name, threading.Lock())
        with gate:
            found = self._loaded.get(record.name)
            if found is None or found[0] != record:
                # One that is replaced is not closed: somebody may be in the middle of using it.
                found = self._loaded[record.name] = (record, self._build(record))
            return found[1]

    def keep(self, names: Iterable[str]) -> None:
        """Forgets the others."""
        for name in set(self._loaded) - set(names):
            self._loaded.pop(name, None)

    def close(self) -> None:
        for _, model in self._loaded.values():
            model.close()
        self._loaded.clear()


class ModelRegistry:
    """Fills `ports.embedder.Embedders`. `default` is the operator's choice or None; `threads` how many batches a
    local model computes at once, None: one a core; `reach` where models may be that were added over the API."""

    def __init__(
        self,
        store: ModelStore,
        tokenizer: Tokenizer,
        default: str | None = None,
        threads: int | None = None,
        reach: Reach = INTERNET,
    ) -> None:
        self._store = store
        self._threads = threads
        self._reach = reach
        self._default = default
        self._lexical = LexicalEmbedder(tokenizer)
        self._stored = StoredModels(store, lambda record: not record.kind.is_reranker)
        self._loaded: LoadedModels[Embedder] = LoadedModels(self._load)

    def names(self) -> list[str]:
        return [LEXICAL, *self._stored.records()]

    def default(self) -> str:
        """`ModelNotFound` if the operator chose one that is not there: another in its place would go unnoticed."""
        if self._default is None:
            return next(iter(self._stored.records()), LEXICAL)
        name = self.resolve(self._default)
        if name is None:
            raise ModelNotFound(
                f"The chosen embedding model {self._default} is not there; add it with: diglot models add",
                name=self._default,
            )
        return name

    def resolve(self, name: str) -> str | None:
        if name.lower() == LEXICAL:
            return LEXICAL
        record = self._stored.resolve(name)
        return record.name if record else None

    def describe(self, name: str) -> EmbeddingModel:
        return self._lexical.model if name.lower() == LEXICAL else self._record(name).embedding_model()

    def get(self, name: str) -> Embedder:
        if name.lower() == LEXICAL:
            return self._lexical
        record = self._record(name)
        self._loaded.keep(self._stored.records())
        return self._loaded.get(record)

    def close(self) -> None:
        self._loaded.close()

    def _record(self, name: str) -> ModelRecord:
        record = self._stored.resolve(name)
        if record is None:
            raise ModelNotFound(f"There is no embedding model {name}.", name=name)
        return record

    def _load(self, record: ModelRecord) -> Embedder:
        return _BUILDERS[record.kind](record, self._store, self._threads, self._reach)


def _local(record: ModelRecord, store: ModelStore, threads: int | None, reach: Reach) -> Embedder:
    return OnnxEmbedder(record.embedding_model(), store.folder(record.name), record.pooling, threads)


def _remote(record: ModelRecord, store: ModelStore, threads: int | None, reach: Reach) -> Embedder:
    endpoint = Endpoint(record.name, record.base_url, store.secret(record.name), reach if record.is_guarded else None)
    return OpenAIEmbedder(
        record.embedding_model(), endpoint, record.remote, record.dimensions, record.batch, record.timeout
    )


_BUILDERS: dict[ModelKind, Callable[[ModelRecord, ModelStore, int | None, Reach], Embedder]] = {
    ModelKind.ONNX: _local,
    ModelKind.ENDPOINT: _remote,
}
