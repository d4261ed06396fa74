"""Datasets as today's API has them: every field made, changed and shown."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog import users
from diglot.domain.identity import DatasetId, UserId, WorkspaceId, dashed
from diglot.library.datasets import DatasetChange
from tests.dialects.dify.objects import a_dataset, a_document, a_ready_document
from tests.dialects.others import a_stranger
from tests.house import finish

pytestmark = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True, scope="module")

UNKNOWN = "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"


def _refused(answer: Any) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["code"], answer.json().get("params", "")


def _changed(client: TestClient, dataset: str, **change: Any) -> dict[str, Any]:
    answer = client.patch(f"/v1/datasets/{dataset}", json=change)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _shown(client: TestClient, dataset: str) -> dict[str, Any]:
    return dict(client.get(f"/v1/datasets/{dataset}").json())


def _a_user(house: Diglot) -> str:
    workspace: WorkspaceId = house.keys.owner().workspace_id
    made: UserId = house.database.write(lambda connection: users.create(connection, workspace, "Ann", "member"))
    return dashed(made)


def test_every_field_at_once(client: TestClient) -> None:
    sent = {
        "description": "All manuals",
        "indexing_technique": "high_quality",
        "permission": "all_team_members",
        "provider": "vendor",
        "embedding_model": "diglot/lexical",
        "embedding_model_provider": "diglot",
        "retrieval_model": {
            "search_method": "hybrid_search",
            "reranking_enable": False,
            "top_k": 7,
            "score_threshold_enabled": True,
            "score_threshold": 0.25,
        },
        "external_knowledge_id": "ignored",
        "summary_index_setting": {"enable": True},
    }
    made = client.post("/v1/datasets", json={"name": "made whole"} | sent).json()
    taken = {name: made[name] for name in sent if name in made and name != "summary_index_setting"}
    assert taken == {name: sent[name] for name in taken}
    assert len(taken) == 6
    assert made["summary_index_setting"] is None
    assert made["embedding_available"] is True
    shown = made["retrieval_model_dict"]
    assert (shown["search_method"], shown["top_k"], shown["score_threshold"]) == ("hybrid_search", 7, 0.25)
    assert shown["score_threshold_enabled"] is True
    assert _shown(client, made["id"]) == made
    by_name = client.get("/v1/datasets", params={"keyword": "MADE wh"}).json()
    assert by_name["data"] == [made]


def test_a_change_is_of_what_is_sent_alone(client: TestClient) -> None:
    dataset = a_dataset(client, description="as it was", permission="all_team_members")
    before = _shown(client, dataset)
    for change in (
        {"name": "another name"},
        {"description": "another"},
        {"permission": "only_me"},
        {"indexing_technique": "economy"},
        {"retrieval_model": {"search_method": "full_text_search", "top_k": 3}},
    ):
        after = _changed(client, dataset, **change)
        assert after.pop("partial_member_list") == []
        assert _shown(client, dataset) == after
        differing = {name for name in after if after[name] != before[name]} - {"updated_at", "updated_by"}
        [sent] = change
        assert differing <= {
            "retrieval_model": {"retrieval_model_dict"},
            "indexing_technique": {"indexing_technique", "embedding_available", "retrieval_model_dict"},
        }.get(sent, {sent})
        assert differing
        before = after


def test_a_retrieval_model_that_says_nothing_changes_nothing(client: TestClient) -> None:
    dataset = a_dataset(client, retrieval_model={"search_method": "full_text_search", "top_k": 3})
    before = _shown(client, dataset)["retrieval_model_dict"]
    assert _changed(client, dataset, retrieval_model={})["retrieval_model_dict"] == before


def test_a_description_is_taken_away_by_null(client: TestClient) -> None:
    dataset = a_dataset(client, description="as it was")
    assert _changed(client, dataset, name="it stays")["description"] == "as it was"
    assert _changed(client, dataset, description=None)["description"] is None


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"description": "x" * 401}, "description"),
        ({"permission": "everybody"}, "permission"),
        ({"indexing_technique": "fast"}, "indexing_technique"),
        ({"name": "x" * 41}, "name"),
        ({"name": ""}, "name"),
        ({"partial_member_list": "all"}, "partial_member_list"),
        ({"partial_member_list": [{}]}, "partial_member_list"),
        ({"retrieval_model": {"search_method": "magic"}}, "retrieval_model"),
    ],
)
def test_what_is_refused_changes_nothing(client: TestClient, change: dict[str, Any], argument: str) -> None:
    dataset = a_dataset(client, description="as it was")
    before = _shown(client, dataset)
    answer = client.patch(f"/v1/datasets/{dataset}", json={"permission": "partial_members"} | change)
    assert _refused(answer) == (400, "invalid_param", argument)
    assert _shown(client, dataset) == before


def test_those_who_share_it(house: Diglot, client: TestClient) -> None:
    dataset, ann = a_dataset(client), _a_user(house)
    owner = _shown(client, dataset)["created_by"]
    members = [{"user_id": owner}, {"user_id": ann}, {"user_id": ann.replace("-", "").upper()}]
    shared = _changed(client, dataset, permission="partial_members", partial_member_list=members)
    assert shared["partial_member_list"] == [owner, ann]
    assert _shown(client, dataset)["partial_member_list"] == [owner, ann]
    assert "partial_member_list" not in client.get("/v1/datasets").json()["data"][0]
    # What is shown can be sent back, and what is not sent stays.
    assert _changed(client, dataset, description="new")["partial_member_list"] == [owner, ann]
    assert _changed(client, dataset, partial_member_list=[ann])["partial_member_list"] == [ann]
    assert _changed(client, dataset, partial_member_list=[])["partial_member_list"] == []
    _changed(client, dataset, partial_member_list=members)
    assert _changed(client, dataset, permission="only_me")["partial_member_list"] == []
    assert "partial_member_list" not in _shown(client, dataset)
    assert _changed(client, dataset, permission="partial_members")["partial_member_list"] == []


def test_members_count_with_their_permission_alone(house: Diglot, client: TestClient) -> None:
    dataset, ann = a_dataset(client), _a_user(house)
    assert _changed(client, dataset, partial_member_list=[{"user_id": ann}])["partial_member_list"] == []
    assert _changed(client, dataset, permission="partial_members")["partial_member_list"] == []


def test_a_member_is_a_user_of_the_workspace(house: Diglot, client: TestClient) -> None:
    dataset = a_dataset(client)
    stranger = a_stranger(house)
    theirs = stranger.post("/v1/datasets", json={"name": "theirs"}).json()["created_by"]
    told = []
    for who in (theirs, UNKNOWN, "nobody", ""):
        sharing = {"permission": "partial_members", "partial_member_list": [{"user_id": who}]}
        answer = client.patch(f"/v1/datasets/{dataset}", json=sharing)
        assert _refused(answer) == (400, "invalid_param", "partial_member_list")
        told.append(answer.json()["message"].replace(who, "WHO") if who else "")
    assert told[0] == told[1] == "There is no member 'WHO'."
    assert _shown(client, dataset)["permission"] == "only_me"


def test_ragflow_s_attributes_and_members_do_not_meet(house: Diglot, client: TestClient) -> None:
    dataset = a_dataset(client)
    owner = _shown(client, dataset)["created_by"]
    _changed(client, dataset, permission="partial_members", partial_member_list=[owner])
    where = f"/api/v1/datasets/{dataset.replace('-', '')}"
    assert client.put(where, json={"pipeline_id": "a" * 32, "parse_type": 2}).status_code == 200
    assert _shown(client, dataset)["partial_member_list"] == [owner]


def test_lists_by_keyword_tags_and_page(client: TestClient) -> None:
    made = [a_dataset(client, name=f"listed {number}") for number in range(3)]
    tags = [client.post("/v1/datasets/tags", json={"name": f"tag {name}"}).json()["id"] for name in "ab"]
    for tag, dataset in zip(tags, made, strict=False):
        client.post("/v1/datasets/tags/binding", json={"tag_ids": [tag], "target_id": dataset})

    def listed(**query: Any) -> tuple[list[str], int, bool]:
        page = client.get("/v1/datasets", params=query).json()
        return [one["id"] for one in page["data"]], page["total"], page["has_more"]

    newest = made[::-1]
    assert listed(keyword="LISTED") == (newest, 3, False)
    assert listed(keyword="listed", limit=2) == (newest[:2], 3, True)
    assert listed(keyword="listed", limit=3) == (newest, 3, False)
    assert listed(keyword="listed", limit=2, page=2) == (newest[2:], 3, False)
    assert listed(keyword="listed", page=9) == ([], 3, False)
    assert listed(keyword="listed", include_all="true") == (newest, 3, False)
    assert listed(tag_ids=tags) == ([made[1], made[0]], 2, False)
    assert listed(tag_ids=tags[0]) == ([made[0]], 1, False)
    assert listed(tag_ids=[UNKNOWN]) == ([], 0, False)
    assert listed(keyword="100%") == ([], 0, False)


def test_documents_by_name_and_display_status(house: Diglot, client: TestClient) -> None:
    dataset = a_dataset(client)
    made = {state: a_document(client, dataset, name=f"{state} Note")["id"] for state in ("on", "off", "old")}
    made["bad"] = a_document(client, dataset, " ", name="bad Note")["id"]
    finish(house)
    made["new"] = a_document(client, dataset, name="new Note")["id"]
    where = f"/v1/datasets/{dataset}/documents"
    for action, state in (("disable", "off"), ("archive", "old")):
        client.patch(f"{where}/status/{action}", json={"document_ids": [made[state]]})
    named = {document: state for state, document in made.items()}

    def listed(**query: Any) -> list[str]:
        page = client.get(where, params=query).json()
        assert page["total"] == len(page["data"])
        return [named[one["id"]] for one in page["data"]]

    assert listed() == ["new", "bad", "old", "off", "on"]
    assert listed(keyword="NOTE") == listed()
    assert listed(keyword="o") == listed()
    assert listed(keyword="off") == ["off"]
    for status, states in {
        "queuing": ["new"],
        "error": ["bad"],
        "archived": ["old"],
        "disabled": ["off"],
        "available": ["on"],
        "enabled": ["on"],
        "Active": ["on"],
        "completed": ["old", "off", "on"],
        "indexing": [],
        "paused": [],
    }.items():
        assert listed(status=status) == states, status
        assert listed(status=status, keyword="no such") == []
    assert _refused(client.get(where, params={"status": "asleep"})) == (400, "invalid_param", "status")


def test_actions_on_many_documents(house: Diglot, client: TestClient) -> None:
    dataset, other = a_dataset(client), a_dataset(client)
    ready = a_ready_document(client, house, dataset)
    foreign = a_ready_document(client, house, other)
    waiting = a_document(client, dataset, name="still waiting")["id"]
    where = f"/v1/datasets/{dataset}/documents"

    def act(action: str, *documents: str) -> Any:
        return client.patch(f"{where}/status/{action}", json={"document_ids": list(documents)})

    def state(document: str, of: str = dataset) -> tuple[str, bool, bool]:
        shown = client.get(f"/v1/datasets/{of}/documents/{document}").json()
        return shown["display_status"], shown["enabled"], shown["archived"]

    done = {"result": "success"}
    for _ in range(2):
        assert act("disable", ready, UNKNOWN, "nonsense", foreign).json() == done
        assert state(ready) == ("disabled", False, False)
    assert act("archive", ready).json() == done
    assert state(ready) == ("archived", False, True)
    assert act("un_archive", ready).json() == done
    assert state(ready) == ("disabled", False, False)
    assert act("enable", ready, ready).json() == done
    assert state(ready) == ("available", True, False)
    assert act("enable").json() == done
    refused = act("disable", ready, waiting)
    assert refused.status_code == 400
    message = "Document: still waiting is not completed."
    assert refused.json() == {"code": "invalid_action", "message": message, "status": 400}
    assert state(ready) == ("available", True, False), "all or none"
    assert state(foreign, other) == ("available", True, False)
    unknown = act("pause", ready)
    assert (unknown.status_code, unknown.json()["code"]) == (400, "invalid_action")
    assert unknown.json()["message"].endswith("enable, disable, archive, un_archive.")


def test_today_s_update_of_a_document(house: Diglot, client: TestClient) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, "old text")
    where = f"/v1/datasets/{dataset}/documents/{document}"
    started = client.patch(where, files={"file": ("new.md", b"# New\n\nnew text"), "data": (None, "{}")})
    assert started.status_code == 200, started.text
    assert started.json()["document"]["id"] == document
    assert started.json()["document"]["name"] == "new.md"
    finish(house)
    assert [one["content"] for one in client.get(f"{where}/segments").json()["data"]] == ["# New", "new text"]
    assert client.patch(where, json={"name": "renamed.md"}).json()["document"]["name"] == "renamed.md"
    two = [("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))]
    assert client.patch(where, files=two).json()["code"] == "too_many_files"
    assert client.patch(f"/v1/datasets/{dataset}/documents/{UNKNOWN}", json={"name": "x"}).status_code == 404


ROUTES = (
    ("POST", "/documents/{document}/update-by-text", {"name": 5}, "name"),
    ("POST", "/documents/{document}/update_by_text", {"text": "no name"}, "name"),
    ("POST", "/documents/{document}/update-by-file", {"process_rule": {}}, "process_rule"),
    ("PATCH", "/documents/{document}", {"process_rule": {"mode": "custom"}}, "process_rule"),
    ("POST", "/documents/download-zip", {}, "document_ids"),
    ("PATCH", "/documents/status/enable", {"document_ids": [5]}, "document_ids"),
    ("GET", "/documents/{document}?metadata=nonsense", None, "metadata"),
    ("GET", "/documents?limit=0", None, "limit"),
)


@pytest.mark.parametrize(("method", "path", "body", "argument"), ROUTES)
def test_first_the_key_then_the_dataset_its_switch_the_request_and_the_document(
    house: Diglot, client: TestClient, method: str, path: str, body: Any, argument: str
) -> None:
    dataset, closed = a_dataset(client), a_dataset(client)
    change = DatasetChange(api_enabled=False)
    house.datasets.update(house.keys.owner(), DatasetId(closed.replace("-", "")), change)
    where = path.format(document=UNKNOWN)

    def told(of: str, who: TestClient = client) -> tuple[int, str, str]:
        return _refused(who.request(method, f"/v1/datasets/{of}{where}", json=body))

    assert told(closed, TestClient(client.app))[0] == 401
    assert told(UNKNOWN)[:2] == (404, "not_found")
    assert told(closed)[:2] == (403, "forbidden")
    code = "invalid_metadata" if argument == "metadata" else "invalid_param"
    assert told(dataset) == (400, code, argument)
