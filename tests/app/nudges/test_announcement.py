"""An announcement is written when it is sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app.command_spec import NotYetError, RenderContext
from bot.app.nudges.announcement import write
from bot.app.ports import PersonRecipient
from bot.domain.announcements.announcement import Announcement, Stage, Words
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import NudgeKind
from tests.builders import at, nudge, schedule
from tests.fakes.app_harness import AppHarness


async def announced(app: AppHarness, stage: Stage) -> tuple[Attendee, Announcement]:
    async with app.store.write_transaction() as work:
        ada = await work.people.join("console", "club", "ada")
        await work.people.save(replace(ada, announcements=at(8)))
        made = await work.announcements.add(Announcement(0, ada.community.id, ada.id, Words("Lunch"), at(8)))
        await work.announcements.save(replace(made, stage=stage), None)
    return ada, made


def occasion(app: AppHarness, ada: Attendee, subject: str) -> RenderContext:
    planned = nudge(ada.id, subject, at(9), kind=NudgeKind.ANNOUNCEMENT)
    return RenderContext(planned, PersonRecipient(ada), schedule(), at(9), timedelta(), app.store.read_transaction)


async def test_it_says_why_somebody_gets_it(app: AppHarness) -> None:
    ada, made = await announced(app, Stage.GOING)
    reply = await write(occasion(app, ada, str(made.id)))
    assert reply
    assert app.text(reply) == ("Lunch\nYou get this because you follow the announcements of club.\n→ /news off")


async def test_one_that_is_paused_is_held_and_one_that_is_cancelled_or_gone_is_not_sent(app: AppHarness) -> None:
    ada, made = await announced(app, Stage.PAUSED)
    with pytest.raises(NotYetError):
        await write(occasion(app, ada, str(made.id)))
    for stage in (Stage.CANCELLED, Stage.RECALLED):
        ada, made = await announced(app, stage)
        assert await write(occasion(app, ada, str(made.id))) is None
    assert await write(occasion(app, ada, "999")) is None


async def test_who_mutes_them_meanwhile_or_is_gone_gets_none(app: AppHarness) -> None:
    ada, made = await announced(app, Stage.GOING)
    async with app.store.write_transaction() as work:
        await work.people.save(ada)
    assert await write(occasion(app, ada, str(made.id))) is None
    stranger = replace(ada, id=999, community=Community(1, "console", "club"))
    assert await write(occasion(app, stranger, str(made.id))) is None
