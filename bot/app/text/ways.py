"""Stored ways and venues in words."""

from bot.app.messages import Text
from bot.app.text.catalog import n, s, t
from bot.app.text.format import listed
from bot.domain.travel.venue import Venue
from bot.domain.travel.way import LegSource, Way
from bot.domain.travel.way_hours import days_text, hours_text


def way_text(way: Way) -> Text:
    """`Wynn to MGM Grand by monorail, 22 min, 35 min for 9 in 10, wait 4 min, Mon-Fri 07:00-19:00, both ways`."""
    head = t("{origin} to {target} by {mode}", origin=way.origin, target=way.target, mode=way.mode.value)
    if way.mode.is_walked:
        head = t("{origin} to {target} ({mode})", origin=way.origin, target=way.target, mode=way.mode.value)
    parts: list[Text] = [head, t("{minutes} min", minutes=f"{way.minutes:g}")]
    if way.p90 is not None:
        parts.append(t("{minutes} min for 9 in 10", minutes=f"{way.p90:g}"))
    if way.wait:
        parts.append(t("wait {minutes} min", minutes=f"{way.wait:g}"))
    if way.metres is not None:
        parts.append(t("{metres} m on foot", metres=way.metres))
    if way.outdoor is not None:
        parts.append(t("{metres} m outside", metres=way.outdoor))
    if way.days is not None or way.hours is not None:
        days = days_text(way.days) if way.days is not None else ""
        parts.append((" ".join(part for part in (days, hours_text(way.hours) if way.hours else "") if part),))
    if way.step_free is not None:
        parts.append((s("stairs") if way.step_free is False else s("no steps"),))
    parts.append((s("both ways") if way.both_ways else s("one way"),))
    if way.source is not LegSource.ORGANIZER:
        parts.append((way.source.value,))
    return listed(parts)


def venue_text(venue: Venue) -> Text:
    """`at 36.121638, -115.169601, 10 min inside, Level 2 | Titian * 4 min from the door, 2 entrances, also Forum`."""
    parts: list[Text] = [t("position unknown")]
    if venue.lat is not None and venue.lon is not None:
        parts = [t("at {place}", place=f"{venue.lat:.6f}, {venue.lon:.6f}")]
    parts.append(t("{minutes} min inside", minutes=venue.minutes_inside))
    for each in venue.door_times:
        parts.append(t("{rooms} {minutes} min from the door", rooms=each.rooms, minutes=f"{each.minutes:g}"))
    step_free = sum(door.step_free is True for door in venue.entrances)
    if step_free and step_free == len(venue.entrances):
        parts.append(n("{count} entrance without steps", "{count} entrances without steps", step_free))
    elif venue.entrances:
        parts.append(n("{count} entrance", "{count} entrances", len(venue.entrances)))
        parts += [t("{count} of them without steps", count=step_free)] if step_free else []
    if others := [alias for alias in venue.aliases if alias.casefold() != venue.name.casefold()]:
        parts.append(t("also called {names}", names=", ".join(others)))
    return listed(parts)
