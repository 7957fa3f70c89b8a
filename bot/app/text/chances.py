"""Chances in words: `9 in 10`."""

from bot.app.messages import Text
from bot.app.text.catalog import s, t

_SMALL, _LARGE = 0.05, 0.95
_TENTHS, _HUNDREDTHS = 10, 100


def share_text(share: float) -> str:
    """`3 in 4`, `9 in 10`, `97 in 100`: a share that somebody chose, exactly."""
    parts = {0.75: s("3 in 4"), 0.5: s("1 in 2"), 0.25: s("1 in 4")}
    if share in parts:
        return parts[share]
    tenths = round(share * _HUNDREDTHS) % _TENTHS == 0
    total = _TENTHS if tenths else _HUNDREDTHS
    return s("{part} in {total}", part=round(share * total), total=total)


def cases_text(share: float) -> Text:
    """`in about 6 of 10 cases`: a chance that was computed, and is known to a tenth."""
    if share < _SMALL:
        return t("in very few cases")
    if share > _LARGE:
        return t("in nearly all cases")
    return t("in about {part} of 10 cases", part=min(max(round(share * _TENTHS), 1), 9))
