"""Match rows with sessions of the previous import: by id, then code, then title and speakers.

Numeric ids are weak, because systems renumber. They are used last, for rows that nothing else matched.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

from bot.domain.imports.draft import DraftSession
from bot.domain.imports.session_codes import composed, talk_title
from bot.domain.schedule.session import Session, base_code

MOST_PAIRS = 40_000
"""Rows times sessions with one key that are compared each with each: 200 sittings of a talk before and after."""
_CONTENT = attrgetter(*(field.name for field in fields(Session) if field.name not in ("id", "code", "revision")))
"""All facts of a session except its identity."""


@dataclass(frozen=True, slots=True)
class MatchCandidate:
    """A row with the session made from it; its id and code are still those of the file."""

    row: DraftSession
    session: Session

    @property
    def keyed(self) -> bool:
        """Whether the row has a non-numeric id or code."""
        return any(key and not key.isdecimal() for key in (self.row.uid, self.row.code))


def match_sessions(candidates: Sequence[MatchCandidate], old: Iterable[Session]) -> Mapping[int, Session]:
    """Return the old session of each matched candidate, by position; an old session is matched at most once."""
    unmatched = _Unmatched(dict(enumerate(candidates)), {session.id: session for session in old})
    uids = {candidate.row.uid for candidate in candidates}

    def uid_of(session: Session) -> str:
        """The id in the file: `g-2` was `g` if that id occurred twice."""
        id_ = composed(session.id)
        return id_ if id_ in uids else _unnumbered(id_)

    unmatched.match(lambda candidate: _strong(candidate.row.uid), lambda session: _strong(uid_of(session)))
    unmatched.match(
        lambda candidate: _strong(candidate.row.code).upper(), lambda session: _strong(composed(session.code)).upper()
    )
    unmatched.match(lambda candidate: _about(candidate.session), _about, sure=_surely_the_same)
    unmatched.match(lambda candidate: candidate.row.uid, uid_of)
    return unmatched.matches


class _Unmatched:
    """Candidates and old sessions that are not matched yet."""

    def __init__(self, candidates: dict[int, MatchCandidate], old: dict[str, Session]) -> None:
        self.candidates, self.old = candidates, old
        self.matches: dict[int, Session] = {}

    def match(
        self,
        key: Callable[[MatchCandidate], Hashable],
        old_key: Callable[[Session], Hashable],
        sure: Callable[[MatchCandidate, Session, bool], bool] | None = None,
    ) -> None:
        """Match candidates and sessions with equal keys, nearest first."""
        before: dict[Hashable, list[Session]] = defaultdict(list)
        now: dict[Hashable, list[int]] = defaultdict(list)
        for session in self.old.values():
            before[old_key(session)].append(session)
        for number, candidate in self.candidates.items():
            if name := key(candidate):
                now[name].append(number)
        for name, numbers in now.items():
            sessions = before.get(name, ())
            is_alone = len(numbers) == len(sessions) == 1
            near = self._in_order if len(numbers) * len(sessions) > MOST_PAIRS else self._nearest
            for number, session in near(numbers, sessions):
                if number not in self.candidates or session.id not in self.old:
                    continue
                if sure is None or sure(self.candidates[number], session, is_alone):
                    self.matches[number] = session
                    del self.candidates[number], self.old[session.id]

    def _nearest(self, numbers: Sequence[int], sessions: Sequence[Session]) -> Iterable[tuple[int, Session]]:
        """Return each pair, nearest first."""
        pairs = (
            (_distance(self.candidates[number], session), number, session) for number in numbers for session in sessions
        )
        ordered = sorted(pairs, key=lambda pair: (pair[0], pair[1], pair[2].id))
        return [(number, session) for _, number, session in ordered]

    def _in_order(self, numbers: Sequence[int], sessions: Sequence[Session]) -> Iterable[tuple[int, Session]]:
        """Return pairs with the same time and place, then pairs in the order of time."""
        places: dict[Hashable, list[Session]] = defaultdict(list)
        for session in sorted(sessions, key=_time_and_place, reverse=True):
            places[_time_and_place(session)].append(session)
        by_time = sorted(numbers, key=lambda number: _time_and_place(self.candidates[number].session))
        same = [
            (number, same_place.pop())
            for number in by_time
            if (same_place := places[_time_and_place(self.candidates[number].session)])
        ]
        numbers_matched, ids_matched = {number for number, _ in same}, {session.id for _, session in same}
        remaining = sorted((session for session in sessions if session.id not in ids_matched), key=_time_and_place)
        return [*same, *zip((number for number in by_time if number not in numbers_matched), remaining, strict=False)]


def _time_and_place(session: Session) -> tuple[datetime, str, str]:
    return session.starts_at, session.venue, session.room


def _distance(candidate: MatchCandidate, session: Session) -> tuple[bool, bool, bool, bool, float]:
    """Distance of a candidate from a session: equal facts, id, code, place, seconds between the starts."""
    new = candidate.session
    return (
        _CONTENT(new) != _CONTENT(session),
        candidate.row.uid not in (session.id, _unnumbered(session.id)),
        base_code(candidate.row.code) != session.talk,
        (new.venue, new.room) != (session.venue, session.room),
        abs((new.starts_at - session.starts_at).total_seconds()),
    )


def _surely_the_same(candidate: MatchCandidate, session: Session, is_alone: bool) -> bool:  # noqa: FBT001 — a callback
    """Reject a match by title alone ("Lunch") if the row has another id or code and other starts."""
    if not candidate.keyed or candidate.row.speakers or is_alone:
        return True
    return candidate.session.starts_at == session.starts_at or base_code(candidate.row.code) == session.talk


def _about(session: Session) -> tuple[str, tuple[str, ...]]:
    return talk_title(session.title).casefold(), tuple(sorted(composed(name).casefold() for name in session.speakers))


def _strong(key: str) -> str:
    return "" if key.isdecimal() else key


def _unnumbered(id_: str) -> str:
    """The id without the number that made it unique."""
    name, dash, number = id_.rpartition("-")
    return name if dash and number.isdecimal() else id_
