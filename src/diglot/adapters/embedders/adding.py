"""`diglot models add`: from a folder, a hub name, `minilm` or an endpoint to a model in the store."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from diglot.adapters.embedders.bounded import size_of_vectors
from diglot.adapters.embedders.conversion import write_model, write_tokenizer
from diglot.adapters.embedders.encoder import Encoder
from diglot.adapters.embedders.endpoint import Endpoint, Patience
from diglot.adapters.embedders.folder import Description, describe_folder, known_prefixes
from diglot.adapters.embedders.hub import fetch
from diglot.adapters.embedders.languages import guess_languages
from diglot.adapters.embedders.minilm import MINILM, MINILM_ALIASES, MINILM_SHA256, minilm_folder
from diglot.adapters.embedders.onnx import OUTPUTS, POOLINGS, OnnxEmbedder, Pooling, pooled
from diglot.adapters.embedders.openai import read_vectors
from diglot.adapters.embedders.record import ModelKind, ModelRecord, plain_name
from diglot.adapters.embedders.store import ModelStore, sha256_of
from diglot.adapters.embedders.weights import SINGLE
from diglot.adapters.rerankers.endpoint import EndpointReranker
from diglot.adapters.rerankers.onnx import OnnxReranker
from diglot.domain.errors import InvalidArgument, ModelMisbehaved
from diglot.domain.identity import now_ms

Number = TypeVar("Number", int, float)
Progress = Callable[[str, float], None]
"""Called with what is being done and how much of it is, 0..1."""

_HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w.-]+")
_PROBE = "What is a diglot?"
# No model gives more dimensions.
_PROBE_BYTES = size_of_vectors(1, 1 << 16)
_PROBE_PATIENCE = Patience(attempts=2, timeout=60.0, pause=10.0)
_ENDPOINT_MAX_TOKENS = 8192


@dataclass(frozen=True, slots=True)
class Choices:
    """What the operator says of a model; None, or "guess" for languages, leaves it to what the model says itself.
    `languages` None: it reads any."""

    name: str | None = None
    aliases: tuple[str, ...] = ()
    languages: frozenset[str] | Literal["guess"] | None = "guess"
    max_tokens: int | None = None
    pooling: Pooling | None = None
    query_prefix: str | None = None
    passage_prefix: str | None = None
    vector_weight: float | None = None
    is_reranker: bool | None = None
    quantised: bool = True


def add_model(
    store: ModelStore,
    source: str,
    choices: Choices = Choices(),
    progress: Progress = lambda stage, share: None,
    hub: str | None = None,
) -> ModelRecord:
    """`source` is `minilm`, a folder, or a hub's owner/model, which alone uses the network (`hub`: another address).

    `NameTaken`, `ModelNotFound`, `ModelUnavailable` (the hub), `InvalidArgument` or `ModelMisbehaved` (the files).
    """
    if source == MINILM:
        return _add_minilm(store, choices, progress)
    name = choices.name or plain_name(source)
    store.check_free(name)
    if Path(source).is_dir():
        return _add_folder(store, Path(source), source, replace(choices, name=name), progress)
    if not _HUB_NAME.fullmatch(source):
        raise InvalidArgument(f"{source} is neither a folder, nor a model's name on the hub, nor {MINILM}.", "source")
    aliases = (*choices.aliases, source, plain_name(source))
    with store.workspace() as fetched:
        fetch(source, fetched, progress, hub)
        return _add_folder(store, fetched, source, replace(choices, name=name, aliases=aliases), progress)


def add_endpoint(
    store: ModelStore,
    name: str,
    base_url: str,
    remote: str,
    key: str | None = None,
    *,
    choices: Choices = Choices(),
    dimension: int | None = None,
    dimensions: int | None = None,
    batch: int = 32,
    timeout: float = 60.0,
    is_guarded: bool = False,
) -> ModelRecord:
    """An OpenAI-compatible server; `remote` is the model's name there. `dimensions` is asked of a model that can
    shorten its vectors. Unless `dimension` says how long they are, the server is asked now."""
    store.check_free(name)
    address = checked_address(base_url, "/embeddings")
    if dimension is None:
        dimension = probe_endpoint(Endpoint(name, address, key), remote, dimensions)
    query, passage = known_prefixes(remote)
    record = ModelRecord(
        name=name,
        kind=ModelKind.ENDPOINT,
        dimension=dimension,
        max_tokens=choices.max_tokens or _ENDPOINT_MAX_TOKENS,
        fingerprint="",
        added_at=now_ms(),
        languages=None if choices.languages == "guess" else choices.languages,
        query_prefix=query if choices.query_prefix is None else choices.query_prefix,
        passage_prefix=passage if choices.passage_prefix is None else choices.passage_prefix,
        vector_weight=_weight(choices),
        provider="openai",
        aliases=_aliases(name, (*choices.aliases, remote)),
        base_url=address,
        remote=remote,
        dimensions=dimensions,
        batch=_positive(batch, "batch"),
        timeout=_positive(timeout, "timeout"),
        is_guarded=is_guarded,
    )
    return _put_endpoint(store, replace(record, fingerprint=f"{remote} {dimension} {record.passage_prefix!r}"), key)


def add_reranker_endpoint(
    store: ModelStore,
    name: str,
    base_url: str,
    remote: str,
    key: str | None = None,
    *,
    batch: int = 32,
    timeout: float = 60.0,
    probe: bool = True,
    is_guarded: bool = False,
) -> ModelRecord:
    """A server with /rerank as Cohere, Jina, vLLM, Xinference or TEI have it. It is asked once now, unless told not."""
    store.check_free(name)
    record = ModelRecord(
        name=name,
        kind=ModelKind.RERANKER_ENDPOINT,
        dimension=0,
        max_tokens=_ENDPOINT_MAX_TOKENS,
        fingerprint="",
        added_at=now_ms(),
        provider="openai",
        aliases=_aliases(name, (remote,)),
        base_url=checked_address(base_url, "/rerank"),
        remote=remote,
        batch=_positive(batch, "batch"),
        timeout=_positive(timeout, "timeout"),
        is_guarded=is_guarded,
    )
    if probe:
        reranker = EndpointReranker(name, Endpoint(name, record.base_url, key), remote, record.batch, record.timeout)
        reranker.rerank(_PROBE, [_PROBE, "Something else."])
        reranker.close()
    return _put_endpoint(store, record, key)


def checked_address(base_url: str, ending: str) -> str:
    """Without a closing slash or the operation's own path. `InvalidArgument` if it is no plain http(s) address."""
    try:
        parts = urlsplit(base_url.strip())
        has_port_or_none = parts.port is None or parts.port > 0
    except ValueError as error:
        raise InvalidArgument("The address is not valid.", "base_url") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not has_port_or_none:
        raise InvalidArgument("The address must begin with http:// or https:// and name a host.", "base_url")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidArgument("The address must hold no password and no query; give the key apart.", "base_url")
    return base_url.strip().rstrip("/").removesuffix(ending)


def _add_minilm(store: ModelStore, choices: Choices, progress: Progress) -> ModelRecord:
    name = choices.name or MINILM
    store.check_free(name)
    folder = minilm_folder()
    if sha256_of([folder / SINGLE]) != MINILM_SHA256:
        raise ModelMisbehaved("The installed weights of minilm are not those that its authors published.")
    languages = frozenset({"en"}) if choices.languages == "guess" else choices.languages
    aliases = (*choices.aliases, MINILM, *MINILM_ALIASES)
    return _add_folder(
        store, folder, MINILM, replace(choices, name=name, languages=languages, aliases=aliases), progress
    )


def _add_folder(store: ModelStore, folder: Path, source: str, choices: Choices, progress: Progress) -> ModelRecord:
    name = choices.name or plain_name(source)
    said = _settle(describe_folder(folder, f"{source} {name}"), choices)
    with store.workspace() as aside:
        target = aside / "model"
        target.mkdir()
        progress("reading the tokenizer", 0.0)
        tokenizer = write_tokenizer(folder, target)
        progress("converting the weights", 0.1)
        weights = write_model(folder, target, choices.quantised)
        progress("trying the model", 0.8)
        record = ModelRecord(
            name=name,
            kind=ModelKind.ONNX_RERANKER if said.is_reranker else ModelKind.ONNX,
            dimension=0 if said.is_reranker else _probe_encoder(target, said),
            max_tokens=said.max_tokens,
            fingerprint=_fingerprint(sha256_of(weights), said),
            added_at=now_ms(),
            languages=guess_languages(tokenizer) if choices.languages == "guess" else choices.languages,
            query_prefix=said.query_prefix,
            passage_prefix=said.passage_prefix,
            pooling=said.pooling,
            vector_weight=_weight(choices),
            provider="diglot",
            aliases=_aliases(name, choices.aliases),
            source=source,
        )
        _probe(record, target)
        stored = store.put(record, target)
    progress("done", 1.0)
    return stored


def _settle(said: Description, choices: Choices) -> Description:
    return Description(
        max_tokens=_positive(choices.max_tokens or said.max_tokens, "max_tokens"),
        pooling=choices.pooling or said.pooling,
        query_prefix=said.query_prefix if choices.query_prefix is None else choices.query_prefix,
        passage_prefix=said.passage_prefix if choices.passage_prefix is None else choices.passage_prefix,
        is_reranker=said.is_reranker if choices.is_reranker is None else choices.is_reranker,
    )


def _fingerprint(sha256: str, said: Description) -> str:
    return f"{sha256} {said.pooling} {said.max_tokens} {said.passage_prefix!r}"


def _probe_encoder(folder: Path, said: Description) -> int:
    encoder = Encoder(folder, said.max_tokens, OUTPUTS, threads=1)
    try:
        return len(encoder.run_one(_PROBE, lambda output, mask: pooled(output, mask, POOLINGS[said.pooling])))
    finally:
        encoder.close()


def _probe(record: ModelRecord, folder: Path) -> None:
    """At the length limit too: a limit beyond what the graph holds would fail only on long texts, months later."""
    long = "diglot " * record.max_tokens
    if record.kind is ModelKind.ONNX_RERANKER:
        reranker = OnnxReranker(record.name, folder, record.max_tokens, threads=1)
        reranker.rerank(_PROBE, [_PROBE, long])
        reranker.close()
        return
    embedder = OnnxEmbedder(record.embedding_model(), folder, record.pooling, threads=1)
    embedder.embed_passages([_PROBE, long])
    embedder.close()


def probe_endpoint(
    endpoint: Endpoint, remote: str, dimensions: int | None, patience: Patience = _PROBE_PATIENCE
) -> int:
    """How long its vectors are. Closes the endpoint."""
    body = {"model": remote, "input": [_PROBE]} | ({"dimensions": dimensions} if dimensions else {})
    try:
        given = read_vectors(endpoint.post("/embeddings", body, patience, _PROBE_BYTES), 1).shape[1]
    finally:
        endpoint.close()
    if dimensions and given != dimensions:
        raise ModelMisbehaved(f"The endpoint was asked for {dimensions} dimensions and gave {given}.")
    return int(given)


def _put_endpoint(store: ModelStore, record: ModelRecord, key: str | None) -> ModelRecord:
    with store.workspace() as aside:
        target = aside / "model"
        target.mkdir()
        return store.put(record, target, key)


def _aliases(name: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(alias for alias in wanted if alias and alias != name))


def _weight(choices: Choices) -> float:
    weight = 0.6 if choices.vector_weight is None else choices.vector_weight
    if not 0 <= weight <= 1:
        raise InvalidArgument("vector_weight must lie between 0 and 1.", "vector_weight")
    return weight


def _positive(number: Number, argument: str) -> Number:
    if not number > 0:
        raise InvalidArgument(f"{argument} must be more than 0.", argument)
    return number
