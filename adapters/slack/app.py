"""The Bolt app: every listener acknowledges at once and leaves the work to the interaction handler.

Bolt polls for an acknowledgement every 10 ms unless `process_before_response` is set; our listeners acknowledge first
and only start a task, so it is. Bolt passes None for a parameter whose name it does not know.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.interactions import SlackInteractionHandler
from adapters.slack.modals import FORM, parse_submission
from adapters.slack.oauth.uninstall import EVENTS, UninstallHandler
from adapters.slack.payload import parse_actor
from adapters.slack.render.message import OPEN, PRESS
from adapters.slack.submissions import Submission

ANY = re.compile("^")
NO_SECRET = "Socket Mode: nothing comes over HTTP"  # noqa: S105 — a sentence

Body = dict[str, Any]
Work = Callable[[Body], Coroutine[Any, Any, object]]

_quiet = logging.getLogger("hallway.slack.bolt")
# Bolt logs the whole body of an event without a listener, with names and addresses.
_quiet.setLevel(logging.ERROR)


class AuthorizeWithoutToken(AsyncAuthorize):
    """Accepts every request that Slack signed; the token is looked up after the acknowledgement."""

    async def __call__(self, **ids: Any) -> AuthorizeResult:  # noqa: ANN401 — as Bolt calls it
        """Return the ids of the request, without a token."""
        return AuthorizeResult(
            enterprise_id=ids.get("enterprise_id"), team_id=ids.get("team_id"), user_id=ids.get("user_id")
        )


def build_bolt_app(
    handler: SlackInteractionHandler,
    uninstalls: UninstallHandler,
    client: AsyncWebClient,
    signing_secret: str | None = None,
) -> AsyncApp:
    """Return the app with its listeners; without a signing secret it is for Socket Mode."""
    app = AsyncApp(
        name="hallway",  # else Bolt reads the source of every caller to find a name
        client=client,
        signing_secret=signing_secret or NO_SECRET,
        authorize=AuthorizeWithoutToken(),  # type: ignore[no-untyped-call]  # its base brings no types
        process_before_response=True,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        logger=_quiet,
    )
    app.command(ANY)(_acknowledge_then(handler, handler.handle_command))
    app.action(re.compile(f"^{PRESS}:"))(_acknowledge_then(handler, handler.handle_button))
    app.action(re.compile(f"^{OPEN}:"))(_acknowledge)
    app.view(FORM)(_form_listener(handler))
    app.event("app_home_opened")(_acknowledge_then(handler, handler.handle_home_opened))
    app.event("link_shared")(_acknowledge_then(handler, handler.unfurler.handle))
    for event in ("app_mention", "message"):
        app.event(event)(_acknowledge_then(handler, handler.handle_message))
    for event in EVENTS:
        app.event(event)(_acknowledge_then(handler, uninstalls.handle))
    return app


async def _acknowledge(ack: AsyncAck) -> None:
    """Answer a press that needs nothing else: the address of a button is open already."""
    await ack()


def _acknowledge_then(handler: SlackInteractionHandler, work: Work) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: Body) -> None:
        await ack()
        handler.start(work(body), parse_actor(body).team)

    return listener


def _form_listener(handler: SlackInteractionHandler) -> Callable[..., Awaitable[None]]:
    """Acknowledge with an empty answer, which closes the form, or with the modal that is shown in its place."""

    async def listener(ack: AsyncAck, body: Body) -> None:
        submission = Submission(body, parse_submission(body["view"]))
        handler.start(handler.handle_form(submission), parse_actor(body).team, yields=False)
        view = await submission.acknowledgement(handler.ack_patience)
        if view is None:
            await ack()
        else:
            await ack(response_action="update", view=view)

    return listener
