"""The card that a chat shows for a pasted link to our pages: public facts of a session, nothing about a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.app.messages import Button, Card, LinkButton, Reply, Text, Typed
from bot.app.pages.public import PublicSchedules
from bot.app.ports import Store
from bot.app.text import Reader, day_text, lines, n, s, session_buttons, session_card, shortened, t
from bot.app.text.web_side import PageLink, WebSide
from bot.domain.attendee.attendee import Attendee
from bot.domain.attendee.private_address import digest_of, is_secret
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

ABSTRACT = 280
"""Characters of an abstract below a pasted link."""
OFFERED = ("attend", "star")
NEW = Typed("/agenda calendar new")
RENEW = Button(s("New address"), "agenda", {"form": "calendar", "address": "new"}, primary=True)


class Exposed(NamedTuple):
    """A private address that others can read: its owner, and the warning for the owner."""

    owner: Attendee
    warning: Reply


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """Looks at links for the community in which they were pasted."""

    store: Store
    schedules: PublicSchedules
    web: WebSide

    async def card(self, platform: str, tenant: str, link: PageLink, now: datetime) -> Reply | None:
        """Return the card of a link; None if the link is private, or leads to no page of this community.

        Raises:
            StoreError: the database does not answer.
        """
        public = await self.schedules.find(link.page) if link.page else None
        if public is None or (public.community.platform, public.community.tenant) != (platform, tenant):
            return None
        if not link.session:
            return _schedule_card(public.schedule, self.web.community(link.page)) if not link.is_other else None
        session = public.schedule.by_id.get(link.session)
        if session is None or not session.listed:
            return None
        return _session_card(session, public.schedule, self.web.session(link.page, session.id), now)

    async def exposed(self, platform: str, tenant: str, link: PageLink) -> Exposed | None:
        """Return the owner of a private address in a link, if they are in this community and the address still works.

        Raises:
            StoreError: the database does not answer.
        """
        if not is_secret(link.secret):
            return None
        async with self.store.read_transaction() as work:
            id_ = await work.addresses.owner(digest_of(link.secret))
            owner = (await work.people.by_id([id_])).get(id_) if id_ is not None else None
        if owner is None or (owner.community.platform, owner.community.tenant) != (platform, tenant):
            return None
        warning = lines(
            t("Your private address is in a message that others can read: with it they see and change your agenda."),
            t("Get a new address with {renew}. The old one then stops, also for your calendar.", renew=NEW),
        )
        return Exposed(owner, Reply(warning, buttons=(RENEW,)))


def _session_card(session: Session, schedule: Schedule, url: str, now: datetime) -> Reply:
    speakers = t("{speakers}", speakers=", ".join(session.speakers)) if session.speakers else ()
    abstract: Text = (shortened(" ".join(session.abstract.split()), ABSTRACT),) if session.abstract.strip() else ()
    card = session_card(session, Reader(schedule.conference.zone), *lines(speakers, abstract))
    is_coming = session.takes_place and now < session.ends_at
    choices = [button for button in session_buttons(session, going=False) if button.command in OFFERED and is_coming]
    offered = [button for button in choices if "seat" not in button.arguments]
    details = Button(s("Details"), "session", {"code": session.code}, seen=session.revision)
    return Reply(cards=(card,), buttons=(*offered, details), links=(LinkButton(s("On the web"), url),), private=False)


def _schedule_card(schedule: Schedule, url: str) -> Reply:
    days = schedule.days
    when = t("{first} to {last}", first=day_text(days[0]), last=day_text(days[-1])) if len(days) > 1 else ()
    when = when or ((day_text(days[0]),) if days else ())
    count = sum(session.takes_place for session in schedule.sessions)
    card = Card(schedule.conference.title, lines(when, n("{count} session", "{count} sessions", count)))
    button = Button(s("Next session"), "nextsession")
    return Reply(cards=(card,), buttons=(button,), links=(LinkButton(s("On the web"), url),), private=False)
