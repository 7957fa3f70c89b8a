"""One voice per person: all walks of a person on a leg count as one, by their median."""

import hmac
from dataclasses import dataclass
from typing import Self

from bot.domain.walks.walk import Batch, Walk, WalkedLeg, WalkOutcome

REMEMBERED = 9
"""The median is that of this many newest walks."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The data of one person about one leg.

    Attributes:
        batch: the histogram in which the person is counted.
        half: the half minutes at which the person is counted there.
        walks: outcome and half minutes of the person's walks, in order.
    """

    batch: Batch
    half: int
    walks: tuple[tuple[WalkOutcome, int], ...]

    @classmethod
    def first(cls, walk: Walk) -> Self:
        """The voice of somebody who walks a leg for the first time."""
        return cls(walk.batch, walk.half, ((walk.batch.outcome, walk.half),))

    def after(self, walk: Walk) -> Self:
        """Return the voice after one more walk. An arrival replaces the "not yet" before it."""
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
