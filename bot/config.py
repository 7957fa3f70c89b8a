"""Settings from the environment and `.env`; frozen, secrets hidden from `repr`."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain.errors import HallwayError

PREFIX, ENV_FILE = "HALLWAY_", ".env"
SIMILAR = 0.92
"""How similar to a setting a name without the prefix must be to count as a typing error: `HALLWY_LOG_LEVEL` is one."""


class SettingsError(HallwayError):
    """An unusable setting; the sentence names it, never its value."""


def data_folder() -> Path:
    """The user's data folder (XDG base directory specification)."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "hallway"


def default_database_url() -> str:
    """The default database: SQLite in the user's data folder."""
    return f"sqlite:///{data_folder() / 'hallway.db'}"


class Settings(BaseSettings):
    """All settings; field names are the environment variables in lower case without HALLWAY_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True)

    database_url: SecretStr = Field(default_factory=lambda: SecretStr(default_database_url()))
    """The database: `sqlite:///FILE`, or `postgresql://USER:PASSWORD@HOST/NAME` for several processes."""
    discord_token: SecretStr | None = None
    """The token of the Discord bot. Without it Hallway does not serve Discord."""
    discord_api_url: str | None = None
    """The HTTP API of another server that speaks Discord, up to the version."""
    discord_gateway_url: str | None = None
    """The gateway of another server that speaks Discord."""
    slack_bot_token: SecretStr | None = None
    """The bot token (`xoxb-`) of one Slack workspace."""
    slack_app_token: SecretStr | None = None
    """The app token (`xapp-`) of Slack: it selects Socket Mode."""
    slack_signing_secret: SecretStr | None = None
    """The secret that signs Slack's requests: it selects HTTP mode."""
    slack_client_id: str | None = None
    """The client id of a Slack app for many workspaces, instead of the bot token."""
    slack_client_secret: SecretStr | None = None
    """The client secret that belongs to the client id."""
    slack_api_url: str | None = None
    """The Web API of another server that speaks Slack, up to the method."""
    feed_allow_hosts: str = ""
    """Hosts that are not on the public internet but may serve schedules, separated by commas."""
    c3nav_key: SecretStr = SecretStr("anonymous")
    """The read-only key (`secret:…`) that `hallway route rooms` sends to an indoor map; without it, a visitor's."""
    http_host: str = "127.0.0.1"
    """The addresses that the web server listens on, separated by commas; empty means all of them."""
    http_port: int = Field(default=8080, ge=0, le=65535)
    """The port of the web server, 0 to 65535; 0 means any free port."""
    http_connections_per_address: int = Field(default=50, ge=0)
    """The most connections at a time from one public address; 0 for no limit. Private addresses have no limit."""
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    """A second port for `/metrics` and the details of `/readyz`, which the first port then shows to nobody."""
    metrics_token: SecretStr | None = None
    """The token that a reader of `/metrics` and of the details of `/readyz` sends as `Authorization: Bearer TOKEN`."""
    public_url: str | None = None
    """The address at which Slack and browsers reach the web server, with `https://`."""
    operator_name: str = ""
    """Who runs this installation, for `/privacy` and `/terms`: a person or a company, with a postal address."""
    operator_contact: str = ""
    """How people reach the operator, for the same pages: an e-mail address, for example."""
    pages_folder: str = ""
    """A folder with pages of your own: `privacy.html`, `terms.html` and `home.html`, as Jinja templates."""
    secret_key: SecretStr | None = None
    """The key that encrypts secrets in the database. To rotate it, write the new key, a comma and the old key."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least severe messages that are logged: `debug`, `info`, `warning` or `error`."""
    log_format: Literal["console", "json"] = "console"
    """The form of a log line: `console` or `json`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources of settings: a mounted file wins over an environment variable of the image."""
        del settings_cls
        return init_settings, file_secret_settings, env_settings, dotenv_settings

    @property
    def feed_hosts(self) -> frozenset[str]:
        """Lower-case names of non-public hosts that feeds may be fetched from."""
        return frozenset(host.strip().casefold() for host in self.feed_allow_hosts.split(",") if host.strip())

    @property
    def slack(self) -> Literal["", "one", "many"]:
        """Whether Slack is not used (""), used in one workspace ("one", bot token), or in many ("many", OAuth).

        Raises `SettingsError` with one sentence for the first setting that is missing or contradicts another.
        """
        many = bool(self.slack_client_id or self.slack_client_secret)
        given = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret, self.slack_client_id)
        if not any((*given, self.slack_client_secret)):
            return ""
        for wrong, sentence in self._slack_faults(many=many):
            if wrong:
                raise SettingsError(sentence)
        return "many" if many else "one"

    def _slack_faults(self, *, many: bool) -> Iterator[tuple[bool, str]]:
        """All checks as (failed, what to do)."""
        bot, socket = (
            secret.get_secret_value() if secret else "" for secret in (self.slack_bot_token, self.slack_app_token)
        )
        one = "HALLWAY_SLACK_BOT_TOKEN speaks in one workspace, HALLWAY_SLACK_CLIENT_ID is for many: unset one."
        yield bool(bot) and many, one
        lacking = "Slack lacks HALLWAY_SLACK_BOT_TOKEN: copy the bot token from OAuth & Permissions of the app."
        yield not bot and not many, lacking
        other = "HALLWAY_SLACK_BOT_TOKEN holds another token: that of the bot begins with xoxb- and does not rotate."
        yield bot.startswith(("xapp-", "xoxp-", "xoxe")), other
        yield (
            socket.startswith("xox"),
            "HALLWAY_SLACK_APP_TOKEN holds another token: that of the app begins with xapp-.",
        )
        heard = (
            "Slack cannot reach us: set HALLWAY_SLACK_APP_TOKEN (Socket Mode) or HALLWAY_SLACK_SIGNING_SECRET (HTTP)."
        )
        yield not socket and not self.slack_signing_secret, heard
        names = {
            "HALLWAY_SLACK_CLIENT_ID": self.slack_client_id,
            "HALLWAY_SLACK_CLIENT_SECRET": self.slack_client_secret,
            "HALLWAY_SECRET_KEY": self.secret_key,
            "HALLWAY_PUBLIC_URL": self.public_url,
        }
        missing = [name for name, value in names.items() if not value]
        lacks = f"Many workspaces on Slack need {' and '.join(missing)} too (docs/how-to/slack.md)."
        yield many and bool(missing), lacks
        url = "HALLWAY_PUBLIC_URL is no address: write where Slack and browsers reach us, as in https://hallway.example.org."
        yield bool(self.public_url) and not str(self.public_url).startswith(("https://", "http://")), url


def secrets_folders() -> list[Path]:
    """The folders with one file for each secret: those of Docker and Kubernetes, and of systemd's credentials."""
    named = ("/run/secrets", os.environ.get("CREDENTIALS_DIRECTORY", ""))
    return [folder for name in named if name and (folder := Path(name)).is_dir()]


def unknown_names() -> dict[str, str | None]:
    """Return names in the environment and in `.env` that look like settings of Hallway but are unknown.

    Returns:
        For each name the most similar setting; None if no setting is similar.
    """
    settings = [f"{PREFIX}{name}".upper() for name in Settings.model_fields]
    in_file = dotenv_values(ENV_FILE) if Path(ENV_FILE).is_file() else {}
    found: dict[str, str | None] = {}
    for name in sorted({*os.environ, *in_file}):
        close = get_close_matches(name.upper(), settings, 1, SIMILAR)
        if name.upper() not in settings and (name.upper().startswith(PREFIX) or close):
            # Without the prefix, which makes all of them similar.
            ends = [setting.removeprefix(PREFIX) for setting in settings]
            nearest = close or [PREFIX + end for end in get_close_matches(name.upper().removeprefix(PREFIX), ends, 1)]
            found[name] = nearest[0] if nearest else None
    return found


def load_settings() -> Settings:
    """Load the settings; raises `SettingsError` with one sentence for the first problem."""
    try:
        return Settings(_secrets_dir=secrets_folders() or None)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "HALLWAY_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(
            f"The setting {name} cannot be used: {first['msg']}. Change it in the environment or in .env."
        ) from None
