"""A day's work leaves nothing in the logs that people sent: no key, no question, no text, no name."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from diglot.http.logs import JsonLines
from tests.dialects.dify.objects import a_dataset, a_document
from tests.house import KEY, a_client, a_house, finish

SECRET = "xyzzysecret"
NO_MORE_CHUNKS = "CREATE TRIGGER full BEFORE INSERT ON chunks BEGIN SELECT RAISE(ABORT, 'no more'); END"
BROKEN = b"%PDF-1.4 " + SECRET.encode()


def test_nothing_that_was_sent_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), a_house(tmp_path) as house:
        client = a_client(house)
        dataset = a_dataset(client, name=f"{SECRET} dataset", description=SECRET)
        where = f"/v1/datasets/{dataset}"
        made = a_document(client, dataset, f"The {SECRET} lasts ten hours.", name=f"{SECRET}.txt")
        data = (None, '{"indexing_technique": "high_quality"}')
        client.post(f"{where}/document/create-by-file", files={"file": (f"{SECRET}.pdf", BROKEN), "data": data})
        a_document(client, dataset, f"No pairs in {SECRET}.", name=SECRET, duplicate=True)
        finish(house)
        segments = f"{where}/documents/{made['id']}/segments"
        client.post(segments, json={"segments": [{"content": f"more {SECRET}", "keywords": [SECRET]}]})
        for method in ("hybrid_search", "keyword_search", "nonsense"):
            model = {"search_method": method, "reranking_enable": False, "score_threshold_enabled": False}
            client.post(f"{where}/retrieve", json={"query": f"what is {SECRET}?", "retrieval_model": model})
        client.post(f"{where}/retrieve", content=b'{"query": "' + SECRET.encode())
        client.get(f"{where}/documents", params={"keyword": SECRET})
        client.get(f"/v1/{SECRET}")
        a_client(house, f"dataset-{SECRET}").get("/v1/datasets")
        house.database.write(lambda connection: connection.execute(text(NO_MORE_CHUNKS)))
        broken = client.post(segments, json={"segments": [{"content": f"lost {SECRET}"}]})
        assert broken.status_code == 500
        client.post(f"{where}/documents/{made['id']}/update-by-text", json={"name": SECRET, "text": SECRET})
        finish(house)
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert any(record.name == "diglot.http" for record in ours)
    assert any(record.levelno >= logging.ERROR for record in ours)
    for record in ours:
        line = JsonLines().format(record)
        assert SECRET not in line, (record.name, line)
        assert KEY not in line, (record.name, line)
