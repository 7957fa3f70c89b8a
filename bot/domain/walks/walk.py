"""Walks, and the histograms in which they are counted without names."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, MutableMapping
from datetime import date
from enum import IntEnum
from functools import partial
from typing import NamedTuple

from bot.domain.travel.way import Mode

LONGEST_WALK = 240
"""Minutes; a longer one counts as this long, and the estimate takes it for junk."""
BINS = 2 * LONGEST_WALK + 1
"""Half minutes of a histogram, from 0 to the longest walk."""


class WalkOutcome(IntEnum):
    """What a tap says about the minutes of a walk."""

    ARRIVED = 0
    """It took these minutes."""
    NOT_YET = 1
    """After these minutes the person was still on the way."""
    BY_THEN = 2
    """It took at most these minutes: the tap came late."""


class WalkedLeg(NamedTuple):
    """One direction between two venues by one mode."""

    origin: str
    target: str
    mode: Mode = Mode.WALK


class Batch(NamedTuple):
    """The walks that are counted together.

    `day` is the conference day; `peak` whether they began while a large part of the conference was changing rooms.
    """

    leg: WalkedLeg
    day: date
    peak: bool
    outcome: WalkOutcome


class Walk(NamedTuple):
    """One walk of one person: its half minutes at normal pace."""

    batch: Batch
    half: int


Cells = MutableMapping[Batch, list[int]]
"""How many people took each number of half minutes: nothing else about a walk is stored."""


def half_minutes(minutes: float) -> int:
    """Return the half minutes of a walk: rounded, at most four hours."""
    return int(min(minutes, LONGEST_WALK) * 2 + 0.5)


def fold(cells: Cells, walks: Iterable[Walk]) -> None:
    """Count walks. Their order does not matter, because a cell only stores how many there are."""
    # Gathered first, in two bytes each: to touch one histogram after the other is faster than to go back and forth
    # among thousands.
    gathered: defaultdict[Batch, array[int]] = defaultdict(partial(array, "H"))
    for batch, half in walks:
        gathered[batch].append(half)
    for batch, halves in gathered.items():
        histogram = cells.setdefault(batch, [0] * BINS)
        for half in halves:
            histogram[half] += 1
