"""/setup: the first account."""

from typing import Any

from diglot.domain.errors import AlreadySetUp, ForeignPage, NameInvalid, Overloaded, SetupTokenNeeded
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_accounts as wire
from diglot.http.native.own_pages import is_own_machine, require_own_origin, with_cookie
from diglot.http.native.sessions import EXAMPLE, body_of
from diglot.http.operations import Call, Operation

TAG = "Setup"
SENT_EXAMPLE: dict[str, Any] = {"name": "Ada", "login": "ada@example.com", "password": "correct horse battery"}


def state(call: Call) -> Answer:
    return json_answer({"needed": call.house.accounts.is_setup_needed()})


def set_up(call: Call) -> Answer:
    require_own_origin(call)
    sent: wire.Setup = call.body
    accounts = call.house.accounts
    if not accounts.is_setup_needed():
        raise AlreadySetUp
    if not is_own_machine(call):
        accounts.require_setup_token(sent.token)
    member = accounts.set_up(sent.name, sent.login, sent.password, call.origin)
    begun = accounts.begin(member, call.origin, call.headers.get("user-agent"))
    return json_answer(body_of(begun.session, begun.workspace), headers=with_cookie(call, begun.secret))


OPERATIONS = (
    Operation(
        id="setupState",
        method="GET",
        path="/setup",
        tag=TAG,
        summary="Whether the first account is still to be made",
        description="It is while nobody has a password.",
        handler=state,
        answer=wire.SetupState,
        answer_example={"needed": True},
        is_open=True,
        is_light=True,
    ),
    Operation(
        id="setUp",
        method="POST",
        path="/setup",
        tag=TAG,
        summary="Make the first account",
        description="An owner, logged in at once: the answer sets the cookie of a session. Keys that were made before "
        "become this owner's. From elsewhere than the server's own machine, and through a proxy, it takes the token "
        "that `diglot serve` shows when it starts.",
        handler=set_up,
        body=wire.Setup,
        body_example=SENT_EXAMPLE,
        answer=wire.SessionState,
        answer_example=EXAMPLE,
        answer_description="The account was made.",
        errors=(AlreadySetUp, SetupTokenNeeded, ForeignPage, NameInvalid, Overloaded),
        is_open=True,
    ),
)
