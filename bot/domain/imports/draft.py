"""A schedule as a file gives it, before its zone, venues and codes are settled."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.domain.schedule.session import Recorded


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing an import has to say: `where` in the file (line, row or path) and `what` about it."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class DraftSession:
    """One row of a schedule. `starts` is aware where the file gives an offset, else a wall time.

    `uid` and `code` are "" where the file has none. `location` is the whole string in which a venue is looked
    for; `room` what is shown as the room. `where` says where in the file it stands. `wall` is the clock time that
    the file prints beside an aware `starts`: where both contradict each other, one of them is wrong.
    """

    where: str
    title: str
    starts: datetime
    length: timedelta
    location: str
    room: str = ""
    uid: str = ""
    code: str = ""
    abstract: str = ""
    speakers: tuple[str, ...] = ()
    track: str = ""
    level: str = ""
    kind: str = ""
    language: str = ""
    recorded: Recorded = Recorded.UNKNOWN
    cancelled: bool = False
    wall: time | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a file says; nothing is dropped in silence.

    `skipped` rows lack what a session needs; `impossible` ones contradict themselves (an end before the start, the
    year 9999): somebody should look at the file before the rest is taken in.
    """

    format: str
    source: str
    title: str = ""
    zone: str = ""
    site: str = ""
    sessions: list[DraftSession] = field(default_factory=list)
    skipped: list[Remark] = field(default_factory=list)
    impossible: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
