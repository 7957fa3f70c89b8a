"""Announcements as rows: what is asked for in columns, the rest as one plain value."""

from datetime import datetime
from typing import Any

from bot.domain.announcements.announcement import Announcement, How, Job, Moment, Stage, Words
from bot.domain.announcements.audience import Audience, Term, Who
from bot.storage.types import from_microseconds, to_microseconds

PLAIN = ("author", "channels", "notify", "linked", "version", "cursor", "worked", "channel", "message", "why")
TIMES = ("created_at", "fired_at", "finished_at")


def announcement_row(announcement: Announcement) -> dict[str, Any]:
    """Everything about it but its id."""
    words, moment = announcement.words, announcement.moment
    body: dict[str, Any] = {name: getattr(announcement, name) for name in PLAIN}
    body |= {name: _count(getattr(announcement, name)) for name in TIMES}
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
            "skipped": [list(each) for each in announcement.skipped],
            "job": announcement.job.value if announcement.job else None,
        },
    }


def announcement_of(row: Any) -> Announcement:  # noqa: ANN401 — a row of any query
    """The announcement of a row: its id, community, stage, urgency, confirmation and body."""
    id_, community, stage, urgent, confirmed_at, body = row
    at, session, before = body["moment"]
    plain = {name: body[name] for name in PLAIN if name not in ("channels", "linked")}
    return Announcement(
        id_,
        community,
        words=Words(*body["words"]),
        audience=Audience(tuple(Term(Who(who), what) for who, what in body["audience"])),
        channels=tuple(body["channels"]),
        linked=tuple(body["linked"]),
        # What was kept before communities could be linked does not have it.
        skipped=tuple((id_, why) for id_, why in body.get("skipped", ())),
        how=How(body["how"]),
        urgent=urgent,
        moment=Moment(_instant(at), session, before),
        stage=Stage(stage),
        confirmed_at=confirmed_at,
        job=Job(body["job"]) if body["job"] else None,
        created_at=from_microseconds(body["created_at"]),
        fired_at=_instant(body["fired_at"]),
        finished_at=_instant(body["finished_at"]),
        **plain,
    )


def _count(instant: datetime | None) -> int | None:
    return to_microseconds(instant) if instant else None


def _instant(count: int | None) -> datetime | None:
    return None if count is None else from_microseconds(count)
