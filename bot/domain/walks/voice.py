"""One voice a person: all walks of a person on a leg count once, by their median."""

import hmac
from dataclasses import dataclass
from typing import Self

from bot.domain.walks.walk import Batch, Walk, WalkedLeg, WalkOutcome

REMEMBERED = 9
"""The median is that of this many newest walks."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person says about one leg.

    Attributes:
        batch: the histogram in which they are counted.
        half: and the half minutes there.
        walks: outcome and half minutes of their walks, in order.
    """

    batch: Batch
    half: int
    walks: tuple[tuple[WalkOutcome, int], ...]

    @classmethod
    def first(cls, walk: Walk) -> Self:
        """The voice of somebody who walks a leg for the first time."""
        return cls(walk.batch, walk.half, ((walk.batch.outcome, walk.half),))

    def after(self, walk: Walk) -> Self:
        """The voice after one more walk. An arrival takes the place of the "not yet" before it."""
        half, outcome, walks = walk.half, walk.batch.outcome, self.walks
        before, bound = walks[-1]
        if before is WalkOutcome.NOT_YET and outcome is not WalkOutcome.NOT_YET and half >= bound:
            walks = walks[:-1]
        walks = (*walks, (outcome, half))[-REMEMBERED:]
        middle, counted = sorted((half, outcome) for outcome, half in walks)[(len(walks) - 1) // 2]
        return type(self)(walk.batch._replace(outcome=counted), middle, walks)


def voice_name(secret: str, platform: str, user: str, leg: WalkedLeg | None) -> str:
    """Return the keyed hash (HMAC-SHA-256) under which a person's walks on a leg are stored.

    Args:
        secret: the key of the conference, in hexadecimal digits.
        leg: None for the row that only counts the person once for all legs.
    """
    text = "\x1f".join((platform, user, *(leg or ())))
    return hmac.new(bytes.fromhex(secret), text.encode(), "sha256").hexdigest()
