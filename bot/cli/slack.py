"""Slack on the command line: its credentials, its manifest, and the checks of `hallway doctor`."""

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.app.registry import all_commands
from bot.config import Settings, SettingsError
from bot.domain.errors import HallwayError
from bot.domain.phrases import phrase
from bot.storage.cipher import FernetCipher
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import SystemClock

if TYPE_CHECKING:  # importing it takes half a second
    from adapters.slack.oauth.workspaces import Credentials

NO_ADDRESS = phrase(
    "Many workspaces install Hallway in a browser: set HALLWAY_PUBLIC_URL to the address of `hallway run` on the web."
)


def credentials(settings: Settings) -> "Credentials | None":
    """Return the Slack credentials in the settings; None if the settings have none.

    Raises:
        SettingsError: settings are missing or contradict each other.
        CipherError: the key for stored tokens is malformed or missing.
    """
    # These imports take half a second.
    from adapters.slack.oauth.workspaces import BotTokenCredentials, OAuthCredentials  # noqa: PLC0415 — as above
    from adapters.slack.web_client import AppCredentials  # noqa: PLC0415 — as above

    used = settings.slack
    if used == "one" and settings.slack_bot_token:
        return BotTokenCredentials(settings.slack_bot_token.get_secret_value())
    if used == "many" and settings.slack_client_id and settings.slack_client_secret and settings.secret_key:
        return OAuthCredentials(
            app=AppCredentials(settings.slack_client_id, settings.slack_client_secret.get_secret_value()),
            public_url=settings.public_url or "",
            cipher=FernetCipher.of(settings.secret_key.get_secret_value()),
            clock=SystemClock(),
        )
    return None


def manifest_text(settings: Settings, *, many: bool = False, as_json: bool = False) -> str:
    """Return the manifest of the Slack app.

    The app uses HTTP if the settings have a public address and no token for Socket Mode, otherwise Socket Mode.

    Args:
        settings: the configuration.
        many: the app can be installed in many workspaces; also true if the settings have a client id.
        as_json: return JSON in place of YAML.

    Raises:
        SettingsError: an app for many workspaces has no public address.
    """
    from adapters.slack.manifest import ManifestOptions, manifest, manifest_yaml  # noqa: PLC0415 — few commands need it

    public_url, for_many = settings.public_url or "", many or bool(settings.slack_client_id)
    if for_many and not public_url:
        raise SettingsError(NO_ADDRESS)
    socket_mode = bool(settings.slack_app_token) or not public_url
    options = ManifestOptions(public_url, socket_mode=socket_mode, many=for_many)
    if as_json:
        return json.dumps(manifest(all_commands(), options), indent=2, ensure_ascii=False)
    return manifest_yaml(all_commands(), options)


async def slack_findings(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    """Run Slack's checks for `hallway doctor`; yield for each whether it passed, and a message."""
    # These imports take half a second.
    from adapters.slack.diagnostics import SlackDiagnostics  # noqa: PLC0415 — as above
    from adapters.slack.oauth.installations import StoredWorkspaces  # noqa: PLC0415 — as above
    from adapters.slack.oauth.workspaces import BotTokenCredentials, OAuthCredentials  # noqa: PLC0415 — as above
    from adapters.slack.web_client import new_client  # noqa: PLC0415 — as above

    store = SqlStore.at(settings.database_url.get_secret_value())
    try:
        app_credentials, client = credentials(settings), new_client(settings.slack_api_url)
        if app_credentials is None:
            return
        diagnostics = SlackDiagnostics(
            client,
            bot_token=app_credentials.token if isinstance(app_credentials, BotTokenCredentials) else None,
            app_token=settings.slack_app_token.get_secret_value() if settings.slack_app_token else None,
            app=app_credentials.app if isinstance(app_credentials, OAuthCredentials) else None,
            public_url=settings.public_url,
        )
        stored = None
        if isinstance(app_credentials, OAuthCredentials):
            stored = StoredWorkspaces(store, app_credentials.cipher, app_credentials.clock, app_credentials.app, client)
        async for finding in diagnostics.run(stored):
            yield finding
    except HallwayError as fault:
        yield False, str(fault)
    finally:
        await store.close()
