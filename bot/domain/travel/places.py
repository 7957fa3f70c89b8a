"""Places as organizers type them: `Academy 411`, `Caesars Forum, Academy 411`, `Venetian`."""

import re

from bot.domain.travel.venue import VenueBook

_PARTS = re.compile(r"[|,]")


def read_place(text: str, venue: str, book: VenueBook) -> tuple[str, str]:
    """Return venue and room of a typed place. It is in `venue` unless it names another one."""
    named = next(iter(book.all_at(text)), None)
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    if named is None:
        return venue, ", ".join(parts)
    return named.name, ", ".join(part for part in parts if book.named(part) != named)
