"""The settings, from the environment and `.env`; frozen, and a secret never shows in a `repr`."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.errors import HallwayFault


class SettingsFault(HallwayFault):
    """A setting that cannot be used; the sentence names it and never its value."""


def data_folder() -> Path:
    """Where the user's data belongs, by the XDG base directory specification."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "hallway"


def default_database_url() -> str:
    """SQLite in the user's data folder."""
    return f"sqlite:///{data_folder() / 'hallway.db'}"


class Settings(BaseSettings):
    """Every setting of Hallway; the names are those of the environment variables in lower case."""

    model_config = SettingsConfigDict(env_prefix="HALLWAY_", env_file=".env", extra="ignore", frozen=True)

    database_url: SecretStr = Field(default_factory=lambda: SecretStr(default_database_url()))
    discord_token: SecretStr | None = None
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str | None = None
    feed_allow_hosts: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    secret_key: SecretStr | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @property
    def feed_hosts(self) -> frozenset[str]:
        """The hosts that feeds may be fetched from though they are not public, in small letters."""
        return frozenset(host.strip().casefold() for host in self.feed_allow_hosts.split(",") if host.strip())


def load_settings() -> Settings:
    """The settings; raises `SettingsFault` with one sentence for the first one that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "HALLWAY_" + "_".join(str(part) for part in first["loc"]).upper()
        message = f"The setting {name} cannot be used: {first['msg']}. Change it in the environment or in .env."
        raise SettingsFault(message) from None
