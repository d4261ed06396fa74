"""/members: who may log in."""

from functools import partial
from typing import Any

from diglot.domain.account import Member
from diglot.domain.errors import (
    LastOwner,
    LoginTaken,
    MemberNotFound,
    NameInvalid,
    Overloaded,
    ScopeMissing,
)
from diglot.domain.identity import UserId, parse_id
from diglot.http.answers import NOTHING, Answer, json_answer
from diglot.http.native import wire_accounts as wire
from diglot.http.native.paging import paged
from diglot.http.native.wire_operations import ListQuery
from diglot.http.operations import Call, Operation
from diglot.library.members import MemberChange

TAG = "Members"


def list_members(call: Call) -> Answer:
    return json_answer(paged(call.query, partial(call.house.members.page, call.caller), _body))


def add(call: Call) -> Answer:
    sent: wire.NewMember = call.body
    member, password = call.house.members.add(call.caller, sent.name, sent.login, sent.role, sent.password)
    return json_answer({"member": _body(member), "password": password}, 201)


def change(call: Call) -> Answer:
    sent: wire.MemberChange = call.body
    asked = MemberChange(sent.name, sent.role, sent.disabled, sent.password)
    return json_answer(_body(call.house.members.change(call.caller, _member_id(call), asked)))


def remove(call: Call) -> Answer:
    call.house.members.remove(call.caller, _member_id(call))
    return NOTHING


def _member_id(call: Call) -> UserId:
    plain = parse_id(call.path["member_id"])
    if plain is None:
        raise MemberNotFound
    return UserId(plain)


def _body(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "name": member.name,
        "login": member.login,
        "role": member.role,
        "is_disabled": member.disabled_at is not None,
        "created_at": member.created_at,
        "last_login_at": member.last_login_at,
    }


EXAMPLE: dict[str, Any] = {
    "id": "0192f0c479007e4fa0b1c2d3e4f5a6b7",
    "name": "Ada",
    "login": "ada@example.com",
    "role": "editor",
    "is_disabled": False,
    "created_at": 1750000000000,
    "last_login_at": None,
}
OPERATIONS = (
    Operation(
        id="listMembers",
        method="GET",
        path="/members",
        tag=TAG,
        summary="List members",
        description="The oldest first. Needs the scope `admin`.",
        handler=list_members,
        query=ListQuery,
        answer=wire.MemberList,
        answer_example={"items": [EXAMPLE], "next": None},
        errors=(ScopeMissing,),
    ),
    Operation(
        id="addMember",
        method="POST",
        path="/members",
        tag=TAG,
        summary="Add a member",
        description="A login is taken once in the whole installation. Needs the scope `admin`.",
        handler=add,
        body=wire.NewMember,
        body_example={"name": "Ada", "login": "ada@example.com", "role": "editor"},
        status=201,
        answer=wire.AddedMember,
        answer_example={"member": EXAMPLE, "password": "9mXbqU3tYv0cWz2KfR7d"},
        answer_description="Added.",
        errors=(LoginTaken, NameInvalid, Overloaded),
    ),
    Operation(
        id="changeMember",
        method="PATCH",
        path="/members/{member_id}",
        tag=TAG,
        summary="Change a member",
        description="What is absent or null stays. A new role holds at once, for the member's keys too; another "
        "password, or being disabled, ends the member's sessions. The last owner who can log in stays one. Needs the "
        "scope `admin`.",
        handler=change,
        body=wire.MemberChange,
        body_example={"role": "viewer"},
        answer=wire.Member,
        answer_example=EXAMPLE | {"role": "viewer"},
        answer_description="Changed.",
        errors=(MemberNotFound, LastOwner, NameInvalid, Overloaded),
    ),
    Operation(
        id="removeMember",
        method="DELETE",
        path="/members/{member_id}",
        tag=TAG,
        summary="Remove a member",
        description="Sessions and keys of the member end. The name stays on what the member made; the login is free "
        "again. Needs the scope `admin`.",
        handler=remove,
        status=204,
        answer_description="Removed; the answer is empty.",
        errors=(MemberNotFound, LastOwner),
    ),
)
