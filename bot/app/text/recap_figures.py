"""The figures of a recap: in a sentence, and one by one for a picture."""

from collections.abc import Collection
from typing import Protocol

from bot.app.text.catalog import n, plain, s
from bot.domain.attendee.recap import rounded_kilometres, rounded_steps


class Walked(Protocol):
    """A recap of one day or more."""

    @property
    def sessions(self) -> Collection[object]:
        """The attended and planned sessions."""
        ...

    @property
    def venues(self) -> Collection[str]:
        """The venues of these sessions."""
        ...

    @property
    def metres(self) -> int:
        """The metres on foot."""
        ...

    @property
    def steps(self) -> int:
        """The steps on foot."""
        ...


def figures_text(recap: Walked) -> str:
    """`3 sessions in 2 venues (Wynn, Venetian), about 4,500 steps and 3 km on foot`."""
    figures = plain(n("{count} session", "{count} sessions", len(recap.sessions)))
    if recap.venues:
        venues = plain(n("{count} venue", "{count} venues", len(recap.venues)))
        figures = s("{sessions} in {venues} ({names})", sessions=figures, venues=venues, names=", ".join(recap.venues))
    if not recap.steps:
        return figures
    return s(
        "{sessions}, about {steps} steps and {kilometres} km on foot",
        sessions=figures,
        steps=rounded_steps(recap.steps),
        kilometres=f"{rounded_kilometres(recap.metres):g}",
    )


def figure_columns(recap: Walked) -> tuple[tuple[str, str], ...]:
    """Return each figure as its number and its name; steps and kilometres only if somebody walked."""
    columns = [(str(len(recap.sessions)), _noun(s("session"), s("sessions"), len(recap.sessions)))]
    if recap.venues:
        columns.append((str(len(recap.venues)), _noun(s("venue"), s("venues"), len(recap.venues))))
    if recap.steps:
        columns.append((f"{rounded_steps(recap.steps):,}", s("steps")))
        kilometres = f"{rounded_kilometres(recap.metres):g}"
        columns.append((s("{kilometres} km", kilometres=kilometres), s("on foot")))
    return tuple(columns)


def _noun(singular: str, plural: str, count: int) -> str:
    return singular if count == 1 else plural
