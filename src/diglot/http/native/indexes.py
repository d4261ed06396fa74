"""/datasets/{dataset_id}/index: by which index a dataset is searched, and which is being built."""

from typing import Any

from diglot.domain.errors import DatasetNotFound
from diglot.domain.identity import DatasetId, parse_id
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_indexes as wire
from diglot.http.operations import Call, Operation
from diglot.library.access import opened
from diglot.library.generations import Build

TAG = "Indexes"


def show(call: Call) -> Answer:
    plain = parse_id(call.path["dataset_id"])
    if plain is None:
        raise DatasetNotFound
    dataset = opened(call.caller, call.house.datasets.get(call.caller, DatasetId(plain)))
    builds = call.house.datasets.builds(call.caller, dataset.id)
    building = None if builds.building is None else _body(builds.building)
    return json_answer({"active": _body(builds.active), "building": building})


def _body(build: Build) -> dict[str, Any]:
    generation = build.generation
    return {
        "embedding_model": generation.embedding_model,
        "created_at": generation.created_at,
        "trouble": build.trouble,
    }


EXAMPLE: dict[str, Any] = {
    "active": {"embedding_model": None, "created_at": 1763715000000, "trouble": None},
    "building": {"embedding_model": "diglot/lexical", "created_at": 1763715060000, "trouble": None},
}
OPERATIONS = (
    Operation(
        id="showIndex",
        method="GET",
        path="/datasets/{dataset_id}/index",
        tag=TAG,
        summary="The index of a dataset",
        description="The one that is searched. After a change of the embedding model, or of what is indexed, also the "
        "one that is being built beside it and takes its place when it is complete.",
        handler=show,
        answer=wire.Indexes,
        answer_example=EXAMPLE,
        errors=(DatasetNotFound,),
        is_light=True,
    ),
)
