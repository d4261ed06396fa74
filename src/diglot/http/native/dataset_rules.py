"""/datasets/{dataset_id}/rules: how documents to come are made into chunks."""

from typing import Any

from diglot.domain.dataset import Dataset
from diglot.domain.errors import ChunkFormDiffers, DatasetNotFound, InvalidArgument
from diglot.domain.identity import DatasetId, parse_id
from diglot.domain.rules import ChunkingRules, ChunkMethod
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire
from diglot.http.native.rules import rules_of
from diglot.http.operations import Call, Operation
from diglot.library.access import opened
from diglot.library.datasets import DatasetChange

TAG = "Rules"
METHOD = "method"


def show(call: Call) -> Answer:
    return json_answer(_body(call, _dataset(call)))


def change(call: Call) -> Answer:
    dataset = _dataset(call)
    before = call.house.rulebook.of_datasets([dataset]).get(dataset.id)
    rules, form = rules_of(call.body, before, call.house.settings.max_tokens_limit)
    if rules is None:
        raise InvalidArgument("There are no rules.", "rules")
    chosen = DatasetChange(rules=rules, chunk_form=form)
    return json_answer(_body(call, call.house.datasets.update(call.caller, dataset.id, chosen)))


def _dataset(call: Call) -> Dataset:
    plain = parse_id(call.path["dataset_id"])
    if plain is None:
        raise DatasetNotFound
    return opened(call.caller, call.house.datasets.get(call.caller, DatasetId(plain)))


def _body(call: Call, dataset: Dataset) -> dict[str, Any]:
    rules = call.house.rulebook.of_datasets([dataset]).get(dataset.id, ChunkingRules())
    said = rules.to_json()
    del said["kept"]
    return {
        "kind": rules.mode if rules.method is ChunkMethod.GENERAL else METHOD,
        "is_chosen": dataset.rule_id is not None,
        "rules": said,
        "form": dataset.chunk_form,
    }


def _example(**said: Any) -> dict[str, Any]:
    rules = ChunkingRules().to_json()
    del rules["kept"]
    return {"kind": "automatic", "is_chosen": False, "rules": rules | said, "form": None}


LAWS = _example(method="laws") | {"kind": METHOD, "is_chosen": True}
OPERATIONS = (
    Operation(
        id="showRules",
        method="GET",
        path="/datasets/{dataset_id}/rules",
        tag=TAG,
        summary="How documents to come are chunked",
        description="The rules of documents that come without any: those that were chosen for the dataset, else those "
        "that were used there last, else automatic ones.",
        handler=show,
        answer=wire.DatasetRules,
        answer_example=_example(),
        errors=(DatasetNotFound,),
        is_light=True,
    ),
    Operation(
        id="chooseRules",
        method="PUT",
        path="/datasets/{dataset_id}/rules",
        tag=TAG,
        summary="Choose how documents to come are chunked",
        description="Rules in one of three forms, as previews take them; RAGFlow's are laid over those that hold. "
        "Documents that are there stay as they are. What a chunk holds can be chosen as long as there are none. Needs "
        "the scope `write`.",
        handler=change,
        body=wire.ChosenRules,
        body_example={"chunk_method": "laws"},
        answer=wire.DatasetRules,
        answer_example=LAWS,
        answer_description="As they are now.",
        errors=(DatasetNotFound, ChunkFormDiffers),
    ),
)
