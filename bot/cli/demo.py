"""`hallway demo`: one simulated day of the sample conference, from Monday 08:30 to the recap, in a temporary folder."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters.console import ChatSession, MutedSink
from bot.app.schedules.importer import ingest
from bot.cli.application import Application
from bot.cli.conversation import Conversation, Options, converse, is_terminal, open_conversation
from bot.domain.phrases import phrase
from bot.sources import sample
from bot.timing.clock import RehearsalClock

GREETING = phrase("""\
Hallway: a day at CloudWeek 2021. It is Monday, 08:30, at your hotel, MGM Grand.
Six hotels, 1,121 sessions, five of them on your agenda today. Type /nextsession
""")
CLOSING_TEXT = phrase("""\
That was the day. Type more commands, or :quit.
Your own schedule: hallway import FILE --conference NAME, then hallway chat.""")


async def demo(options: Options) -> None:
    """Play the demo at a terminal, or with the lines of a pipe."""
    with tempfile.TemporaryDirectory(prefix="hallway-demo-") as folder:
        clock = RehearsalClock(sample.EVE)
        chosen = replace(options, conference="", community=options.community or sample.COMMUNITY)
        async with open_conversation(f"sqlite:///{Path(folder) / 'demo.db'}", chosen, clock) as conversation:
            await _prepare(conversation, clock)
            clock.run_at(options.speed or 0)
            if not options.json:
                conversation.session.sink.note(GREETING)
            paced = is_terminal() and not options.speed
            day_ends = sample.OPENS + timedelta(hours=19) if paced else None
            await converse(conversation, None, day_ends, CLOSING_TEXT)


async def _prepare(conversation: Conversation, clock: RehearsalClock) -> None:
    """Import the schedule, let a few people choose sessions on the evening before, and go on to Monday morning."""
    await load_sample(conversation.application)
    sink, conversation.messenger.sink = conversation.messenger.sink, MutedSink()
    eve = ChatSession(conversation.rehearsal, MutedSink(), conversation.session.tenant, sample.USER)
    for line in sample.story():
        await eve.play(line)
    await conversation.rehearsal.wait(sample.OPENS - clock.now())
    conversation.messenger.sink = sink


async def load_sample(application: Application) -> None:
    """Import and publish the sample conference, with the walks between venues and the topics of its organizers."""
    await ingest(application.store, sample.draft(), sample.SLUG, application.clock.now(), venues=sample.venues())
    async with application.store.write_transaction() as work:
        schedule = await work.conferences.load(sample.SLUG)
        if schedule:
            conference = replace(schedule.conference, revision=schedule.conference.revision + 1)
            completed = replace(schedule, conference=conference, ways=sample.ways(), topics=sample.topics())
            await work.conferences.save(completed)
