"""The commands as a newcomer types them: each in a process of its own."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from diglot.catalog import generations
from tests.house import a_house

SAMPLES = Path(__file__).parents[2] / "samples"


def diglot(
    data: Path, *arguments: str, stdin: str | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DIGLOT_")}
    command = [sys.executable, "-m", "diglot.cli.main", *arguments, "--data", str(data)]
    return subprocess.run(
        command,
        env=clean | environment,
        cwd=data.parent,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_created_key_stands_alone_on_the_last_line_and_is_never_shown_again(data: Path) -> None:
    created = diglot(data, "keys", "create", "--name", "mine")
    key = created.stdout.splitlines()[-1]
    assert key.startswith("dataset-")
    assert len(key) == len("dataset-") + 43
    listed = diglot(data, "keys", "list", "--json")
    [row] = json.loads(listed.stdout)
    assert (row["name"], row["state"]) == ("mine", "active")
    assert key not in listed.stdout


def test_a_revoked_key_says_so(data: Path) -> None:
    diglot(data, "keys", "create")
    [row] = json.loads(diglot(data, "keys", "list", "--json").stdout)
    assert diglot(data, "keys", "revoke", row["id"]).returncode == 0
    [row] = json.loads(diglot(data, "keys", "list", "--json").stdout)
    assert row["state"] == "revoked"
    assert diglot(data, "keys", "revoke", "nonsense").returncode == 1


def test_files_are_added_and_found_without_a_server(data: Path) -> None:
    samples = [
        str(path) for path in SAMPLES.iterdir() if path.suffix in {".pdf", ".docx", ".md", ".txt", ".html", ".xlsx"}
    ]
    added = diglot(data, "add", *samples, "--dataset", "Samples", "--json")
    assert {row["document"]: row["status"] for row in json.loads(added.stdout)} == dict.fromkeys(
        [Path(sample).name for sample in samples], "ready"
    )
    found = diglot(data, "search", "--dataset", "Samples", "How fast may a train go downhill?", "--json")
    best = json.loads(found.stdout)[0]
    assert best["document"] == "halvern-railway-handbook.pdf"
    assert best["place"].startswith("page")
    assert 0 < best["score"] <= 1
    assert best["bm25"] > 0


def test_what_cannot_be_read_is_refused_with_a_reason(data: Path, tmp_path: Path) -> None:
    (tmp_path / "noise.bin").write_bytes(os.urandom(64))
    (tmp_path / "fine.txt").write_text("A fine text about lighthouses.")
    added = diglot(data, "add", str(tmp_path / "noise.bin"), str(tmp_path / "fine.txt"), "--dataset", "x", "--json")
    statuses = {row["document"]: row["status"] for row in json.loads(added.stdout)}
    assert statuses == {"noise.bin": "refused", "fine.txt": "ready"}
    assert added.returncode == 1


def test_searching_an_unknown_dataset_is_one_plain_line(data: Path) -> None:
    failed = diglot(data, "search", "--dataset", "nowhere", "anything")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert failed.stderr.strip()


def test_a_dataset_is_switched_off_and_on(data: Path) -> None:
    diglot(data, "add", str(SAMPLES / "railway-timetable.xlsx"), "--dataset", "Trains")
    assert diglot(data, "datasets", "api", "Trains", "off").returncode == 0
    [row] = json.loads(diglot(data, "datasets", "list", "--json").stdout)
    assert (row["name"], row["documents"], row["api"]) == ("Trains", 1, "off")
    diglot(data, "datasets", "api", "Trains", "on")
    [row] = json.loads(diglot(data, "datasets", "list", "--json").stdout)
    assert row["api"] == "on"
    assert diglot(data, "datasets", "api", "nowhere", "off").returncode == 1


def test_rebuild_and_fsck_leave_everything_findable(data: Path) -> None:
    diglot(data, "add", str(SAMPLES / "railway-timetable.xlsx"), "--dataset", "Trains")
    assert diglot(data, "rebuild", "--dataset", "Trains").returncode == 0
    found = json.loads(diglot(data, "search", "--dataset", "Trains", "uphill trains", "--json").stdout)
    assert found[0]["document"] == "railway-timetable.xlsx"
    checked = diglot(data, "fsck", "--json")
    assert checked.returncode == 0, checked.stdout
    assert all(row["wrong"] == 0 for row in json.loads(checked.stdout)["checks"])


def test_the_doctor_says_where_each_setting_comes_from(data: Path) -> None:
    (data.parent / "diglot.toml").write_text("port = 9999\nslots = 3\n")
    done = diglot(data, "doctor", "--json", DIGLOT_PORT="1234", DIGLOT_LOG_LEVEL="debug")
    settings = json.loads(done.stdout)["settings"]
    assert done.returncode == 0
    assert settings["data"]["from"] == "flag"
    assert (settings["port"]["value"], settings["port"]["from"]) == (9999, "diglot.toml")
    assert (settings["log_level"]["value"], settings["log_level"]["from"]) == ("debug", "DIGLOT_LOG_LEVEL")
    assert settings["host"]["from"] == "default"


def test_the_doctor_tells_which_index_waits_for_a_model(data: Path) -> None:
    with a_house(data) as house:
        made = house.datasets.create(house.keys.owner(), "shelf")
        note = partial(generations.note_trouble, generation_id=made.generation_id, reason="The model sleeps.")
        house.database.write(note)
    done = diglot(data, "doctor", "--json")
    assert done.returncode == 1
    (found,) = [check for check in json.loads(done.stdout)["checks"] if check["check"] == "indexes"]
    assert not found["ok"]
    assert "'shelf'" in found["finding"]
    assert "The model sleeps." in found["finding"]


def test_the_doctor_shows_no_secret(data: Path) -> None:
    secret = "a-very-secret-bootstrap-key-of-forty-chars"
    done = diglot(data, "doctor", DIGLOT_BOOTSTRAP_KEY=secret)
    assert secret not in done.stdout + done.stderr


def test_a_short_bootstrap_key_is_refused(data: Path) -> None:
    done = diglot(data, "keys", "list", DIGLOT_BOOTSTRAP_KEY="too-short")
    assert done.returncode != 0
    assert "at least 32 characters" in done.stderr
    assert "too-short" not in done.stderr


def test_the_demo_answers_six_questions(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DIGLOT_")}
    command = [sys.executable, "-m", "diglot.cli.main", "demo", "--exit"]
    done = subprocess.run(command, env=clean, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    questions = json.loads((SAMPLES / "questions.json").read_text("utf-8"))
    for question in questions:
        assert question["question"] in done.stdout
        assert question["document"] in done.stdout
    # Through the other dialect the same document is the best.
    best = [line.removeprefix("  RAGFlow: ") for line in done.stdout.splitlines() if line.startswith("  RAGFlow: ")]
    assert best == [question["document"] for question in questions]
    assert "/v1" in done.stdout
    assert "openapi/ragflow.json" in done.stdout
