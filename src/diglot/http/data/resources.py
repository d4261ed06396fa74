"""/data: a resource is a dataset, known by its number."""

from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.errors import DatasetNotFound, InvalidArgument, NameInvalid, NameTaken
from diglot.http.answers import Answer, json_answer
from diglot.http.data import wire
from diglot.http.operations import Call, Operation
from diglot.library.access import opened
from diglot.library.datasets import DatasetChange

TAG = "Data"
# Past this no number was ever given.
NUMBER_DIGITS = 18
DELETED = json_answer({"success": True, "message": "Resource deleted successfully."})
EXAMPLE = {"success": True, "data": {"id": 124, "name": "New Data", "description": "This is a new data resource."}}


def get(call: Call) -> Answer:
    return _found(call, _resource(call, call.query.id))


def create(call: Call) -> Answer:
    sent: wire.NewResource = call.body
    created = call.house.datasets.create(
        call.caller, sent.name, description=sent.description, indexing=Indexing.HIGH_QUALITY, is_numbered=True
    )
    return _found(call, created)


def update(call: Call) -> Answer:
    sent: wire.ResourceChange = call.body
    change = DatasetChange(name=sent.name, description=sent.description, is_case_blind=True)
    return _found(call, call.house.datasets.update(call.caller, _resource(call, call.path["number"]).id, change))


def remove(call: Call) -> Answer:
    return _remove(call, call.path["number"])


def remove_by_query(call: Call) -> Answer:
    return _remove(call, call.query.id)


def _remove(call: Call, number: str) -> Answer:
    call.house.datasets.remove(call.caller, _resource(call, number).id)
    return DELETED


def _resource(call: Call, number: str) -> Dataset:
    if not (number.isascii() and number.isdigit()):
        raise InvalidArgument("id must be a whole number.", "id")
    if len(number) > NUMBER_DIGITS:
        raise DatasetNotFound
    return opened(call.caller, call.house.datasets.by_number(call.caller, int(number)))


def _found(call: Call, dataset: Dataset) -> Answer:
    number = call.house.datasets.number(call.caller, dataset.id)
    return json_answer(
        {"success": True, "data": {"id": number, "name": dataset.name, "description": dataset.description}}
    )


OPERATIONS = (
    Operation(
        id="getData",
        method="GET",
        path="/data",
        tag=TAG,
        summary="Get a resource",
        description="The resource of that number. Every dataset of the workspace is one.",
        handler=get,
        query=wire.ByNumber,
        answer=wire.Found,
        answer_example=EXAMPLE,
        errors=(DatasetNotFound,),
        is_light=True,
    ),
    Operation(
        id="createData",
        method="POST",
        path="/data",
        tag=TAG,
        summary="Create a resource",
        description="Makes an empty dataset, which every other dialect shows too.",
        handler=create,
        body=wire.NewResource,
        body_example={"name": "New Data", "description": "This is a new data resource."},
        answer=wire.Found,
        answer_example=EXAMPLE,
        errors=(NameInvalid,),
    ),
    Operation(
        id="updateData",
        method="PUT",
        path="/data/{number}",
        tag=TAG,
        summary="Change a resource",
        description="Only the fields that are sent change.",
        handler=update,
        body=wire.ResourceChange,
        body_example={"name": "Updated Data", "description": "This data has been updated."},
        answer=wire.Found,
        answer_example=EXAMPLE,
        errors=(DatasetNotFound, NameTaken, NameInvalid),
    ),
    Operation(
        id="deleteData",
        method="DELETE",
        path="/data/{number}",
        tag=TAG,
        summary="Delete a resource",
        description="With all documents of the dataset. From the answer on, nothing of it is found.",
        handler=remove,
        answer=wire.Deleted,
        answer_example={"success": True, "message": "Resource deleted successfully."},
        errors=(InvalidArgument, DatasetNotFound),
    ),
    Operation(
        id="deleteDataByQuery",
        method="DELETE",
        path="/data",
        tag=TAG,
        summary="Delete a resource that the query names",
        description="The same for clients that send the number as they do for reading.",
        handler=remove_by_query,
        query=wire.ByNumber,
        answer=wire.Deleted,
        answer_example={"success": True, "message": "Resource deleted successfully."},
        errors=(DatasetNotFound,),
    ),
)
