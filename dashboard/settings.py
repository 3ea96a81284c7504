"""Settings, read once from the environment and from nowhere else."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "AFTERCARE_"
VAR = Path("var")
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 20
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")

T = TypeVar("T")
Address = Annotated[str, Field(pattern=r"^https?://\S+$")]


class BadSetting(ValueError):
    """A variable of the environment that makes no sense; the message is one whole sentence."""


class Settings(BaseSettings):
    """What may differ between one installation and another.

    Each field is the variable AFTERCARE_<FIELD>; its description says what it must be.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, populate_by_name=True, frozen=True, extra="ignore"
    )

    database_url: str = Field(
        default="sqlite:///var/aftercare.db",
        validate_default=True,
        validation_alias=AliasChoices(f"{PREFIX}DATABASE_URL", "DATABASE_URL"),
        description="an address that begins with sqlite:/// or postgresql://",
    )
    secret_key: SecretStr | None = Field(
        default=None, description=f"a random text of at least {SHORTEST_SECRET} characters"
    )
    timezone: str = Field(default="Asia/Shanghai", description="a time zone such as Asia/Shanghai")
    language: Literal["en", "zh"] | None = Field(default=None, description="en or zh")
    demo: bool = Field(default=True, description="1 or 0")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    log_format: Literal["text", "json"] = Field(default="text", description="text or json")
    refresh_seconds: int = Field(
        default=30, ge=5, le=3600, description="a whole number of seconds from 5 to 3600"
    )
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="the number of proxies in front, from 0 to 5"
    )
    oidc_issuer: Address | None = Field(default=None, description="an http or https address")
    oidc_client_id: str | None = Field(
        default=None, description="the name the provider knows us by"
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="the provider's secret for us"
    )
    smtp_url: SecretStr | None = Field(
        default=None, description="an address such as smtp://name:password@mail.example.com:587"
    )
    mail_from: str | None = Field(
        default=None,
        pattern=r"^[^@\s]+@[^@\s]+$",
        description="a mail address such as care@example.com",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=SHORTEST_TOKEN,
        description=f"a random text of at least {SHORTEST_TOKEN} characters",
    )
    webhook_url: SecretStr | None = Field(default=None, description="an http or https address")
    cache_url: SecretStr | None = Field(
        default=None, description="an address that begins with redis:// or rediss://"
    )

    @classmethod
    def read(cls) -> Self:
        """The settings of this process; raises BadSetting with a sentence about the first fault."""
        try:
            return cls()
        except ValidationError as error:
            raise BadSetting(_sentence(error)) from None

    def secret(self) -> str:
        """What cookies are signed with: the given key, else one made once and kept in var/."""
        return self.secret_key.get_secret_value() if self.secret_key else _kept_secret(VAR)

    @property
    def sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")

    @field_validator("language", "log_level", "log_format", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        return _from_here(_only_if(value.startswith(DATABASES), value))

    @field_validator("secret_key")
    @classmethod
    def _long_secret(cls, value: SecretStr | None) -> SecretStr | None:
        return _only_if(value is None or len(value.get_secret_value()) >= SHORTEST_SECRET, value)

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        return _only_if(value is None or _leads_to(value, "smtp", "smtps"), value)

    @field_validator("webhook_url")
    @classmethod
    def _other_system(cls, value: SecretStr | None) -> SecretStr | None:
        return _only_if(value is None or _leads_to(value, "http", "https"), value)

    @field_validator("cache_url")
    @classmethod
    def _redis(cls, value: SecretStr | None) -> SecretStr | None:
        return _only_if(value is None or _leads_to(value, "redis", "rediss"), value)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError):
            return _only_if(False, value)


# the sign-in provider of the house: all three, or it is left alone
PROVIDER = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
UNSPOKEN = (  # hold passwords
    "database_url",
    "secret_key",
    "oidc_client_secret",
    "smtp_url",
    "metrics_token",
    "webhook_url",
    "cache_url",
)


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and are none: most likely misspelt."""
    ours = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in ours)


def _only_if(fine: bool, value: T) -> T:
    if not fine:
        raise ValueError("refused")
    return value


def _leads_to(address: SecretStr, *schemes: str) -> bool:
    """Whether it is a whole address of one of these kinds; ValueError if it is none at all."""
    said = address.get_secret_value()
    url = urlsplit(said)
    whole = bool(url.hostname) and url.port != 0 and said.isprintable() and " " not in said
    return url.scheme in schemes and whole


def _from_here(address: str) -> str:
    """The address with a whole path, so that it names the same file wherever a process works."""
    start, _, file = address.partition("sqlite:///")
    if start or not file or file.startswith((":memory:", "file:")):
        return address
    return f"sqlite:///{Path(file).absolute().as_posix()}"


def _sentence(error: ValidationError) -> str:
    fault: Any = error.errors(include_url=False)[0]
    name = str(fault["loc"][0]).removeprefix(PREFIX).lower()
    given = "what it is now" if name in UNSPOKEN else repr(fault["input"])
    wanted = Settings.model_fields[name].description
    return f"{PREFIX}{name.upper()} cannot be {given}: it must be {wanted}."


def _kept_secret(folder: Path) -> str:
    """The key in `folder`, made first if there is none; every process gets the same one."""
    file = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make_secret(file)
        kept = file.read_text()
    except OSError as error:
        raise BadSetting(
            f"The key that signs cookies cannot be kept in {folder}/ ({error.strerror}): "
            f"make the folder writable or set {PREFIX}SECRET_KEY."
        ) from None
    if len(kept) < SHORTEST_SECRET:
        raise BadSetting(
            f"{file} is damaged: delete it, and a new key is made (people sign in again)."
        )
    return kept


def _make_secret(file: Path) -> None:
    mine = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    mine.touch(mode=0o600)
    mine.write_text(secrets.token_hex(SHORTEST_SECRET))
    with suppress(FileExistsError):  # another process was first; its key counts
        file.hardlink_to(mine)
    mine.unlink()
