"""What goes wrong and when: drawn from one seed before the day begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Spell:
    """From `begins` to `ends`, in seconds of the day, `kind` happens at `place`."""

    place: str
    kind: str
    begins: float
    ends: float


STORM, DOWN, BROKEN, SLOW = "storm", "down", "broken", "slow"
"""429 for everything; no connection; answers get lost; answers take long."""
PLATFORM_KINDS = (STORM, DOWN, BROKEN, SLOW)


@dataclass(frozen=True, slots=True)
class Weather:
    """All spells of one day."""

    spells: Sequence[Spell]

    def at(self, place: str, now: float) -> str:
        """What happens there, "" if nothing does."""
        return next(
            (spell.kind for spell in self.spells if spell.place == place and spell.begins <= now < spell.ends), ""
        )

    def was_bad(self, places: Iterable[str], since: float, until: float) -> bool:
        """Whether anything happened at any of `places` meanwhile."""
        wanted = set(places)
        return any(spell.place in wanted and spell.begins <= until and since <= spell.ends for spell in self.spells)


def drawn(rng: Random, lanes: Sequence[str], hours: float) -> Weather:
    """Fair on one day in four; else a few spells, some of them long."""
    if rng.random() < 0.25:
        return Weather(())
    spells = []
    for _ in range(rng.randrange(2, 9)):
        begins = rng.uniform(0, hours * HOUR)
        length = rng.choice((5.0, 40.0, 130.0, 600.0, 2400.0)) * rng.uniform(0.5, 1.5)
        place = rng.choice((*lanes, "store"))
        kind = DOWN if place == "store" else rng.choice(PLATFORM_KINDS)
        spells.append(Spell(place, kind, begins, begins + length))
    return Weather(spells)
