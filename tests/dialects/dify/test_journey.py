"""A dataset's life through Dify's API, in both spellings."""

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.dialects.dify.objects import a_dataset, a_document, a_ready_document, contents
from tests.house import finish, follow

pytestmark = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True, scope="module")


@pytest.mark.parametrize(("spelling", "name"), [("create_by_text", "text.txt"), ("create-by-text", "text")])
def test_the_seed_s_first_call(client: TestClient, spelling: str, name: str) -> None:
    dataset = a_dataset(client)
    sent = {"name": "text", "text": "text", "indexing_technique": "high_quality", "process_rule": {"mode": "automatic"}}
    answer = client.post(f"/v1/datasets/{dataset}/document/{spelling}", json=sent)
    assert answer.status_code == 200
    body = answer.json()
    assert len(body["batch"]) == 20
    expected = {
        "position": 1,
        "data_source_type": "upload_file",
        "name": name,
        "created_from": "api",
        "tokens": 0,
        "indexing_status": "waiting",
        "error": None,
        "enabled": True,
        "disabled_at": None,
        "disabled_by": None,
        "archived": False,
        "display_status": "queuing",
        "word_count": 0,
        "hit_count": 0,
        "doc_form": "text_model",
        "doc_metadata": None,
    }
    assert {key: body["document"][key] for key in expected} == expected


@pytest.mark.parametrize("indexing", ["high_quality", "economy"])
@pytest.mark.parametrize("path", ["retrieve", "hit-testing"])
def test_what_is_added_is_found(client: TestClient, house: Diglot, indexing: str, path: str) -> None:
    dataset = a_dataset(client)
    a_ready_document(client, house, dataset, "The battery lasts ten hours.\nCats sleep.", indexing_technique=indexing)
    answer = client.post(f"/v1/datasets/{dataset}/{path}", json={"query": "battery"}).json()
    assert answer["query"] == {"content": "battery"}
    record = answer["records"][0]
    assert record["segment"]["content"] == "The battery lasts ten hours."
    assert record["segment"]["document"]["doc_metadata"] is None
    assert record["score"] > 0


def test_chinese_is_found(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    a_ready_document(client, house, dataset, "电池可以使用十小时。\n猫喜欢睡觉。")
    assert contents(client, dataset, "电池能用多久")[0] == "电池可以使用十小时。"


@pytest.mark.parametrize("name", ["note", "report.pdf", "table.csv"])
@pytest.mark.parametrize("beginning", ["%PDF-1.4", "{\\rtf1", "<html>", "From: ann@a.example\nSubject:"])
def test_a_text_is_a_text_whatever_it_begins_with(client: TestClient, house: Diglot, name: str, beginning: str) -> None:
    dataset = a_dataset(client)
    text = f"{beginning} is how <b>some</b> files begin."
    document = a_ready_document(client, house, dataset, text, name=name)
    answer = client.get(f"/v1/datasets/{dataset}/documents/{document}/segments").json()
    assert [segment["content"] for segment in answer["data"]] == text.split("\n")


def test_an_update_takes_the_place_of_what_was(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, "Old words.")
    answer = client.post(
        f"/v1/datasets/{dataset}/documents/{document}/update-by-text", json={"name": "n", "text": "New words."}
    )
    assert answer.json()["document"]["id"] == document
    assert answer.json()["document"]["display_status"] == "queuing"
    assert contents(client, dataset, "words") == ["Old words."]
    finish(house)
    assert contents(client, dataset, "words") == ["New words."]


def test_a_deleted_document_is_found_no_more(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset)
    answer = client.delete(f"/v1/datasets/{dataset}/documents/{document}")
    assert (answer.status_code, answer.json()) == (200, {"result": "success"})
    assert contents(client, dataset, "battery") == []
    gone = client.delete(f"/v1/datasets/{dataset}/documents/{document}")
    assert gone.json() == {"code": "not_found", "message": "Document Not Exists.", "status": 404}
    shown = client.get(f"/v1/datasets/{dataset}").json()
    assert (shown["document_count"], shown["total_available_documents"], shown["word_count"]) == (0, 0, 0)


def test_a_deleted_dataset_takes_everything_along(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client, name="to be deleted")
    document = a_ready_document(client, house, dataset)
    assert client.delete(f"/v1/datasets/{dataset}").status_code == 204
    for path in (f"/{dataset}", f"/{dataset}/documents/{document}", f"/{dataset}/documents/{document}/segments"):
        assert client.get(f"/v1/datasets{path}").json()["message"] == "Dataset not found."
    a_dataset(client, name="to be deleted")


@pytest.mark.parametrize(
    ("off", "on", "shown"), [("disable", "enable", "disabled"), ("archive", "un_archive", "archived")]
)
def test_switched_off_documents_are_not_found(client: TestClient, house: Diglot, off: str, on: str, shown: str) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset)
    where = f"/v1/datasets/{dataset}/documents"
    ids = {"document_ids": [document, "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e", "nonsense"]}
    assert client.patch(f"{where}/status/{off}", json=ids).json() == {"result": "success"}
    assert client.get(f"{where}/{document}").json()["display_status"] == shown
    assert client.get(f"/v1/datasets/{dataset}").json()["total_available_documents"] == 0
    assert contents(client, dataset, "battery") == []
    assert client.get(where, params={"status": shown}).json()["total"] == 1
    assert client.get(where, params={"status": "available"}).json()["total"] == 0
    assert client.patch(f"{where}/status/{on}", json=ids).status_code == 200
    follow(house, dataset.replace("-", ""))
    assert contents(client, dataset, "battery") != []


def test_an_archived_document_is_left_alone(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset)
    where = f"/v1/datasets/{dataset}/documents"
    client.patch(f"{where}/status/archive", json={"document_ids": [document]})
    for answer in (
        client.delete(f"{where}/{document}"),
        client.post(f"{where}/{document}/update-by-text", json={"name": "n", "text": "t"}),
    ):
        assert answer.status_code == 403
        assert answer.json()["code"] == "archived_document_immutable"


def test_only_a_finished_document_is_disabled(client: TestClient) -> None:
    dataset = a_dataset(client)
    made = a_document(client, dataset)
    where = f"/v1/datasets/{dataset}/documents"
    answer = client.patch(f"{where}/status/disable", json={"document_ids": [made["id"]]})
    assert answer.status_code == 400
    assert answer.json()["message"] == f"Document: {made['name']} is not completed."
    assert client.patch(f"{where}/status/burn", json={"document_ids": []}).json()["code"] == "invalid_action"


def test_batch_status(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    made = a_document(client, dataset)
    path = f"/v1/datasets/{dataset}/documents/{made['batch']}/indexing-status"
    waiting = client.get(path).json()["data"]
    assert [(one["id"], one["indexing_status"], one["total_segments"]) for one in waiting] == [
        (made["id"], "waiting", 0)
    ]
    finish(house)
    done = client.get(path).json()["data"][0]
    assert (done["indexing_status"], done["completed_segments"], done["total_segments"]) == ("completed", 2, 2)
    assert isinstance(done["completed_at"], int)
    assert client.get(path.replace(made["batch"], "1")).json()["message"] == "Documents not found."


def test_what_failed_says_when(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    made = a_document(client, dataset, " ")
    finish(house)
    [failed] = client.get(f"/v1/datasets/{dataset}/documents/{made['batch']}/indexing-status").json()["data"]
    assert (failed["indexing_status"], failed["completed_at"]) == ("error", None)
    assert made["created_at"] <= failed["processing_started_at"] <= failed["stopped_at"]


def test_detail_and_its_parts(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    rule = {
        "mode": "custom",
        "rules": {
            "pre_processing_rules": [{"id": "remove_urls_emails", "enabled": True}],
            "segmentation": {"separator": "###", "max_tokens": 500},
        },
    }
    document = a_ready_document(client, house, dataset, "One part.\nStill.###Another part.", process_rule=rule)
    path = f"/v1/datasets/{dataset}/documents/{document}"
    detail = client.get(path).json()
    assert detail["document_process_rule"]["rules"]["segmentation"] == {
        "separator": "###",
        "max_tokens": 500,
        "chunk_overlap": 0,
    }
    assert detail["dataset_process_rule"]["id"] == detail["dataset_process_rule_id"]
    assert detail["segment_count"] == 2
    assert "word_count" not in detail
    assert set(client.get(path, params={"metadata": "only"}).json()) == {"id", "doc_type", "doc_metadata"}
    assert "doc_metadata" not in client.get(path, params={"metadata": "without"}).json()
    assert client.get(path, params={"metadata": "x"}).json()["code"] == "invalid_metadata"


def test_ids_with_and_without_dashes(client: TestClient) -> None:
    dataset = a_dataset(client)
    assert client.get(f"/v1/datasets/{dataset.replace('-', '')}").json()["id"] == dataset
    assert client.get(f"/v1/datasets/{dataset.upper()}/").json()["id"] == dataset


def test_a_new_name_alone_renames(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset)
    answer = client.post(
        f"/v1/datasets/{dataset}/documents/{document}/update-by-file", files={"data": (None, '{"name": "new"}')}
    )
    assert answer.json()["document"]["name"] == "new"
    assert answer.json()["document"]["display_status"] == "available"
    listed = client.get(f"/v1/datasets/{dataset}/documents", params={"keyword": "NEW"}).json()
    assert [one["id"] for one in listed["data"]] == [document]


def test_the_same_name_again_is_a_second_document_unless_asked(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    first = a_ready_document(client, house, dataset, "One.", name="same")
    second = a_ready_document(client, house, dataset, "Two.", name="same")
    assert first != second
    third = a_ready_document(client, house, dataset, "Three.", name="same", duplicate=True)
    assert third == second
    again = a_ready_document(client, house, dataset, "Four.", name="same", original_document_id=first)
    assert again == first
    assert sorted(contents(client, dataset, "one two three four")) == ["Four.", "Three."]


def test_paging(client: TestClient) -> None:
    dataset = a_dataset(client)
    made = [a_document(client, dataset)["id"] for _ in range(5)]
    where = f"/v1/datasets/{dataset}/documents"
    first = client.get(where, params={"limit": 3}).json()
    second = client.get(where, params={"limit": 3, "page": 2}).json()
    assert [one["id"] for one in first["data"] + second["data"]] == made[::-1]
    assert (first["has_more"], second["has_more"], first["total"]) == (True, False, 5)
    assert client.get(where, params={"page": 900_000_000}).json()["data"] == []
    assert client.get(where, params={"limit": 1000}).json()["limit"] == 100
    for wrong in ({"page": 0}, {"limit": 0}, {"page": "x"}, {"page": 10**30}):
        assert client.get(where, params=wrong).json()["code"] == "invalid_param"


def test_the_first_document_fixes_form_and_indexing(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    missing = client.post(f"/v1/datasets/{dataset}/document/create-by-text", json={"name": "n", "text": "t"})
    assert missing.json()["message"] == "indexing_technique is required."
    a_ready_document(client, house, dataset, "Q: Why? A: Because.", doc_form="qa_model", indexing_technique="economy")
    shown = client.get(f"/v1/datasets/{dataset}").json()
    assert (shown["doc_form"], shown["indexing_technique"]) == ("qa_model", "economy")
    assert shown["embedding_available"] is True
    assert shown["retrieval_model_dict"]["search_method"] == "keyword_search"
    other = client.post(
        f"/v1/datasets/{dataset}/document/create-by-text", json={"name": "n", "text": "t", "doc_form": "text_model"}
    )
    assert other.json()["message"] == "doc_form is different from the dataset doc_form."
    later = a_document(client, dataset, indexing_technique="high_quality")
    assert later["doc_form"] == "qa_model"
    assert client.get(f"/v1/datasets/{dataset}").json()["indexing_technique"] == "economy"
