"""What people drop in to at any time: meals, registration, services, the exhibition. It has no seats and no line."""

import re
from datetime import timedelta

from bot.domain.schedule.session import Session

ALL_DAY = timedelta(hours=4)
"""What lasts this long or longer is open all day, and nobody has to be there at its start."""
_KINDS = re.compile(
    r"\b(?:meals?|lunch|breakfast|dinner|coffee|breaks?|registration|badges?|check-?in|services?|expo|exhibition|"
    r"socials?|party|reception|self-paced|break|pause|mittagessen|frühstück)\b",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"(?:networking\s+)?(?:lunch|breakfast|dinner|(?:coffee|tea|lunch|afternoon|morning)\s+break|break|registration|"
    r"badge\s+pick-?\s?up|check-?in|mittagspause|kaffeepause|pause)\b[^a-z]{0,20}",
    re.IGNORECASE,
)


def is_drop_in(session: Session) -> bool:
    """Whether one drops in to `session`: judged by its kind, a title that is nothing else, or its length."""
    return (
        _KINDS.search(session.kind[:100]) is not None
        or _TITLES.fullmatch(session.title[:60]) is not None
        or session.length >= ALL_DAY
    )
