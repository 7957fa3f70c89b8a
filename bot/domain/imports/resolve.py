"""Resolve a draft to a schedule: zone, venues, codes and stable ids. Every guess is reported."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.doubles import without_doubles
from bot.domain.imports.draft import Draft, DraftSession, Remark, remark
from bot.domain.imports.matching import MatchCandidate, match_sessions
from bot.domain.imports.offsets import agrees, settle_offsets
from bot.domain.imports.session_codes import (
    TakenNames,
    bare_title,
    generate_codes,
    row_order,
    talk_title,
    unique_name,
    unique_sitting_code,
)
from bot.domain.imports.zone_guesses import settle_abbreviations, zone_remarks
from bot.domain.phrases import phrase
from bot.domain.schedule.conference import Conference, Schedule
from bot.domain.schedule.online import is_online
from bot.domain.schedule.rooms import trailing_cities, without_city
from bot.domain.schedule.session import Recorded, Session, SessionState
from bot.domain.times.zone_names import zones_called
from bot.domain.times.zones import is_zone, resolve_wall, zone_by_name
from bot.domain.travel.outlines import with_outlines
from bot.domain.travel.venue import Venue, VenueBook

GUESS_OF, GUESS_PARTS = 2, 3
"""Venues are guessed only if more than 2/3 of the sessions with a location have a bar in it."""


@dataclass(frozen=True, slots=True)
class ResolvedDraft:
    """A schedule with remarks on skipped rows and guesses."""

    schedule: Schedule
    skipped: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


def resolve_draft(
    draft: Draft,
    slug: str,
    zone: str,
    venues: Sequence[Venue],
    old: Schedule | None = None,
    extra: Sequence[Venue] = (),
) -> ResolvedDraft:
    """Resolve `draft` to a schedule.

    Sessions keep the revision they have in `old` unless their time, place or state changed.

    Args:
        zone: IANA name; wins over the file's. "" if not given.
        venues: win over venues guessed from locations.
        old: the previous version, for stable ids and codes.
        extra: more venues that locations are compared with, also before venues are guessed.

    Raises:
        ScheduleImportError: no zone is known, or no session is left.
    """
    venues = with_outlines(venues, old.venues) if old else venues
    name = zone or draft.zone or (old.conference.zone if old else "")
    if not name:
        raise ScheduleImportError(
            "{source} does not say its time zone: give it with --zone, such as --zone Europe/Brussels.",
            source=draft.source,
        )
    rows, doubles = without_doubles(draft.sessions)
    if not rows:
        raise ScheduleImportError(
            "{source}: no session could be read{first_reason}.", source=draft.source, first_reason=_first_reason(draft)
        )
    remarks: list[Remark] = []
    own = _own_zone(draft, rows, needed=name == draft.zone)
    if name == draft.zone and own and own != name:
        name = own
        remarks.append(
            remark("zone", "the file calls its time zone {zone}: taken as {own}", zone=repr(draft.zone), own=own)
        )
    if name == "UTC" and draft.zone == name and not zone:
        remarks.append(Remark("zone", "its times are in UTC and are shown so: --zone tells where the conference is"))
    settle_abbreviations(rows, zone_by_name(name), draft.source, remarks)
    remarks.extend(zone_remarks(rows, zone_by_name(name)))
    rows, contradictions = settle_offsets(rows, zone_by_name(name), zone_by_name(own) if own else None)
    remarks.extend(contradictions)
    listed = tuple(venues) or located_venues(old)
    places = _places(rows, draft, listed, extra, remarks)
    book = VenueBook.of((*listed, *extra))
    cities = trailing_cities(row.location for row in rows)
    tz = zone_by_name(name)
    candidates = [
        MatchCandidate(row, _session(row, tz, venue, _room(without_city(row.room, cities), venue, book), remarks))
        for row in sorted(rows, key=row_order)
        for venue in (places[row.location],)
    ]
    kept = tuple(_named(candidates, old.sessions if old else (), remarks))
    listed = listed or tuple(Venue(v) for v in dict.fromkeys(places.values()) if v)
    conference = replace(old.conference, zone=name) if old else Conference(slug, draft.title or slug, name)
    schedule = Schedule(conference, listed, old.ways if old else (), kept, old.topics if old else ())
    schedule = replace(schedule, room_ways=old.room_ways) if old else schedule
    if schedule != old:
        schedule = replace(schedule, conference=replace(conference, revision=conference.revision + 1))
    return ResolvedDraft(schedule, (*draft.skipped, *doubles), (*draft.warnings, *remarks))


def _own_zone(draft: Draft, rows: Sequence[DraftSession], *, needed: bool) -> str:
    """Return the zone that the file names, "" if it names none.

    Half a name, such as Berlin, is understood where every offset in the file agrees.

    Raises:
        ScheduleImportError: the name is not understood, and no other zone is known (`needed`).
    """
    if is_zone(draft.zone) or not draft.zone:
        return draft.zone
    candidates = zones_called(draft.zone)
    if found := next((each for each in candidates if agrees(rows, zone_by_name(each))), ""):
        return found
    if not needed:
        return ""
    problem = (
        phrase("may be {candidates}, but its times have other offsets", candidates=candidates[0])
        if candidates
        else "is none"
    )
    raise ScheduleImportError(
        "{source} says that its time zone is {zone}, which {problem}: give it with --zone.",
        source=draft.source,
        zone=repr(draft.zone),
        problem=problem,
    )


def _first_reason(draft: Draft) -> str:
    first = next(iter((*draft.impossible, *draft.skipped)), None)
    return f" ({first.where}: {first.what})" if first else ": there is none in it"


def located_venues(old: Schedule | None) -> tuple[Venue, ...]:
    """The venues of the previous import if they have coordinates: a re-import without a list keeps them."""
    known = old.venues if old else ()
    return known if any(venue.lat is not None for venue in known) else ()


def _places(
    rows: Sequence[DraftSession],
    draft: Draft,
    venues: Sequence[Venue],
    extra: Sequence[Venue],
    remarks: list[Remark],
) -> Mapping[str, str]:
    """Map each location to the name of its venue, "" if unknown."""
    every = Counter(row.location for row in rows)
    if venues:
        return _listed(every, VenueBook.of((*venues, *extra)), remarks)
    if extra:
        return _guessed_places(rows, draft, remarks) | _found(every, VenueBook.of(extra))
    return _guessed_places(rows, draft, remarks)


def _found(locations: Iterable[str], book: VenueBook) -> dict[str, str]:
    """Map the locations that name a venue to its name."""
    found = {location: book.all_at(location) for location in locations}
    return {location: venues[0].name for location, venues in found.items() if venues}


def _guessed_places(rows: Sequence[DraftSession], draft: Draft, remarks: list[Remark]) -> dict[str, str]:
    every = Counter(row.location for row in rows)
    uses = Counter({location: count for location, count in every.items() if not is_online(location)})
    elsewhere = dict.fromkeys(every.keys() - uses.keys(), "")
    if not uses:
        return elsewhere
    guessed = {location: location.split("|")[0].strip() if "|" in location else "" for location in uses}
    placed = sum(uses[location] for location, name in guessed.items() if name)
    # A bar in only a few rooms ("Hall 8 | Room E") does not mean that rooms begin with their venue.
    if placed * GUESS_PARTS > GUESS_OF * sum(uses[location] for location in uses if location):
        names = sorted({name for name in guessed.values() if name})
        remarks.append(
            remark(
                "venues",
                "taken from the first part of the room: {names}; --venues FILE adds coordinates",
                names=", ".join(names),
            )
        )
        return guessed | elsewhere
    site = draft.site or draft.title or "the venue"
    remarks.append(
        remark(
            "venues",
            "no list was given, so everything is taken to be in one venue, {site}; --venues FILE tells more",
            site=site,
        )
    )
    return dict.fromkeys(uses, site) | elsewhere


def _listed(uses: Mapping[str, int], book: VenueBook, remarks: list[Remark]) -> Mapping[str, str]:
    """Map each location to a listed venue; a location with no or several venues is reported."""
    every = {location: book.all_at(location) for location in uses}
    found = {location: next(iter(venues_at), None) for location, venues_at in every.items()}
    for location, venue in found.items():
        if others := every[location][1:]:
            also = ", ".join(other.name for other in others)
            what = phrase(
                "{location} names {also} too: taken to be in {name}",
                location=repr(location),
                also=also,
                name=every[location][0].name,
            )
            remarks.append(Remark(f"location {location!r}", what))
        if venue is None and not is_online(location):
            what = (
                phrase(
                    "{location} is in no venue of the list ({sessions})",
                    location=repr(location),
                    sessions=_sessions(uses[location]),
                )
                if location
                else phrase("{sessions} without a room: the venue is unknown", sessions=_sessions(uses[location]))
            )
            remarks.append(Remark(f"location {location!r}", what))
    return {location: venue.name if venue else "" for location, venue in found.items()}


def _sessions(number: int) -> str:
    return f"{number} session" if number == 1 else f"{number} sessions"


def _named(candidates: Sequence[MatchCandidate], old: Sequence[Session], remarks: list[Remark]) -> Iterable[Session]:
    """Yield the sessions with stable ids and unique codes; known sessions keep both."""
    found = match_sessions(candidates, old)
    made = generate_codes([each.row for each in candidates if not each.row.code])
    ids, codes = TakenNames(session.id for session in old), TakenNames()
    settled = {number: _kept_code(candidates[number].row, session) for number, session in found.items()}
    codes.update(code.upper() for code in settled.values() if code)
    _remark_duplicates(candidates, remarks)
    talks = _talks(candidates)
    for number, candidate in enumerate(candidates):
        row, before = candidate.row, found.get(number)
        code = settled.get(number) or (
            _free_code(row, codes, talks)
            if row.code
            else unique_sitting_code(made[row][0], codes, repeated=made[row][1])
        )
        if row.code and code != row.code:
            remarks.append(
                remark(
                    row.where,
                    "the code {code} is there twice: {title} gets {new_code}",
                    code=row.code,
                    title=repr(row.title),
                    new_code=code,
                )
            )
        id_ = before.id if before else unique_name(row.uid or code, ids)
        yield _revised(replace(candidate.session, id=id_, code=code), before)


def _kept_code(row: DraftSession, before: Session) -> str:
    """Return the previous code, unless the file now has another."""
    return before.code if row.code in ("", before.code, before.code.rpartition("-")[0]) else ""


def _talks(candidates: Sequence[MatchCandidate]) -> Mapping[str, set[str]]:
    """Map each code of the file to the titles it is used for."""
    talks: dict[str, set[str]] = defaultdict(set)
    for row in (each.row for each in candidates):
        talks[row.code.upper()].add(talk_title(row.title).casefold())
    return talks


def _free_code(row: DraftSession, codes: TakenNames, talks: Mapping[str, set[str]]) -> str:
    """Return the file's code; if it is used already, that of a further sitting of the talk, or a numbered one."""
    if row.code.upper() not in codes:
        return unique_name(row.code, codes)
    if len(talks[row.code.upper()]) == 1:
        return unique_sitting_code(row.code, codes, repeated=True, also=talks)
    return unique_name(row.code, codes, also=talks)


def _remark_duplicates(candidates: Sequence[MatchCandidate], remarks: list[Remark]) -> None:
    first: dict[str, DraftSession] = {}
    rooms: dict[str, int] = defaultdict(lambda: 1)
    for row in (each.row for each in candidates):
        before = first.setdefault(row.uid, row)
        if not row.uid or before is row or row.uid == row.code:
            continue
        if (before.title, before.starts, before.length) == (row.title, row.starts, row.length):
            rooms[row.uid] += 1
            continue
        what = phrase(
            "the id {uid} is at {where} too: {title} is taken as a session of its own",
            uid=row.uid,
            where=before.where,
            title=repr(row.title),
        )
        remarks.append(Remark(row.where, what))
    for uid, count in rooms.items():
        what = phrase(
            "{title} is in {count} rooms at the same time: lists show it once",
            title=repr(first[uid].title),
            count=count,
        )
        remarks.append(Remark(first[uid].where, what))


def _session(row: DraftSession, zone: tzinfo, venue: str, room: str, remarks: list[Remark]) -> Session:
    starts = _instant(row, zone, remarks)
    if not row.length:
        remarks.append(remark(row.where, "{title} does not say how long it lasts", title=repr(row.title)))
    return Session(
        "",
        row.code,
        bare_title(row.title),
        starts,
        _end(row, starts, zone),
        venue,
        room,
        abstract=row.abstract,
        speakers=row.speakers,
        track=row.track,
        level=row.level,
        kind=row.kind,
        language=row.language,
        recorded=Recorded.YES if row.recording_url else row.recorded,
        state=SessionState.CANCELLED if row.cancelled else SessionState.SCHEDULED,
        recording_url=row.recording_url,
        overflow=_listed_parts(row.overflow),
    )


def _end(row: DraftSession, starts: datetime, zone: tzinfo) -> datetime:
    """Return the end; 23:00 to 04:00 lasts six hours in the night in which the clocks go back."""
    if row.ends_by_clock:
        ends = resolve_wall(starts.astimezone(zone).replace(tzinfo=None) + row.length, zone)[0]
        if ends >= starts:
            return ends
    return starts + row.length


def _room(room: str, venue: str, book: VenueBook) -> str:
    """`MGM | Level 1 | Grand 113` → `Level 1, Grand 113`: the venue is not repeated."""
    parts = [part.strip() for part in room.split("|") if part.strip()]
    known = book.named(parts[0]) if len(parts) > 1 else None
    if len(parts) > 1 and venue in (parts[0], known.name if known else None):
        parts = parts[1:]
    return ", ".join(parts)


def _listed_parts(place: str) -> str:
    """`MGM | Level 1 | Grand 113` → `MGM, Level 1, Grand 113`."""
    return ", ".join(part for each in place.split("|") if (part := each.strip()))


def _instant(row: DraftSession, zone: tzinfo, remarks: list[Remark]) -> datetime:
    if row.starts.tzinfo is not None:
        return row.starts.astimezone(UTC)
    instant, fault = resolve_wall(row.starts, zone)
    if fault:
        taken = f"{instant.astimezone(zone):%H:%M %Z}"
        what = phrase(
            "{starts} {fault} in {zone} (the clocks change): taken as {taken}",
            starts=f"{row.starts:%Y-%m-%d %H:%M}",
            fault=fault,
            zone=zone,
            taken=taken,
        )
        remarks.append(Remark(row.where, what))
    return instant


def _revised(session: Session, before: Session | None) -> Session:
    if before is None:
        return session
    revision = before.revision if session.appointment == before.appointment else before.revision + 1
    same = (session.revision, session.recording_at) == (revision, before.recording_at)
    return session if same else replace(session, revision=revision, recording_at=before.recording_at)
