"""What must hold when a crowd was told and it was taken back: everybody once or on the report, and nobody twice."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.app.delivery.sender import POSSIBLE_DUPLICATE
from bot.app.ports import POSSIBLY_SENT, Delivery, DeliveryState
from bot.domain.nudges.nudge import Nudge
from tests.simulation.paced_platform import ANNOUNCEMENT, LEAVE_BY, LONGEST_PAUSE, SLACK, Post
from tests.simulation.world import OPENS

if TYPE_CHECKING:
    from tests.simulation.crowd import Crowd

GRACE = 5.0 + 40.0
"""Seconds in which what was handed over when it was paused may still go out: so long a send may take in a storm."""
LATE = timedelta(seconds=5)
TROUBLED = 90.0 + 15.0 + 10.0
"""Seconds for which what a dead process had in hand waits, and somebody else comes."""
RECALLED_BEFORE = "recalled before it was sent"
UNTRUE = "no longer true"
NOT_RECALLED = "not recalled: "


def judge(crowd: "Crowd") -> None:
    """Every breach is told to the crowd."""
    for rows, text, file, is_before in _looks(crowd):
        for breach in (*_everybody(crowd, rows), *_added_up(crowd, rows, text, file)):
            crowd.breach(f"{'before' if is_before else 'after'} the recall: {breach}")
    for breach in (
        *_nobody_twice(crowd),
        *_taken_back(crowd),
        *_held(crowd),
        *_nudged(crowd),
        *_within_limits(crowd),
    ):
        crowd.breach(breach)


def doubles(crowd: "Crowd", kind: str) -> dict[str, list[Post]]:
    """What stood more than once, by key."""
    return {key: posts for key, posts in crowd.platform.posts.items() if len(posts) > 1 and posts[0].ask.kind == kind}


def _looks(crowd: "Crowd") -> Iterator[tuple[Sequence[Delivery], str, Counter[str], bool]]:
    tale = crowd.tale
    if not crowd.plan.midway:
        yield tale.before, tale.before_text, tale.before_file, True
    yield tale.after, tale.after_text, tale.after_file, False


def _everybody(crowd: "Crowd", rows: Sequence[Delivery]) -> Iterator[str]:
    """Everybody has one line in the report, which is true."""
    people = {attendee.id: attendee.user for attendee in crowd.people}
    if sorted(row.nudge.attendee for row in rows) != sorted(people):
        yield f"{len(rows)} lines for {len(people)} people"
    for row in rows:
        user, posts = people.get(row.nudge.attendee, ""), crowd.platform.posts.get(row.nudge.key, [])
        if fault := _untrue(crowd, row, user, posts):
            yield f"{user}: {row.state} ({row.error}), {len(posts)} arrived: {fault}"


def _untrue(crowd: "Crowd", row: Delivery, user: str, posts: Sequence[Post]) -> str:
    """What is wrong with a line of the report, "" if nothing is."""
    closed = user in crowd.platform.closed
    match row.state:
        case DeliveryState.SENT | DeliveryState.RECALLED:
            return "nothing arrived" if not posts or any(post.ask.user != user for post in posts) else ""
        case DeliveryState.REFUSED:
            return "" if closed and not posts and row.error else "it was not refused"
        case DeliveryState.UNCERTAIN:
            return "" if row.error.startswith(POSSIBLY_SENT) else "no doubt is told"
        case DeliveryState.EXPIRED if crowd.plan.midway:
            why = row.error in (RECALLED_BEFORE, UNTRUE)
            return "" if why and not posts else "it was sent, or there is no reason"
    return "that is no end"


STATE_WORDS = {"perhaps": "uncertain", "not": "expired", "failed": "dead"}
"""States that the report calls by other words."""


def _added_up(crowd: "Crowd", rows: Sequence[Delivery], text: str, file: Counter[str]) -> Iterator[str]:
    """What its author reads are the same numbers, and all of them."""
    states = Counter(str(row.state) for row in rows)
    line = next((row for row in text.splitlines() if row.startswith("Messages: ")), "")
    counts = re.findall(r"([\d,]+) ([a-z]+)", line)
    reported = {STATE_WORDS.get(word, word): int(number.replace(",", "")) for number, word in counts}
    if reported != dict(states) or file != states or sum(reported.values()) != len(crowd.people):
        yield f"the report says {reported}, its file {dict(file)}, but there are {dict(states)} of {len(crowd.people)}"


def _nobody_twice(crowd: "Crowd") -> Iterator[str]:
    """Only what nobody could know of was sent again, and the report says so, also when it was recalled."""
    for asks in crowd.platform.asks.values():
        for ask in asks:
            if ask.is_known and ask.kind in (ANNOUNCEMENT, LEAVE_BY):
                yield f"{ask.kind} for {ask.user} is sent again at {ask.at:.3f}, though that is known"
    if crowd.platform.kind.remembers:
        for one, other in (pair for posts in crowd.platform.posts.values() for pair in pairwise(posts)):
            if not _kept_from(crowd, one.at, other.at):
                yield f"{one.ask.kind} for {one.ask.user} is repeated after {other.at - one.at:.0f} s for no reason"
    for row in crowd.tale.before or crowd.tale.after:
        posts = crowd.platform.posts.get(row.nudge.key, [])
        marked = (
            row.error == POSSIBLE_DUPLICATE
            or row.state is DeliveryState.UNCERTAIN
            or row.error.startswith(NOT_RECALLED)
        )
        if len(posts) > 1 and not marked:
            yield f"{row.nudge.key} arrived {len(posts)} times, but the report says {row.state} ({row.error})"


def _kept_from(crowd: "Crowd", since: float, until: float) -> bool:
    """Whether nothing could be sent for a while: it was paused, there was a storm, or more than one died."""
    paused = any(begins - GRACE <= until and since <= ends for begins, ends in crowd.paused)
    stormed = any(spell.begins <= until and since <= spell.ends + LONGEST_PAUSE for spell in crowd.platform.spells)
    return paused or stormed or sum(since - 1 <= death <= until for death in crowd.deaths) > 1


def _taken_back(crowd: "Crowd") -> Iterator[str]:
    """What still stands is on the report, with its reason."""
    for row in crowd.tale.after:
        posts = crowd.platform.posts.get(row.nudge.key, [])
        standing = [post for post in posts if not post.gone]
        if row.state is DeliveryState.SENT and not row.error.startswith(NOT_RECALLED):
            yield f"{row.nudge.key} was not taken back, and there is no reason"
        if row.state is DeliveryState.RECALLED and standing and row.error != POSSIBLE_DUPLICATE:
            yield f"{row.nudge.key} stands there still, but the report says {row.state} ({row.error})"
        if row.state is DeliveryState.RECALLED and row.message in {post.id for post in standing}:
            yield f"{row.nudge.key} was not taken back, though the report says so"


def _held(crowd: "Crowd") -> Iterator[str]:
    for begins, ends in crowd.paused:
        if passed := [moment for moment in crowd.platform.moments if begins <= moment < ends]:
            yield f"{len(passed)} were sent while it was paused, the first at {passed[0]:.3f}"


def _nudged(crowd: "Crowd") -> Iterator[str]:
    """Nobody leaves late because of a broadcast."""
    users = {attendee.id: attendee.user for attendee in crowd.people}
    for nudge in crowd.nudges:
        if users[nudge.attendee] in crowd.platform.closed:
            continue
        posts = crowd.platform.posts.get(nudge.key)
        if not posts:
            yield f"{users[nudge.attendee]} is not told to leave"
            continue
        at = OPENS + timedelta(seconds=posts[0].ask.at)
        if at > nudge.due_at + timedelta(minutes=10):
            yield f"{users[nudge.attendee]} is told at {at} to leave, which was due at {nudge.due_at}"
        elif at > nudge.deadline + LATE and not _troubled(crowd, nudge, at):
            yield f"{users[nudge.attendee]} is told at {at} to leave, which was due at {nudge.due_at}, and nothing was wrong"


def _troubled(crowd: "Crowd", nudge: Nudge, until: datetime) -> bool:
    """Whether somebody died, or nothing could be sent."""
    first, last = ((moment - OPENS).total_seconds() for moment in (nudge.due_at, until))
    died = any(first - TROUBLED <= death <= last for death in crowd.deaths)
    return died or any(spell.begins <= last and first <= spell.ends + GRACE for spell in crowd.platform.spells)


def _within_limits(crowd: "Crowd") -> Iterator[str]:
    """Nothing is refused for its number but by a storm, or because who takes over does not know of what was before."""
    for ask, beside in crowd.platform.refused:
        window = 60.0 if crowd.platform.kind is SLACK else 1.0
        if ask.ours and not beside and not any(ask.at - window <= death <= ask.at for death in crowd.deaths):
            yield f"{ask.method} for {ask.user} at {ask.at:.3f} is one too many"
