"""What the command line has to do with Slack: its credentials, the manifest, and what the doctor finds."""

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.app.registry import all_commands
from bot.config import Settings, SettingsError
from bot.domain.errors import HallwayError
from bot.storage.cipher import FernetCipher
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import SystemClock

if TYPE_CHECKING:  # it takes half a second
    from adapters.slack.oauth.workspaces import Credentials

NO_ADDRESS = "Many workspaces install Hallway by the browser: set HALLWAY_PUBLIC_URL to where it reaches `hallway run`."


def credentials(settings: Settings) -> "Credentials | None":
    """By what right we speak on Slack, None if we do not; raises `SettingsError` and `CipherError`."""
    from adapters.slack.oauth.workspaces import ManyTokens, OneToken  # noqa: PLC0415 — it takes half a second
    from adapters.slack.web_client import App  # noqa: PLC0415 — as above

    used = settings.slack
    if used == "one" and settings.slack_bot_token:
        return OneToken(settings.slack_bot_token.get_secret_value())
    if used == "many" and settings.slack_client_id and settings.slack_client_secret and settings.secret_key:
        app = App(settings.slack_client_id, settings.slack_client_secret.get_secret_value())
        seal = FernetCipher.of(settings.secret_key.get_secret_value())
        return ManyTokens(app, settings.public_url or "", seal, SystemClock())
    return None


def manifest_text(settings: Settings, *, many: bool = False, as_json: bool = False) -> str:
    """The manifest of the Slack app; over HTTP if there is a public address and no token for Socket Mode."""
    from adapters.slack.manifest import Setup, manifest, manifest_yaml  # noqa: PLC0415 — few need it

    url, wanted = settings.public_url or "", many or bool(settings.slack_client_id)
    if wanted and not url:
        raise SettingsError(NO_ADDRESS)
    setup = Setup(url, socket_mode=bool(settings.slack_app_token) or not url, many=wanted)
    if as_json:
        return json.dumps(manifest(all_commands(), setup), indent=2, ensure_ascii=False)
    return manifest_yaml(all_commands(), setup)


async def slack_findings(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    """What is well with Slack and what is not, each as a sentence."""
    from adapters.slack.diagnostics import Checkup  # noqa: PLC0415 — as above
    from adapters.slack.oauth.installations import StoredWorkspaces  # noqa: PLC0415 — as above
    from adapters.slack.oauth.workspaces import ManyTokens, OneToken  # noqa: PLC0415 — as above
    from adapters.slack.web_client import new_client  # noqa: PLC0415 — it takes half a second

    store = SqlStore.at(settings.database_url.get_secret_value())
    try:
        held, client = credentials(settings), new_client(settings.slack_api_url)
        if held is None:
            return
        checkup = Checkup(
            client,
            held.token if isinstance(held, OneToken) else "",
            settings.slack_app_token.get_secret_value() if settings.slack_app_token else "",
            held.app if isinstance(held, ManyTokens) else None,
            settings.public_url or "",
        )
        stored = None
        if isinstance(held, ManyTokens):
            stored = StoredWorkspaces(store, held.seal, held.clock, held.app, client)
        async for finding in checkup.examine(stored):
            yield finding
    except HallwayError as fault:
        yield False, str(fault)
    finally:
        await store.close()
