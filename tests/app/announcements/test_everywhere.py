"""Announcements that go to linked communities too: what is shown before, who gets it, and one report over all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.access.authorization import PermissionChecker
from bot.app.announcements.recipients import AnnouncementContext, channels_of, seconds_for
from bot.app.messages import Reply
from bot.app.ports import DeliveryFilter, DeliveryState, Lane, Outcome, Permissions, RecipientUnreachableError
from bot.domain.announcements.announcement import Announcement, How, Stage, Words
from bot.domain.announcements.link import CommunityLink
from bot.domain.attendee.attendee import Community
from bot.domain.nudges.nudge import ChannelTarget
from tests.app.announcements.test_links import ask, community, linked, log, say
from tests.app.announcements.test_sender import sent, stored_announcement
from tests.builders import CONFERENCE, at, schedule
from tests.fakes.app_harness import AppHarness, FakeMessenger, FrozenClock

LUNCH = '/announce "Lunch is in *hall B*" to everyone in #general everywhere'
HERE, THERE = "club (Console)", "other (Console)"


@pytest.fixture
async def pair(app: AppHarness) -> AppHarness:
    """Two linked communities; `other` has an announcements channel."""
    await linked(app, "club", "other")
    await say(app, "other", "/settings announcements #news", "bob")
    return app


async def listening(app: AppHarness, tenant: str, *users: str, also: Sequence[str] = ()) -> None:
    app.tenant = tenant
    for user in users:
        await app.talk_to(user, "/news on", *also)


async def press(app: AppHarness, reply: Reply, label: str) -> str:
    app.tenant, app.user = "club", "olga"
    return await app.press(reply, label, organizer=True)


async def confirmed(app: AppHarness, line: str) -> int:
    """Olga makes an announcement in `club` and confirms it; gives its number."""
    reply = await ask(app, "club", line)
    assert not reply.is_error, app.text(reply)
    await press(app, reply, "Confirm")
    return int(reply.buttons[0].arguments["number"])


def fields(app: AppHarness, reply: Reply) -> dict[str, str]:
    """The facts of the last card, by name."""
    lines = app.text(replace(reply, cards=reply.cards[-1:], buttons=())).splitlines()
    return dict(line.strip().split(": ", 1) for line in lines if line.startswith("   ") and ": " in line)


async def test_it_is_shown_for_each_community_before_it_goes_to_all(pair: AppHarness) -> None:
    await listening(pair, "club", "ada")
    await listening(pair, "other", "dan", "eve")
    reply = await ask(pair, "club", LUNCH.replace("everywhere", "by both everywhere notify"))
    assert fields(pair, reply) == {
        "To": "everyone",
        "When": "as soon as you confirm it",
        "Sends": "3 direct messages and 2 channel posts, in less than a minute",
        "Posted in": "#general",
        "Not sent directly": "2 who haven't turned announcements on. They can read it in the channel.",
        "Notifies": "everybody in the channel, if the platform lets me; nobody in linked communities",
        HERE: "1 direct message, posted in the channels above",
        THERE: "2 direct messages, posted in its announcements channel",
    }
    await press(pair, reply, "Confirm")
    await pair.wait(minutes=1)
    assert sent(pair) == ["#general", "#news", "ada", "dan", "eve"]
    posts = {message.to: message.content.notify for message in pair.post.sent if message.to.startswith("#")}
    assert posts == {"#general": True, "#news": False}
    assert [message.to for message in pair.post.sent if message.kind == "announcement-progress"] == ["olga"]


async def test_readers_there_see_where_it_comes_from_and_why_they_get_it(pair: AppHarness) -> None:
    await listening(pair, "other", "dan", also=["/attend ARC301"])
    await confirmed(pair, LUNCH.replace("everywhere", "by both everywhere"))
    await confirmed(pair, '/announce "Seats" to going ARC301 everywhere')
    await pair.wait(minutes=1)
    heads = [
        text.splitlines()[:2]
        for text, message in zip(pair.messages(), pair.post.sent, strict=True)
        if message.to in ("dan", "#news") and message.kind == "announcement"
    ]
    assert sorted(heads) == [
        ["Lunch is in hall B", f"From {HERE}, which is linked with this community."],
        [
            "Lunch is in hall B",
            f"You get this because you follow the announcements of other, and {HERE} is linked with it.",
        ],
        ["Seats", f'You get this because you go to "Queues that never sleep". It comes from {HERE}.'],
    ]
    there = [(entry.doer, entry.what) for entry in await log(pair, "other")]
    assert there[1] == (f"an organizer of {HERE}", "announced here, by the link: Lunch is in *hall B*")


async def test_one_report_counts_over_all_and_for_each_community(pair: AppHarness) -> None:
    await listening(pair, "club", "ada")
    await listening(pair, "other", "dan", "eve")
    number = await confirmed(pair, LUNCH.replace("everywhere", "by both everywhere"))
    pair.post.faults = [RecipientUnreachableError("progress is closed too"), RecipientUnreachableError("closed")]
    await pair.wait(minutes=1)
    report = await ask(pair, "club", f"/announce report {number}")
    found = fields(pair, report)
    whole = {DeliveryState.SENT: 4, DeliveryState.REFUSED: 1}
    async with pair.store.read_transaction() as work:
        assert (await work.announcement_deliveries.stats(number)).states == whole
        parts = [
            await work.announcement_deliveries.stats(number, member)
            for member in (await stored_announcement(pair, number)).communities
        ]
    assert {state: sum(stats.states.get(state, 0) for stats in parts) for state in whole} == whole
    assert found["Messages"] == "4 sent, 1 refused"
    assert sorted((found[HERE], found[THERE])) in (["1 sent, 1 refused", "3 sent"], ["2 sent", "2 sent, 1 refused"])
    rows = report.files[0].content.splitlines()
    assert rows[0].endswith(",community")
    assert sorted(row.rpartition(",")[2] for row in rows[1:]) == ["console:club"] * 2 + ["console:other"] * 3
    pair.tenant, pair.user = "other", "dan"
    await pair.say("/forgetme yes")
    gone = (await ask(pair, "club", f"/announce report {number}")).files[0].content.splitlines()
    assert len(gone) == len(rows) - 1


async def test_only_its_own_community_gets_it_unless_it_is_said(pair: AppHarness) -> None:
    reply = await ask(pair, "club", LUNCH.removesuffix(" everywhere"))
    assert THERE not in pair.text(reply)
    wide = await press(pair, reply, "To linked communities too")
    assert f"{THERE}: posted in its announcements channel" in wide
    shown = await ask(pair, "club", f"/announce show {reply.buttons[0].arguments['number']}")
    narrow = await press(pair, shown, "Only here")
    assert THERE not in narrow
    await ask(pair, "club", f"/announce confirm {reply.buttons[0].arguments['number']}")
    await pair.wait(minutes=1)
    assert sent(pair) == ["#general"]


async def test_it_reaches_who_is_linked_with_it_and_nobody_beyond(pair: AppHarness) -> None:
    await linked(pair, "other", "third")
    await say(pair, "third", "/settings announcements #beyond")
    await confirmed(pair, LUNCH)
    await pair.wait(minutes=1)
    assert sent(pair) == ["#general", "#news"]


async def test_who_is_in_several_communities_gets_it_once(pair: AppHarness) -> None:
    await listening(pair, "club", "ada", "bob")
    await listening(pair, "other", "ada", "dan")
    assert "No duplicates" not in fields(pair, await ask(pair, "club", LUNCH))
    reply = await ask(pair, "club", '/announce "Hi" to everyone by dm everywhere')
    found = fields(pair, reply)
    assert found["Sends"] == "3 direct messages, in less than a minute"
    assert (found[HERE], found[THERE]) == ("2 direct messages", "2 direct messages")
    assert found["No duplicates"] == "people in several communities get it once"
    await press(pair, reply, "Confirm")
    await pair.wait(minutes=1)
    assert sent(pair) == ["ada", "bob", "dan"]


async def test_it_goes_on_where_another_process_ended_and_nobody_gets_it_twice(pair: AppHarness) -> None:
    await listening(pair, "club", "ada", "bob")
    await listening(pair, "other", "ada", "dan")
    number = await confirmed(pair, LUNCH.replace("everywhere", "by both everywhere"))
    pair.broadcast.on_owed = pair.broadcast.stop
    await pair.broadcast.run_due()
    fresh = AppHarness(pair.store, pair.clock.now() + timedelta(minutes=3))
    fresh.post.standings = pair.post.standings
    await fresh.wait(minutes=1)
    assert sent(fresh) == ["#general", "#news", "ada", "bob", "dan"]
    assert (await stored_announcement(fresh, number)).stage is Stage.DONE


async def test_without_a_link_that_counts_there_is_no_everywhere(app: AppHarness) -> None:
    none = "No community is linked with this one right now. To link one: /settings link:new"
    assert await say(app, "club", LUNCH) == none
    await linked(app, "club", "other")
    await app.publish(replace(schedule(), conference=replace(CONFERENCE, slug="bird22", title="Bird 22")))
    await say(app, "club", "/conference cloud21")
    await say(app, "other", "/conference bird22 yes")
    assert await say(app, "club", LUNCH) == none.replace(
        " right now", " right now (other (Console): it follows another conference now)"
    )
    reply = await ask(app, "club", LUNCH.removesuffix(" everywhere"))
    assert [button.label for button in reply.buttons][-1] == "Discard"


async def test_a_community_without_an_announcements_channel_is_skipped_and_that_is_said(app: AppHarness) -> None:
    await linked(app, "club", "other")
    await listening(app, "other", "dan")
    number = await confirmed(app, LUNCH)
    shown = fields(app, await ask(app, "club", LUNCH))
    assert (shown[THERE], shown["Sends"]) == (
        "skipped: it has no announcements channel",
        "1 channel post, in less than a minute",
    )
    await app.wait(minutes=1)
    assert sent(app) == ["#general"]
    report = fields(app, await ask(app, "club", f"/announce report {number}"))
    assert (report[HERE], report[THERE]) == ("1 sent", "skipped: it has no announcements channel")
    both = fields(app, await ask(app, "club", LUNCH.replace("everywhere", "by both everywhere")))
    assert both[THERE] == "1 direct message, not posted: it has no announcements channel"


@pytest.mark.parametrize("why", ["the link was undone", "it follows another conference now", "I was removed from it"])
async def test_links_are_looked_at_again_when_it_fires(pair: AppHarness, why: str) -> None:
    await say(pair, "club", "/conference cloud21")
    number = await confirmed(pair, LUNCH.replace("everywhere", "by both everywhere at 12:00"))
    await listening(pair, "other", "dan")
    if "undone" in why:
        await say(pair, "other", "/settings unlink console:club")
    async with pair.store.write_transaction() as work:
        there = await work.communities.add("console", "other")
        left = pair.clock.now() if "removed" in why else None
        conference = "bird22" if "another" in why else there.conference
        await work.communities.save(replace(there, left_at=left, conference=conference))
    shown = fields(pair, await ask(pair, "club", f"/announce show {number}"))
    assert THERE in shown
    await pair.wait(hours=5)
    assert sent(pair) == ["#general"]
    report = fields(pair, await ask(pair, "club", f"/announce report {number}"))
    assert (report["Messages"], report[THERE]) == ("1 sent", f"skipped: {why}")


async def test_a_draft_says_which_link_was_undone_since(pair: AppHarness) -> None:
    reply = await ask(pair, "club", LUNCH)
    await say(pair, "other", "/settings unlink console:club")
    shown = fields(pair, await ask(pair, "club", f"/announce show {reply.buttons[0].arguments['number']}"))
    assert (shown[THERE], shown["Sends"]) == (
        "skipped: the link was undone",
        "1 channel post, in less than a minute",
    )


async def test_a_community_that_is_forgotten_before_it_fires_is_on_the_report(pair: AppHarness) -> None:
    number = await confirmed(pair, LUNCH.replace("everywhere", "everywhere at 12:00"))
    async with pair.store.write_transaction() as work:
        there = await work.communities.add("console", "other")
        await work.communities.save(replace(there, left_at=at(8)))
        assert await work.communities.forget_left(at(9)) == 1
    await pair.wait(hours=5)
    report = fields(pair, await ask(pair, "club", f"/announce report {number}"))
    assert report["A community that is gone"] == "skipped: the link was undone"


async def test_what_a_link_led_to_is_not_sent_once_it_is_undone(pair: AppHarness) -> None:
    await listening(pair, "other", "dan", also=["/nudges quiet 07:00-09:00"])
    number = await confirmed(pair, '/announce "Hi" to everyone by dm everywhere')
    await pair.wait(minutes=1)
    await say(pair, "club", "/settings unlink console:other")
    await pair.wait(hours=2)
    assert sent(pair) == []
    report = fields(pair, await ask(pair, "club", f"/announce report {number}"))
    assert (report["Messages"], report["1"]) == ("1 not sent", "no longer true")


async def test_corrections_and_recalls_reach_linked_communities_also_once_the_link_is_undone(pair: AppHarness) -> None:
    await listening(pair, "other", "dan")
    number = await confirmed(pair, LUNCH.replace("everywhere", "by both everywhere"))
    await pair.wait(minutes=1)
    await ask(pair, "club", f'/announce edit {number} "Lunch is in hall C"')
    await pair.wait(minutes=1)
    texts = {
        message.to: pair.messages()[n] for n, message in enumerate(pair.post.sent) if message.kind == "announcement"
    }
    assert sorted(texts) == ["#general", "#news", "dan"]
    assert all("hall C" in text for text in texts.values())
    assert f"\nFrom {HERE}" in texts["#news"]
    assert f"{HERE} is linked with it." in texts["dan"]
    await say(pair, "other", "/settings unlink console:club")
    await ask(pair, "club", f"/announce recall {number}")
    await pair.wait(minutes=1)
    assert sent(pair) == []


async def test_what_stands_in_a_community_that_removed_hallway_cannot_be_recalled_and_that_is_said(
    pair: AppHarness,
) -> None:
    number = await confirmed(pair, LUNCH)
    await pair.wait(minutes=1)
    async with pair.store.write_transaction() as work:
        there = await work.communities.add("console", "other")
        await work.communities.save(replace(there, left_at=pair.clock.now()))
    await ask(pair, "club", f"/announce recall {number}")
    await pair.wait(minutes=1)
    assert sent(pair) == ["#news"]
    report = fields(pair, await ask(pair, "club", f"/announce report {number}"))
    assert (report[THERE], report["1"]) == ("1 sent", "not recalled: its community is gone")


async def test_the_urgent_of_a_day_are_counted_for_each_community_that_gets_them(pair: AppHarness) -> None:
    for _ in range(3):
        made = await ask(pair, "other", '/announce "!" to everyone urgent')
        number = made.buttons[0].arguments["number"]
        await ask(pair, "other", f"/announce confirm {number}")
        await ask(pair, "other", f"/announce really {number}")
    reply = await ask(pair, "club", LUNCH.replace("everywhere", "urgent everywhere"))
    sentence = f"{THERE} got 3 urgent announcements today. Send this one normally, or only here."
    assert await press(pair, reply, "Confirm") == sentence
    alone = await ask(pair, "club", f"/announce change {reply.buttons[0].arguments['number']} local")
    assert "phones may ring" in await press(pair, alone, "Confirm")
    await pair.wait(hours=25)
    reply = await ask(pair, "club", LUNCH.replace("everywhere", "urgent everywhere"))
    assert "phones may ring" in await press(pair, reply, "Confirm")


async def test_a_hotel_is_counted_over_all_and_told_for_none(pair: AppHarness) -> None:
    line = '/announce "Your lobby is closed" to hotel Venetian everywhere'
    await listening(pair, "club", "in0", "in1", "in2", also=["/hotel Venetian"])
    await listening(pair, "club", *(f"out{n}" for n in range(5)), also=["/hotel MGM"])
    await listening(pair, "other", "in3", "in2", also=["/hotel Venetian"])
    refused = "An audience by hotel needs at least 5 people in it"
    assert (await say(pair, "club", line)).startswith(refused)
    await listening(pair, "other", "in4", also=["/hotel Venetian"])
    reply = await ask(pair, "club", line)
    assert "about 5 direct messages" in pair.text(reply)
    assert (fields(pair, reply)[HERE], fields(pair, reply)[THERE]) == ("direct messages", "direct messages")
    assert (await say(pair, "club", line.removesuffix(" everywhere"))).startswith(refused)
    await press(pair, reply, "Confirm")
    await pair.wait(minutes=1)
    assert sent(pair) == [f"in{n}" for n in range(5)]
    report = await ask(pair, "club", f"/announce report {reply.buttons[0].arguments['number']}")
    sentence = "counted in the total only, so that nobody's hotel can be guessed"
    assert (fields(pair, report)[HERE], fields(pair, report)[THERE]) == (sentence, sentence)
    assert report.files[0].content.splitlines() == ["state,messages", 'sent,"about 5"']


async def test_a_hotel_that_is_small_without_an_undone_link_is_not_asked_for(pair: AppHarness) -> None:
    await listening(pair, "club", "in0", "in1", "in2", also=["/hotel Venetian"])
    await listening(pair, "club", *(f"out{n}" for n in range(5)), also=["/hotel MGM"])
    await listening(pair, "other", "in3", "in4", also=["/hotel Venetian"])
    reply = await ask(pair, "club", '/announce "Lobby" to hotel Venetian everywhere')
    await say(pair, "other", "/settings unlink console:club")
    assert (await press(pair, reply, "Confirm")).startswith("An audience by hotel needs at least 5 people in it")


async def test_lanes_wait_for_themselves_and_not_for_each_other(app: AppHarness) -> None:
    class Paced(FakeMessenger):
        def lane(self, community: Community) -> Lane:
            return Lane(
                community.tenant[0], DeliveryFilter("console", community.id), 1 if community.tenant < "b" else 10
            )

    made = [
        Community(n, platform, name)
        for n, (platform, name) in enumerate([("console", "a1"), ("console", "b1"), ("x", "c")])
    ]
    paced = {"console": Paced(app.clock)}
    assert seconds_for([(made[0], 30), (made[1], 400), (made[2], 9_999)], paced) == 40
    assert seconds_for([(made[0], 30), (replace(made[0], id=9), 30)], paced) == 30
    assert seconds_for([], paced) == 0


async def test_what_another_process_serves_is_told_as_such(pair: AppHarness) -> None:
    """A console that announces to a server of which another process has the token."""
    async with pair.store.write_transaction() as work:
        there = await work.communities.add("discord", "100")
        await work.communities.save(replace(there, notices="200"))
        dan = await work.people.join("discord", "100", "31")
        await work.people.save(replace(dan, announcements=at(8)))
        here = await work.communities.add("console", "club")
        await work.links.add(CommunityLink.between(here.id, there.id, "cloud21", at(8)))
    rights = PermissionChecker(pair.store, pair.messengers)
    assert await rights.check(there, "31", at(8)) is None
    reply = await ask(pair, "club", LUNCH)
    assert fields(pair, reply)["100 (Discord)"] == "posted in its announcements channel"
    assert not [name for name in fields(pair, reply) if name.startswith("Looks")]
    number = int(reply.buttons[0].arguments["number"])
    await press(pair, reply, "Confirm")
    await pair.wait(minutes=1)
    assert sent(pair) == ["#general", "#news"]
    async with pair.store.write_transaction() as work:
        now = pair.clock.now()
        (owed,) = await work.deliveries.claim([DeliveryFilter("discord")], now, now + timedelta(minutes=1), 9)
        assert owed.nudge.place == ChannelTarget(there.id, "200")
        sent_there = Outcome(owed.id, owed.attempt, DeliveryState.SENT, now, channel="200", message="m9")
        await work.deliveries.record_outcomes([sent_there])
    await ask(pair, "club", f"/announce recall {number}")
    await pair.wait(minutes=1)
    report = fields(pair, await ask(pair, "club", f"/announce report {number}"))
    assert report["1"] == "not recalled: discord is served by another process"


async def test_what_nobody_comes_for_ends_after_two_days(pair: AppHarness) -> None:
    async with pair.store.write_transaction() as work:
        there = await work.communities.add("discord", "100")
        await work.communities.save(replace(there, notices="200"))
        here = await work.communities.add("console", "club")
        await work.links.add(CommunityLink.between(here.id, there.id, "cloud21", at(8)))
    number = await confirmed(pair, LUNCH)
    await pair.wait(minutes=1)
    assert (await stored_announcement(pair, number)).stage is Stage.GOING
    pair.clock.move_to(at(9, day=30) + timedelta(days=1, hours=1))
    await pair.wait(minutes=1)
    assert (await stored_announcement(pair, number)).stage is Stage.DONE
    report = fields(pair, await ask(pair, "club", f"/announce report {number}"))
    assert (report["100 (Discord)"], report["1"]) == ("1 not sent", "too late")


async def test_whoever_organizes_no_more_sends_nothing_anywhere(pair: AppHarness) -> None:
    await confirmed(pair, LUNCH.replace("everywhere", "everywhere at 12:00"))
    pair.post.standings["olga"] = Permissions()
    await pair.wait(hours=5)
    assert sent(pair) == []
    assert (await log(pair, "other"))[0].what == "/settings announcements #news"
    assert await community(pair, "other")


@given(
    st.lists(st.integers(2, 9), unique=True),
    st.sets(st.integers(2, 9)),
    st.sets(st.integers(2, 9)),
    st.sampled_from(How),
)
def test_every_linked_community_gets_it_or_is_skipped_with_a_reason(
    meant: list[int], present: set[int], gone: set[int], how: How
) -> None:
    communities = {id_: Community(id_, "console", f"c{id_}", notices="n" * (id_ % 2)) for id_ in {1, *present}}
    made = Announcement(7, 1, 1, Words("Hi"), at(8), channels=("general",), how=how, linked=tuple(meant))
    case = AnnouncementContext(made, communities, None, schedule(), dict.fromkeys(gone, "why"))
    narrowed, skipped = case.narrowed, dict(case.skipped)
    assert narrowed.community == 1
    assert sorted((*narrowed.linked, *skipped)) == sorted(meant)
    assert narrowed.skipped == case.skipped
    for id_ in narrowed.linked:
        assert id_ in present - gone
        assert how is not How.CHANNEL or channels_of(made, communities[id_])
    assert all(skipped.values())


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 999))))
def test_lanes_beside_each_other_take_as_long_as_the_longest_of_them(loads: list[tuple[str, int]]) -> None:
    class Paced(FakeMessenger):
        def lane(self, community: Community) -> Lane:
            return Lane(community.tenant, DeliveryFilter("console"), 2)

    places = [(Community(n, "console", name), number) for n, (name, number) in enumerate(loads)]
    sums = [sum(number for name, number in loads if name == lane) for lane in "abc"]
    assert seconds_for(places, {"console": Paced(FrozenClock())}) == max(sums) / 2
