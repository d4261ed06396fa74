"""Datasets as RAGFlow shows them."""

from collections.abc import Mapping
from typing import Any

from diglot.domain.dataset import Dataset
from diglot.domain.document import Phase
from diglot.domain.rules import ChunkingRules
from diglot.http.ragflow.chunking import config_of, method_of
from diglot.http.ragflow.times import created_and_updated

SIMILARITY_THRESHOLD = 0.2
VECTOR_SIMILARITY_WEIGHT = 0.3
LANGUAGE = "English"
PERMISSIONS = {"me": "only_me", "team": "all_team_members"}
COUNTS = {
    Phase.UNSTARTED: "unstart_count",
    Phase.RUNNING: "running_count",
    Phase.CANCELLED: "cancel_count",
    Phase.DONE: "done_count",
    Phase.FAILED: "fail_count",
}


def dataset_body(dataset: Dataset, rules: ChunkingRules | None, model: str) -> dict[str, Any]:
    """`rules` are those of documents to come, `model` the embedding model's name as clients know it."""
    return {
        "id": dataset.id,
        "name": dataset.name,
        "avatar": dataset.avatar,
        "description": dataset.description,
        "language": dataset.language or LANGUAGE,
        "tenant_id": dataset.workspace_id,
        "created_by": dataset.created_by,
        "embedding_model": model,
        "permission": "me" if dataset.permission == PERMISSIONS["me"] else "team",
        "document_count": dataset.document_count,
        "chunk_count": dataset.chunk_count,
        "token_num": dataset.token_count,
        "chunk_method": method_of(rules),
        "parser_config": config_of(rules),
        "pagerank": dataset.boost,
        "similarity_threshold": SIMILARITY_THRESHOLD,
        "vector_similarity_weight": VECTOR_SIMILARITY_WEIGHT,
        "status": "1",
        "pipeline_id": (dataset.attributes or {}).get("pipeline_id"),
        **created_and_updated(dataset.created_at, dataset.updated_at),
    }


def whole_body(dataset: Dataset, rules: ChunkingRules | None, model: str) -> dict[str, Any]:
    return dataset_body(dataset, rules, model) | {"size": dataset.size, "connectors": []}


def listed_body(dataset: Dataset, rules: ChunkingRules | None, model: str) -> dict[str, Any]:
    more = {"nickname": "", "tenant_avatar": None, "embedding_model_name": model.rpartition("@")[0] or model}
    return dataset_body(dataset, rules, model) | more


def parsing_status(phases: Mapping[Phase, int]) -> dict[str, int]:
    return {name: phases[phase] for phase, name in COUNTS.items()}
