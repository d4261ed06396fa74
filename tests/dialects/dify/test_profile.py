"""The answers to deletes, as the server is set."""

from pathlib import Path

from tests.dialects.dify.objects import a_dataset, a_ready_document
from tests.house import a_client, a_house


def test_today_s_profile_answers_deletes_with_204(tmp_path: Path) -> None:
    with a_house(tmp_path, dify_profile="current") as house:
        client = a_client(house)
        dataset = a_dataset(client)
        document = a_ready_document(client, house, dataset)
        answer = client.delete(f"/v1/datasets/{dataset}/documents/{document}")
        assert (answer.status_code, answer.content) == (204, b"")
