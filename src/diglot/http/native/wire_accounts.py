"""What people send and get: setup, sessions, members, keys, switches."""

from typing import Annotated

from pydantic import BaseModel, Field

from diglot.domain.account import Role
from diglot.domain.api_key import Scope
from diglot.http.native.wire import Strict
from diglot.http.native.wire_operations import Listed

# JSON has no enumerations: their names are taken.
RoleName = Annotated[Role, Field(strict=False)]
ScopeName = Annotated[Scope, Field(strict=False)]
LOGIN = "What the member logs in with, in any case: a name or an address, without spaces."
PASSWORD = "At least 10 characters."
LANGUAGE_TAG = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
MOST_MS = 253_402_300_799_999
GRACE_SECONDS, LONGEST_GRACE_SECONDS = 86_400, 30 * 86_400


class SetupState(BaseModel):
    needed: bool = Field(description="Whether nobody has a password yet.")


class Setup(Strict):
    name: str = Field(description="The first member's name, as others see it.", max_length=1000)
    login: str = Field(description=LOGIN, max_length=500)
    password: str = Field(description=PASSWORD, max_length=500)
    token: str | None = Field(
        None, description="What the server showed when it started; needed from elsewhere than its own machine."
    )


class Credentials(Strict):
    login: str = Field(description="The member's login.", max_length=500)
    password: str = Field(description="The member's password.", max_length=500)


class PasswordChange(Strict):
    current: str = Field(description="The password until now.", max_length=500)
    new: str = Field(description=PASSWORD, max_length=500)


class SessionChange(Strict):
    language: str | None = Field(
        description="A language's tag, such as `en`; null: none is chosen.", max_length=16, pattern=LANGUAGE_TAG
    )


class SessionUser(BaseModel):
    id: str = Field(description="The member's id.")
    name: str = Field(description="The member's name.")
    login: str = Field(description="The member's login, in lower case.")
    role: Role = Field(description="`owner` may do everything, `editor` change data, `viewer` read it.")
    language: str | None = Field(description="The language that was chosen; null: none.")


class Workspace(BaseModel):
    id: str = Field(description="The workspace's id.")
    name: str = Field(description="Its name.")


class SessionState(BaseModel):
    user: SessionUser = Field(description="Who is logged in.")
    workspace: Workspace = Field(description="Where.")


class ConsoleToken(BaseModel):
    token: str = Field(description="For `Authorization: Bearer TOKEN` at every API of this server.")
    expires_at: int = Field(description="When it ends, in milliseconds since 1970: a quarter of an hour from now.")


class NewMember(Strict):
    name: str = Field(description="The member's name, as others see it.", max_length=1000)
    login: str = Field(description=LOGIN, max_length=500)
    role: RoleName = Field(description="`owner` may do everything, `editor` change data, `viewer` read it.")
    password: str | None = Field(None, description=f"{PASSWORD} Without one it is made up and told.", max_length=500)


class MemberChange(Strict):
    name: str | None = Field(None, description="The member's name.", max_length=1000)
    role: RoleName | None = Field(None, description="What the member may do from now on.")
    disabled: bool | None = Field(None, description="Whether the member, and the member's keys, stay outside.")
    password: str | None = Field(
        None, description=f"{PASSWORD} Another one ends all sessions of the member.", max_length=500
    )


class Member(BaseModel):
    id: str = Field(description="The member's id.")
    name: str = Field(description="The member's name.")
    login: str | None = Field(description="The member's login; null for one who cannot log in.")
    role: Role = Field(description="What the member may do.")
    is_disabled: bool = Field(description="Whether the member stays outside.")
    created_at: int = Field(description="Since when, in milliseconds since 1970.")
    last_login_at: int | None = Field(description="When the member last logged in.")


class MemberList(Listed):
    items: list[Member] = Field(description="The oldest first.")


class AddedMember(BaseModel):
    member: Member = Field(description="Who was added.")
    password: str | None = Field(description="The password that was made up, told this once; null if one was sent.")


class NewKey(Strict):
    name: str = Field(description="What the key is for.", max_length=1000)
    scopes: list[ScopeName] = Field(
        description="`read`, `write`, `admin`; each grants those before it.", min_length=1, max_length=3
    )
    datasets: list[str] | None = Field(
        None, description="Ids of the datasets that it is restricted to; null: all there are.", max_length=1000
    )
    expires_at: int | None = Field(
        None, description="When it ends, in milliseconds since 1970; null: never.", ge=1, le=MOST_MS
    )


class KeyChange(Strict):
    name: str | None = Field(None, description="What the key is for.", max_length=1000)
    is_disabled: bool | None = Field(None, description="Whether it is refused.")


class Rotation(Strict):
    grace_seconds: int = Field(
        GRACE_SECONDS, description="How long the old key still works.", ge=0, le=LONGEST_GRACE_SECONDS
    )


class KeyUser(BaseModel):
    id: str = Field(description="The member's id.")
    name: str = Field(description="The member's name, also of one who is gone.")


class Key(BaseModel):
    id: str = Field(description="The key's id.")
    name: str = Field(description="What it is for.")
    prefix: str = Field(description="How it begins: enough to tell it from others.")
    scopes: list[Scope] = Field(description="What it allows.")
    datasets: list[str] | None = Field(description="Ids of the datasets that it is restricted to; null: all there are.")
    created_at: int = Field(description="When it was made, in milliseconds since 1970.")
    expires_at: int | None = Field(description="When it ends; null: never.")
    last_used_at: int | None = Field(description="When it was last used, to the minute.")
    last_used_ip: str | None = Field(description="From where.")
    is_disabled: bool = Field(description="Whether it is refused.")
    user: KeyUser = Field(description="In whose name it acts.")


class KeyList(Listed):
    items: list[Key] = Field(description="The oldest first, also those that are disabled or have expired.")


class MadeKey(BaseModel):
    key: Key = Field(description="The key, as lists show it.")
    text: str = Field(description="The key itself, told this once.")


class QueryLog(BaseModel):
    enabled: bool = Field(description="Whether questions are kept, for the pages that show how searches go.")
    days: int = Field(description="How long.")


class AuditKept(BaseModel):
    days: int = Field(description="How long; 0: for ever.")


class Links(BaseModel):
    edit: str | None = Field(description="Where readers of the documentation may propose changes; null: nowhere.")
    report: str | None = Field(description="Where they may report mistakes; null: nowhere.")


class Settings(BaseModel):
    api_enabled: bool = Field(description="Whether API keys are taken at all.")
    query_log: QueryLog = Field(description="The log of questions.")
    audit: AuditKept = Field(description="The audit.")
    links: Links = Field(description="Links of the documentation.")


class QueryLogChange(Strict):
    enabled: bool = Field(True, description="Whether questions are kept.")
    days: int = Field(90, description="How long.", ge=1, le=3650)


class AuditChange(Strict):
    days: int = Field(365, description="How long; 0: for ever.", ge=0, le=3650)


class SettingsChange(Strict):
    """What is absent stays, in the object too."""

    api_enabled: bool = Field(True, description="False refuses every API key; the console goes on.")
    query_log: QueryLogChange | None = Field(None, description="The log of questions.")
    audit: AuditChange | None = Field(None, description="The audit.")


class DatasetSwitch(Strict):
    enabled: bool = Field(description="Whether API keys may use the dataset.")


class SwitchedDataset(BaseModel):
    id: str = Field(description="The dataset's id.")
    api_enabled: bool = Field(description="Whether API keys may use it.")
