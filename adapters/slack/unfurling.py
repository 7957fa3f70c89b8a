"""Shows the card of a session below a link to its page that somebody pasted, and warns about a private address."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from cachetools import TTLCache

from adapters.slack.api import POST_EPHEMERAL, POST_MESSAGE
from adapters.slack.deduplicator import Deduplicator, delivery_key
from adapters.slack.errors import NotAllowedError, SlackTargetGoneError, SlowDownError, TokenRevokedError
from adapters.slack.oauth.token import PLATFORM, Workspace
from adapters.slack.payload import Actor, SharedMessage, parse_actor, parse_shared
from adapters.slack.render.message import render_message
from adapters.slack.render.mrkdwn import Block
from adapters.slack.responder import Responder, message_body
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Request
from bot.app.pages import PublicSchedules, SharedLinks
from bot.app.pages.shared_links import Exposed
from bot.app.ports import DeliveryUnknownError, InvalidMessageError, SendError, TemporaryError
from bot.app.text.web_side import PageLink
from bot.domain.attendee.private_address import digest_of
from bot.domain.errors import HallwayError

UNFURL = "chat.unfurl"
MOST_LINKS = 5
"""How many links of one message get a card. A message with more links is a list, which cards would hide."""
MOST_RESTING, REST = 1_000, 3_600.0
"""Workspaces that are remembered because the app may not show cards there, and for how many seconds."""

log = structlog.get_logger("hallway.slack")


def _resting() -> TTLCache[str, bool]:
    return TTLCache(MOST_RESTING, REST)


@dataclass(slots=True)
class LinkUnfurler:
    """Answers the event that a message has links to our pages. Failures are logged: nobody waits for a card."""

    dispatch: Dispatcher
    responder: Responder
    deduplicator: Deduplicator
    _resting: TTLCache[str, bool] = field(default_factory=_resting)

    async def handle(self, body: Mapping[str, Any]) -> None:
        """Show cards below the links of a message, and warn the owner of a private address in it."""
        web, shared = self.dispatch.web, parse_shared(body)
        if web is None or shared is None:
            return
        actor = parse_actor(body)
        links_by_url = {url: link for url in shared.urls if (link := web.linked(url))}
        if not links_by_url or actor.team in self._resting:
            return
        # Counted like a command: a flood of links costs nobody else anything, and is answered by silence.
        if self.dispatch.refusal(Request(PLATFORM, actor.team, actor.user, "unfurl")) is not None:
            return
        if not await self.deduplicator.is_first([delivery_key("event", body.get("event_id"))], everywhere=True):
            return
        links = SharedLinks(self.dispatch.store, PublicSchedules(self.dispatch.store, self.dispatch.schedules), web)
        await self._show(actor, shared, await self._cards(links, actor, links_by_url))
        if shared.is_read_by_others:
            for link in links_by_url.values():
                await self._warn(links, actor, shared, link)

    async def _cards(
        self, links: SharedLinks, actor: Actor, links_by_url: Mapping[str, PageLink]
    ) -> dict[str, list[Block]]:
        """Return the blocks of each link that has a card, by the address as it was pasted."""
        now, cards = self.dispatch.clock.now(), dict[str, list[Block]]()
        for url, link in links_by_url.items():
            if len(cards) < MOST_LINKS and (reply := await links.card(PLATFORM, actor.team, link, now)):
                cards[url] = list(render_message(reply).blocks)
        return cards

    async def _show(self, actor: Actor, shared: SharedMessage, cards: Mapping[str, list[Block]]) -> None:
        workspace = await self._workspace(actor) if cards else None
        if workspace is None:
            return
        unfurls = {url: {"blocks": blocks} for url, blocks in cards.items()}
        try:
            await self._unfurl(workspace, shared, unfurls)
        except InvalidMessageError as fault:
            log.info("a link got no card", fault=str(fault))
            # One address that Slack does not take must not cost the others their cards.
            for url in unfurls if len(unfurls) > 1 else ():
                await self._show(actor, shared, {url: cards[url]})
        except NotAllowedError as fault:
            self._resting[actor.team] = True
            log.warning("links get no cards in a workspace", team=actor.team, fault=str(fault))
        except (SendError, SlackTargetGoneError, TokenRevokedError) as fault:
            log.warning("a link got no card", fault=str(fault))

    async def _unfurl(self, workspace: Workspace, shared: SharedMessage, unfurls: Mapping[str, Any]) -> None:
        """Show the cards; showing them twice changes nothing, so a lost answer is no reason to give up."""
        arguments = {**shared.place, "unfurls": unfurls}
        for pause in (*self.responder.pauses, None):
            try:
                await self.responder.api.call(workspace, UNFURL, arguments)
            except (SlowDownError, NotAllowedError):
                raise
            except (TemporaryError, DeliveryUnknownError):
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                return

    async def _warn(self, links: SharedLinks, actor: Actor, shared: SharedMessage, link: PageLink) -> None:
        """Say to the owner of a private address, and to nobody else, that others can read it."""
        exposed = await links.exposed(PLATFORM, actor.team, link)
        if exposed is None:
            return
        # Once in a while: somebody may paste the address of another person again and again.
        key = delivery_key("exposed", digest_of(link.secret), shared.channel)
        if await self.deduplicator.is_first([key], everywhere=True):
            await self._warn_owner(exposed, actor, shared)

    async def _warn_owner(self, exposed: Exposed, actor: Actor, shared: SharedMessage) -> None:
        owner, message = exposed.owner, render_message(exposed.warning)
        thread = {"thread_ts": shared.thread} if shared.thread else {}
        warning = {"text": message.text, "blocks": list(message.blocks), **thread}
        if await self.responder.call(actor, POST_EPHEMERAL, {**warning, "channel": shared.channel, "user": owner.user}):
            return
        # Hallway, or the owner, is not in that channel. Nobody gets a direct message who has not agreed to any.
        if owner.user == actor.user or (owner.agreed_at is not None and not owner.reach.refused):
            body = {**message_body(message), "channel": owner.user}
            await self.responder.call(actor, POST_MESSAGE, body, owner.user)

    async def _workspace(self, actor: Actor) -> Workspace | None:
        try:
            return await self.responder.workspaces.find(actor.team, actor.enterprise)
        except HallwayError as fault:
            log.warning("a workspace could not be looked up", fault=str(fault))
            return None
