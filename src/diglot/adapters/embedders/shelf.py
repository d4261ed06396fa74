"""Fills `ports.models.ModelShelf` from the models folder."""

from dataclasses import replace

from diglot.adapters.embedders.adding import add_endpoint, add_reranker_endpoint, checked_address, probe_endpoint
from diglot.adapters.embedders.endpoint import Endpoint, Patience
from diglot.adapters.embedders.lexical import LEXICAL, LexicalEmbedder
from diglot.adapters.embedders.reach import Reach
from diglot.adapters.embedders.record import ModelRecord
from diglot.adapters.embedders.sealing import hint
from diglot.adapters.embedders.store import ModelStore
from diglot.adapters.rerankers.endpoint import EndpointReranker
from diglot.domain.errors import ModelUnavailable
from diglot.ports.models import ListedModel, ModelUse, NewEndpoint
from diglot.ports.tokenizer import Tokenizer

PATIENCE = Patience(attempts=1, timeout=20.0)
QUESTION, TEXTS = "What is a diglot?", ["A diglot is a book in two languages.", "Something else."]


class Shelf:
    """`reach`: where the endpoints may be that are added here."""

    def __init__(self, store: ModelStore, tokenizer: Tokenizer, reach: Reach) -> None:
        self._store = store
        self._lexical = LexicalEmbedder(tokenizer).model
        self._reach = reach

    def listed(self) -> list[ListedModel]:
        built_in = ListedModel(LEXICAL, ModelUse.EMBEDDING, "lexical", self._lexical.dimension, self._lexical.languages)
        return [built_in, *map(self._listed, self._store.records())]

    def try_out(self, new: NewEndpoint) -> int | None:
        found = self._dimensions(_settled(new))
        return None if found is None else found[0]

    def add(self, new: NewEndpoint) -> ListedModel:
        new = _settled(new)
        self._store.check_free(new.name)
        found = self._dimensions(new)
        if found is None:
            record = add_reranker_endpoint(
                self._store, new.name, new.base_url, new.remote, new.key, probe=False, is_guarded=True
            )
        else:
            dimension, asked = found
            record = add_endpoint(
                self._store,
                new.name,
                new.base_url,
                new.remote,
                new.key,
                dimension=dimension,
                dimensions=asked,
                is_guarded=True,
            )
        return self._listed(record)

    def remove(self, name: str) -> None:
        self._store.remove(name)

    def _dimensions(self, new: NewEndpoint) -> tuple[int, int | None] | None:
        """What it gives, and what must be asked for to get it."""
        self._reach.check(new.base_url)
        if new.use is ModelUse.RERANK:
            reranker = EndpointReranker(new.name, self._endpoint(new), new.remote, patience=PATIENCE)
            try:
                reranker.rerank(QUESTION, TEXTS)
            finally:
                reranker.close()
            return None
        given = probe_endpoint(self._endpoint(new), new.remote, None, PATIENCE)
        if new.dimension is None or new.dimension == given:
            return given, None
        return probe_endpoint(self._endpoint(new), new.remote, new.dimension, PATIENCE), new.dimension

    def _endpoint(self, new: NewEndpoint) -> Endpoint:
        return Endpoint(new.name, new.base_url, new.key, self._reach)

    def _listed(self, record: ModelRecord) -> ListedModel:
        return ListedModel(
            name=record.name,
            use=ModelUse.RERANK if record.kind.is_reranker else ModelUse.EMBEDDING,
            kind=str(record.kind),
            dimension=record.dimension or None,
            languages=record.languages,
            base_url=record.base_url or None,
            key_hint=self._hint(record.name),
        )

    def _hint(self, name: str) -> str | None:
        try:
            return hint(self._store.secret(name))
        except ModelUnavailable:
            return None


def _settled(new: NewEndpoint) -> NewEndpoint:
    ending = "/rerank" if new.use is ModelUse.RERANK else "/embeddings"
    return replace(new, base_url=checked_address(new.base_url, ending))
