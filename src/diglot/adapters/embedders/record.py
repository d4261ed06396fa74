"""What is kept of an added model in its model.json, and what a name may be."""

import re
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from diglot.adapters.embedders.onnx import Pooling
from diglot.domain.errors import InvalidArgument, NameInvalid
from diglot.ports.embedder import EmbeddingModel

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?<!\.)")
# Names of devices, which Windows does not allow for folders.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class ModelKind(StrEnum):
    ONNX = "onnx"
    ENDPOINT = "openai"
    ONNX_RERANKER = "onnx_reranker"
    RERANKER_ENDPOINT = "reranker_endpoint"

    @property
    def is_reranker(self) -> bool:
        return self in (ModelKind.ONNX_RERANKER, ModelKind.RERANKER_ENDPOINT)


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """`fingerprint` names the weights or the endpoint's model: two models of one fingerprint give the same vectors.

    `dimension` is 0 for rerankers. Endpoints: `base_url` without the last path part, `remote` the model's name there,
    `dimensions` asked for in each request or None, `batch` texts a request, `timeout` seconds a request.
    The key is not here: it stands in a file of its own. `is_guarded`: it was added over the API, and may be only where
    such models may be.
    """

    name: str
    kind: ModelKind
    dimension: int
    max_tokens: int
    fingerprint: str
    added_at: int
    languages: frozenset[str] | None = None
    query_prefix: str = ""
    passage_prefix: str = ""
    pooling: Pooling = Pooling.MEAN
    vector_weight: float = 0.6
    provider: str = "diglot"
    aliases: tuple[str, ...] = ()
    source: str = ""
    base_url: str = ""
    remote: str = ""
    dimensions: int | None = None
    batch: int = 32
    timeout: float = 60.0
    is_guarded: bool = False

    def embedding_model(self) -> EmbeddingModel:
        return EmbeddingModel(
            name=self.name,
            dimension=self.dimension,
            max_tokens=self.max_tokens,
            languages=self.languages,
            query_prefix=self.query_prefix,
            passage_prefix=self.passage_prefix,
            vector_weight=self.vector_weight,
            provider=self.provider,
        )

    def to_json(self) -> dict[str, Any]:
        stored = {field.name: getattr(self, field.name) for field in fields(self)}
        languages = None if self.languages is None else sorted(self.languages)
        return stored | {"languages": languages, "aliases": list(self.aliases)}

    @staticmethod
    def from_json(stored: dict[str, Any]) -> "ModelRecord":
        """`InvalidArgument` if it is not what `to_json` wrote; what is unknown is left out, so that a newer version's
        records can be read."""
        known = {field.name for field in fields(ModelRecord)}
        try:
            record = ModelRecord(**{name: value for name, value in stored.items() if name in known})
            return replace(
                record,
                name=checked_name(record.name),
                kind=ModelKind(record.kind),
                dimension=int(record.dimension),
                max_tokens=int(record.max_tokens),
                vector_weight=float(record.vector_weight),
                pooling=Pooling(record.pooling),
                languages=None if record.languages is None else frozenset(record.languages),
                aliases=tuple(record.aliases),
            )
        except (TypeError, ValueError) as error:
            raise InvalidArgument(f"A model's description is damaged: {error}") from error


def checked_name(name: str) -> str:
    """`NameInvalid` for what cannot be a folder's name on every system."""
    if not _NAME.fullmatch(name) or _DEVICES.fullmatch(name):
        raise NameInvalid(f"{name!r} cannot name a model: up to 100 letters, digits, '.', '_' and '-'.", name=name)
    return name


def plain_name(source: str) -> str:
    """A model's own name out of "owner/model", "model:tag" or a folder's path."""
    base = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", base).strip("-._")[:100]
