"""From a draft to a schedule: zone, venues, codes and stable ids are settled, and every guess is said."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b

from bot.domain.draft import Draft, DraftSession, Remark
from bot.domain.errors import ImportFault
from bot.domain.schedule import Conference, Schedule
from bot.domain.session import Session, SessionState
from bot.domain.venue import Venue, VenueBook
from bot.domain.when import resolve_wall, zone_named

_REPEATED = re.compile(r"\s*\[repeat\]\s*", re.IGNORECASE)
_LETTERS = re.compile(r"[^A-Z]")
CODE_LETTERS, CODE_NUMBERS = 3, 100_000


@dataclass(frozen=True, slots=True)
class Settled:
    """A schedule, with what was left out of the file and what was guessed."""

    schedule: Schedule
    skipped: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


def settle(draft: Draft, slug: str, zone: str, venues: Sequence[Venue], old: Schedule | None = None) -> Settled:
    """The schedule that `draft` means.

    `zone` wins over the file's; `venues` over what can be guessed from locations. Sessions keep the revision they
    have in `old` unless their time, place or state changed. Raises `ImportFault` where no zone or session is left.
    """
    name = zone or draft.zone or (old.conference.zone if old else "")
    if not name:
        message = f"{draft.source} does not say its time zone: give it with --zone, such as --zone Europe/Brussels."
        raise ImportFault(message)
    rows, doubles = _without_doubles(draft.sessions)
    if not rows:
        message = f"{draft.source}: no session could be read{_first_reason(draft)}."
        raise ImportFault(message)
    told: list[Remark] = []
    places = _places(rows, draft, venues or (_known_venues(old)), told)
    book = VenueBook.of(venues or _known_venues(old))
    sessions = [
        replace(
            _session(row, code, id_, zone_named(name), told),
            venue=places[row.location],
            room=_room(row.room, places[row.location], book),
        )
        for row, code, id_ in _coded(rows, told)
    ]
    before = old.by_id if old else {}
    kept = tuple(_revised(session, before.get(session.id)) for session in sessions)
    listed = tuple(venues) or _known_venues(old) or tuple(Venue(v) for v in dict.fromkeys(places.values()) if v)
    conference = replace(old.conference, zone=name) if old else Conference(slug, draft.title or slug, name)
    schedule = Schedule(conference, listed, old.legs if old else (), kept, old.topics if old else ())
    if schedule != old:
        schedule = replace(schedule, conference=replace(conference, revision=conference.revision + 1))
    return Settled(schedule, (*draft.skipped, *doubles), (*draft.warnings, *told))


def _first_reason(draft: Draft) -> str:
    first = next(iter((*draft.impossible, *draft.skipped)), None)
    return f" ({first.where}: {first.what})" if first else ": there is none in it"


def _known_venues(old: Schedule | None) -> tuple[Venue, ...]:
    """A re-import without a list of venues keeps the coordinates that were given before."""
    known = old.venues if old else ()
    return known if any(venue.lat is not None for venue in known) else ()


def _without_doubles(rows: Iterable[DraftSession]) -> tuple[list[DraftSession], list[Remark]]:
    first: dict[DraftSession, str] = {}
    doubles: list[Remark] = []
    kept: list[DraftSession] = []
    for row in rows:
        anywhere = replace(row, where="")
        if anywhere in first:
            doubles.append(Remark(row.where, f"{row.title!r} is exactly the same as {first[anywhere]}"))
        else:
            first[anywhere] = row.where
            kept.append(row)
    return kept, doubles


def _places(
    rows: Sequence[DraftSession], draft: Draft, venues: Sequence[Venue], told: list[Remark]
) -> Mapping[str, str]:
    """The name of the venue of each location; "" where it is unknown."""
    uses = Counter(row.location for row in rows)
    if venues:
        book = VenueBook.of(venues)
        found = {location: book.at(location) for location in uses}
        for location, venue in found.items():
            if venue is None:
                what = (
                    f"{location!r} is in no venue of the list ({uses[location]} sessions)"
                    if location
                    else (f"{uses[location]} sessions have no room, so their venue is unknown")
                )
                told.append(Remark(f"location {location!r}", what))
        return {location: venue.name if venue else "" for location, venue in found.items()}
    guessed = {location: location.split("|")[0].strip() if "|" in location else "" for location in uses}
    if any(guessed.values()):
        names = sorted({name for name in guessed.values() if name})
        told.append(
            Remark(
                "venues",
                f"taken from the first part of the room: {', '.join(names)}; --venues FILE adds coordinates",
            )
        )
        return guessed
    site = draft.site or draft.title or "the venue"
    told.append(
        Remark(
            "venues",
            f"no list was given, so everything is taken to be in one venue, {site}; --venues FILE tells more",
        )
    )
    return dict.fromkeys(uses, site)


def _coded(rows: Sequence[DraftSession], told: list[Remark]) -> Iterable[tuple[DraftSession, str, str]]:
    """Each row with a code that no other has, and an id that outlives changes of time and room."""
    coded = [(row, row.code) for row in rows if row.code] + list(_invented([row for row in rows if not row.code]))
    taken: set[str] = set()
    ids: set[str] = set()
    for row, wanted in sorted(coded, key=lambda pair: (pair[0].starts.replace(tzinfo=None), pair[0].location)):
        code = _free(wanted, taken)
        if code != wanted and row.code:
            told.append(Remark(row.where, f"the code {wanted} is there twice: {row.title!r} gets {code}"))
        yield row, code, _free(row.uid or code, ids)


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name.upper() in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name.upper())
    return name


def _invented(rows: Sequence[DraftSession]) -> Iterable[tuple[DraftSession, str]]:
    """Codes for a file without: letters of the kind and a number made from the title, `-R`, `-R1` for repeats."""
    talks: dict[tuple[str, str], list[DraftSession]] = defaultdict(list)
    for row in rows:
        talks[row.kind, _bare(row.title).casefold()].append(row)
    taken: set[str] = set()
    for (kind, title), sittings in sorted(talks.items()):
        code = _code(kind, title, taken)
        repeated = any(_REPEATED.search(row.title) for row in sittings)
        for number, row in enumerate(sorted(sittings, key=lambda row: (row.starts.replace(tzinfo=None), row.location))):
            mark = ("-R" + (str(number - 1) if number > 1 else "")) if repeated else f"-{number + 1}"
            yield row, f"{code}{mark if number else ''}"


def _code(kind: str, title: str, taken: set[str]) -> str:
    letters = (_LETTERS.sub("", kind.upper()) + "SES")[:CODE_LETTERS] if kind else "SES"
    digest = blake2b(f"{kind}\x1f{title}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest) % CODE_NUMBERS
    while f"{letters}{number:05}" in taken:
        number = (number + 1) % CODE_NUMBERS
    taken.add(f"{letters}{number:05}")
    return f"{letters}{number:05}"


def _bare(title: str) -> str:
    return _REPEATED.sub(" ", title).strip()


def _session(row: DraftSession, code: str, id_: str, zone: tzinfo, told: list[Remark]) -> Session:
    starts = _instant(row, zone, told)
    if not row.length:
        told.append(Remark(row.where, f"{row.title!r} does not say how long it lasts"))
    return Session(
        id_,
        code,
        _bare(row.title),
        starts,
        starts + row.length,
        abstract=row.abstract,
        speakers=row.speakers,
        track=row.track,
        level=row.level,
        kind=row.kind,
        language=row.language,
        recorded=row.recorded,
        state=SessionState.CANCELLED if row.cancelled else SessionState.SCHEDULED,
    )


def _room(room: str, venue: str, book: VenueBook) -> str:
    """`Level 1, Grand 113` for `MGM | Level 1 | Grand 113`: the venue is not said twice."""
    parts = [part.strip() for part in room.split("|") if part.strip()]
    known = book.named(parts[0]) if len(parts) > 1 else None
    if len(parts) > 1 and venue in (parts[0], known.name if known else None):
        parts = parts[1:]
    return ", ".join(parts)


def _instant(row: DraftSession, zone: tzinfo, told: list[Remark]) -> datetime:
    if row.starts.tzinfo is not None:
        return row.starts.astimezone(UTC)
    instant, fault = resolve_wall(row.starts, zone)
    if fault:
        taken = f"{instant.astimezone(zone):%H:%M %Z}"
        what = f"{row.starts:%Y-%m-%d %H:%M} {fault} in {zone} (the clocks change): taken as {taken}"
        told.append(Remark(row.where, what))
    return instant


def _revised(session: Session, before: Session | None) -> Session:
    if before is None:
        return session
    same = all(
        getattr(session, name) == getattr(before, name) for name in ("starts_at", "ends_at", "venue", "room", "state")
    )
    revision = before.revision if same else before.revision + 1
    return session if session.revision == revision else replace(session, revision=revision)
