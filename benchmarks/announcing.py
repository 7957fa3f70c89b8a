"""Announcements: preparing one for 20,000 people, memory while they are owed theirs, and a broadcast beside leave-bys.

The audience is counted and read by a real SQLite. The broadcast is sent in virtual time by the outbox, the lane and the
pacer of `hallway run` to a platform that takes 50 requests in any second.
"""

import statistics
import sys
import tempfile
import time
import tracemalloc
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import update

from benchmarks import ours
from benchmarks.crowd import NAMES, OPENS, filled, go, people, schedule
from benchmarks.figures import Figure, quiet, tell
from benchmarks.peaks import ALLOWED, START, delivered, figures, message, optimum, paced
from benchmarks.virtual import passed
from bot.app.announcements.recipients import outlook_of
from bot.app.text import Reader, preview
from bot.domain.announcements.announcement import KEEPS, Announcement, How, Words
from bot.domain.announcements.audience import Audience, Term, Who, sieve_of
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule
from bot.storage import tables
from bot.storage.unit_of_work import SqlStore

TIMES = 5
CHUNK = 500
DURING = timedelta(seconds=50)
"""After the broadcast began everybody of the others has to leave."""
AFTER = {"at once": timedelta(), "70 s later": timedelta(seconds=70)}
FAIR, IN_HAND = 2, 3.0
"""Who has half of what is allowed takes twice as long; and what is in hand already goes out before, in seconds."""
AUDIENCES = {
    "everyone": Audience(),
    "going to a session": Audience((Term(Who.GOING, "s7"),)),
    "next session in a venue": Audience((Term(Who.NEXT, NAMES[0]),)),
    "in a hotel, on a day": Audience((Term(Who.HOTEL, NAMES[1]), Term(Who.DAY, "2021-11-29"))),
}


async def prepared(store: SqlStore, made: Schedule, audience: Audience, linked: tuple[int, ...] = ()) -> float:
    """Milliseconds until a draft is shown with what it comes to."""
    draft = Announcement(1, 1, 1, Words("The walkway is closed"), OPENS, audience, how=How.DM, linked=linked)
    begins = time.perf_counter()
    async with store.read_transaction() as work:
        communities = list((await work.communities.by_id(draft.communities)).values())
        outlook = await outlook_of(work, draft, communities, made, OPENS)
        preview(draft, outlook, made, Reader(made.conference.zone))
    return (time.perf_counter() - begins) * 1000


async def divided(store: SqlStore) -> int:
    """Every second of the people is in another community from now on; gives its id."""
    async with store.write_transaction() as work:
        other = await work.communities.add("console", "other")
        half = update(tables.attendee).where(tables.attendee.c.id % 2 == 0).values(community=other.id)
        await work.people.connection.execute(half)
    return other.id


async def owed_memory(store: SqlStore, made: Schedule, most: int) -> float:
    """Megabytes that owing theirs to `most` people takes at its highest, chunk by chunk as the broadcast does."""
    sieve, last, done = sieve_of(Audience(), made, OPENS), 0, 0
    tracemalloc.start()
    while done < most:
        async with store.read_transaction() as work:
            chunk = await work.audiences.next_page([1], "crowd", sieve, last, CHUNK)
        async with store.write_transaction() as work:
            kind, ends = NudgeKind.ANNOUNCEMENT, OPENS + KEEPS
            nudges = [Nudge(kind, each.id, f"m{most}", 1, OPENS, ends) for each in chunk]
            await work.deliveries.add(
                [(each.community, nudge) for each, nudge in zip(chunk, nudges, strict=True)], OPENS
            )
        last, done = chunk[-1].id, done + len(chunk)
    highest = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return highest


async def audience_figures(count: int) -> list[Figure]:
    """How long preparing takes, and what memory does with the audience."""
    made = schedule(2_500)
    crowd = [(replace(known, announcements=OPENS - timedelta(days=1)), chosen) for known, chosen in people(count, made)]
    with tempfile.TemporaryDirectory() as folder:
        store = await filled(f"sqlite:///{Path(folder) / 'crowd.db'}", made, crowd)
        found = []
        for name, audience in AUDIENCES.items():
            spans = [await prepared(store, made, audience) for _ in range(TIMES)]
            found.append(Figure(f"preparing, {name}: median of {TIMES}", statistics.median(spans), "ms", 300))
        few, all_of_them = await owed_memory(store, made, count // 4), await owed_memory(store, made, count)
        found.append(Figure(f"memory of owing {count // 4:,}", few, "MB"))
        found.append(Figure(f"memory of owing {count:,}, to that", all_of_them / few, "x", 1.2))
        linked = (await divided(store),)
        spans = [await prepared(store, made, Audience(), linked) for _ in range(TIMES)]
        found.append(
            Figure(f"preparing, two linked communities: median of {TIMES}", statistics.median(spans), "ms", 300)
        )
        await store.close()
    return found


def fairness(big: int, small: int) -> list[Figure]:
    """How long a small community waits that announces something when a big one does, on one token, or later."""
    found = []
    for said, later in AFTER.items():
        begins = START + later
        # Who has an even number is in the first community.
        first = [message(NudgeKind.ANNOUNCEMENT, 2 * n, START, START + KEEPS) for n in range(1, big + 1)]
        second = [message(NudgeKind.ANNOUNCEMENT, 2 * n + 1, begins, begins + KEEPS) for n in range(small)]
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'shared.db'}"
            platform = passed(partial(delivered, url=url, owed=[*first, *second], communities=2))
        out = max(platform.taken[each.nudge.key] for each in second) - later.total_seconds()
        meanwhile = [each for each in first if 0 <= platform.taken[each.nudge.key] - later.total_seconds() <= out]
        found += [
            Figure(f"{small} beside {big:,}, {said}: out after", out, "s", FAIR * small / ALLOWED + IN_HAND),
            Figure(
                f"{small} beside {big:,}, {said}: share of what was sent meanwhile",
                small / (small + len(meanwhile)) * 100,
                "%",
            ),
        ]
    return found


def main(count: int, broadcast: int, nudges: int) -> bool:
    """All of it; whether every bound is kept."""
    kept = tell(f"Preparing an announcement to {count:,} people", go(audience_figures(count)))
    first = [message(NudgeKind.ANNOUNCEMENT, n, START, START + KEEPS) for n in range(1, broadcast + 1)]
    leaves = START + DURING
    owed = [
        *first,
        *(message(NudgeKind.LEAVE_BY, n, leaves, leaves + (ours.DUE - START)) for n in range(1, nudges + 1)),
    ]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'broadcast.db'}"
        platform = passed(partial(delivered, url=url, owed=owed))
    found = [*figures("broadcast", owed, platform, len(optimum(owed))), *paced("broadcast", owed, platform)]
    kept = tell("Two communities on one token, in virtual time", fairness(broadcast, broadcast // 100)) and kept
    return (
        tell(f"{broadcast:,} announcements, and {nudges:,} leave-by nudges meanwhile, in virtual time", found) and kept
    )


if __name__ == "__main__":
    quiet()
    small = "--small" in sys.argv
    if not main(*((400, 200, 20) if small else (20_000, 5_000, 500))) and not small:
        sys.exit(1)
