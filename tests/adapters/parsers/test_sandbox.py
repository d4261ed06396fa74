"""The walls around a reader: what it does there stays there."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from diglot.adapters.parsers.sandbox import READING, SandboxedParser
from diglot.domain.errors import Cancelled, FileDamaged, LimitExceeded, ParseFailed, ParserCrashed
from diglot.domain.parsed import Parsed
from diglot.ports.parser import ParseLimits

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

ROOT = Path(__file__).parents[3]
BAD = "tests.adapters.parsers.misbehaving"
LIMITS = ParseLimits(wall_seconds=20, cpu_seconds=10, memory_bytes=400_000_000)
Do = Callable[..., Parsed]


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def bad_parser() -> Iterator[SandboxedParser]:
    """A parser whose readers do what the file says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with closing(SandboxedParser(reading=BAD)) as parser:
            parser.start()
            yield parser


@pytest.fixture
def do(bad_parser: SandboxedParser, tmp_path: Path) -> Do:
    def act(deed: str, limits: ParseLimits = LIMITS, is_cancelled: Callable[[], bool] = never) -> Parsed:
        file = tmp_path / f"{threading.get_ident()}.txt"
        file.write_text(deed)
        return bad_parser.parse(file, file.name, limits, is_cancelled)

    return act


def zygote_that_reads_with(reading: str) -> psutil.Process:
    """The one that was started last: houses of other tests may have theirs."""
    ours = [child for child in psutil.Process().children() if child.cmdline()[-1:] == [reading]]
    zygotes = [child for child in ours if "parsers.zygote" in str(child.cmdline())]
    return max(zygotes, key=lambda child: child.create_time())


def is_dead(process: int) -> bool:
    """Gone, or waiting for whoever took it over to notice."""
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(is_true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(0.02)
    return is_true()


def test_it_answers(do: Do) -> None:
    assert do("say hello").blocks[0].text == "hello"


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_is_said_and_the_next_document_is_read(do: Do, number: int) -> None:
    with pytest.raises(ParserCrashed, match="crashed"):
        do(f"die {int(number)}")
    assert do("say after").blocks[0].text == "after"


def test_a_loop_ends_with_its_processor_time(do: Do) -> None:
    with pytest.raises(LimitExceeded, match="more than 1 seconds"):
        do("loop", replace(LIMITS, cpu_seconds=1))


def test_a_sleeper_ends_with_the_clock(do: Do) -> None:
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match="more than 1 seconds"):
        do("sleep 30", replace(LIMITS, wall_seconds=1))
    assert time.monotonic() - started < 3


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not limit address space")
@pytest.mark.parametrize("deed", ["eat", "eat_natively"])
def test_a_glutton_is_told_what_it_may_have(do: Do, deed: str) -> None:
    with pytest.raises(LimitExceeded, match="more than 400 MB of memory"):
        do(deed)


def test_a_reader_cannot_fill_the_disk(do: Do, tmp_path: Path) -> None:
    with pytest.raises(ParseFailed):
        do(f"write {tmp_path / 'large'}")
    assert (tmp_path / "large").stat().st_size <= 1 << 20


def test_an_exception_nobody_foresaw_is_the_files_fault(do: Do, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FileDamaged):
        do("raise")
    assert "nobody foresaw this" in caplog.text


@pytest.mark.parametrize("deed", ["babble 10", "babble 0"])
def test_nonsense_is_not_believed(do: Do, deed: str) -> None:
    with pytest.raises(ParserCrashed):
        do(deed)


def test_an_endless_answer_is_cut_off(do: Do) -> None:
    with pytest.raises(LimitExceeded, match="more than 10 characters"):
        do("babble 60000000", replace(LIMITS, output_characters=10))


def test_cancel_is_felt_within_a_second(do: Do) -> None:
    cancelled = threading.Event()
    threading.Timer(0.5, cancelled.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        do("loop", is_cancelled=cancelled.is_set)
    assert time.monotonic() - started < 1.5


def test_a_cancelled_child_dies(do: Do, tmp_path: Path) -> None:
    noted = tmp_path / "process"
    with pytest.raises(Cancelled):
        do(f"orphan {noted}", is_cancelled=noted.exists)
    process = int(noted.read_text())
    assert wait_until(lambda: is_dead(process), 1)


def test_several_at_once_do_not_wait_for_one_another(do: Do) -> None:
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(do("sleep 0.6").blocks[0].text)) for _ in range(5)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert texts == ["slept"] * 5
    assert time.monotonic() - started < 2.5


def test_a_dead_zygote_is_replaced(do: Do) -> None:
    zygote_that_reads_with(BAD).kill()
    assert do("say healed").blocks[0].text == "healed"


def test_a_zygote_that_dies_under_a_document_is_replaced_once(do: Do) -> None:
    threading.Timer(0.3, lambda: zygote_that_reads_with(BAD).kill()).start()
    assert do("sleep 0.8").blocks[0].text == "slept"


def test_children_of_a_dead_zygote_die(do: Do, tmp_path: Path) -> None:
    noted = tmp_path / "process"
    stop = threading.Event()

    def read() -> None:
        with pytest.raises(Cancelled):
            do(f"orphan {noted}", is_cancelled=stop.is_set)

    thread = threading.Thread(target=read)
    thread.start()
    assert wait_until(lambda: noted.exists() and noted.read_text() != "", 5)
    first = int(noted.read_text())
    zygote_that_reads_with(BAD).kill()
    assert wait_until(lambda: is_dead(first), 1)
    stop.set()
    thread.join(5)


def test_nothing_is_left_over(do: Do) -> None:
    do("say warm")
    before = psutil.Process().num_fds()
    zygote = zygote_that_reads_with(BAD)
    held = zygote.num_fds()
    for _ in range(20):
        do("say again")
        with pytest.raises(ParserCrashed):
            do(f"die {int(signal.SIGKILL)}")
    assert psutil.Process().num_fds() == before
    assert wait_until(lambda: zygote.num_fds() <= held and zygote.children() == [], 1)


_SERVER = """
import sys, time, threading
from pathlib import Path
from diglot.adapters.parsers.sandbox import READING, SandboxedParser
from diglot.ports.parser import ParseLimits
parser = SandboxedParser(reading="tests.adapters.parsers.misbehaving")
def parse():
    parser.parse(Path(sys.argv[1]), "a.txt", ParseLimits(), lambda: False)
# Started from a thread that ends: the zygote must not hang on a thread's life.
threading.Thread(target=parser.start).start()
threading.Thread(target=parse, daemon=True).start()
time.sleep(60)
"""


def test_all_die_with_a_killed_server(tmp_path: Path) -> None:
    noted, file = tmp_path / "process", tmp_path / "a.txt"
    file.write_text(f"orphan {noted}")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, "-c", _SERVER, str(file)], env=environment)
    try:
        assert wait_until(lambda: noted.exists() and noted.read_text() != "", 10)
        family = psutil.Process(server.pid).children(recursive=True)
        assert len(family) == 2
    finally:
        server.kill()
        server.wait()
    assert wait_until(lambda: all(is_dead(member.pid) for member in family), 1)


def test_closed_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("text")
    parser = SandboxedParser()
    assert parser.parse(file, "a.txt", ParseLimits(), never).blocks[0].text == "text"
    zygote = zygote_that_reads_with(READING)
    parser.close()
    parser.close()
    assert not zygote.is_running()
    with pytest.raises(ParserCrashed):
        parser.parse(file, "a.txt", ParseLimits(), never)


class TestSpawned:
    """Where a process cannot fork."""

    @pytest.fixture
    def parse(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Do:
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        file = tmp_path / "a.txt"

        def act(content: str, reading: str = BAD, **rest: Callable[[], bool]) -> Parsed:
            file.write_text(content)
            limits = replace(LIMITS, wall_seconds=3)
            with closing(SandboxedParser(forking=False, reading=reading)) as parser:
                parser.start()
                return parser.parse(file, "a.txt", limits, rest.get("is_cancelled", never))

        return act

    def test_it_answers(self, parse: Do) -> None:
        assert parse("some text", reading="diglot.adapters.parsers.reading").blocks[0].text == "some text"

    def test_a_crash(self, parse: Do) -> None:
        with pytest.raises(ParserCrashed):
            parse("die 9")

    def test_a_surprise(self, parse: Do) -> None:
        with pytest.raises(FileDamaged):
            parse("raise")

    def test_the_clock(self, parse: Do) -> None:
        with pytest.raises(LimitExceeded):
            parse("sleep 30")

    def test_cancel(self, parse: Do) -> None:
        with pytest.raises(Cancelled):
            parse("loop", is_cancelled=lambda: True)
