"""Deliveries as rows."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.app.ports import Delivery, DeliveryState, Outcome
from bot.domain.attendee.attendee import Community
from bot.domain.nudges.nudge import ChannelTarget, Nudge, NudgeKind
from bot.storage.types import to_json, to_microseconds

# A lookup costs a seventh of a call of the enumeration, and a peak reads thousands of rows.
KINDS = {kind.value: kind for kind in NudgeKind}
KIND_NAMES = {kind: kind.value for kind in NudgeKind}
STATES = {state.value: state for state in DeliveryState}

OWED_COLUMNS: Mapping[str, type[int | str]] = {
    "key": str,
    "attendee": int,
    "channel": str,
    "platform": str,
    "community": int,
    "kind": str,
    "subject": str,
    "revision": int,
    "due_at": int,
    "expires_at": int,
    "facts": str,
    "catch_up": int,
    "early": int,
    "patience": int,
    "owed_at": int,
    "wake_at": int,
    "state": str,
    "attempt": int,
    "error": str,
}
"""The columns of a new delivery, with their types in the database: bulk inserts bypass the column types."""

PLAN_COLUMNS = ("due_at", "expires_at", "facts", "catch_up", "early")
"""The columns that change when a nudge is planned again."""

OUTCOME_COLUMNS: Mapping[str, type[Any]] = {
    "delivery": int,
    "fence": int,
    "untried": int,
    "state": str,
    "again_at": int,
    "done_at": int,
    "error": str,
    "channel": str,
    "message": str,
}
"""The result of an attempt, in the order that `outcome_row` returns, with the types in the database."""

DELIVERY_COLUMNS = (
    "id",
    "attendee",
    "channel",
    "community",
    "kind",
    "subject",
    "revision",
    "due_at",
    "expires_at",
    "facts",
    "catch_up",
    "owed_at",
    "state",
    "attempt",
    "settled_at",
    "error",
    "early",
    "stands_in",
    "stands_as",
)
"""The columns of a delivery, in the order that `delivery_of` expects."""


def owed_row(community: Community, nudge: Nudge, key: str, now: int) -> tuple[int | str | None, ...]:
    """Return a new delivery as the columns `OWED_COLUMNS`.

    Args:
        community: the community of the recipient.
        nudge: the message to deliver.
        key: the nudge's unique key.
        now: in microseconds since 1970.
    """
    due_at, expires_at, facts, catch_up, early = plan_row(nudge)
    values: dict[str, int | str | None] = {
        "key": key,
        "attendee": nudge.attendee or None,
        "channel": nudge.place.channel if nudge.place else "",
        "platform": community.platform,
        "community": community.id,
        "kind": KIND_NAMES[nudge.kind],
        "subject": nudge.subject,
        "revision": nudge.revision,
        "due_at": due_at,
        "expires_at": expires_at,
        "facts": facts,
        "catch_up": catch_up,
        "early": early,
        "patience": int(nudge.patience.total_seconds()),
        "owed_at": now,
        "wake_at": due_at,
        "state": DeliveryState.OWED.value,
        "attempt": 0,
        "error": "",
    }
    return tuple(values[name] for name in OWED_COLUMNS)


def plan_row(nudge: Nudge) -> tuple[int, int, str, int, int]:
    """Return the columns `PLAN_COLUMNS` of a nudge."""
    return (
        to_microseconds(nudge.due_at),
        to_microseconds(nudge.expires_at),
        to_json(dict(nudge.facts)),
        int(nudge.catch_up),
        int(nudge.early.total_seconds()),
    )


def outcome_row(outcome: Outcome) -> tuple[Any, ...]:
    """Return the result of an attempt as the columns `OUTCOME_COLUMNS`."""
    is_due_again = outcome.retry_at is not None or outcome.state is DeliveryState.OWED
    return (
        outcome.delivery,
        outcome.attempt,
        int(not outcome.tried),
        outcome.state,
        to_microseconds(outcome.retry_at or outcome.at) if is_due_again else None,
        None if is_due_again else to_microseconds(outcome.at),
        outcome.error,
        outcome.channel,
        outcome.message,
    )


def delivery_of(row: Sequence[Any]) -> Delivery:
    """Build a delivery from the columns `DELIVERY_COLUMNS`."""
    id_, attendee, channel, community, kind, subject, revision, due_at, expires_at, facts, *others = row
    catch_up, owed_at, state, attempt, settled_at, error, early, stands_in, stands_as = others
    # By position: keywords would take a third longer, and a peak reads thousands of rows.
    place = ChannelTarget(community, channel) if channel else None
    early = timedelta(seconds=early)
    nudge = Nudge(KINDS[kind], attendee or 0, subject, revision, due_at, expires_at, facts, catch_up, place, early)
    return Delivery(id_, nudge, owed_at, STATES[state], attempt, settled_at, error, stands_in, stands_as)
