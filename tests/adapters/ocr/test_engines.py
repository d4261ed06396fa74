import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from diglot.adapters.ocr.choosing import AUTO, OFF, choose
from diglot.adapters.ocr.warm import WarmOcr
from diglot.domain.errors import MethodUnavailable
from diglot.ports.ocr import Ocr
from tests.adapters.ocr.pages import blank
from tests.adapters.parsers.test_sandbox import is_dead, wait_until
from tests.contracts.ocr import OcrContract

MEMORY = 4_000_000_000
LANGUAGES = "chi_sim+eng"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")


def an_engine(name: str) -> Iterator[WarmOcr]:
    ocr = WarmOcr(name, LANGUAGES, MEMORY)
    if reason := ocr.missing():
        pytest.skip(reason)
    with closing(ocr):
        yield ocr


class TestRapidOcr(OcrContract):
    @pytest.fixture
    def ocr(self) -> Iterator[Ocr]:
        yield from an_engine("rapidocr")


class TestTesseract(OcrContract):
    @pytest.fixture
    def ocr(self) -> Iterator[Ocr]:
        yield from an_engine("tesseract")


def test_the_first_engine_is_chosen_and_named() -> None:
    with closing(choose(AUTO, LANGUAGES, MEMORY)) as ocr:
        assert (ocr.missing(), ocr.name()) == (None, "RapidOCR (chi_sim+eng)")


def test_editions_differ_where_what_is_recognised_may(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def edition(engine: str, languages: str) -> str:
        return choose(engine, languages, MEMORY).edition()

    command = tmp_path / "tesseract"
    command.write_text(f'#!/bin/sh\necho "tesseract 5.3.0 in \\"{tmp_path}\\" (1):"\n')
    command.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    data = tmp_path / "eng.traineddata"
    data.write_bytes(b"fast")
    fast = edition("tesseract", "eng")
    data.write_bytes(b"better")
    assert len({fast, edition("tesseract", "eng"), edition("tesseract", "deu"), edition("rapidocr", "eng")}) == 4
    # One model reads all of them.
    assert edition("rapidocr", "eng") == edition("rapidocr", "chi_sim+eng") == edition(AUTO, "eng")


def test_a_language_that_the_package_lacks_is_a_plain_error() -> None:
    with closing(choose("rapidocr", "eng+rus", MEMORY)) as ocr:
        assert ocr.missing() == "RapidOCR does not read rus: its package holds no model for that. Choose tesseract."


def test_without_the_command_tesseract_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with closing(choose("tesseract", LANGUAGES, MEMORY)) as ocr:
        assert ocr.missing() == "Tesseract is not installed: there is no command `tesseract` on PATH."


def test_switched_off_says_so() -> None:
    ocr = choose(OFF, LANGUAGES, MEMORY)
    assert ocr.name() == "off"
    assert "switched off" in str(ocr.missing())
    with pytest.raises(MethodUnavailable):
        ocr.lines(blank(9, 9), 1, lambda: False)


def test_it_dies_with_the_process_that_started_it() -> None:
    script = """
import os, time
from diglot.adapters.ocr.warm import WarmOcr
from diglot.domain.picture import Picture
ocr = WarmOcr("rapidocr", "eng", 4_000_000_000)
ocr.lines(Picture(64, 64, bytes(4096)), 60, lambda: False)
print(ocr._process._process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert wait_until(partial(is_dead, int(ended.stdout)), 5)
