"""Datasets through RAGFlow's API: recorded answers, the limits of every field, many at once, other people's."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, get_args

import httpx
import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog import users, workspaces
from diglot.domain.api_key import Caller, Scope
from diglot.domain.rules import ChunkMethod
from diglot.http.ragflow.app import OPERATIONS
from diglot.http.ragflow.chunking import default_config
from diglot.http.ragflow.wire_datasets import Method
from diglot.http.routing import Routes
from diglot.library.datasets import DatasetChange
from tests.dialects.recorded import operation_of, play
from tests.house import KEY, a_client, a_house, serving

API = "/api/v1"
DATASETS = f"{API}/datasets"
UNKNOWN = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
EXCHANGES = Path(__file__).parent / "exchanges"
METHODS = sorted(get_args(Method))
INTEGER, NUMBER, BOOLEAN = "Input should be a valid integer", "Input should be a valid number", "valid boolean"
AT_LEAST, AT_MOST = "Input should be greater than or equal to ", "Input should be less than or equal to "
# A field of parser_config, values that are kept as they are, values that are refused and in which words.
LIMITS: list[tuple[str, list[Any], list[tuple[Any, str]]]] = [
    ("auto_keywords", [0, 16, 32], [(-1, AT_LEAST + "0"), (33, AT_MOST + "32"), (3.14, INTEGER), ("x", INTEGER)]),
    ("auto_questions", [0, 5, 10], [(-1, AT_LEAST + "0"), (11, AT_MOST + "10"), (3.14, INTEGER), ("x", INTEGER)]),
    ("chunk_token_num", [1, 1024, 2048], [(0, AT_LEAST + "1"), (2049, AT_MOST + "2048"), (3.14, INTEGER)]),
    ("delimiter", ["\n", " ", "`##`"], [("", "String should have at least 1 character")]),
    ("html4excel", [True, False], [("x", BOOLEAN)]),
    ("layout_recognize", ["DeepDOC", "Plain Text"], [(1, "Input should be a valid string")]),
    ("tag_kb_ids", [["1", "2"]], [("1,2", "Input should be a valid list"), ([1], "Input should be a valid string")]),
    ("topn_tags", [1, 5, 10], [(0, AT_LEAST + "1"), (11, AT_MOST + "10"), (3.14, INTEGER)]),
    ("filename_embd_weight", [0.1, 0.5, 1.0], [(-1, AT_LEAST + "0"), (1.1, AT_MOST + "1"), ("x", NUMBER)]),
    ("task_page_size", [1, None], [(0, AT_LEAST + "1"), (3.14, INTEGER), ("x", INTEGER)]),
    ("pages", [[[1, 100]], None], [("1,2", "valid list"), (["1,2"], "valid list"), ([["a", "b"]], INTEGER)]),
    ("overlapped_percent", [0, 45, 90], [(-1, AT_LEAST + "0"), (91, AT_MOST + "90"), (0.5, INTEGER)]),
    ("table_column_mode", ["auto", "manual", None], [("x", "Input should be 'auto' or 'manual'")]),
    ("graphrag.use_graphrag", [True, False], [("x", BOOLEAN)]),
    ("graphrag.entity_types", [["age", "sex"]], [("1,2", "valid list"), ([1], "valid string")]),
    ("graphrag.method", ["light", "general", "ner"], [("x", "Input should be 'light', 'general' or 'ner'")]),
    ("graphrag.community", [True, False], [("x", BOOLEAN)]),
    ("graphrag.retry_attempts", [1, 10], [(0, AT_LEAST + "1"), (11, AT_MOST + "10")]),
    ("raptor.use_raptor", [True, False], [("x", BOOLEAN)]),
    ("raptor.prompt", ["Who are you?"], [("", "at least 1 character"), (" ", "at least 1 character")]),
    ("raptor.max_token", [512, 1024, 2048], [(0, AT_LEAST + "1"), (2049, AT_MOST + "2048"), (3.14, INTEGER)]),
    ("raptor.clustering_threshold", [0.0, 0.5, 1.0], [(-0.1, AT_LEAST + "0"), (1.1, AT_MOST + "1")]),
    ("raptor.max_cluster", [1, 512, 1024], [(0, AT_LEAST + "1"), (1025, AT_MOST + "1024"), (3.14, INTEGER)]),
    ("raptor.random_seed", [0, 7], [(-1, AT_LEAST + "0"), (3.14, INTEGER)]),
    ("parent_child.use_parent_child", [True, False], [("x", BOOLEAN)]),
    ("parent_child.children_delimiter", ["\n\n", "。"], [("", "at least 1 character")]),
]
TAKEN = [(field, value) for field, values, _ in LIMITS for value in values]
REFUSED = [(field, value, words) for field, _, refused in LIMITS for value, words in refused]


@pytest.fixture(scope="module")
def client(house: Diglot) -> TestClient:
    return a_client(house)


@pytest.fixture
def dataset(client: TestClient) -> str:
    return str(_made(client, "dataset")["id"])


def _made(client: TestClient, name: str, **fields: Any) -> dict[str, Any]:
    body = client.post(DATASETS, json={"name": name, **fields}).json()
    assert body["code"] == 0, body
    return dict(body["data"])


def _changed(client: TestClient, dataset: str, fields: dict[str, Any]) -> dict[str, Any]:
    body = client.put(f"{DATASETS}/{dataset}", json=fields).json()
    assert body["code"] == 0, body
    assert {**body["data"], "size": 0} == client.get(f"{DATASETS}/{dataset}").json()["data"]
    return dict(body["data"])


def _config(field: str, value: Any) -> dict[str, Any]:
    outer, dot, inner = field.partition(".")
    return {outer: {inner: value} if dot else value}


def _read(config: dict[str, Any], field: str) -> Any:
    outer, dot, inner = field.partition(".")
    return config[outer][inner] if dot else config[outer]


@pytest.mark.parametrize("story", ["datasets", "system"])
def test_the_answers_are_as_recorded(tmp_path: Path, story: str) -> None:
    with a_house(tmp_path) as house:
        for request, answer in play(a_client(house), house, EXCHANGES / f"{story}.json"):
            path = request["path"].replace("//", "/").removeprefix(API).removeprefix("/v1")
            if Routes((one.method, one.path, one) for one in OPERATIONS).find(path.partition("?")[0]) is None:
                continue
            if answer.headers["content-type"] == "application/json" and answer.json().get("code", 0) == 0:
                model = operation_of(OPERATIONS, request["method"], path).answer
                assert model is not None, path
                model.model_validate(answer.json(), extra="forbid")


@pytest.mark.parametrize(("field", "value"), TAKEN)
def test_a_parser_config_is_kept(client: TestClient, dataset: str, field: str, value: Any) -> None:
    assert _read(_made(client, "made", parser_config=_config(field, value))["parser_config"], field) == value
    assert _read(_changed(client, dataset, {"parser_config": _config(field, value)})["parser_config"], field) == value


@pytest.mark.parametrize(("field", "value", "words"), REFUSED)
def test_a_parser_config_out_of_its_limits(
    client: TestClient, dataset: str, field: str, value: Any, words: str
) -> None:
    before = client.get(f"{DATASETS}/{dataset}").json()
    created = client.post(DATASETS, json={"name": "refused", "parser_config": _config(field, value)}).json()
    changed = client.put(f"{DATASETS}/{dataset}", json={"parser_config": _config(field, value)}).json()
    for told in (created, changed):
        assert told["code"] == 101
        assert told["message"].startswith(f"Field: <parser_config.{field}")
        assert words in told["message"]
    assert client.get(f"{DATASETS}/{dataset}").json() == before


def test_a_parser_config_that_is_too_large(client: TestClient) -> None:
    sent = {"name": "large", "parser_config": {"delimiter": "a" * 65_536}}
    told = client.post(DATASETS, json=sent).json()
    assert told["code"] == 101
    assert "Parser config exceeds size limit (max 65,535 characters). Current size: " in told["message"]
    assert told["message"].endswith("...>")


def test_unknown_keys_of_a_parser_config(client: TestClient) -> None:
    told = client.post(DATASETS, json={"name": "x", "parser_config": {"unknown": 1}}).json()
    words = "Field: <parser_config.unknown> - Message: <Extra inputs are not permitted> - Value: <1>"
    assert told == {"code": 101, "message": words}


@pytest.mark.parametrize("sent", [{}, {"parser_config": None}, {"parser_config": {}}])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_begins_with_its_defaults(client: TestClient, method: str, sent: dict[str, Any]) -> None:
    made = _made(client, method, chunk_method=method, **sent)
    assert (made["chunk_method"], made["parser_config"]) == (method, default_config(ChunkMethod(method)))
    assert made["parser_config"]["llm_id"] == ""


def test_a_part_of_a_parser_config_switches_models_off(client: TestClient) -> None:
    config = _made(client, "part", parser_config={"chunk_token_num": 1024})["parser_config"]
    assert (config["chunk_token_num"], config["topn_tags"], config["filename_embd_weight"]) == (1024, 1, 0.1)
    assert (config["raptor"]["use_raptor"], config["graphrag"]["use_graphrag"]) == (False, False)
    only = _made(client, "part", parser_config={"graphrag": {"use_graphrag": True}})["parser_config"]
    assert (only["raptor"]["use_raptor"], only["graphrag"]["use_graphrag"]) == (False, True)


def test_old_fields_of_raptor_are_taken_and_forgotten(client: TestClient) -> None:
    sent = {"threshold": 0.1, "clustering_method": "gmm", "tree_builder": "x", "ext": {}, "max_token": 256}
    raptor = _made(client, "old", parser_config={"raptor": sent})["parser_config"]["raptor"]
    assert raptor["max_token"] == 512
    assert set(raptor).isdisjoint({"threshold", "clustering_method", "tree_builder", "ext"})


def test_parser_configs_are_merged_deeply(client: TestClient, dataset: str) -> None:
    _changed(client, dataset, {"parser_config": {"raptor": {"random_seed": 7}, "chunk_token_num": 99}})
    config = _changed(client, dataset, {"parser_config": {"raptor": {"max_cluster": 3}}})["parser_config"]
    assert (config["raptor"]["random_seed"], config["raptor"]["max_cluster"]) == (7, 3)
    assert (config["chunk_token_num"], config["raptor"]["use_raptor"]) == (99, True)
    for nothing in ({}, None):
        assert _changed(client, dataset, {"parser_config": nothing})["parser_config"] == config


def test_children_stand_beside_their_parents_setting(client: TestClient, dataset: str) -> None:
    sent = {"parser_config": {"parent_child": {"use_parent_child": True, "children_delimiter": "。"}}}
    config = _changed(client, dataset, sent)["parser_config"]
    assert (config["children_delimiter"], config["enable_children"]) == ("。", True)
    config = _changed(client, dataset, {"parser_config": {"parent_child": {"use_parent_child": False}}})[
        "parser_config"
    ]
    assert (config["children_delimiter"], config["enable_children"]) == ("", False)


def test_another_method_begins_with_its_own_defaults(client: TestClient, dataset: str) -> None:
    _changed(client, dataset, {"parser_config": {"chunk_token_num": 99}})
    changed = _changed(client, dataset, {"chunk_method": "qa"})
    assert changed["parser_config"] == default_config(ChunkMethod.QA)
    changed = _changed(client, dataset, {"chunk_method": "naive", "parser_config": {"chunk_token_num": 64}})
    assert (changed["chunk_method"], changed["parser_config"]["chunk_token_num"]) == ("naive", 64)
    assert _changed(client, dataset, {"chunk_method": "naive"})["parser_config"]["chunk_token_num"] == 64


def test_a_parser_config_that_was_shown_may_be_sent_back(client: TestClient, dataset: str) -> None:
    config = _changed(client, dataset, {"parser_config": {"parent_child": {"use_parent_child": True}}})["parser_config"]
    assert _changed(client, dataset, {"parser_config": config})["parser_config"] == config


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "a" * 129}, "String should have at most 128 characters"),
        ({"name": " \n"}, "String should have at least 1 character"),
        ({"name": None}, "Input should be a valid string"),
        ({"description": "a" * 65_536}, "String should have at most 65535 characters"),
        ({"description": 1}, "Input should be a valid string"),
        ({"avatar": "a" * 65_536}, "String should have at most 65535 characters"),
        ({"avatar": "data:image/png;base64"}, "missing MIME prefix. Expected format: data:<mime>;base64,<data>"),
        ({"avatar": "image/png;base64,aaaa"}, "invalid MIME prefix format. Must start with 'data:'"),
        ({"avatar": "data:image/gif;base64,a"}, "Unsupported MIME type. Allowed: ['image/jpeg', 'image/png']"),
        ({"permission": None}, "Input should be 'me' or 'team'"),
        ({"permission": " me "}, "Input should be 'me' or 'team'"),
        ({"chunk_method": "audio"}, "Input should be 'naive', 'book', 'email', 'laws', 'manual', 'one', 'paper', "),
        ({"chunk_method": []}, "'picture', 'presentation', 'qa', 'table', 'tag' or 'resume'"),
        ({"embedding_model": "a@b" * 100}, "String should have at most 255 characters"),
        ({"embedding_model": " "}, "embedding model identifier must follow <model_name>@<provider> format"),
        ({"embedding_model": "model@ "}, "both model_name and provider must be non-empty strings"),
        ({"parse_type": 2}, "parser_id omitted → required fields missing: pipeline_id"),
        ({"chunk_method": "qa", "pipeline_id": UNKNOWN}, "parser_id provided → disallowed fields present: pipeline_id"),
        ({"pipeline_id": "x" * 32, "parse_type": 2}, "pipeline_id must be 32 hex characters"),
        ({"tenant_id": UNKNOWN}, "Extra inputs are not permitted"),
        ({"create_time": 1741671443322}, "Extra inputs are not permitted"),
        ({"auto_metadata_config": {"fields": [{"name": "", "type": "x"}]}}, "Input should be 'string', 'list', 'time'"),
    ],
)
def test_fields_that_are_refused(client: TestClient, dataset: str, sent: dict[str, Any], words: str) -> None:
    for told in (
        client.post(DATASETS, json={"name": "refused"} | sent).json(),
        client.put(f"{DATASETS}/{dataset}", json=sent).json(),
    ):
        assert told["code"] == 101
        assert words in told["message"]
    assert client.get(f"{DATASETS}?name=refused").json()["code"] == 102


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("page=a", "Input should be a valid integer, unable to parse string as an integer"),
        ("page=0", AT_LEAST + "1"),
        ("page_size=0", AT_LEAST + "1"),
        ("page_size=101", "Value error, page_size must be less than or equal to 100"),
        ("orderby=", "Input should be 'create_time' or 'update_time'"),
        ("orderby=CREATE_TIME", "Input should be 'create_time' or 'update_time'"),
        ("desc=3.14", "Input should be a valid boolean, unable to interpret input"),
        ("id=not_uuid", "Invalid UUID format"),
        ("ids=a,b", "Invalid UUID format"),
        ("ids=" + ",".join([UNKNOWN] * 101), "ids must contain at most 100 IDs"),
        ("ext=[]", "Input should be a valid dictionary"),
        ("ext=" + "[" * 50_000, "Input should be a valid dictionary"),
        ("unknown_field=1", "Extra inputs are not permitted"),
        ("name=%00", "Text must not contain the NUL character."),
    ],
)
def test_lists_that_are_refused(client: TestClient, query: str, words: str) -> None:
    told = client.get(f"{DATASETS}?{query}").json()
    assert (told["code"], words in told["message"]) == (101, True), told


def test_the_first_clients_page(client: TestClient, dataset: str) -> None:
    body = client.get(f"{DATASETS}?page=1&page_size=1024&orderby=create_time&desc=True").json()
    assert body["data"][0]["id"] == dataset
    assert body["total_datasets"] == len(body["data"]) > 30


def test_pages_and_orders(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        client = a_client(house)
        made = [_made(client, f"d{number}")["id"] for number in range(5)]
        _changed(client, made[0], {"pagerank": 1})

        def listed(query: str) -> list[str]:
            return [one["id"] for one in client.get(f"{DATASETS}?{query}").json()["data"]]

        assert listed("") == made[::-1]
        assert listed("page=2&page_size=2") == [made[2], made[1]]
        assert listed("page=3&page_size=2&desc=no") == [made[4]]
        assert listed("page=4&page_size=2") == listed(f"page={10**30}") == []
        assert listed("orderby=update_time")[0] == made[0]
        assert listed("name=D3") == listed(f"ids={made[3]}") == [made[3]]
        assert listed('ext={"keywords": "2"}') == [made[2]]
        assert listed(f"id={made[1][:8]}-{made[1][8:12]}-{made[1][12:16]}-{made[1][16:20]}-{made[1][20:]}") == [made[1]]


def test_fields_that_are_emptied(client: TestClient, dataset: str) -> None:
    sent = {"description": "about", "avatar": "data:image/jpeg;base64,aaaa"}
    assert _changed(client, dataset, sent)["avatar"] == sent["avatar"]
    kept = _changed(client, dataset, {"language": "Chinese"})
    assert (kept["description"], kept["avatar"], kept["language"]) == (*sent.values(), "Chinese")
    emptied = _changed(client, dataset, {"description": None, "avatar": None, "embedding_model": None})
    assert (emptied["description"], emptied["avatar"]) == (None, None)
    assert emptied["embedding_model"] == kept["embedding_model"]


def test_what_models_would_fill_is_kept(client: TestClient, dataset: str) -> None:
    fields = [{"name": "author", "type": "string"}]
    config = _changed(client, dataset, {"auto_metadata_config": {"enabled": False, "fields": fields}})["parser_config"]
    assert config["enable_metadata"] is False
    assert [field["name"] for field in config["metadata"]] == ["author"]
    piped = _made(client, "piped", parse_type=2, pipeline_id=UNKNOWN.upper())
    assert (piped["pipeline_id"], piped["chunk_method"]) == (UNKNOWN, "naive")


@pytest.mark.parametrize(
    "sent", [None, "diglot/lexical", "DIGLOT/LEXICAL@diglot", " diglot/lexical@Diglot ", "BAAI/bge-large-zh-v1.5@BAAI"]
)
def test_names_of_the_embedding_model(client: TestClient, sent: str | None) -> None:
    assert _made(client, "model", embedding_model=sent)["embedding_model"] == "diglot/lexical@diglot"


def test_a_client_s_default_is_a_choice_where_something_changes(client: TestClient, dataset: str) -> None:
    told = client.put(f"{DATASETS}/{dataset}", json={"embedding_model": "BAAI/bge-large-zh-v1.5@BAAI"}).json()
    assert told == {"code": 102, "message": "Provider BAAI not found for model BAAI/bge-large-zh-v1.5@BAAI."}


def test_a_thousand_and_a_hundred_at_once(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    with a_house(tmp_path) as house, serving(house) as base, httpx.Client(headers=headers, trust_env=False) as client:

        def asked(method: str, path: str, body: dict[str, Any]) -> Any:
            answer = client.request(method, f"{base}{DATASETS}{path}", json=body, timeout=30).json()
            assert answer["code"] == 0, answer
            return answer["data"]

        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda number: asked("POST", "", {"name": f"dataset_{number % 500}"}), range(1000)))
            assert {one["name"] for one in made} == {f"dataset_{n}{more}" for n in range(500) for more in ("", "(1)")}
            renaming = f"/{made[0]['id']}"
            names = [one["name"] for one in pool.map(lambda n: asked("PUT", renaming, {"name": f"r{n}"}), range(100))]
        assert names == [f"r{number}" for number in range(100)]
        assert asked("DELETE", "", {"ids": [one["id"] for one in made]}) == {"success_count": 1000}


@pytest.mark.parametrize("of_a_document", [False, True])
def test_two_change_parts_of_a_parser_config_at_once(house: Diglot, dataset: str, of_a_document: bool) -> None:
    path = f"{DATASETS}/{dataset}"
    headers = {"Authorization": f"Bearer {KEY}"}
    with (
        serving(house) as base,
        httpx.Client(base_url=base, headers=headers, trust_env=False) as client,
        ThreadPoolExecutor(2) as pool,
    ):
        if of_a_document:
            [document] = client.post(f"{path}/documents", files={"file": ("a.txt", "text")}).json()["data"]
            path += f"/documents/{document['id']}"
        together = Barrier(2)

        def change(part: dict[str, Any]) -> Any:
            together.wait(10)
            return client.put(path, json={"parser_config": part}).json()["code"]

        for number in range(1, 9):
            parts: list[dict[str, Any]] = [{"chunk_token_num": number}, {"delimiter": "x" * number}]
            assert list(pool.map(change, parts)) == [0, 0]
            config = client.put(path, json={"parser_config": {"auto_keywords": 1}}).json()["data"]["parser_config"]
            assert (config["chunk_token_num"], config["delimiter"]) == (number, "x" * number)


def _other_workspace(connection: Connection) -> Caller:
    workspace = workspaces.create(connection, "other")
    return Caller(workspace, users.create(connection, workspace, "other", "owner"), frozenset(Scope))


def test_another_workspace_sees_nothing(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        client = a_client(house)
        dataset = _made(client, "mine")["id"]
        before = client.get(f"{DATASETS}/{dataset}").json()
        stranger = house.database.write(_other_workspace)
        theirs = a_client(house, house.keys.create(stranger, "k").text)
        for method, path, body in [
            ("GET", f"{DATASETS}/{{}}", None),
            ("GET", f"{DATASETS}?id={{}}", None),
            ("GET", f"{DATASETS}?ids={{}}", None),
            ("PUT", f"{DATASETS}/{{}}", {"name": "theirs"}),
            ("PATCH", f"{DATASETS}/{{}}", {"name": "theirs"}),
            ("DELETE", DATASETS, {"ids": ["{}"]}),
            ("GET", f"{DATASETS}/{{}}/graph", None),
            ("DELETE", f"{DATASETS}/{{}}/graph", None),
            ("GET", f"{DATASETS}/{{}}/ingestions/summary", None),
        ]:
            told = [_asked(theirs, method, path, body, one) for one in (dataset, UNKNOWN)]
            assert told[0].replace(dataset, UNKNOWN) == told[1]
            assert '"code":10' in told[0]
        assert theirs.get(DATASETS).json()["total_datasets"] == 0
        assert theirs.get(f"{DATASETS}?name=mine").json()["code"] == 102
        assert _made(theirs, "mine")["name"] == "mine"
        everything = theirs.request("DELETE", DATASETS, json={"delete_all": True}).json()
        assert everything["data"] == {"success_count": 1}
        assert client.get(f"{DATASETS}/{dataset}").json() == before


def _asked(client: TestClient, method: str, path: str, body: Any, dataset: str) -> str:
    sent = None if body is None else {name: [dataset] if name == "ids" else value for name, value in body.items()}
    return client.request(method, path.format(dataset), json=sent).text


def test_a_dataset_that_is_closed_to_the_api(house: Diglot, client: TestClient) -> None:
    dataset = _made(client, "closed")["id"]
    house.datasets.update(house.keys.owner(), dataset, DatasetChange(api_enabled=False))
    for answer in (
        client.get(f"{DATASETS}/{dataset}"),
        client.get(f"{DATASETS}?id={dataset}"),
        client.put(f"{DATASETS}/{dataset}", json={"name": "open"}),
        client.request("DELETE", DATASETS, json={"ids": [dataset]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, 403)
    assert house.datasets.get(house.keys.owner(), dataset).name == "closed"


def test_another_dialect_s_dataset(client: TestClient) -> None:
    made = client.post("/v1/datasets", json={"name": "from Dify", "indexing_technique": "economy"}).json()
    shown = client.get(f"{DATASETS}/{made['id']}").json()["data"]
    assert (shown["id"], shown["embedding_model"]) == (made["id"].replace("-", ""), "")
    assert (shown["permission"], shown["chunk_method"]) == ("me", "naive")
    changed = _changed(client, shown["id"], {"embedding_model": "diglot/lexical@diglot", "permission": "team"})
    assert changed["embedding_model"] == "diglot/lexical@diglot"
    other = client.get(f"/v1/datasets/{made['id']}").json()
    assert (other["indexing_technique"], other["permission"]) == ("high_quality", "all_team_members")
