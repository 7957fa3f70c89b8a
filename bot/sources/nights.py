"""Early-morning events without a date of their own: in the morning of the day above, or in the night after it?"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.imports.draft import Draft, remark
from bot.domain.phrases import phrase
from bot.sources.timestamps import DAY


@dataclass(slots=True)
class _Night:
    """A session that was placed in the night after its day; `followed` by a session of the daytime."""

    position: int
    clock: timedelta
    followed: bool = False


@dataclass(slots=True)
class Nights:
    """The sessions of one file that were placed in the night after their day by a guess."""

    guessed: list[_Night] = field(default_factory=list)
    _listed: dict[tuple[str, str], list[_Night]] = field(default_factory=lambda: defaultdict(list))

    def note(self, position: int, clock: timedelta, under: tuple[str, str], *, guessed: bool) -> None:
        """Note one session.

        Args:
            position: its position in the draft.
            clock: its clock time.
            under: the day and room above it.
            guessed: whether it was placed in the night after that day.
        """
        if guessed:
            night = _Night(position, clock)
            self.guessed.append(night)
            self._listed[under].append(night)
            return
        for night in self._listed.get(under, ()):
            night.followed |= clock > night.clock

    def apply(self, draft: Draft) -> None:
        """Move the guessed sessions to the morning of their day if the file splits its days at midnight, and report it.

        A file splits its days at midnight if a session goes on there under the next day, or if every early session is
        listed before one of the daytime.
        """
        if not self.guessed:
            return
        ends = {(row.title, row.room, row.starts + row.length) for row in draft.sessions if row.starts.tzinfo is None}
        early = [draft.sessions[night.position] for night in self.guessed]
        goes_on = any((row.title, row.room, row.starts - DAY) in ends for row in early)
        splits = goes_on or all(night.followed for night in self.guessed)
        if splits:
            for night in self.guessed:
                row = draft.sessions[night.position]
                draft.sessions[night.position] = replace(row, starts=row.starts - DAY)
        first = draft.sessions[self.guessed[0].position]
        number = "1 early session has" if len(early) == 1 else phrase("{count} early sessions have", count=len(early))
        when = "the morning of the day" if splits else "the night after the day"
        what = phrase(
            "{number} no date of their own: placed in {when} above, such as {title} at",
            number=number,
            when=when,
            title=repr(first.title),
        )
        draft.warnings.append(
            remark(first.where, "{what} {starts}", what=what, starts=f"{first.starts:%Y-%m-%d %H:%M}")
        )
