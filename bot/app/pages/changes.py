"""Detects a change on one device after another device decided something else."""

from bot.app.messages import Reply
from bot.app.pages.visits import Visit
from bot.app.text import s, t

GOALS = {"attend": "going", "skip": "", "star": "starred"}
"""The choice of a session after a command; "" for not chosen."""


def changed_meanwhile(visit: Visit, command: str, code: str, was: str) -> Reply | None:
    """Return a refusal if a session is neither as it was shown nor already as requested; else None.

    Args:
        visit: the current state.
        command: the command that changes a session.
        code: the code of the session.
        was: what the person had chosen for it when they decided: a choice, or "" for none.
    """
    session = visit.schedule.by_code.get(code.upper())
    if session is None or command not in GOALS:
        return None
    now = next((attendance.choice.value for attendance in visit.chosen if attendance.session == session.id), "")
    if now in (was, GOALS[command]):
        return None
    state = {"going": s("on your agenda"), "starred": s("starred"), "backup": s("a backup")}.get(now, s("not chosen"))
    text = t(
        'Meanwhile you changed "{title}" elsewhere: it is {state} now, and I left it so. To change it all the same, '
        "do it again.",
        title=session.title,
        state=state,
    )
    return Reply((text,), is_error=True)
