"""Announcements as rows: the fields that queries need are columns, the others are one JSON value."""

from datetime import datetime
from typing import Any

from bot.domain.announcements.announcement import Announcement, How, Job, ProgressMessage, Stage, Words
from bot.domain.announcements.audience import Audience, Term, Who
from bot.domain.announcements.moment import Anchor, Moment
from bot.storage.types import from_microseconds, to_microseconds

PLAIN_FIELDS = ("author", "channels", "notify", "linked", "version", "cursor", "worked", "why")
NO_PROGRESS_MESSAGE = "-"
"""The stored id of a progress message that cannot be sent; "" is one that was not sent yet."""
TIME_FIELDS = ("created_at", "fired_at", "finished_at")
ANNOUNCEMENT_COLUMNS = ("id", "community", "stage", "urgent", "confirmed_at", "body")
"""The columns of an announcement, in the order that `announcement_of` expects."""


def announcement_row(announcement: Announcement) -> dict[str, Any]:
    """Return all columns of an announcement except its id and `wake_at`."""
    words, moment = announcement.words, announcement.moment
    body: dict[str, Any] = {name: getattr(announcement, name) for name in PLAIN_FIELDS}
    body |= {name: _count(getattr(announcement, name)) for name in TIME_FIELDS}
    return {
        "community": announcement.community,
        "stage": announcement.stage.value,
        "urgent": announcement.urgent,
        "confirmed_at": announcement.confirmed_at,
        "body": {
            **body,
            "words": [words.text, words.title, words.link, words.picture],
            "audience": [[term.who.value, term.what] for term in announcement.audience.terms],
            "how": announcement.how.value,
            "moment": [_count(moment.at), moment.session, moment.before],
            "follows": [moment.anchor.value, moment.day],
            "planned_at": _count(announcement.planned_at),
            "skipped": [list(pair) for pair in announcement.skipped],
            "job": announcement.job.value if announcement.job else None,
            "channel": announcement.progress.channel or "",
            "message": (announcement.progress.message or "") if announcement.progress.possible else NO_PROGRESS_MESSAGE,
        },
    }


def announcement_of(row: Any) -> Announcement:  # noqa: ANN401 — a row of any query
    """Build an announcement from the columns `ANNOUNCEMENT_COLUMNS`."""
    id_, community, stage, urgent, confirmed_at, body = row
    at, session, before = body["moment"]
    # Rows from before a moment could follow the end of a session, or a day, have no `follows` and no `planned_at`.
    anchor, day = body.get("follows", (Anchor.START, ""))
    return Announcement(
        id=id_,
        community=community,
        words=Words(*body["words"]),
        audience=Audience(tuple(Term(Who(who), what) for who, what in body["audience"])),
        channels=tuple(body["channels"]),
        linked=tuple(body["linked"]),
        # Rows from before communities could be linked have no `skipped`.
        skipped=tuple((id_, why) for id_, why in body.get("skipped", ())),
        how=How(body["how"]),
        urgent=urgent,
        moment=Moment(_instant(at), session, before, Anchor(anchor), day),
        stage=Stage(stage),
        confirmed_at=confirmed_at,
        job=Job(body["job"]) if body["job"] else None,
        created_at=from_microseconds(body["created_at"]),
        fired_at=_instant(body["fired_at"]),
        finished_at=_instant(body["finished_at"]),
        author=body["author"],
        notify=body["notify"],
        version=body["version"],
        cursor=body["cursor"],
        worked=body["worked"],
        progress=_progress(body["channel"], body["message"]),
        why=body["why"],
        planned_at=_instant(body.get("planned_at")),
    )


def _progress(channel: str, message: str) -> ProgressMessage:
    possible = message != NO_PROGRESS_MESSAGE
    return ProgressMessage(channel or None, (message or None) if possible else None, possible)


def _count(instant: datetime | None) -> int | None:
    return to_microseconds(instant) if instant else None


def _instant(count: int | None) -> datetime | None:
    return None if count is None else from_microseconds(count)
