"""The state of a session in its source: on, cancelled, or not part of the public schedule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.imports.cancel_marks import folded, says_cancelled
from bot.domain.imports.draft import Draft, Remark, remark
from bot.domain.phrases import phrase
from bot.sources.text import plain

TAKES_PLACE = {
    *("accepted", "accept", "confirmed", "scheduled", "published", "public", "active", "approved", "live", "final"),
    *("planned", "rescheduled", "moved", "open", "ok", "on", "yes", "true", "1", "y", "done", "complete", "completed"),
    *("unconfirmed", "full", "waitlist", "waitlisted", "sold out", "tentative", "invited", "new", "updated"),
}
NOT_LISTED = {
    *("rejected", "declined", "refused", "not accepted", "decline queue", "deleted", "removed", "trash", "trashed"),
    *("draft", "hidden", "private", "unpublished", "not published", "unlisted", "invisible", "inactive", "disabled"),
    *("internal", "spam", "abgelehnt", "geloscht", "entwurf", "versteckt", "refuse", "brouillon", "rechazado"),
    *("borrador", "rejeitado", "rascunho", "afgewezen", "concept", "respinto", "bozza"),
}
"""States of sessions that their source does not publish."""
CANCELLED = {"withdrawn", "withdrawal", "postponed", "off", "no show"}
"""States of sessions that people may have chosen: they count as cancelled, which the report says."""
FLAGS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("cancelled", "canceled", "iscancelled", "iscanceled"), ("cancelled", "")),
    **dict.fromkeys(("hidden", "ishidden"), ("hidden", "")),
    **dict.fromkeys(("deleted", "isdeleted"), ("deleted", "")),
    **dict.fromkeys(("draft", "isdraft"), ("draft", "")),
    **dict.fromkeys(("isprivate", "private"), ("private", "")),
    **dict.fromkeys(("published", "ispublished"), ("", "not published")),
    **dict.fromkeys(("visible", "isvisible", "ispublic", "public"), ("", "hidden")),
    **dict.fromkeys(("active", "isactive"), ("", "inactive")),
}
"""Columns and members that are yes or no, in small letters: the state that each answer means."""
LONGEST = 50
"""Characters of a state that the report quotes."""
_YES, _NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


def flag_state(name: str, value: object) -> str:
    """Return the state that a yes or no in the column `name` stands for; "" if it stands for none."""
    if name not in FLAGS:
        return ""
    states, answer = FLAGS[name], plain(value).casefold()
    return states[0] if answer in _YES else states[1] if answer in _NO else ""


@dataclass(slots=True)
class States:
    """The states that the sessions of one file have, and the remarks on them."""

    draft: Draft
    unknown: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def cancelled(self, words: Iterable[str], where: str, title: str) -> bool | None:
        """Return whether a session is cancelled; None if its source does not list it, which is reported."""
        states = [state for word in words if word and (state := _state(word))]
        if hidden := next((state for state in states if state in NOT_LISTED), ""):
            self.draft.skipped.append(
                remark(
                    where, "{title} has the state {hidden}, so it is not listed", title=repr(title), hidden=repr(hidden)
                )
            )
            return None
        off = [state for state in states if state in CANCELLED or says_cancelled(state) or state.startswith("cancel")]
        if off and off[0] in CANCELLED:
            self.draft.warnings.append(
                remark(where, "{title} has the state {off}: treated as cancelled", title=repr(title), off=repr(off[0]))
            )
        for state in states:
            if state not in TAKES_PLACE and state not in off:
                self.unknown.setdefault(state[:LONGEST], []).append((where, title))
        return bool(off)

    def report_unknown(self) -> None:
        """Report the states that are not known here; their sessions are treated as taking place."""
        if not self.unknown:
            return
        listed = ", ".join(f"{state!r} ({len(rows)})" for state, rows in list(self.unknown.items())[:5])
        where, title = next(iter(self.unknown.values()))[0]
        what = phrase(
            "states that are not known here: {listed}: their sessions are treated as taking place, such as {title}",
            listed=listed,
            title=repr(title),
        )
        self.draft.warnings.append(Remark(where, what))


def _state(word: str) -> str:
    """`https://schema.org/EventCancelled` → `cancelled`, `DECLINE_QUEUE` → `decline queue`."""
    state = folded(plain(word)).rpartition("/")[2].replace("_", " ").strip()
    return state.removeprefix("event").strip() if state != "event" else state
