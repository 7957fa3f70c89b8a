"""Decides between a duration and an end that contradict each other, and reports the decision."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.imports.draft import Draft, Remark, remark
from bot.domain.phrases import phrase

_DAYS = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{2})")
_NUMBER = re.compile(r"\d{1,9}")
UNITS = (timedelta(milliseconds=1), timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1))
"""Units of a duration that is a bare number; an end tells which one it is."""


@dataclass(slots=True)
class Lengths:
    """The durations of one file, with the contradictions found so far."""

    contradicting: list[Remark] = field(default_factory=list)
    in_days: list[Remark] = field(default_factory=list)

    def length_of(
        self, stated: timedelta, text: str, until: timedelta, about: Remark, *, prefer_end: bool
    ) -> timedelta:
        """Return how long a session lasts.

        Args:
            stated: the parsed duration.
            text: the duration as it was written.
            until: the time from its start to its end.
            about: the session's position and title.
            prefer_end: use the end if both contradict each other, otherwise the duration.
        """
        if stated == until or not stated or until in _meanings(text):
            if stated and stated != until and _DAYS.fullmatch(text):
                self.in_days.append(
                    remark(about.where, "{what}, which lasts {until}", what=repr(about.what), until=until)
                )
            return until
        if not until:
            # A session without an end of its own often repeats its start there.
            return stated
        when = "before its start" if until < timedelta() else phrase("{until} after its start", until=until)
        self.contradicting.append(
            remark(
                about.where,
                "{what}, which lasts {stated} and ends {when}",
                what=repr(about.what),
                stated=stated,
                when=when,
            )
        )
        return until if prefer_end else stated

    def report(self, draft: Draft, *, prefer_end: bool) -> None:
        """Add a remark for each kind of contradiction, with a sample."""
        if remarks := self.contradicting:
            preferred = "the end" if prefer_end else "the duration"
            what = phrase(
                "{sessions} a duration and an end that contradict each other: {taken} is used",
                sessions=_sessions(remarks),
                taken=preferred,
            )
            draft.warnings.append(
                remark(remarks[0].where, "{what}, such as {example}", what=what, example=remarks[0].what)
            )
        if remarks := self.in_days:
            what = phrase(
                "{sessions} a duration that agrees with the end only as days, hours and minutes: read that way",
                sessions=_sessions(remarks),
            )
            draft.warnings.append(
                remark(remarks[0].where, "{what}, such as {example}", what=what, example=remarks[0].what)
            )


def _meanings(text: str) -> set[timedelta]:
    """Return the other lengths that a written duration may mean: days first (`1:00:00`), or another unit."""
    if match := _DAYS.fullmatch(text):
        days, hours, minutes = map(int, match.groups())
        return {timedelta(days=days, hours=hours, minutes=minutes)}
    return {int(text) * unit for unit in UNITS} if _NUMBER.fullmatch(text) else set()


def _sessions(remarks: list[Remark]) -> str:
    return "1 session has" if len(remarks) == 1 else phrase("{count} sessions have", count=len(remarks))
