"""/session: logging in and out at the console, tokens for the APIs, one's own password."""

from typing import Any

from diglot.domain.account import Session
from diglot.domain.errors import (
    ForeignPage,
    InvalidCredentials,
    Overloaded,
    SessionEnded,
    TooManyAttempts,
)
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_accounts as wire
from diglot.http.native.own_pages import (
    COOKIE,
    NO_STORE,
    require_own_origin,
    require_own_page,
    session_of,
    with_cookie,
    without_cookie,
)
from diglot.http.operations import Call, Operation

TAG = "Session"
EXAMPLE: dict[str, Any] = {
    "user": {
        "id": "0192f0c479007e4fa0b1c2d3e4f5a6b7",
        "name": "Ada",
        "login": "ada@example.com",
        "role": "owner",
        "language": None,
    },
    "workspace": {"id": "0192f0c478ff7e4fa0b1c2d3e4f5a6b7", "name": "default"},
}
OWN_PAGE = "Asks for the cookie and the header `X-Diglot-Session: 1`; a page of another host is refused."


def log_in(call: Call) -> Answer:
    require_own_origin(call)
    sent: wire.Credentials = call.body
    begun = call.house.accounts.log_in(sent.login, sent.password, call.origin, call.headers.get("user-agent"))
    return json_answer(body_of(begun.session, begun.workspace), headers=with_cookie(call, begun.secret))


def show(call: Call) -> Answer:
    session = session_of(call)
    return json_answer(body_of(session, call.house.accounts.workspace(session)), headers=_kept(call))


def token(call: Call) -> Answer:
    require_own_page(call)
    made = call.house.sessions.token(session_of(call))
    return json_answer({"token": made.text, "expires_at": made.expires_at}, headers=_kept(call))


def change(call: Call) -> Answer:
    require_own_page(call)
    sent: wire.SessionChange = call.body
    session = call.house.accounts.choose_language(session_of(call), sent.language)
    return json_answer(body_of(session, call.house.accounts.workspace(session)), headers=_kept(call))


def log_out(call: Call) -> Answer:
    require_own_page(call)
    call.house.accounts.log_out(session_of(call), call.origin)
    return Answer(204, headers=without_cookie(call))


def change_password(call: Call) -> Answer:
    require_own_page(call)
    sent: wire.PasswordChange = call.body
    call.house.accounts.change_password(session_of(call), sent.current, sent.new, call.origin)
    return Answer(204, headers=(NO_STORE,))


def body_of(session: Session, workspace: str) -> dict[str, Any]:
    member = session.member
    user = {name: getattr(member, name) for name in wire.SessionUser.model_fields}
    return {"user": user, "workspace": {"id": member.workspace_id, "name": workspace}}


def _kept(call: Call) -> tuple[tuple[bytes, bytes], ...]:
    """The browser keeps the cookie for as long as the server now keeps the session."""
    return with_cookie(call, call.cookies[COOKIE])


OPERATIONS = (
    Operation(
        id="logIn",
        method="POST",
        path="/session",
        tag=TAG,
        summary="Log in",
        description="The answer sets the cookie `diglot_session`, which is good for `/diglot/v1/session` alone and "
        "lasts for two weeks after it was last used. Five attempts a minute are free; then each wait is twice as long.",
        handler=log_in,
        body=wire.Credentials,
        body_example={"login": "ada@example.com", "password": "correct horse battery"},
        answer=wire.SessionState,
        answer_example=EXAMPLE,
        answer_description="Logged in.",
        errors=(InvalidCredentials, TooManyAttempts, Overloaded, ForeignPage),
        is_open=True,
    ),
    Operation(
        id="showSession",
        method="GET",
        path="/session",
        tag=TAG,
        summary="Who is logged in",
        description="By the cookie.",
        handler=show,
        answer=wire.SessionState,
        answer_example=EXAMPLE,
        errors=(SessionEnded,),
        is_open=True,
        takes_cookie=True,
    ),
    Operation(
        id="changeSession",
        method="PATCH",
        path="/session",
        tag=TAG,
        summary="Choose one's language",
        description=f"It stays with the member, for every browser. {OWN_PAGE}",
        handler=change,
        body=wire.SessionChange,
        body_example={"language": "zh"},
        answer=wire.SessionState,
        answer_example=EXAMPLE | {"user": EXAMPLE["user"] | {"language": "zh"}},
        answer_description="As it is now.",
        errors=(SessionEnded, ForeignPage),
        is_open=True,
        takes_cookie=True,
    ),
    Operation(
        id="makeToken",
        method="POST",
        path="/session/token",
        tag=TAG,
        summary="Get a token for the APIs",
        description="Good for every API of this server as an API key is, with what the member's role allows, for a "
        f"quarter of an hour and not beyond the session. {OWN_PAGE}",
        handler=token,
        answer=wire.ConsoleToken,
        answer_example={"token": "console-AZLwxHkAfk-gscLT5PWmtwAAAZLw...", "expires_at": 1750000900000},
        errors=(SessionEnded, ForeignPage),
        is_open=True,
        takes_cookie=True,
    ),
    Operation(
        id="logOut",
        method="DELETE",
        path="/session",
        tag=TAG,
        summary="Log out",
        description=f"The session and its tokens end, in every process within 10 seconds. {OWN_PAGE}",
        handler=log_out,
        status=204,
        answer_description="Logged out; the answer is empty.",
        errors=(SessionEnded, ForeignPage),
        is_open=True,
        takes_cookie=True,
    ),
    Operation(
        id="changePassword",
        method="PUT",
        path="/session/password",
        tag=TAG,
        summary="Change one's password",
        description=f"All other sessions of the member end. {OWN_PAGE}",
        handler=change_password,
        body=wire.PasswordChange,
        body_example={"current": "correct horse battery", "new": "staple of another kind"},
        status=204,
        answer_description="Changed; the answer is empty.",
        errors=(SessionEnded, InvalidCredentials, TooManyAttempts, Overloaded, ForeignPage),
        is_open=True,
        takes_cookie=True,
    ),
)
