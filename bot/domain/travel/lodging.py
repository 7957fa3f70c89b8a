"""Where an attendee stays if that is no venue of the conference: a position, or a time from a venue.

It is stored in `Attendee.stay` as a text, in place of the name of a venue, and `Travel` understands it.
"""

import re
from dataclasses import dataclass

from bot.domain.travel.positions import Position

MAX_MINUTES = 180
_POSITION = re.compile(r"geo:(-?\d{1,3}\.\d{6}),(-?\d{1,3}\.\d{6})")
_APART = re.compile(r"(\d{1,3}) min from (.+)", re.DOTALL)
_TYPED_APART = re.compile(
    r"(?:about |ca\.? |~ ?)?(?P<minutes>\d{1,3}) ?(?:m|min|mins|minutes?)(?: (?:walk|ride|drive|on foot|by \w{1,20}))?"
    r"(?: away)? from (?:the )?(?P<venue>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lodging:
    """A position, or `minutes` from the venue of that name."""

    position: Position | None = None
    minutes: int = 0
    venue: str = ""

    def __str__(self) -> str:
        """The text to store."""
        if self.position:
            return f"geo:{self.position.lat:.6f},{self.position.lon:.6f}"
        return f"{self.minutes} min from {self.venue}"


def read_lodging(stay: str) -> Lodging | None:
    """Return what a stored text means; None for the name of a venue."""
    if match := _POSITION.fullmatch(stay):
        return Lodging(Position(float(match[1]), float(match[2])))
    if match := _APART.fullmatch(stay):
        return Lodging(minutes=int(match[1]), venue=match[2])
    return None


def read_apart(text: str) -> tuple[int, str] | None:
    """Return the minutes and the venue as typed in `25 min walk from the Venetian`; None if it is no such text."""
    match = _TYPED_APART.fullmatch(" ".join(text.split()))
    return (int(match["minutes"]), match["venue"]) if match else None
