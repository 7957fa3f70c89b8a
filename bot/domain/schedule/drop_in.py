"""Drop-ins, which people visit at any time: meals, registration, services, the exhibition. No seats and no line."""

import re
from datetime import timedelta

from bot.domain.schedule.session import Session

ALL_DAY = timedelta(hours=4)
"""What lasts this long or longer is open all day, and nobody has to be there at its start, unless it is a class."""
_KINDS = re.compile(
    r"\b(?:fair|lounge|meals?|lunch|breakfast|dinner|coffee|breaks?|registration|badges?|check-?in|services?|expo|exhibition|"
    r"socials?|party|reception|self-paced|break|pause|mittagessen|frühstück)\b",
    re.IGNORECASE,
)
_CLASSES = re.compile(
    r"\b(?:bootcamp|camp|class|course|workshop|training|tutorial|lab|jam|game ?day|hackathon|gamified|kurs)",
    re.IGNORECASE,
)
"""Words of what lasts long, but begins for everybody at its start."""
_TITLES = re.compile(
    r"(?:networking\s+)?(?:lunch|breakfast|dinner|(?:coffee|tea|lunch|afternoon|morning)\s+break|break|registration|"
    r"badge\s+pick-?\s?up|check-?in|mittagspause|kaffeepause|pause)\b[^a-z]{0,20}",
    re.IGNORECASE,
)


def is_drop_in(session: Session) -> bool:
    """Whether `session` is a drop-in: judged by its kind, a title that says nothing else, or its length.

    `Schedule.drop_ins` has the result for all sessions.
    """
    if session.is_block:
        # Their own lunch at noon is at noon.
        return False
    return (
        _KINDS.search(session.kind[:100]) is not None
        or _TITLES.fullmatch(session.title[:60]) is not None
        or (session.length >= ALL_DAY and not _is_class(session))
    )


def _is_class(session: Session) -> bool:
    return _CLASSES.search(session.kind[:100]) is not None or _CLASSES.search(session.title[:100]) is not None
