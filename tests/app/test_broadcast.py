"""The broadcast where something is in its way: it waits, asks again, or says why it stopped."""

from dataclasses import replace
from datetime import timedelta

from bot.app.ports import DeliveryState, NotNow, Standing, Unsure
from bot.domain.announcement import Announcement, Stage
from bot.domain.attendee import Community
from bot.domain.session import SessionState
from tests.builders import ARC, CONFERENCE, KEY, SEC, schedule
from tests.talk import Postbox, Talk


async def confirmed(talk: Talk, line: str) -> int:
    """Olga makes an announcement and confirms it; gives its number."""
    talk.user = "olga"
    reply = await talk.ask(line, organizer=True)
    await talk.press(reply, "Confirm", organizer=True)
    return int(reply.buttons[0].arguments["number"])


async def known(talk: Talk, number: int) -> Announcement:
    async with talk.store.reading() as work:
        found = await work.announcements.get(number)
    assert found
    return found


def sent(talk: Talk) -> list[str]:
    return sorted(each.to for each in talk.post.sent if each.kind == "announcement")


class Asked(Postbox):
    """A platform that cannot say at first what somebody may do."""

    async def standing(self, community: Community, user: str) -> Standing:
        if self.faults:
            raise self.faults.pop(0)
        return await Postbox.standing(self, community, user)


async def test_it_waits_where_the_platform_cannot_say_whether_its_author_may(talk: Talk) -> None:
    number = await confirmed(talk, '/announce "Lunch" in #general')
    asked = Asked(talk.clock, standings=talk.post.standings, faults=[NotNow("busy")])
    talk.messengers["console"] = asked
    await talk.wait(seconds=20)
    assert ((await known(talk, number)).stage, asked.sent) == (Stage.PLANNED, [])
    await talk.wait(minutes=1)
    assert [each.to for each in asked.sent if each.kind == "announcement"] == ["#general"]


async def test_who_gets_it_as_an_organizer_is_asked_about_again(talk: Talk) -> None:
    for user in ("bob", "cy"):
        talk.user = user
        await talk.say("/news on")
        await talk.ask("/settings", organizer=True)
    del talk.post.standings["cy"]
    await confirmed(talk, '/announce "Badges are here" to organizers')
    await talk.wait(minutes=1)
    assert sent(talk) == ["bob"]


async def test_one_before_a_session_that_is_called_off_is_called_off_too(talk: Talk) -> None:
    number = await confirmed(talk, '/announce "Doors open" in #general at 10m before SEC203')
    off = replace(SEC, state=SessionState.CANCELLED, revision=2)
    await talk.publish(replace(schedule([ARC, off, KEY]), conference=replace(CONFERENCE, revision=2)))
    await talk.wait(hours=4)
    found = await known(talk, number)
    assert (found.stage, found.why, sent(talk)) == (Stage.CANCELLED, "its session does not take place", [])


async def test_it_ends_with_the_conference_of_its_community(talk: Talk) -> None:
    number = await confirmed(talk, '/announce "Lunch" in #general at 12:00')
    async with talk.store.writing() as work:
        here = await work.communities.get("console", "club")
        assert here
        await work.communities.save(replace(here, conference="gone"))
    await talk.wait(hours=5)
    found = await known(talk, number)
    assert (found.stage, found.why) == (Stage.CANCELLED, "its community follows no conference")


async def test_who_made_it_and_was_forgotten_sends_nothing(talk: Talk) -> None:
    number = await confirmed(talk, '/announce "Lunch" in #general at 12:00')
    await talk.say("/forgetme yes")
    await talk.wait(hours=5)
    found = await known(talk, number)
    assert (found.stage, found.why, sent(talk)) == (Stage.CANCELLED, "who made it is no organizer any more", [])


async def test_a_recall_that_is_not_answered_is_tried_again(talk: Talk) -> None:
    talk.user = "bob"
    await talk.say("/news on")
    number = await confirmed(talk, '/announce "Wrong" to everyone by both in #general')
    await talk.wait(minutes=1)
    assert sent(talk) == ["#general", "bob"]
    await talk.ask(f"/announce recall {number}", organizer=True)
    talk.post.faults = [Unsure("no answer"), NotNow("busy")]
    await talk.wait(seconds=20)
    assert sent(talk) == ["#general", "bob"]
    await talk.wait(minutes=2)
    assert sent(talk) == []
    async with talk.store.reading() as work:
        assert (await work.mailings.tally(number)).states == {DeliveryState.RECALLED: 2}


async def test_what_was_just_being_sent_when_it_was_recalled_is_recalled_too(talk: Talk) -> None:
    number = await confirmed(talk, '/announce "Wrong" in #general')
    await talk.wait(minutes=1)
    async with talk.store.writing() as work:
        here = await work.communities.get("console", "club")
        assert here
        ((delivery,),) = [await work.mailings.after(number, 0, 9)]
        await work.mailings.mark({delivery.id: (DeliveryState.CLAIMED, "")})
    await talk.ask(f"/announce recall {number}", organizer=True)
    await talk.wait(seconds=20)
    assert ((await known(talk, number)).job, sent(talk)) == ("recall", ["#general"])
    async with talk.store.writing() as work:
        await work.mailings.mark({delivery.id: (DeliveryState.SENT, "")})
    await talk.wait(seconds=20)
    assert ((await known(talk, number)).job, sent(talk)) == (None, [])


async def test_what_was_held_while_it_went_on_already_is_let_go(talk: Talk) -> None:
    talk.user = "bob"
    await talk.all("/news on", "/nudges quiet 07:00-09:00")
    number = await confirmed(talk, '/announce "Lunch" to everyone by dm')
    await talk.wait(minutes=1)
    async with talk.store.writing() as work:
        await work.mailings.turn(number, DeliveryState.HELD, talk.clock.now())
        await work.announcements.save(await work.announcements.get(number), talk.clock.now())  # type: ignore[arg-type]  # it is there
    await talk.wait(hours=1, minutes=5)
    assert sent(talk) == ["bob"]
    assert (await known(talk, number)).stage is Stage.DONE


async def test_two_who_take_the_same_step_owe_everybody_theirs_once(talk: Talk) -> None:
    for number in range(3):
        talk.user = f"user{number}"
        await talk.say("/news on")
    await confirmed(talk, '/announce "Lunch" to everyone by dm')
    await talk.broadcast.deliver_due()
    other = Talk(talk.store, talk.clock.now() + timedelta(minutes=5))
    other.messengers["console"] = talk.post
    await other.broadcast.deliver_due()
    await talk.wait(minutes=10)
    assert sent(talk) == ["user0", "user1", "user2"]
