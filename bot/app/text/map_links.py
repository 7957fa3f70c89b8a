"""The buttons that show a walk or a room on a map."""

from bot.app.messages import LinkButton
from bot.app.text.catalog import s
from bot.domain.attendee.attendee import Attendee
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.travel.leg import Leg
from bot.domain.travel.map_links import map_link
from bot.domain.travel.room_links import room_link, room_route_link


def map_links(leg: Leg | None, attendee: Attendee, schedule: Schedule) -> tuple[LinkButton, ...]:
    """Return the link to a walk in the attendee's map; none inside a venue, or if a place is not on the map.

    A ride has one only if the walk is the next best way.
    A hotel that is no venue is not in the link: it would leave the private message.
    """
    if leg is None or leg.origin == leg.target:
        return ()
    if not leg.mode.is_walked and not (leg.other and leg.other[0].is_walked):
        return ()
    start, end = schedule.travel.book.named(leg.origin), schedule.travel.book.named(leg.target)
    url = map_link(start, end, attendee.map) if start and end else None
    return (LinkButton(s("Show the walk"), url),) if url else ()


def room_links(session: Session, schedule: Schedule, before: Session | None = None) -> tuple[LinkButton, ...]:
    """Return the link to a room on the conference's indoor map, or to the way there from the room of `before`."""
    base = schedule.conference.c3nav
    if session.online or not session.takes_place:
        return ()
    if before and not before.online and (url := room_route_link(base, before.room, session.room)):
        return (LinkButton(s("Way to the room"), url),)
    url = room_link(base, session.room)
    return (LinkButton(s("Find the room"), url),) if url else ()
