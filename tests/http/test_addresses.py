"""Where links of this server lead."""

from pathlib import Path

import pytest

from diglot.settings import Settings
from tests.dialects.dify.objects import a_dataset, a_document
from tests.house import a_client, a_house


def _link(folder: Path, public_url: str | None, host: str) -> str:
    with a_house(folder, public_url=public_url) as house:
        client = a_client(house)
        dataset = a_dataset(client)
        document = a_document(client, dataset)["id"]
        where = f"/v1/datasets/{dataset}/documents/{document}/download"
        return str(client.get(where, headers={"Host": host}).json()["url"]).partition("/files/")[0]


@pytest.mark.parametrize(
    ("public_url", "host", "base"),
    [
        (None, "wiki.example:8443", "http://wiki.example:8443/diglot/v1"),
        ("https://wiki.example/knowledge/", "10.0.0.7:9380", "https://wiki.example/knowledge/diglot/v1"),
    ],
)
def test_to_whom_the_request_was_sent_unless_a_setting_knows_better(
    tmp_path: Path, public_url: str | None, host: str, base: str
) -> None:
    assert _link(tmp_path, public_url, host) == base


def test_openapi_s_servers_too(tmp_path: Path) -> None:
    with a_house(tmp_path, public_url="https://wiki.example") as house:
        document = a_client(house).get("/openapi/dify.json").json()
    assert document["servers"][0]["url"] == "https://wiki.example/v1"


@pytest.mark.parametrize("url", ["wiki.example", "ftp://wiki.example", "https://", "https://wiki.example?a=b"])
def test_what_is_no_address_is_no_setting(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        Settings.for_tests(tmp_path, public_url=url)
