"""A duration and an end that contradict each other: which one is taken, and what the report says about it."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.imports.draft import Draft, Remark

_DAYS = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{2})")
_NUMBER = re.compile(r"\d{1,9}")
UNITS = (timedelta(milliseconds=1), timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1))
"""Units of a duration that is a bare number; an end tells which one it is."""


@dataclass(slots=True)
class Lengths:
    """The durations of one file, with the contradictions found so far."""

    contradicting: list[Remark] = field(default_factory=list)
    in_days: list[Remark] = field(default_factory=list)

    def settle(self, stated: timedelta, text: str, until: timedelta, about: Remark, *, prefer_end: bool) -> timedelta:
        """Return how long a session lasts.

        Args:
            stated: its duration as it was read.
            text: its duration as it was written.
            until: the time from its start to its end.
            about: its position and title.
            prefer_end: take the end if both contradict each other, otherwise the duration.
        """
        if stated == until or not stated or until in _meanings(text):
            if stated and stated != until and _DAYS.fullmatch(text):
                self.in_days.append(Remark(about.where, f"{about.what!r}, which lasts {until}"))
            return until
        if not until:
            # A session without an end of its own often repeats its start there.
            return stated
        when = "before its start" if until < timedelta() else f"{until} after its start"
        self.contradicting.append(Remark(about.where, f"{about.what!r}, which lasts {stated} and ends {when}"))
        return until if prefer_end else stated

    def report(self, draft: Draft, *, prefer_end: bool) -> None:
        """Add a remark for each kind of contradiction, with a sample."""
        if found := self.contradicting:
            taken = "the end" if prefer_end else "the duration"
            what = f"{_sessions(found)} a duration and an end that contradict each other: {taken} was taken"
            draft.warnings.append(Remark(found[0].where, f"{what}, such as {found[0].what}"))
        if found := self.in_days:
            what = f"{_sessions(found)} a duration that agrees with the end only as days, hours and minutes: taken so"
            draft.warnings.append(Remark(found[0].where, f"{what}, such as {found[0].what}"))


def _meanings(text: str) -> set[timedelta]:
    """Return the other lengths that a written duration may mean: days first (`1:00:00`), or another unit."""
    if match := _DAYS.fullmatch(text):
        days, hours, minutes = map(int, match.groups())
        return {timedelta(days=days, hours=hours, minutes=minutes)}
    return {int(text) * unit for unit in UNITS} if _NUMBER.fullmatch(text) else set()


def _sessions(found: list[Remark]) -> str:
    return "1 session has" if len(found) == 1 else f"{len(found)} sessions have"
