"""A schedule as parsed from a file, before its zone, venues and codes are resolved."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.domain.phrases import phrase
from bot.domain.quoting import brief
from bot.domain.schedule.session import Recorded


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark of an import: `where` in the file (line, row or path) and `what`."""

    where: str
    what: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", brief(self.where))
        object.__setattr__(self, "what", brief(self.what))


def remark(where: str, template: str, **values: object) -> Remark:
    """Return the remark whose sentence is `template`, a literal, with `values` in its named placeholders."""
    return Remark(where, phrase(template, **values))


@dataclass(frozen=True, slots=True)
class DraftSession:
    """One row of a schedule.

    Attributes:
        where: its position in the file.
        starts: aware if the file gives an offset, otherwise a wall time.
        location: the whole string in which a venue is searched.
        room: the text shown as the room.
        uid, code: "" if the file has none.
        ends_by_clock: whether `length` is the difference of two clock times, not a duration.
        wall: the clock time printed beside an aware `starts`; if they contradict, one is wrong.
        abbreviation: the abbreviation of a time zone, such as CEST, beside a clock time.
        recording_url: where it can be watched, as the file says it.
        overflow: the room for people who do not get in.
        zone_source: how the offset of `starts` was found, if that is a guess; the clock time of `starts` is as stated.
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
    ends_by_clock: bool = False
    wall: time | None = None
    abbreviation: str = ""
    zone_source: str = ""
    recording_url: str = ""
    overflow: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a file; nothing is dropped silently.

    `skipped` rows lack a required fact. `impossible` rows contradict themselves (an end before the start, the year
    9999): a person should check the file before the rest is imported.
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
