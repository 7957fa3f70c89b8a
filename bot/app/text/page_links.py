"""Links from messages to the page of a session on the web side.

A message that stays, or that others can read, links the public page of the community or nothing: a private address
in it would go along when somebody forwards or exports the message.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.app.messages import Card, LinkButton, Reply
from bot.app.text.catalog import s
from bot.app.text.format import shortened
from bot.app.text.web_side import WebSide, is_link
from bot.domain.announcements.announcement import Announcement
from bot.domain.announcements.audience import Who
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

MOST, TITLE = 3, 28
"""Buttons of one message for several sessions, and the characters of a title on one of them."""


def public_address(web: WebSide | None, community: Community, session: Session) -> str:
    """Return the address of a session in the public schedule of a community; "" if the community has none."""
    if web is None or not community.page or session.is_block or not session.listed:
        return ""
    url = web.session(community.page, session.id)
    return url if is_link(url) else ""


def public_links(web: WebSide | None, community: Community, sessions: Iterable[Session]) -> tuple[LinkButton, ...]:
    """Return the buttons that open sessions in the public schedule; with titles if there are several."""
    if web is None:
        return ()
    addressed = [(session, url) for session in sessions if (url := public_address(web, community, session))]
    if len(addressed) == 1:
        return (LinkButton(s("On the web"), addressed[0][1]),)
    return tuple(
        LinkButton(s("{title} on the web", title=shortened(session.title, TITLE)), url)
        for session, url in addressed[:MOST]
    )


def schedule_links(web: WebSide | None, community: Community) -> tuple[LinkButton, ...]:
    """Return the button that opens the public schedule of a community; none if it has none."""
    url = web.community(community.page) if web and community.page else ""
    return (LinkButton(s("Schedule on the web"), url),) if is_link(url) else ()


def with_linked_titles(reply: Reply, web: WebSide | None, community: Community, schedule: Schedule) -> Reply:
    """Return a reply with a list of sessions whose titles open their pages, where the community has a public page."""
    if web is None or not community.page or not reply.listed:
        return reply

    def linked(card: Card) -> Card:
        listed = card.number is not None and 0 < card.number <= len(reply.listed)
        session = schedule.by_id.get(reply.listed[card.number - 1]) if card.number and listed else None
        url = public_address(web, community, session) if session else ""
        return replace(card, opens=url) if url else card

    return replace(reply, cards=tuple(map(linked, reply.cards)))


def announcement_links(
    web: WebSide | None, community: Community, announcement: Announcement, schedule: Schedule
) -> tuple[LinkButton, ...]:
    """Return the button that opens the session that an announcement is about; none if it is about none or several."""
    named = [term.what for term in announcement.audience.terms if term.who in (Who.GOING, Who.BACKUPS)]
    ids = {id_ for id_ in (announcement.moment.session, *named) if id_}
    sessions = [schedule.by_id[id_] for id_ in ids if id_ in schedule.by_id]
    return public_links(web, community, sessions) if len(sessions) == len(ids) == 1 else ()
