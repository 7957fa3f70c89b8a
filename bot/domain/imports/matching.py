"""Match rows with sessions of the previous import: by id, then code, then title and speakers.

Numeric ids are weak, because systems renumber. They are used last, for rows that nothing else matched.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from bot.domain.imports.draft import DraftSession
from bot.domain.imports.session_codes import bare_title
from bot.domain.schedule.session import Session, base_code

_SAID = attrgetter(*(each.name for each in fields(Session) if each.name not in ("id", "code", "revision")))
"""All facts of a session except its identity."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row with the session made from it; its id and code are still those of the file."""

    row: DraftSession
    session: Session

    @property
    def keyed(self) -> bool:
        """Whether it has a non-numeric id or code."""
        return any(key and not key.isdecimal() for key in (self.row.uid, self.row.code))


def match_sessions(candidates: Sequence[Candidate], old: Iterable[Session]) -> Mapping[int, Session]:
    """Return the old session of each matched candidate, by position; an old session is matched at most once."""
    left = _Left(dict(enumerate(candidates)), {session.id: session for session in old})
    uids = {each.row.uid for each in candidates}

    def uid_of(session: Session) -> str:
        """The id in the file: `g-2` was `g` if that id occurred twice."""
        return session.id if session.id in uids else _unnumbered(session.id)

    left.match(lambda each: _strong(each.row.uid), lambda session: _strong(uid_of(session)))
    left.match(lambda each: _strong(each.row.code).upper(), lambda session: _strong(session.code).upper())
    left.match(lambda each: _about(each.session), _about, sure=_surely_the_same)
    left.match(lambda each: each.row.uid, uid_of)
    return left.found


class _Left:
    """Candidates and old sessions that are not matched yet."""

    def __init__(self, candidates: dict[int, Candidate], old: dict[str, Session]) -> None:
        self.candidates, self.old = candidates, old
        self.found: dict[int, Session] = {}

    def match(
        self,
        key: Callable[[Candidate], Hashable],
        old_key: Callable[[Session], Hashable],
        sure: Callable[[Candidate, Session, bool], bool] | None = None,
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
            alone = len(numbers) == len(sessions) == 1
            pairs = (
                (_distance(self.candidates[number], session), number, session)
                for number in numbers
                for session in sessions
                if sure is None or sure(self.candidates[number], session, alone)
            )
            for _, number, session in sorted(pairs, key=lambda pair: (pair[0], pair[1], pair[2].id)):
                if number in self.candidates and session.id in self.old:
                    self.found[number] = session
                    del self.candidates[number], self.old[session.id]


def _distance(candidate: Candidate, session: Session) -> tuple[bool, bool, bool, bool, float]:
    """Distance of a candidate from a session: equal facts, id, code, place, seconds between the starts."""
    new = candidate.session
    return (
        _SAID(new) != _SAID(session),
        candidate.row.uid not in (session.id, _unnumbered(session.id)),
        base_code(candidate.row.code) != session.talk,
        (new.venue, new.room) != (session.venue, session.room),
        abs((new.starts_at - session.starts_at).total_seconds()),
    )


def _surely_the_same(candidate: Candidate, session: Session, alone: bool) -> bool:  # noqa: FBT001 — a callback
    """Reject a match by title alone ("Lunch") if the row has another id or code and other starts."""
    if not candidate.keyed or candidate.row.speakers or alone:
        return True
    return candidate.session.starts_at == session.starts_at or base_code(candidate.row.code) == session.talk


def _about(session: Session) -> tuple[str, tuple[str, ...]]:
    return bare_title(session.title).casefold(), tuple(sorted(name.casefold() for name in session.speakers))


def _strong(key: str) -> str:
    return "" if key.isdecimal() else key


def _unnumbered(id_: str) -> str:
    """The id without the number that made it unique."""
    name, dash, number = id_.rpartition("-")
    return name if dash and number.isdecimal() else id_
