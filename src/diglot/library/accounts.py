"""Coming in and going: the first account, logins, sessions' ends, one's own password."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import sessions as session_rows
from diglot.catalog import settings, users, workspaces
from diglot.catalog.database import Database
from diglot.domain.account import Member, Session
from diglot.domain.api_key import Caller, Origin
from diglot.domain.errors import AlreadySetUp, InvalidCredentials, MemberNotFound, SetupTokenNeeded
from diglot.domain.identity import now_ms, random_text
from diglot.library import auditing
from diglot.library.attempts import UNCOUNTED, Attempt, Attempts
from diglot.library.keys import WORKSPACE, default_owner
from diglot.library.logins import clean_login, fold, masked
from diglot.library.naming import clean_name
from diglot.library.passwords import Passwords
from diglot.library.sessions import Sessions

SETUP_TOKEN = "setup_token"
SETUP_TOKEN_LENGTH = 24
LONGEST_SENT_LOGIN = 128


@dataclass(frozen=True, slots=True)
class Begun:
    """`secret` is the cookie's: given once, stored nowhere."""

    session: Session
    workspace: str
    secret: str


def is_setup_needed(database: Database) -> bool:
    """While nobody has a password."""
    with database.read() as connection:
        return not users.has_any_password(connection)


def setup_token(database: Database) -> str | None:
    """While an account is needed, what lets somebody elsewhere make the first one. For the operator's eyes."""
    if not is_setup_needed(database):
        return None
    drawn = random_text(SETUP_TOKEN_LENGTH)
    return str(database.write(partial(settings.keep_first, name=SETUP_TOKEN, value=drawn)))


class Accounts:
    def __init__(self, database: Database, passwords: Passwords, sessions: Sessions) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._attempts = Attempts(database)

    def is_setup_needed(self) -> bool:
        return is_setup_needed(self._database)

    def require_setup_token(self, token: str | None) -> None:
        """`SetupTokenNeeded`"""
        with self._database.read() as connection:
            known = settings.get(connection, SETUP_TOKEN)
        if not known or not token or not hmac.compare_digest(str(known).encode(), token.encode()):
            raise SetupTokenNeeded

    def set_up(self, name: str, login: str, password: str, origin: Origin) -> Member:
        """The first account, an owner: the one in whose name keys were made before, if there is one. `AlreadySetUp`."""
        if not self.is_setup_needed():
            raise AlreadySetUp
        columns = {"name": clean_name(name), "login": clean_login(login)}
        columns["password_hash"] = self._passwords.hash(password)

        def work(connection: Connection) -> Member:
            settings.keep_first(connection, SETUP_TOKEN, random_text(SETUP_TOKEN_LENGTH))
            settings.lock(connection, SETUP_TOKEN)
            if users.has_any_password(connection):
                raise AlreadySetUp
            owner = default_owner(connection)
            users.change(connection, owner.user_id, **columns)
            settings.drop(connection, SETUP_TOKEN)
            auditing.note(connection, replace(owner, origin=origin), "set up", "member", owner.user_id, columns["name"])
            return _there(users.get(connection, owner.workspace_id, owner.user_id)).member

        return self._database.write(work)

    def begin(self, member: Member, origin: Origin, agent: str | None) -> Begun:
        """A session of somebody who need not be asked."""
        with self._database.read() as connection:
            account = _there(users.get(connection, member.workspace_id, member.id))
        return self._begin(account, origin, agent)

    def log_in(self, login: str, password: str, origin: Origin, agent: str | None) -> Begun:
        """`InvalidCredentials`, whatever is wrong; `TooManyAttempts`, `Overloaded`."""
        folded = fold(login[:LONGEST_SENT_LOGIN])
        attempt = self._attempts.at_login(folded, origin.address)
        with self._database.read() as connection:
            self._attempts.require_turn(connection, attempt)
            account = users.by_login(connection, folded)
        hashed = None if account is None else account.hashed
        if not self._passwords.matches(hashed, password):
            member = None if account is None else account.member
            self._fail(attempt, partial(_note_refused, member=member, login=folded, origin=origin))
            raise InvalidCredentials
        assert account is not None
        assert hashed is not None
        renewed = self._passwords.hash(password) if self._passwords.is_outdated(hashed) else None
        return self._begin(account, origin, agent, renewed, attempt)

    def workspace(self, session: Session) -> str:
        """The name of the workspace it is in."""
        with self._database.read() as connection:
            return workspaces.name(connection, session.member.workspace_id)

    def choose_language(self, session: Session, language: str | None) -> Session:
        """As it is from now on; None: no language is chosen."""
        self._database.write(partial(users.change, user_id=session.member.id, language=language))
        return replace(session, member=replace(session.member, language=language))

    def log_out(self, session: Session, origin: Origin) -> None:
        """Its tokens end at once in this process, within 10 s in every other."""

        def work(connection: Connection) -> None:
            session_rows.end(connection, session.id)
            _note(connection, session.member, "log out", origin)

        self._database.write(work)
        self._sessions.forget()

    def change_password(self, session: Session, current: str, new: str, origin: Origin) -> None:
        """Ends all other sessions of the user. `InvalidCredentials`, `TooManyAttempts`, `InvalidArgument`."""
        member = session.member
        attempt = self._attempts.at_password(member.login or "", origin.address)
        with self._database.read() as connection:
            self._attempts.require_turn(connection, attempt)
            account = users.get(connection, member.workspace_id, member.id)
        if not self._passwords.matches(None if account is None else account.hashed, current):
            verb = "change password"
            self._fail(attempt, partial(_note, member=member, verb=verb, origin=origin, result="refused"))
            raise InvalidCredentials("The current password is wrong.")
        hashed = self._passwords.hash(new, "new")

        def work(connection: Connection) -> None:
            self._attempts.succeed(connection, attempt)
            users.change(connection, member.id, password_hash=hashed)
            session_rows.end_all(connection, member.id, but=session.id)
            _note(connection, member, "change password", origin)

        self._database.write(work)
        self._sessions.forget()

    def _fail(self, attempt: Attempt, note: Callable[[Connection], None]) -> None:
        def work(connection: Connection) -> None:
            self._attempts.fail(connection, attempt)
            note(connection)

        self._database.write(work)

    def _begin(
        self,
        account: users.Account,
        origin: Origin,
        agent: str | None,
        renewed: str | None = None,
        attempt: Attempt = UNCOUNTED,
    ) -> Begun:
        secret, secret_hash = self._sessions.drawn()
        member = account.member

        def work(connection: Connection) -> None:
            self._attempts.succeed(connection, attempt)
            # Who was disabled, or got another password, while this one was being compared stays outside.
            now = users.get(connection, member.workspace_id, member.id)
            if now is None or now.member.disabled_at is not None or now.hashed != account.hashed:
                raise InvalidCredentials
            self._sessions.begin(connection, member.id, secret_hash, origin, agent)
            users.change(connection, member.id, last_login_at=now_ms(), password_hash=renewed or account.hashed)
            _note(connection, member, "log in", origin)

        self._database.write(work)
        session = self._sessions.of_cookie(secret)
        return Begun(session, self.workspace(session), secret)


def _there(account: users.Account | None) -> users.Account:
    if account is None:
        raise MemberNotFound
    return account


def _note(connection: Connection, member: Member, verb: str, origin: Origin, result: auditing.Result = "done") -> None:
    caller = Caller(member.workspace_id, member.id, frozenset(), origin=origin)
    auditing.note(connection, caller, verb, "session", member.id, member.login, result)


def _note_refused(connection: Connection, member: Member | None, login: str, origin: Origin) -> None:
    """Of a login that nobody has, the installation's first workspace is told; not as it was typed, since it may be a
    password."""
    if member is not None:
        _note(connection, member, "log in", origin, "refused")
    else:
        first = workspaces.by_name(connection, WORKSPACE)
        auditing.note_stranger(connection, first, origin, "log in", "session", masked(login))
