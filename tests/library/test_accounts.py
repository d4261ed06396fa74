"""Who comes in, who stays outside, and what everybody leaves behind in the audit."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from diglot.catalog import users
from diglot.catalog.database import Database
from diglot.catalog.tables import attempts, audit, metadata, sessions
from diglot.domain.account import Role
from diglot.domain.api_key import Origin, Scope
from diglot.domain.errors import (
    AlreadySetUp,
    DiglotError,
    InvalidArgument,
    InvalidCredentials,
    KeyDisabled,
    KeyNotFound,
    KeyNotInForce,
    LastOwner,
    LoginTaken,
    MemberNotFound,
    Overloaded,
    ScopeMissing,
    SessionEnded,
    SetupTokenNeeded,
    TooManyAttempts,
    Unauthorized,
)
from diglot.domain.identity import UserId, new_id, now_ms
from diglot.library.accounts import setup_token
from diglot.library.attempts import forget_attempts, network
from diglot.library.members import MemberChange
from diglot.library.passwords import IN_LINE, Passwords
from diglot.library.sessions import SESSION_SECONDS, TOKEN_SECONDS
from diglot.library.trust import SECONDS as TRUSTED_SECONDS
from tests.library.people import HERE, PASSWORD, CheapHasher, People

DAY_MS = 86_400_000


@pytest.fixture
def empty(database: Database) -> People:
    return People(database)


@pytest.fixture
def people(empty: People) -> People:
    """With Ada, an owner."""
    empty.accounts.set_up("Ada", "ada", PASSWORD, HERE)
    return empty


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the time that attempts and trust go by."""
    now = [1_750_000_000.0]
    monkeypatch.setattr("diglot.library.trust.time", _Clock(now))
    monkeypatch.setattr("diglot.library.attempts.now_ms", lambda: int(now[0] * 1000))

    def move(seconds: float) -> None:
        now[0] += seconds

    return move


class _Clock:
    def __init__(self, now: list[float]) -> None:
        self._now = now

    def monotonic(self) -> float:
        return self._now[0]


def test_the_first_account_is_made_once(empty: People) -> None:
    assert empty.accounts.is_setup_needed()
    made = empty.accounts.set_up("Ada", " ADA@Example.com ", PASSWORD, HERE)
    assert (made.name, made.login, made.role) == ("Ada", "ada@example.com", Role.OWNER)
    assert not empty.accounts.is_setup_needed()
    with pytest.raises(AlreadySetUp):
        empty.accounts.set_up("Bob", "bob", PASSWORD, HERE)
    assert empty.audit() == [("set up", "member", "Ada", "Ada", "done")]


def test_it_takes_over_the_owner_of_the_first_key(empty: People) -> None:
    key = "dataset-" + "k" * 43
    empty.keys.bootstrap(key)
    made = empty.accounts.set_up("Ada", "ada", PASSWORD, HERE)
    assert empty.keys.verify(key).user_id == made.id
    assert [one.id for one in empty.members.page(empty.owner)] == [made.id]


def test_of_several_at_once_one_makes_the_first_account(empty: People) -> None:
    def try_it(number: int) -> str:
        try:
            return empty.accounts.set_up(f"Ada {number}", f"ada{number}", PASSWORD, HERE).name
        except AlreadySetUp:
            return ""

    with ThreadPoolExecutor(4) as pool:
        made = [name for name in pool.map(try_it, range(4)) if name]
    assert [one.name for one in empty.members.page(empty.owner)] == made
    assert len(made) == 1


def test_the_token_of_the_setup(empty: People) -> None:
    with pytest.raises(SetupTokenNeeded):
        empty.accounts.require_setup_token("")
    token = setup_token(empty.database)
    assert token is not None
    assert setup_token(empty.database) == token
    empty.accounts.require_setup_token(token)
    for wrong in (None, "", token[:-1], token + "x", "ключ"):
        with pytest.raises(SetupTokenNeeded):
            empty.accounts.require_setup_token(wrong)
    empty.accounts.set_up("Ada", "ada", PASSWORD, HERE)
    assert setup_token(empty.database) is None
    with pytest.raises(SetupTokenNeeded):
        empty.accounts.require_setup_token(token)


def test_logging_in(people: People) -> None:
    begun = people.log_in("ADA")
    assert begun.workspace == "default"
    member = people.sessions.of_cookie(begun.secret).member
    assert (member.login, member.role) == ("ada", Role.OWNER)
    assert member.last_login_at is not None
    assert people.audit()[-1] == ("log in", "session", "Ada", "ada", "done")


def test_the_audit_knows_from_where(people: People) -> None:
    people.log_in("ada")
    with people.database.read() as connection:
        row = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(1)).one()
    assert (row.ip, row.request_id, row.key_prefix) == ("192.0.2.1", "request-1", None)


def test_the_form_in_which_a_login_or_password_is_written_does_not_matter(people: People) -> None:
    composed, decomposed = "Zo\u00eb-and-the-\u00fcbers", "Zoe\u0308-and-the-u\u0308bers"
    people.add("zoe\u0308", password=decomposed)
    assert people.log_in("ZO\u00cb", composed).session.member.login == "zo\u00eb"


@pytest.mark.parametrize("login", ["nobody", "ada", "keyless", "gone", "out", "x" * 5000])
def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(people: People, login: str) -> None:
    workspace = people.owner.workspace_id
    people.database.write(lambda connection: users.create(connection, workspace, "k", Role.OWNER, login="keyless"))
    people.members.change(people.owner, people.add("out").id, MemberChange(is_disabled=True))
    people.members.remove(people.owner, people.add("gone").id)
    people.hasher.compared.clear()
    with pytest.raises(InvalidCredentials) as refused:
        people.log_in(login, "not the password")
    assert refused.value.message == InvalidCredentials.default_message()
    assert len(people.hasher.compared) == 1


def test_the_decoy_is_nobodys_password(people: People) -> None:
    people.hasher.compared.clear()
    with pytest.raises(InvalidCredentials):
        people.log_in("nobody")
    (decoy,) = people.hasher.compared
    with pytest.raises(InvalidCredentials):
        people.log_in("nobody", decoy.partition(" ")[2])


def test_refused_logins_are_in_the_audit(people: People) -> None:
    for login in ("ada", "nobody"):
        with pytest.raises(InvalidCredentials):
            people.log_in(login, "not the password")
    assert people.audit()[1:] == [
        ("log in", "session", "Ada", "ada", "refused"),
        ("log in", "session", None, "no***", "refused"),
    ]


@pytest.mark.parametrize(
    ("login", "shown"), [("Tr0ub4dor&3", "tr***"), ("hunter", "hu***"), ("short", "***"), ("", "***")]
)
def test_a_login_that_nobody_has_is_not_told_as_it_was_typed(people: People, login: str, shown: str) -> None:
    _refused(people, login)
    assert people.audit()[-1][3] == shown


def test_secrets_are_stored_nowhere(people: People) -> None:
    begun = people.log_in("ada")
    with people.database.read() as connection:
        assert begun.secret not in str(connection.execute(select(sessions)).all())


def test_each_login_has_a_secret_of_its_own(people: People) -> None:
    first, second = people.log_in("ada"), people.log_in("ada")
    assert first.secret != second.secret
    assert people.sessions.of_cookie(first.secret).id != people.sessions.of_cookie(second.secret).id


@pytest.mark.parametrize("secret", [None, "", "x" * 43, "x" * 42, "é" * 43])
def test_unknown_cookies(people: People, secret: str | None) -> None:
    with pytest.raises(SessionEnded):
        people.sessions.of_cookie(secret)


def test_a_session_lasts_as_long_as_it_is_used(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, start = people.log_in("ada"), now_ms()
    for day in (10, 20, 30):
        monkeypatch.setattr("diglot.library.sessions.now_ms", lambda day=day: start + day * DAY_MS)
        people.sessions.of_cookie(begun.secret)
    late = start + 30 * DAY_MS + SESSION_SECONDS * 1000 + 1
    monkeypatch.setattr("diglot.library.sessions.now_ms", lambda: late)
    with pytest.raises(SessionEnded):
        people.sessions.of_cookie(begun.secret)


def test_sessions_that_expired_are_cleared_up(people: People) -> None:
    people.log_in("ada")
    people.database.write(lambda connection: connection.execute(update(sessions).values(expires_at=1)))
    people.log_in("ada")
    with people.database.read() as connection:
        assert len(connection.execute(select(sessions)).all()) == 1


def test_a_token_allows_what_the_role_does(people: People) -> None:
    people.add("ed", Role.EDITOR)
    people.add("vi", Role.VIEWER)
    allowed = {
        login: people.sessions.verify(people.token(people.log_in(login))).scopes for login in ("ada", "ed", "vi")
    }
    assert allowed == {"ada": frozenset(Scope), "ed": {Scope.READ, Scope.WRITE}, "vi": {Scope.READ}}


def test_a_token_ends_by_itself(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    text = people.token(people.log_in("ada"))
    late = now_ms() + TOKEN_SECONDS * 1000 + 1
    monkeypatch.setattr("diglot.library.sessions.now_ms", lambda: late)
    with pytest.raises(SessionEnded):
        people.sessions.verify(text)


def test_no_token_is_made_up(people: People) -> None:
    text = people.token(people.log_in("ada"))
    forged = [text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :] for place in range(8, len(text))]
    # The last character holds bits that no byte has.
    for wrong in ["", "console-", "console-!", text + "A", text[:-4], "console-" + "é", *forged[:-1]]:
        with pytest.raises(Unauthorized):
            people.sessions.verify(wrong)
    assert people.sessions.verify(text).user_id == people.owner.user_id


def _demote(people: People, user_id: UserId) -> None:
    people.members.change(people.owner, user_id, MemberChange(role=Role.VIEWER))


def _disable(people: People, user_id: UserId) -> None:
    people.members.change(people.owner, user_id, MemberChange(is_disabled=True))


def _reset(people: People, user_id: UserId) -> None:
    people.members.change(people.owner, user_id, MemberChange(password="another password"))


def _remove(people: People, user_id: UserId) -> None:
    people.members.remove(people.owner, user_id)


@pytest.mark.parametrize("end", [_disable, _reset, _remove])
def test_what_ends_a_session_holds_at_once_here_and_soon_elsewhere(
    people: People, clock: Callable[[float], None], end: Callable[[People, UserId], None]
) -> None:
    elsewhere = People(people.database)
    begun = people.log_in(people.add("ed").login or "")
    text = people.token(begun)
    people.sessions.verify(text)
    elsewhere.sessions.verify(text)
    end(people, begun.session.member.id)
    with pytest.raises(SessionEnded):
        people.sessions.verify(text)
    with pytest.raises(SessionEnded):
        people.sessions.of_cookie(begun.secret)
    clock(TRUSTED_SECONDS)
    with pytest.raises(SessionEnded):
        elsewhere.sessions.verify(text)


def test_who_logs_out_is_out(people: People, clock: Callable[[float], None]) -> None:
    elsewhere = People(people.database)
    begun, other = people.log_in("ada"), people.log_in("ada")
    text = people.token(begun)
    people.sessions.verify(text)
    elsewhere.sessions.verify(text)
    people.accounts.log_out(begun.session, HERE)
    with pytest.raises(SessionEnded):
        people.sessions.verify(text)
    clock(TRUSTED_SECONDS)
    with pytest.raises(SessionEnded):
        elsewhere.sessions.verify(text)
    people.sessions.of_cookie(other.secret)
    assert people.audit()[-1] == ("log out", "session", "Ada", "ada", "done")


def test_another_role_holds_at_once_here_and_soon_elsewhere(people: People, clock: Callable[[float], None]) -> None:
    elsewhere = People(people.database)
    begun = people.log_in(people.add("ed").login or "")
    text = people.token(begun)
    assert Scope.WRITE in elsewhere.sessions.verify(text).scopes
    assert Scope.WRITE in people.sessions.verify(text).scopes
    _demote(people, begun.session.member.id)
    assert people.sessions.verify(text).scopes == {Scope.READ}
    clock(TRUSTED_SECONDS)
    assert elsewhere.sessions.verify(text).scopes == {Scope.READ}


def test_what_was_asked_before_it_was_forgotten_is_not_trusted(people: People) -> None:
    """A verification under way while the session ends."""
    begun = people.log_in("ada")
    text = people.token(begun)
    verified = people.sessions._verified

    def interrupted(text: str) -> Any:
        found = verified(text)
        people.accounts.log_out(begun.session, HERE)
        return found

    people.sessions._verified = interrupted  # type: ignore[method-assign]
    people.sessions.verify(text)
    assert people.sessions.trusted(text) is None


def test_ones_own_password(people: People) -> None:
    begun, other = people.log_in("ada"), people.log_in("ada")
    with pytest.raises(InvalidCredentials):
        people.accounts.change_password(begun.session, "not the password", "staple of another kind", HERE)
    with pytest.raises(InvalidArgument) as refused:
        people.accounts.change_password(begun.session, PASSWORD, "short", HERE)
    assert refused.value.argument == "new"
    people.accounts.change_password(begun.session, PASSWORD, "staple of another kind", HERE)
    people.sessions.of_cookie(begun.secret)
    with pytest.raises(SessionEnded):
        people.sessions.of_cookie(other.secret)
    with pytest.raises(InvalidCredentials):
        people.log_in("ada")
    people.log_in("ada", "staple of another kind")
    told = [(verb, result) for verb, _, _, _, result in people.audit()]
    assert ("change password", "refused") in told
    assert ("change password", "done") in told


def test_who_is_disabled_while_logging_in_stays_outside(people: People) -> None:
    ed = people.add("ed")
    compare = people.hasher.matches

    def slow(hashed: str, password: str) -> bool:
        _disable(people, ed.id)
        return compare(hashed, password)

    people.hasher.matches = slow  # type: ignore[method-assign]
    with pytest.raises(InvalidCredentials):
        people.log_in("ed")


def test_an_old_hash_is_made_anew(people: People) -> None:
    ada = people.owner.user_id
    people.database.write(lambda connection: users.change(connection, ada, password_hash=f"old {PASSWORD}"))
    people.log_in("ada")
    with people.database.read() as connection:
        account = users.get(connection, people.owner.workspace_id, ada)
    assert account is not None
    assert account.hashed != f"old {PASSWORD}"
    people.log_in("ada")


def _refused(people: People, login: str, origin: Origin = HERE) -> float | None:
    """Seconds to wait; None for one who was judged."""
    try:
        people.log_in(login, "not the password", origin)
    except InvalidCredentials:
        return None
    except TooManyAttempts as error:
        return float(error.facts["retry_after"])
    raise AssertionError("it was let in")


def test_five_attempts_a_minute_and_then_ever_longer_waits(people: People, clock: Callable[[float], None]) -> None:
    assert [_refused(people, "ada") for _ in range(6)] == [None] * 5 + [60.0]
    with pytest.raises(TooManyAttempts):
        people.log_in("ada")
    waits = []
    for _ in range(9):
        wait = _refused(people, "ADA ")
        assert wait is not None
        waits.append(wait)
        clock(wait)
        assert _refused(people, "ada") is None
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    clock(3600)
    people.log_in("ada")
    assert _refused(people, "ada") is None


def test_others_are_not_kept_waiting(people: People, clock: Callable[[float], None]) -> None:
    people.add("ed")
    for _ in range(6):
        _refused(people, "ada")
    people.log_in("ed")
    people.log_in("ada", origin=Origin("192.0.2.2"))


def test_an_attempt_now_and_then_costs_no_wait(people: People, clock: Callable[[float], None]) -> None:
    for _ in range(40):
        assert _refused(people, "ada") is None
        clock(16)


def test_brute_force_is_bounded(people: People, clock: Callable[[float], None]) -> None:
    people.hasher.compared.clear()
    for _ in range(1_000):
        _refused(people, "ada")
        clock(10)
    # 5 at once, then one after each wait: 60 + 120 + ... + 1920 seconds, and every hour.
    assert len(people.hasher.compared) <= 12


def test_an_address_that_tries_many_logins_is_slowed_down(people: People, clock: Callable[[float], None]) -> None:
    people.hasher.compared.clear()
    for number in range(500):
        _refused(people, f"guess{number}")
    assert len(people.hasher.compared) == 60
    clock(60)
    assert _refused(people, "guess") is None


def test_other_processes_count_too(people: People, clock: Callable[[float], None]) -> None:
    processes = [people, *(People(people.database) for _ in range(3))]
    assert [_refused(processes[number % 4], "ada") for number in range(6)] == [None] * 5 + [60.0]
    restarted = People(people.database)
    assert _refused(restarted, "ada") == 60
    clock(60)
    assert _refused(restarted, "ada") is None
    assert _refused(people, "ada") == 120
    clock(120)
    people.log_in("ada")
    assert [_refused(one, "ada") for one in (*processes, restarted)] == [None] * 5


def test_so_many_at_once_are_no_way_around(people: People) -> None:
    processes = [People(people.database) for _ in range(20)]
    barrier = threading.Barrier(len(processes))
    for process in processes:
        process.hasher.matches = _together(process.hasher, barrier)  # type: ignore[method-assign]
    with ThreadPoolExecutor(len(processes)) as pool:
        waits = list(pool.map(lambda process: _refused(process, "ada"), processes))
    assert waits.count(None) == 5
    assert people.audit().count(("log in", "session", "Ada", "ada", "refused")) == 5


def _together(hasher: CheapHasher, barrier: threading.Barrier) -> Callable[[str, str], bool]:
    """Compares once all are at it."""
    compare = hasher.matches

    def matches(hashed: str, password: str) -> bool:
        barrier.wait(20)
        return compare(hashed, password)

    return matches


def test_the_right_password_is_no_way_around_either(people: People) -> None:
    compare, guesser = people.hasher.matches, People(people.database)

    def slow(hashed: str, password: str) -> bool:
        assert [_refused(guesser, "ada") for _ in range(5)] == [None] * 5
        return compare(hashed, password)

    people.hasher.matches = slow  # type: ignore[method-assign]
    with pytest.raises(TooManyAttempts):
        people.log_in("ada")
    people.hasher.matches = compare  # type: ignore[method-assign]
    begun = people.log_in("ada", origin=Origin("192.0.2.2"))
    with people.database.read() as connection:
        assert [row.id for row in connection.execute(select(sessions))] == [begun.session.id]


def test_a_login_that_succeeds_writes_nothing_but_clears(people: People) -> None:
    people.log_in("ada")
    assert _tallies(people) == []
    _refused(people, "ada")
    assert _tallies(people) == [1, 1]
    _refused(people, "nobody")
    assert sorted(_tallies(people)) == [1, 1, 2]
    people.log_in("ada")
    assert _tallies(people) == [1]


def test_what_is_counted_tells_no_login(people: People) -> None:
    _refused(people, "hunter2-is-my-password")
    with people.database.read() as connection:
        for table in metadata.sorted_tables:
            assert "hunter2" not in str(connection.execute(select(table)).all()), table.name


def test_a_clock_that_was_set_back_locks_nobody_out(people: People, clock: Callable[[float], None]) -> None:
    for _ in range(6):
        _refused(people, "ada")
    clock(-10 * 86_400)
    people.log_in("ada")


def test_what_counts_no_more_is_forgotten(people: People, clock: Callable[[float], None]) -> None:
    for _ in range(6):
        _refused(people, "ada")
    _refused(people, "nobody")
    clock(61)
    forget_attempts(people.database)
    assert _tallies(people) == [5]
    assert _refused(people, "ada") is None
    assert _refused(people, "ada") == 120
    clock(86_400)
    forget_attempts(people.database)
    assert _tallies(people) == []


def test_what_is_known_of_attempts_is_bounded(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diglot.library.attempts.MOST_KNOWN", 10)
    for _ in range(5):
        _refused(people, "ada")
    for number in range(30):
        _refused(people, f"guess{number}", Origin(f"192.0.2.{number}"))
    forget_attempts(people.database)
    assert len(_tallies(people)) == 10
    # What makes somebody wait stays longest.
    assert _refused(people, "ada") is not None


def _tallies(people: People) -> list[int]:
    with people.database.read() as connection:
        return list(connection.execute(select(attempts.c.count)).scalars())


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_what_of_an_address_counts(address: str | None, known: str) -> None:
    assert network(address) == known


def test_few_passwords_are_worked_on_at_once() -> None:
    going, release = threading.Semaphore(0), threading.Event()
    hasher = CheapHasher()

    def slow(password: str) -> str:
        going.release()
        assert release.wait(20)
        return "1 " + password

    hasher.hash = slow  # type: ignore[method-assign]
    passwords = Passwords(hasher)
    with ThreadPoolExecutor(2 + IN_LINE) as pool:
        made = [pool.submit(passwords.hash, PASSWORD) for _ in range(2 + IN_LINE)]
        going.acquire(timeout=20)
        going.acquire(timeout=20)
        assert not going.acquire(timeout=0.05)
        _until_full(passwords)
        release.set()
        assert {one.result(20) for one in made} == {"1 " + PASSWORD}


def _until_full(passwords: Passwords) -> None:
    """All places of the line are taken once those who came before have got theirs."""
    for _ in range(1000):
        try:
            # Nothing is waited for where the line has no room.
            if not passwords._turns._room.acquire(blocking=False):
                with pytest.raises(Overloaded):
                    passwords.hash(PASSWORD)
                return
            passwords._turns._room.release()
        finally:
            threading.Event().wait(0.005)
    raise AssertionError("the line never filled")


@pytest.mark.parametrize("password", ["", "nine char", "x" * 501, "has\ttabulators", "half\ud800surrogate"])
def test_passwords_that_are_refused(people: People, password: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        people.add("ed", password=password)
    assert password not in refused.value.message or not password


@pytest.mark.parametrize("login", ["", "  ", "a b", "a\u200bb", "x" * 129, "a\nb"])
def test_logins_that_are_refused(people: People, login: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        people.members.add(people.owner, "Ed", login, Role.EDITOR, PASSWORD)
    assert refused.value.argument == "login"


def test_a_login_is_taken_once(people: People) -> None:
    with pytest.raises(LoginTaken):
        people.add("ADA")
    first = people.add("ed")
    people.members.remove(people.owner, first.id)
    second = people.add("ed")
    assert second.id != first.id


def test_a_password_that_is_made_up_works(people: People) -> None:
    _, password = people.members.add(people.owner, "Ed", "ed", Role.EDITOR)
    assert password is not None
    assert len(password) == 20
    people.log_in("ed", password)


def test_who_is_removed_leaves_the_name(people: People) -> None:
    bea = people.add("bea", Role.OWNER)
    hers = people.sessions.verify(people.token(people.log_in("bea")))
    key = people.keys.create(hers, "hers")
    people.keys.verify(key.text)
    people.members.remove(people.owner, bea.id)
    with pytest.raises(KeyDisabled):
        people.keys.verify(key.text)
    assert people.keys.users(people.owner)[bea.id] == "Bea"
    assert bea.id not in [one.id for one in people.members.page(people.owner)]
    with pytest.raises(MemberNotFound):
        people.members.remove(people.owner, bea.id)
    assert people.audit()[-1] == ("delete", "member", "Ada", "Bea", "done")


def test_the_last_owner_stays(people: People) -> None:
    ada = people.owner.user_id
    for end in (_demote, _disable, _remove):
        with pytest.raises(LastOwner):
            end(people, ada)
    bea = people.add("bea", Role.OWNER)
    _demote(people, ada)
    with pytest.raises(LastOwner):
        _demote(people, bea.id)


def test_owners_who_demote_each_other_at_once(people: People) -> None:
    owner, bea = people.owner, people.add("bea", Role.OWNER)

    def demote(user_id: UserId) -> None:
        with contextlib.suppress(LastOwner):
            people.members.change(owner, user_id, MemberChange(role=Role.VIEWER))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(demote, [owner.user_id, bea.id]))
    assert [one.role for one in people.members.page(owner)].count(Role.OWNER) == 1


def test_a_key_allows_no_more_than_its_users_role(people: People) -> None:
    bea = people.add("bea", Role.OWNER)
    hers = people.sessions.verify(people.token(people.log_in("bea")))
    admin = people.keys.create(hers, "hers", scopes=[Scope.ADMIN]).text
    writer = people.keys.create(hers, "hers").text
    assert people.keys.verify(admin).scopes == {Scope.ADMIN}
    people.members.change(people.owner, bea.id, MemberChange(role=Role.EDITOR))
    assert people.keys.verify(admin).scopes == {Scope.READ, Scope.WRITE}
    people.members.change(people.owner, bea.id, MemberChange(role=Role.VIEWER))
    assert people.keys.verify(admin).scopes == people.keys.verify(writer).scopes == {Scope.READ}
    people.members.change(people.owner, bea.id, MemberChange(is_disabled=True))
    with pytest.raises(KeyDisabled):
        people.keys.verify(writer)
    people.members.change(people.owner, bea.id, MemberChange(is_disabled=False, role=Role.OWNER))
    assert people.keys.verify(admin).scopes == {Scope.ADMIN}


def test_members_are_for_owners(people: People) -> None:
    people.add("ed")
    editor = people.sessions.verify(people.token(people.log_in("ed")))
    ada = people.owner.user_id
    for forbidden in (
        lambda: people.members.page(editor),
        lambda: people.members.add(editor, "n", "n", Role.OWNER, PASSWORD),
        lambda: people.members.change(editor, ada, MemberChange(password=PASSWORD)),
        lambda: people.members.remove(editor, ada),
        lambda: people.keys.page(editor),
        lambda: people.keys.remove(editor, new_id()),  # type: ignore[arg-type]
    ):
        with pytest.raises(ScopeMissing):
            forbidden()


def test_a_key_that_is_replaced(people: People) -> None:
    owner = people.owner
    old = people.keys.create(owner, "desk", scopes=[Scope.READ], expires_at=now_ms() + 90 * DAY_MS)
    new = people.keys.rotate(owner, old.key.id, 3600)
    assert new.text != old.text
    assert people.keys.verify(new.text).scopes == {Scope.READ}
    assert people.keys.verify(old.text).scopes == {Scope.READ}
    found = {one.id: one for one in people.keys.page(owner)}
    assert abs((found[old.key.id].expires_at or 0) - now_ms() - 3_600_000) < 60_000
    assert abs((found[new.key.id].expires_at or 0) - now_ms() - 90 * DAY_MS) < 60_000
    assert found[new.key.id].name == "desk"
    people.keys.rotate(owner, new.key.id, 0)
    with pytest.raises(KeyDisabled):
        people.keys.verify(new.text)
    with pytest.raises(KeyNotInForce):
        people.keys.rotate(owner, new.key.id, 0)


def test_a_grace_makes_no_key_last_longer(people: People) -> None:
    soon = now_ms() + 60_000
    old = people.keys.create(people.owner, "desk", expires_at=soon)
    people.keys.rotate(people.owner, old.key.id, 86_400)
    assert {one.expires_at for one in people.keys.page(people.owner) if one.id == old.key.id} == {soon}


def test_keys_are_switched_off_and_on_and_deleted(people: People) -> None:
    made = people.keys.create(people.owner, "desk")
    people.keys.verify(made.text)
    assert people.keys.change(people.owner, made.key.id, is_disabled=True).disabled_at is not None
    with pytest.raises(KeyDisabled):
        people.keys.verify(made.text)
    assert people.keys.change(people.owner, made.key.id, name="help", is_disabled=False).name == "help"
    people.keys.verify(made.text)
    people.keys.remove(people.owner, made.key.id)
    with pytest.raises(Unauthorized):
        people.keys.verify(made.text)
    with pytest.raises(KeyNotFound):
        people.keys.remove(people.owner, made.key.id)
    verbs = [verb for verb, kind, _, _, _ in people.audit() if kind == "key"]
    assert verbs == ["create", "disable", "enable", "delete"]


def test_what_fails_leaves_nothing_in_the_audit(people: People) -> None:
    before = people.audit()
    for failing in (lambda: people.add("ada"), lambda: _remove(people, people.owner.user_id)):
        with pytest.raises(DiglotError):
            failing()
    assert people.audit() == before


def test_pages_of_members(people: People) -> None:
    for number in range(5):
        people.add(f"m{number}")
    first = people.members.page(people.owner, limit=4)
    rest = people.members.page(people.owner, first[-1].id, 4)
    assert [one.login for one in (*first, *rest)] == ["ada", "m0", "m1", "m2", "m3", "m4"]
