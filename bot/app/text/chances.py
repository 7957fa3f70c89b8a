"""Chances in words: `9 in 10`."""

from bot.app.messages import Text
from bot.app.text.catalog import s, t

_SMALL, _LARGE = 0.05, 0.95
_TENTHS, _HUNDREDTHS = 10, 100


def share_text(share: float) -> str:
    """`3 in 4`, `9 in 10`, `97 in 100`: a share that somebody chose, exactly."""
    if share == 0.75:  # noqa: PLR2004 — three quarters
        return s("3 in 4")
    tenths = round(share * _HUNDREDTHS) % _TENTHS == 0
    total = _TENTHS if tenths else _HUNDREDTHS
    return s("{part} in {total}", part=round(share * total), total=total)


def chance_text(share: float) -> Text:
    """`the chance is about 6 in 10`: one that was computed, and is known to a tenth."""
    if share < _SMALL:
        return t("there is hardly a chance")
    if share > _LARGE:
        return t("you are nearly sure")
    return t("the chance is about {part} in 10", part=min(max(round(share * _TENTHS), 1), 9))
