"""Deliveries as rows."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.app.ports import Delivery, DeliveryState
from bot.domain.attendee.attendee import Community
from bot.domain.nudges.nudge import Nudge, NudgeKind, Place
from bot.storage.types import to_json, to_microseconds

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
"""The columns of a nudge that is owed, as they lie in the database: thousands are owed at once."""


def owed_row(community: Community, nudge: Nudge, key: str, now: int) -> tuple[int | str | None, ...]:
    """A nudge that is owed as a row of the columns `OWED_COLUMNS`, with its `key`, from `now` in microseconds."""
    place, change = nudge.place, retimed(nudge)
    whose = (nudge.attendee or None, place.channel if place else "", community.platform, community.id)
    about = (KIND_NAMES[nudge.kind], nudge.subject, nudge.revision)
    patience = int(nudge.patience.total_seconds())
    return (key, *whose, *about, *change, patience, now, change[0], DeliveryState.OWED.value, 0, "")


def retimed(nudge: Nudge) -> tuple[int, int, str, int, int]:
    """What of a nudge changes with its plan, as `due_at`, `expires_at`, `facts`, `catch_up` and `early`."""
    moments = to_microseconds(nudge.due_at), to_microseconds(nudge.expires_at)
    return (*moments, to_json(dict(nudge.facts)), int(nudge.catch_up), int(nudge.early.total_seconds()))


_WRITTEN = ("id", "attendee", "channel", "community", "kind", "subject", "revision", "due_at", "expires_at", "facts")


_BECAME = ("catch_up", "owed_at", "state", "attempt", "settled_at", "error", "early", "stands_in", "stands_as")


DELIVERY_COLUMNS = (*_WRITTEN, *_BECAME)
"""The columns that make a delivery, in the order in which `delivery_of` takes them."""


def delivery_of(row: Sequence[Any]) -> Delivery:
    """The delivery of a row of the columns `DELIVERY_COLUMNS`."""
    id_, attendee, channel, community, kind, subject, revision, due, expires, facts, *rest = row
    catch_up, owed, state, attempt, settled, error, early, stands_in, stands_as = rest
    place = Place(community, channel) if channel else None
    about = (KINDS[kind], attendee or 0, subject, revision, due, expires, facts, catch_up)
    nudge = Nudge(*about, place, timedelta(seconds=early))
    return Delivery(id_, nudge, owed, STATES[state], attempt, settled, error, stands_in, stands_as)
