"""Peaks on one Discord token, in virtual time: nothing is refused, the pace is used, and urgent messages go first."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.announcements.announcement import KEEPS
from bot.domain.nudges.nudge import LONGEST_AHEAD, Nudge, NudgeKind
from tests.simulation.paced_delivery import ALLOWED, LimitedDiscord, delivered, nudge
from tests.simulation.sizes import SOAK
from tests.simulation.world import OPENS

LARGE, SMALL = 5_000 if SOAK else 600, 50
"""Messages of two communities; the platform takes 50 in a second."""
LATER = 0.7 if SOAK else 0.4
"""The share of the large broadcast after which the small one begins."""
BEFORE, URGENT, DUE_AFTER = (4_000, 1_500, 90) if SOAK else (600, 300, 14)
"""A broadcast, and people who all leave after so many seconds: before its end, if it went out alone."""


def broadcast(attendees: Sequence[int], begins: timedelta = timedelta()) -> list[Nudge]:
    return [nudge(NudgeKind.ANNOUNCEMENT, n, OPENS + begins, OPENS + begins + KEEPS) for n in attendees]


def leave_by(attendees: Sequence[int], due: timedelta) -> list[Nudge]:
    late = OPENS + due + timedelta(minutes=30)
    return [nudge(NudgeKind.LEAVE_BY, n, OPENS + due, late, LONGEST_AHEAD) for n in attendees]


def share_of_the_allowed_rate(platform: LimitedDiscord) -> float:
    span = max(platform.sent.values()) - min(platform.sent.values())
    return (len(platform.sent) - 1) / span / ALLOWED


def test_everybody_leaves_in_time_though_all_leave_at_once_behind_a_broadcast(tmp_path: Path) -> None:
    urgent = leave_by(range(1, URGENT + 1), timedelta(seconds=DUE_AFTER))
    every = [*broadcast(range(1, BEFORE + 1)), *urgent]
    platform = delivered(every, tmp_path)
    assert platform.refused == 0
    assert platform.sent.keys() == {each.key for each in every}
    assert share_of_the_allowed_rate(platform) > 0.97
    moments = [(platform.sent[each.key], each.deadline) for each in urgent]
    assert all(OPENS + timedelta(seconds=sent - 1) <= deadline for sent, deadline in moments)
    assert all(deadline - OPENS - timedelta(seconds=sent) <= LONGEST_AHEAD for sent, deadline in moments)


@pytest.mark.parametrize("later", [0, LATER], ids=["at once", "later"])
def test_a_small_community_does_not_wait_behind_a_large_broadcast_on_the_same_token(
    later: float, tmp_path: Path
) -> None:
    first = broadcast(range(2, 2 * LARGE + 1, 2))
    alone = timedelta(seconds=LARGE / ALLOWED)
    second = broadcast(range(1, 2 * SMALL + 1, 2), later * alone)
    platform = delivered([*first, *second], tmp_path, communities=2)
    assert platform.refused == 0
    out_after = max(platform.sent[each.key] for each in second) - later * alone.total_seconds()
    assert out_after < 5 < (1 - later) * alone.total_seconds()
