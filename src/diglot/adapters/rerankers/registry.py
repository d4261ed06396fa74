"""The rerankers of this installation, loaded once a process."""

from collections.abc import Callable

from diglot.adapters.embedders.endpoint import Endpoint
from diglot.adapters.embedders.reach import INTERNET, Reach
from diglot.adapters.embedders.record import ModelKind, ModelRecord
from diglot.adapters.embedders.registry import LoadedModels, StoredModels
from diglot.adapters.embedders.store import ModelStore
from diglot.adapters.rerankers.endpoint import EndpointReranker
from diglot.adapters.rerankers.onnx import OnnxReranker
from diglot.domain.errors import ModelNotFound
from diglot.ports.reranker import Reranker


class RerankerRegistry:
    """Fills `ports.reranker.Rerankers`."""

    def __init__(self, store: ModelStore, threads: int | None = None, reach: Reach = INTERNET) -> None:
        self._store = store
        self._threads = threads
        self._reach = reach
        self._stored = StoredModels(store, lambda record: record.kind.is_reranker)
        self._loaded: LoadedModels[OnnxReranker | EndpointReranker] = LoadedModels(self._load)

    def names(self) -> list[str]:
        return list(self._stored.records())

    def resolve(self, name: str) -> str | None:
        record = self._stored.resolve(name)
        return record.name if record else None

    def get(self, name: str) -> Reranker:
        record = self._stored.resolve(name)
        if record is None:
            raise ModelNotFound(f"There is no reranker {name}.", name=name)
        self._loaded.keep(self._stored.records())
        return self._loaded.get(record)

    def close(self) -> None:
        self._loaded.close()

    def _load(self, record: ModelRecord) -> OnnxReranker | EndpointReranker:
        return _BUILDERS[record.kind](record, self._store, self._threads, self._reach)


def _local(record: ModelRecord, store: ModelStore, threads: int | None, reach: Reach) -> OnnxReranker:
    return OnnxReranker(record.name, store.folder(record.name), record.max_tokens, threads)


def _remote(record: ModelRecord, store: ModelStore, threads: int | None, reach: Reach) -> EndpointReranker:
    endpoint = Endpoint(record.name, record.base_url, store.secret(record.name), reach if record.is_guarded else None)
    return EndpointReranker(record.name, endpoint, record.remote, record.batch, record.timeout)


_Builder = Callable[[ModelRecord, ModelStore, int | None, Reach], OnnxReranker | EndpointReranker]
_BUILDERS: dict[ModelKind, _Builder] = {
    ModelKind.ONNX_RERANKER: _local,
    ModelKind.RERANKER_ENDPOINT: _remote,
}
