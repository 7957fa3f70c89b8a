"""The Bolt app: every listener acknowledges at once and leaves the work to the desk.

Bolt waits for an acknowledgement in steps of 10 ms unless it may process before it responds; as our listeners only
acknowledge and begin, it may. Bolt gives None for a parameter that it does not know: listeners take only what it does.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.interactions import SlackInteractionHandler
from adapters.slack.modals import FORM, filled, window
from adapters.slack.oauth.uninstall import EVENTS, UninstallHandler
from adapters.slack.render.message import PRESS

ANY = re.compile("^")
NO_SECRET = "Socket Mode: nothing comes over HTTP"  # noqa: S105 — a sentence

Body = dict[str, Any]

_quiet = logging.getLogger("hallway.slack.bolt")
# The library writes whole bodies of what it has no listener for, with names and addresses in them.
_quiet.setLevel(logging.ERROR)


class Anybody(AsyncAuthorize):
    """Lets everything on that Slack has signed: which token is good in a workspace is asked after the answer."""

    async def __call__(self, **given: Any) -> AuthorizeResult:  # noqa: ANN401 — as Bolt calls it
        """Who asks, without a token."""
        return AuthorizeResult(
            enterprise_id=given.get("enterprise_id"), team_id=given.get("team_id"), user_id=given.get("user_id")
        )


def bolt_app(
    desk: SlackInteractionHandler, farewell: UninstallHandler, client: AsyncWebClient, secret: str = ""
) -> AsyncApp:
    """The app; without a signing `secret` it is for Socket Mode."""
    app = AsyncApp(
        client=client,
        signing_secret=secret or NO_SECRET,
        authorize=Anybody(),  # type: ignore[no-untyped-call]  # its base brings no types
        process_before_response=True,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        logger=_quiet,
    )
    app.command(ANY)(_beginning(desk, desk.typed))
    app.action(re.compile(f"^{PRESS}:"))(_beginning(desk, desk.pressed))
    app.view(FORM)(_submission(desk))
    app.event("app_home_opened")(_beginning(desk, desk.opened_home))
    for event in EVENTS:
        app.event(event)(_beginning(desk, _leaving(farewell)))
    return app


def _beginning(desk: SlackInteractionHandler, work: Callable[[Body], Any]) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: Body) -> None:
        await ack()
        desk.take(work(body))

    return listener


def _submission(desk: SlackInteractionHandler) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: Body) -> None:
        form = filled(body["view"])
        if form.back:
            await ack()
        else:
            await ack(response_action="update", view=window())
        desk.take(desk.submitted(body, form))

    return listener


def _leaving(farewell: UninstallHandler) -> Callable[[Mapping[str, Any]], Any]:
    async def leave(body: Mapping[str, Any]) -> None:
        await farewell.heard(body)

    return leave
