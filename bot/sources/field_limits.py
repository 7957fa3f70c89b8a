"""The longest fields that a schedule may have: longer ones are cut, and the report says so."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from bot.domain.imports.draft import Draft, DraftSession, remark
from bot.domain.phrases import phrase
from bot.domain.quoting import brief
from bot.domain.schedule.online import openable

LONGEST: Mapping[str, int] = {
    "title": 300,
    "location": 300,
    "room": 300,
    "abstract": 20_000,
    "track": 300,
    "level": 100,
    "kind": 200,
    "language": 40,
    "overflow": 300,
}
"""Characters. The longest in 30 real schedules: title 255, room 106, abstract 9,094, track 61, kind 76."""
LONGEST_NAME, MOST_SPEAKERS = 150, 100
LONGEST_UID, LONGEST_CODE = 150, 60
ABOUT: Mapping[str, int] = {"title": 200, "zone": 64, "site": 200}
"""Characters of the fields of the whole file."""


def within_limits(draft: Draft) -> Draft:
    """Return the draft with each field cut to its limit, and a remark for each session that lost text."""
    sessions, remarks = [], []
    for row in draft.sessions:
        changes, reasons = _changes(row)
        sessions.append(replace(row, **changes) if changes else row)
        if reasons:
            remarks.append(remark(row.where, "{title}: {reasons}", title=repr(row.title), reasons="; ".join(reasons)))
    about: dict[str, Any] = {name: value[:most] for name, most in ABOUT.items() if (value := getattr(draft, name))}
    for name, value in about.items():
        if len(getattr(draft, name)) > len(value):
            remarks.append(
                remark(name, "the {name} of the conference was cut to {count} characters", name=name, count=len(value))
            )
    return replace(draft, **about, sessions=sessions, warnings=[*draft.warnings, *remarks])


def _changes(row: DraftSession) -> tuple[dict[str, Any], list[str]]:
    """Return the new values of the fields that are too long, and what to report."""
    changes: dict[str, Any] = {}
    reasons: list[str] = []
    for name, most in LONGEST.items():
        if len(value := getattr(row, name)) > most:
            changes[name] = f"{value[: most - 1].rstrip()}…"
            reasons.append(
                phrase(
                    "the {name} was cut to {most} of {count} characters",
                    name=name,
                    most=f"{most:,}",
                    count=f"{len(value):,}",
                )
            )
    if len(row.speakers) > MOST_SPEAKERS or any(len(name) > LONGEST_NAME for name in row.speakers):
        changes["speakers"] = tuple(name[:LONGEST_NAME].rstrip() for name in row.speakers[:MOST_SPEAKERS])
        reasons.append(
            phrase(
                "only {most_speakers} speakers are imported, with {longest_name} characters each",
                most_speakers=MOST_SPEAKERS,
                longest_name=LONGEST_NAME,
            )
        )
    if row.recording_url and (link := openable(row.recording_url)) != row.recording_url:
        changes["recording_url"] = link
        if not link:
            quoted = brief(repr(row.recording_url))
            reasons.append(phrase("no button can open the address of its recording: {address}", address=quoted))
    if len(row.uid) > LONGEST_UID:
        # The same long id gives the same short one in every copy, so that the session is recognized again.
        digest = blake2b(row.uid.encode(errors="surrogatepass"), digest_size=16).hexdigest()
        changes["uid"] = f"{row.uid[:20]}~{digest}"
        reasons.append(phrase("the id has {count} characters and was shortened", count=f"{len(row.uid):,}"))
    if len(row.code) > LONGEST_CODE:
        changes["code"] = ""
        reasons.append(
            phrase("the code has {count} characters, so the session gets another one", count=f"{len(row.code):,}")
        )
    return changes, reasons
