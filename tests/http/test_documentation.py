"""OpenAPI documents on their way."""

import pytest
from starlette.testclient import TestClient

DOCUMENT = "/openapi/dify.json"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_packed_for_those_who_take_it(client: TestClient, language: str) -> None:
    plain = client.get(DOCUMENT, params={"lang": language}, headers={"accept-encoding": "identity"})
    packed = client.get(DOCUMENT, params={"lang": language}, headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) * 5 < len(plain.content)
    assert packed.json() == plain.json()
    assert "accept-encoding" in packed.headers["vary"]
