"""All settings, frozen; the only reader of the environment and of .env."""

import ipaddress
import math
import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from dotenv.parser import parse_stream
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.privacy.identifiers import Kind
from bot.ranges import must_be
from engine.serving.choose import ENGINES
from engine.training.config import MethodName


def _scores(text: Any) -> Any:
    """``👍=1,👎=-1`` → {"👍": 1.0, "👎": -1.0}."""
    if not isinstance(text, str):
        return text
    table = {}
    for entry in text.split(","):
        emoji, sign, score = entry.strip().rpartition("=")
        try:
            table[emoji.strip()] = float(score)
        except ValueError:
            sign = ""
        if not (sign and emoji.strip() and math.isfinite(table[emoji.strip()])):
            raise ValueError(f"{entry.strip()!r} is not of the form emoji=number")
        if not -1 <= table[emoji.strip()] <= 1:
            raise ValueError(f"the score of {emoji.strip()} must be from -1 to 1")
    return table


# A chat platform: its folder in bot/platforms, and the setting that switches it on.
CHAT_PLATFORMS = {"slack": "slack_bot_token", "discord": "discord_token"}
_NAME = re.compile(f"({'|'.join(CHAT_PLATFORMS)}):[A-Za-z0-9]+")


def _names(text: Any) -> Any:
    """``slack:U1,discord:23`` → ("slack:U1", "discord:23")."""
    if not isinstance(text, str):
        return text
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if not _NAME.fullmatch(name):
            forms = " or ".join(f"{platform}:ID" for platform in CHAT_PLATFORMS)
            raise ValueError(f"{name!r} is not of the form {forms}")
    return names


def _on_or_off(text: Any) -> Any:
    if text not in ("on", "off", True, False):
        raise ValueError("it is either on or off")
    return text in ("on", True)


def _kinds(text: Any) -> Any:
    """``rrn,phone`` → {Kind.RRN, Kind.PHONE}; ``none`` masks nothing."""
    if not isinstance(text, str):
        return text
    names = [name.strip() for name in text.split(",")]
    if names == ["none"]:
        return frozenset()
    for name in names:
        if name not in set(Kind):
            raise ValueError(f"{name!r} is none of {', '.join(Kind)}; none alone masks nothing")
    return frozenset(Kind(name) for name in names)


def _spoken(text: Any) -> Any:
    """The system's own LANGUAGE looks like ``en_US:en``: its first entry, if we speak it."""
    if not isinstance(text, str) or not re.search("[_:]", text):
        return text
    return "en" if text.startswith("en") else "ko"


def _time_of_day(text: Any) -> Any:
    """``03:00`` → time(3)."""
    if not isinstance(text, str):
        return text
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError("it is a time of day such as 03:00") from None


def _engine(name: str) -> str:
    if name not in (names := ("auto", *ENGINES)):
        raise ValueError(f"it must be one of {', '.join(names)}, not {name!r}")
    return name


EngineName = Annotated[str, AfterValidator(_engine)]
Spoken = Annotated[Literal["ko", "en"], BeforeValidator(_spoken)]
TimeOfDay = Annotated[time | None, BeforeValidator(_time_of_day)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]
OnOff = Annotated[bool, BeforeValidator(_on_or_off)]
Kinds = Annotated[frozenset[Kind], NoDecode, BeforeValidator(_kinds)]
Scores = Annotated[dict[str, float], NoDecode, BeforeValidator(_scores)]


class Settings(BaseSettings):
    """One field for each line of .env.example; environment over .env over default."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="forbid", frozen=True
    )

    reactune_home: Path = Path("data")
    reactune_cache: Path = Path("~/.cache/reactune")
    model: str = Field(default="gemma3-270m", min_length=1)
    engine: EngineName = "auto"
    domain: str = "tax-ko"
    language: Spoken = "ko"
    reactions: Scores = {"👍": 1.0, "👎": -1.0, "❤️": 1.0, "🎉": 1.0}
    web_host: str = Field(default="127.0.0.1", min_length=1)
    web_port: int = Field(default=8080, ge=0, le=65535)
    web_password: SecretStr | None = None
    web_admin_password: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://\S+/$")
    discord_token: SecretStr | None = None
    discord_api_url: str = Field(
        default="https://discord.com/api/v10", pattern=r"^https?://\S+[^/\s]$"
    )
    discord_gateway_url: str = Field(default="wss://gateway.discord.gg/", pattern=r"^wss?://\S+$")
    admins: Names = ()
    admin_channel: Names = ()
    allowed_channels: Names = ()
    allowed_users: Names = ()
    allowed_roles: Names = ()
    user_questions_per_minute: int = Field(default=0, ge=0)
    channel_questions_per_minute: int = Field(default=0, ge=0)
    thread_follow_ups: OnOff = True
    corrections: Literal["everyone", "teachers", "review"] = "everyone"
    teachers: Names = ()
    unknown: Literal["auto", "mark", "abstain", "answer"] = "auto"
    starter: OnOff = True
    embedder: str = Field(default="auto", min_length=1)
    fetch: OnOff = True
    max_wrong: float = Field(default=0.05, gt=0, lt=1)
    approvals: int = Field(default=2, ge=1, le=20)
    corrections_per_day: int = Field(default=50, ge=0)
    max_share_per_user: float = Field(default=0.3, gt=0, le=1)
    disagreement: float = Field(default=1.0, ge=0, le=2)
    mask: Kinds = frozenset(Kind)
    train_every: int = Field(default=50, ge=1)
    train_at: TimeOfDay = None
    train_launcher: str = ""
    method: MethodName = "lora"
    promote: Literal["auto", "approve"] = "auto"
    shutdown_grace_s: float = Field(default=10, ge=0, le=600)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def home(self) -> Path:
        return self.reactune_home.expanduser()

    @property
    def cache(self) -> Path:
        return self.reactune_cache.expanduser()

    @property
    def versions(self) -> Path:
        """Where adapter versions are kept."""
        return self.home / "versions"

    @property
    def round(self) -> Path:
        """Where the files of a training round are while it runs."""
        return self.home / "round"

    @property
    def web_is_local(self) -> bool:
        """Only this machine can reach the web page."""
        if self.web_host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.web_host).is_loopback
        except ValueError:
            return False

    @model_validator(mode="after")
    def _password_where_others_can_reach(self) -> Self:
        if self.web_password and not self.web_password.get_secret_value().strip():
            raise ValueError("WEB_PASSWORD is blank")
        if not self.web_is_local and self.web_password is None:
            raise ValueError(
                f"WEB_PASSWORD must be set, because WEB_HOST={self.web_host} lets others in"
            )
        return self

    @model_validator(mode="after")
    def _reviewers_know_more_than_others(self) -> Self:
        """An admin password that is blank or everybody's would make everybody a reviewer."""
        admin = self.web_admin_password
        if admin and not admin.get_secret_value().strip():
            raise ValueError("WEB_ADMIN_PASSWORD is blank")
        if admin and admin == self.web_password:
            raise ValueError("WEB_ADMIN_PASSWORD must be another one than WEB_PASSWORD")
        return self

    @model_validator(mode="after")
    def _slack_needs_both_tokens(self) -> Self:
        kinds = (("SLACK_BOT_TOKEN", "xoxb-"), ("SLACK_APP_TOKEN", "xapp-"))
        tokens = (self.slack_bot_token, self.slack_app_token)
        for (name, start), token in zip(kinds, tokens, strict=True):
            if token is None and any(tokens):
                raise ValueError(f"{name} must be set too; Slack needs both tokens")
            if token is not None and not token.get_secret_value().startswith(start):
                raise ValueError(f"{name} must begin with {start}")
        return self


def load_settings(**given: Any) -> Settings:
    """Read the environment and .env. Raises SettingsError with one line for each bad setting."""
    _check_file(Path(".env"))
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(e) for e in error.errors())) from None


def _check_file(path: Path) -> None:
    """Refuse lines of ``path`` that would silently have no effect."""
    try:
        with path.open(encoding="utf-8") as file:
            for binding in parse_stream(file):
                if binding.error or (binding.key and binding.value is None):
                    number = binding.original.line
                    raise SettingsError(f"{path}:{number}: not of the form NAME=value")
    except FileNotFoundError:
        return
    except UnicodeDecodeError:
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None


def _line(error: Any) -> str:
    """One problem in the user's words; never the value, which may be a secret."""
    name = ".".join(str(part) for part in error["loc"]).upper()
    if error["type"] == "extra_forbidden":
        return f"{name}: no such setting; .env.example lists them all"
    message = must_be(Settings, error).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
