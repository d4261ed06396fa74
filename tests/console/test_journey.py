"""The whole way: an empty server, its owner, documents, the first hit, a program with a key."""

from tests.console.conftest import Play
from tests.console.playing import ROOT

SAMPLES = ROOT / "samples"
FILES = ("halvern-railway-handbook.pdf", "railway-maintenance-plan.docx", "观星营地手册.txt")


def test_from_an_empty_server_to_a_program_that_asks(play: Play) -> None:
    found = play("journey", files=[str(SAMPLES / name) for name in FILES], operation="listDatasets")
    assert found["statuses"] == {"en": "200 OK", "zh": "200 OK"}
    assert "Page" in found["place"]["picture"]
