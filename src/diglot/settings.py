"""Every setting of the server, read once. Later wins: defaults, DIGLOT_* environment, TOML file, flags.

The flags of a `serve` reach its child processes as JSON in DIGLOT_FLAGS, so that they stay the strongest there too.
"""

import json
import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

LINK = r"^https?://[^\s/?#]+\S*$"


def config_file() -> Path:
    """The TOML file that is read if it is there: what DIGLOT_CONFIG names, else diglot.toml here."""
    return Path(os.environ.get("DIGLOT_CONFIG", "diglot.toml"))


def inherited_flags() -> dict[str, Any]:
    """The flags that the starting process was given."""
    flags: dict[str, Any] = json.loads(os.environ.get("DIGLOT_FLAGS", "{}"))
    return flags


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="DIGLOT_", frozen=True, extra="forbid", hide_input_in_errors=True)

    data: Path = Field(Path("diglot-data"), description="Folder of everything that must last.")
    database_url: SecretStr | None = Field(
        None, description="postgresql://... to keep the catalog in PostgreSQL instead of SQLite in the data folder."
    )
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(9380, ge=0, le=65535, description="Port the server listens on; 0 takes a free one.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="Where clients reach this server, for links in answers; unset: the host that a request asks for.",
    )
    link_seconds: int = Field(300, ge=1, le=86_400, description="How long a link to a document's file is valid.")
    api_workers: int = Field(
        default_factory=lambda: min(2, os.cpu_count() or 1),
        ge=1,
        le=64,
        description="Processes that answer HTTP; by default two, where there are two cores.",
    )
    workers: int = Field(1, ge=0, le=64, description="Processes that ingest documents.")
    slots: int = Field(2, ge=1, le=64, description="Documents that one worker ingests at once.")
    bootstrap_key: SecretStr | None = Field(
        None, description="On the first start of an empty data folder, an owner's API key with this text exists."
    )
    dify_profile: Literal["seed", "current"] = Field(
        "seed", description="Whether deletes in Dify's API answer 200 with a body (seed) or 204 (current)."
    )
    api_enabled: bool = Field(
        True, description="False answers 403 to every API key, whatever is chosen at the console."
    )
    embedding_model: str | None = Field(
        None, description="Model for datasets that choose none; unset: the first added model, else diglot/lexical."
    )
    model_hosts: str = Field(
        "",
        description="Hosts, addresses and networks, between commas, where models added over the API may be beside the "
        "internet.",
    )
    file_bytes: int = Field(50_000_000, ge=1, description="Largest file of an upload.")
    zip: Literal["off", "on"] = Field(
        "off", description="Whether zip files are unpacked and the documents in them read."
    )
    text_characters: int = Field(5_000_000, ge=1, description="Longest text of a create-by-text call.")
    json_bytes: int = Field(10_000_000, ge=1, description="Largest JSON body, texts of documents apart.")
    max_tokens_limit: int = Field(4000, ge=50, description="Largest max_tokens of a chunking rule.")
    queue_limit: int = Field(100_000, ge=1, description="Waiting documents before uploads are answered 429.")
    disk_reserve_bytes: int = Field(
        1 << 30, ge=0, description="Free disk (5 % of a small disk) under which uploads are answered 507; 0: off."
    )
    lease_seconds: float = Field(30.0, gt=0, description="How long a silent worker keeps its job.")
    parse_seconds: float = Field(300.0, gt=0, description="Longest reading of one document, wall clock.")
    parse_memory_bytes: int = Field(1_500_000_000, ge=1 << 27, description="Memory for reading one document.")
    ocr: Literal["auto", "rapidocr", "tesseract", "off"] = Field(
        "auto", description="What recognises the text of scans and images; auto: the first of these that is installed."
    )
    ocr_languages: str = Field(
        "chi_sim+eng",
        pattern=r"^[a-zA-Z_]+(\+[a-zA-Z_]+)*$",
        description="Languages of scans and images, by Tesseract's names, joined by +.",
    )
    ocr_pages: int = Field(500, ge=1, description="Most pages of one document whose text is recognised.")
    ocr_page_seconds: float = Field(
        300.0, gt=0, description="Longest recognition of one page, wall clock; it gives way to everything else."
    )
    ocr_memory_bytes: int = Field(
        4_000_000_000, ge=1 << 30, description="Address space of the process that recognises text."
    )
    docs_edit_url: str | None = Field(
        None,
        pattern=LINK,
        description="Where a page of /docs is changed: a link with {path}, the file in the repository; unset: no link.",
    )
    docs_report_url: str | None = Field(
        None,
        pattern=LINK,
        description="Where mistakes of /docs are told: a link that may hold {page} and {title}; unset: no link.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severity logged.")
    log_format: Literal["text", "json"] = Field("text", description="How log lines look.")

    @field_validator("bootstrap_key")
    @classmethod
    def _long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < 32:
            raise ValueError("bootstrap_key must have at least 32 characters")
        return key

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file()), env_settings

    @staticmethod
    def load(flags: dict[str, Any] | None = None) -> "Settings":
        """What this process runs by: its own flags, or those of the process that started it."""
        return Settings(**(inherited_flags() if flags is None else flags))

    @staticmethod
    def for_tests(data: Path, **changes: Any) -> "Settings":
        """Settings of a throw-away server, untouched by the environment and by files."""
        return _IsolatedSettings(data=data, disk_reserve_bytes=0, **changes)

    @property
    def index_folder(self) -> Path:
        return self.data / "index"

    @property
    def blobs_folder(self) -> Path:
        return self.data / "blobs"

    @property
    def pictures_folder(self) -> Path:
        """Of what can be made anew at any time."""
        return self.data / "pictures"

    @property
    def models_folder(self) -> Path:
        return self.data / "models"

    @property
    def catalog_url(self) -> str:
        """A SQLAlchemy URL: SQLite in the data folder, or PostgreSQL by psycopg."""
        if self.database_url is None:
            return f"sqlite:///{self.data / 'catalog.sqlite3'}"
        url = self.database_url.get_secret_value()
        return url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)


class _IsolatedSettings(Settings):
    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def origins(flags: dict[str, Any]) -> dict[str, str]:
    """For each setting, what it was taken from: a flag, an environment variable, the TOML file or its default."""
    file = config_file()
    in_file = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    return {name: _origin(name, flags, in_file, file) for name in Settings.model_fields}


def _origin(name: str, flags: dict[str, Any], in_file: dict[str, Any], file: Path) -> str:
    if name in flags:
        return "flag"
    if name in in_file:
        return str(file)
    variable = f"DIGLOT_{name.upper()}"
    return variable if any(given.upper() == variable for given in os.environ) else "default"
