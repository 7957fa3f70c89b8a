"""Nudges on Slack: direct messages, and everything that can go wrong on the way."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from adapters.slack.api import SlackApi
from adapters.slack.messenger import SlackMessenger
from adapters.slack.oauth.token import Workspace
from adapters.slack.web_client import new_client
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.delivery.sender import POSSIBLE_DUPLICATE
from bot.app.messages import Card, File, Reply
from bot.app.ports import InvalidMessageError, Permissions, RateLimitedError, RecipientUnreachableError, TemporaryError
from bot.domain.attendee.attendee import Attendee, Community, Reach
from tests.adapters.slack.stage import Stage
from tests.fake_servers.slack import ADMIN, TEAM, TOKEN, Fault, Person, SlackPeer, labels, words

CLUB = Community(1, "slack", TEAM)
HELLO = Reply((("Hello <!channel>",),))


async def met(scene: Stage) -> None:
    """Ada goes to ARC301. It is time to leave when she turns reminders on."""
    for line in ("/hotel MGM", "/nudges off", "/attend ARC301 reserved", "/nudges on"):
        await scene.ada.type(line)
    await scene.quiet()


async def test_a_nudge_is_one_direct_message_with_an_id_made_of_its_key(scene: Stage) -> None:
    await met(scene)
    (nudge,) = await scene.wait(hours=1)
    assert nudge.channel == "D031"
    leave, starts = "<!date^1638201660^{time}|08:01 PST>", "<!date^1638205200^{time}|09:00 PST>"
    walk_up = "<!date^1638202260^{time}|08:11 PST>"
    assert words(nudge).startswith(
        f'Leave MGM Grand by {leave} for "Queues that never sleep" at Venetian.\n'
        f"49 min walk (enough for 9 in 10, estimate) + 10 min for check-in. It starts at {starts} in Room ARC301.\n"
        f"Without the seat, leave by {walk_up} for the walk-up; whether there is room, nobody knows.\n"
        "*Queues that never sleep (ARC301)*\n"
    )
    assert nudge.body["text"].startswith(f"Leave MGM Grand by {leave} for ")
    assert (nudge.body["unfurl_links"], nudge.body["unfurl_media"]) == (False, False)
    assert len(nudge.body["client_msg_id"]) == 36
    (asked,) = [each for each in scene.peer.asked if each.method == "chat.postMessage"]
    assert (asked.body["channel"], asked.token) == ("U031", TOKEN)
    assert await scene.states() == ["sent", "owed"]
    assert (await scene.known()).reach.channel == "D031"


async def test_a_button_of_a_nudge_works_where_it_was_sent(scene: Stage) -> None:
    await met(scene)
    (nudge,) = await scene.wait(hours=1)
    assert "On my way" in labels(nudge)
    assert words(await scene.ada.press(nudge, "On my way")) == (
        'Have a good walk! "Queues that never sleep" starts at <!date^1638205200^{time}|09:00 PST>. '
        "No more reminders for this one."
    )


async def test_the_recap_comes_with_its_file_in_the_known_channel(scene: Stage) -> None:
    await met(scene)
    _, recap = await scene.wait(hours=15)
    assert (recap.body["channel"], recap.channel) == ("D031", "D031")
    (file,) = scene.peer.files.values()
    assert (file["name"], file["channel"]) == ("2021-11-29-cloud21.md", "D031")


async def test_a_file_that_is_not_taken_holds_back_its_message_which_is_then_sent_once(scene: Stage) -> None:
    await met(scene)
    scene.peer.faults.append(Fault("upload", 500, "no"))
    _, recap = await scene.wait(hours=16)
    assert "Monday" in recap.body["text"]
    assert [each["channel"] for each in scene.peer.files.values()] == ["", "D031"]


async def test_a_file_that_cannot_be_shown_is_no_reason_to_send_again(scene: Stage) -> None:
    await met(scene)
    scene.peer.faults.append(Fault("files.completeUploadExternal", 200, {"ok": False, "error": "fatal_error"}))
    await scene.wait(hours=16)
    assert await scene.states() == ["sent", "sent"]


@pytest.mark.parametrize("code", ["user_disabled", "messages_tab_disabled", "restricted_action", "channel_not_found"])
async def test_a_refusal_is_final_remembered_and_told_at_the_next_command(scene: Stage, code: str) -> None:
    await met(scene)
    scene.peer.closed_to["D031"] = code
    assert await scene.wait(hours=1) == []
    assert await scene.states() == ["refused", "owed"]
    tries = len(scene.peer.of("chat.postMessage"))
    told = await scene.ada.type("/now")
    assert "\nI couldn't send you a reminder by direct message: " in words(told)
    scene.peer.closed_to.clear()
    assert await scene.wait(hours=14) == []
    assert len(scene.peer.of("chat.postMessage")) == tries, "not tried again before they ask for it"


async def test_who_asks_for_it_is_tried_again(scene: Stage) -> None:
    await met(scene)
    scene.peer.closed_to["D031"] = "messages_tab_disabled"
    await scene.wait(hours=1)
    scene.peer.closed_to.clear()
    told = await scene.ada.type("/now")
    await scene.ada.press(told, "Try again")
    await scene.quiet()
    assert len(await scene.wait(hours=14)) == 1


async def test_a_channel_that_is_gone_is_opened_anew(scene: Stage) -> None:
    await met(scene)
    known = await scene.known()
    async with scene.app.store.write_transaction() as work:
        await work.people.save_reach({known.id: Reach(channel="DOLD")})
    scene.peer.closed_to["DOLD"] = "channel_not_found"
    (nudge,) = await scene.wait(hours=1)
    assert nudge.channel == "D031"
    assert (await scene.known()).reach.channel == "D031"


NOT_TAKEN = [Fault("chat.postMessage", 502, "bad gateway"), Fault("chat.postMessage", 200, "what is this")]
TAKEN = [Fault("chat.postMessage", 503, "no", taken=True), Fault("chat.postMessage", hangs_up=True, taken=True)]
TOO_MANY = Fault("conversations.history", 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "60"})
"""Apps that are not in Slack's marketplace may read one page a minute."""


async def known_channel(scene: Stage) -> None:
    """Ada has had a direct message before."""
    await met(scene)
    async with scene.app.store.write_transaction() as work:
        await work.people.save_reach({(await scene.known()).id: Reach(channel="D031")})


async def errors(scene: Stage) -> list[tuple[str, str]]:
    """The state and the error of each of Ada's deliveries that has ended."""
    async with scene.app.store.read_transaction() as work:
        deliveries = await work.deliveries.of_attendee((await scene.known()).id)
    return [(each.state.value, each.error) for each in deliveries if each.settled_at]


@pytest.mark.parametrize("fault", [replace(fault) for fault in NOT_TAKEN])
async def test_what_was_not_taken_is_sent_once_more_with_the_same_id(scene: Stage, fault: Fault) -> None:
    await known_channel(scene)
    scene.peer.faults.append(fault)
    assert len(await scene.wait(hours=1)) == 1
    first, second = scene.peer.of("chat.postMessage")
    assert (first["client_msg_id"], first["metadata"]) == (second["client_msg_id"], second["metadata"])
    assert await errors(scene) == [("sent", "")]


@pytest.mark.parametrize("fault", [replace(fault) for fault in TAKEN])
async def test_a_message_that_arrived_without_an_answer_is_found_and_not_sent_again(scene: Stage, fault: Fault) -> None:
    await known_channel(scene)
    scene.peer.faults.append(fault)
    (message,) = await scene.wait(hours=1)
    assert len(scene.peer.of("chat.postMessage")) == 1
    (searched,) = scene.peer.of("conversations.history")
    assert searched == {"channel": "D031", "limit": "15", "include_all_metadata": "1"}
    assert await errors(scene) == [("sent", "")]
    async with scene.app.store.read_transaction() as work:
        sent = (await work.deliveries.of_attendee((await scene.known()).id))[0]
    assert (sent.channel, sent.message) == ("D031", message.ts), "so that it can be edited later"


@pytest.mark.parametrize(
    "refusal",
    [
        replace(TOO_MANY),
        Fault("conversations.history", 200, {"ok": False, "error": "missing_scope"}),
        Fault("conversations.history", 200, {"ok": True, "messages": "none"}),
        Fault("conversations.history", 200, {"ok": True, "messages": [None, {"metadata": {"event_payload": []}}]}),
        Fault("conversations.history", 200, {"ok": False, "error": "channel_not_found"}),
    ],
)
async def test_a_message_that_cannot_be_searched_is_sent_again_rather_than_lost(scene: Stage, refusal: Fault) -> None:
    await known_channel(scene)
    scene.peer.faults += [replace(TAKEN[0]), refusal]
    assert len(await scene.wait(hours=1)) == 2
    assert (await scene.states())[0] == "sent"


async def test_a_first_message_without_an_answer_is_sent_again_and_marked(scene: Stage) -> None:
    """Its channel is not known yet, and the app may not ask for it."""
    await met(scene)
    scene.peer.faults.append(replace(TAKEN[0]))
    assert len(await scene.wait(hours=1)) == 2
    assert scene.peer.of("conversations.history") == []
    assert await errors(scene) == [("sent", POSSIBLE_DUPLICATE)]


async def test_the_rights_of_an_organizer_are_asked_for_in_a_form_because_slack_reads_no_json_there(
    scene: Stage,
) -> None:
    standing = scene.platform.messenger.permissions_of
    assert [await standing(CLUB, user) for user in (ADMIN, "U031")] == [Permissions(True, True), Permissions()]


async def test_what_is_never_answered_is_uncertain_after_one_more_try(scene: Stage) -> None:
    await met(scene)
    scene.peer.faults.append(Fault("chat.postMessage", 504, "no", times=9))
    await scene.wait(hours=1)
    assert await scene.states() == ["uncertain", "owed"]
    assert len(scene.peer.of("chat.postMessage")) == 2


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
async def test_what_perhaps_succeeded_is_uncertain_not_failed(scene: Stage, code: str) -> None:
    await met(scene)
    fault = Fault("chat.postMessage", 200, {"ok": False, "error": code}, taken=True, times=9)
    scene.peer.faults.append(fault)
    assert len(await scene.wait(hours=1)) == 2
    assert await scene.states() == ["uncertain", "owed"]
    assert len({each["client_msg_id"] for each in scene.peer.of("chat.postMessage")}) == 1


async def test_a_poisoned_message_is_set_aside(scene: Stage) -> None:
    await met(scene)
    scene.peer.faults.append(Fault("chat.postMessage", 200, {"ok": False, "error": "invalid_blocks"}))
    await scene.wait(hours=1)
    assert await scene.states() == ["dead", "owed"]


async def test_a_token_that_was_revoked_stops_everything_in_its_workspace_at_once(scene: Stage) -> None:
    await met(scene)
    scene.peer.tokens.clear()
    await scene.wait(hours=1)
    assert (await scene.known()).community.left_at is not None
    assert await scene.states() == []
    tries = len(scene.peer.of("chat.postMessage"))
    await scene.wait(hours=14)
    assert len(scene.peer.of("chat.postMessage")) == tries


async def test_an_account_that_is_switched_off_is_told_from_a_token_that_is(scene: Stage) -> None:
    await met(scene)
    scene.peer.closed_to["D031"] = "account_inactive"
    await scene.wait(hours=1)
    assert (await scene.known()).community.left_at is None
    assert await scene.states() == ["refused", "owed"]
    known = await scene.known()
    scene.peer.faults.append(Fault("auth.test", 200, {"ok": False, "error": "account_inactive"}))
    with pytest.raises(TemporaryError):
        await scene.platform.messenger.send(replace(known, reach=Reach()), "key", "leave-by", HELLO)
    assert (await scene.known()).community.left_at is not None


async def test_a_token_that_cannot_be_tried_is_not_taken_for_revoked(scene: Stage) -> None:
    await met(scene)
    scene.peer.closed_to["D031"] = "account_inactive"
    scene.peer.faults.append(Fault("auth.test", 500, "no"))
    await scene.wait(hours=1)
    assert (await scene.known()).community.left_at is None


async def test_nobody_who_is_in_no_workspace_of_ours_is_written_to(scene: Stage) -> None:
    stranger = Attendee(9, Community(9, "slack", "T999"), "U031")
    with pytest.raises(TemporaryError, match="not installed"):
        await scene.platform.messenger.send(stranger, "key", "leave-by", HELLO)
    with pytest.raises(RateLimitedError, match="not connected"):
        await SlackMessenger().send(stranger, "key", "leave-by", HELLO)
    with pytest.raises(RecipientUnreachableError, match="closed"):
        await SlackMessenger().send(replace(stranger, reach=Reach(refused="closed")), "key", "leave-by", HELLO)


async def test_a_channel_hears_is_corrected_and_is_spared(scene: Stage) -> None:
    messenger = scene.platform.messenger
    content = Reply((("Lunch is in <hall> 3.",),), files=(File("a.txt", "text/plain", "a"),))
    receipt = await messenger.post(CLUB, "C200", "key", "announcement", content)
    assert receipt.channel == "C200"
    assert [each["channel"] for each in scene.peer.files.values()] == ["C200"]
    (posted,) = scene.peer.messages
    assert posted.body["text"] == "Lunch is in &lt;hall&gt; 3."
    await messenger.edit(CLUB, "C200", receipt.message, Reply((("Hall 4.",),), (Card("Map"),)))
    assert posted.body["text"] == "Hall 4.\nMap"
    await messenger.delete(CLUB, "C200", receipt.message)
    await messenger.delete(CLUB, "C200", receipt.message)
    assert scene.peer.messages == []
    with pytest.raises(RecipientUnreachableError, match="cannot be edited any more"):
        await messenger.edit(CLUB, "C200", receipt.message, HELLO)
    scene.peer.closed_to["C201"] = "not_in_channel"
    with pytest.raises(RecipientUnreachableError, match="invite me there"):
        await messenger.post(CLUB, "C201", "key", "announcement", HELLO)


class Watch:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def time(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


CLUB_ROOM = Workspace(TEAM, "Cloud Club", TOKEN, "U900")


async def api_of(peer: SlackPeer, session: aiohttp.ClientSession, watch: Watch) -> SlackApi:
    return SlackApi(new_client(f"{peer.url}/api/", session), session, RateLimiter(watch.time, watch.sleep))


async def test_a_pause_that_slack_asks_for_holds_that_method_in_that_workspace_only(slack: SlackPeer) -> None:
    watch, body = Watch(), {"channel": "C200", "text": "Hi"}
    async with aiohttp.ClientSession() as session:
        api = await api_of(slack, session, watch)
        slack.faults.append(Fault("chat.postMessage", 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}))
        await api.call(CLUB_ROOM, "chat.postMessage", body, "C200")
        assert 7 <= watch.seconds < 8
        slack.faults.append(Fault("chat.postMessage", 429, {}, {"Retry-After": "600"}))
        with pytest.raises(TemporaryError, match="600 s"):
            await api.call(CLUB_ROOM, "chat.postMessage", body, "C200")
        before = watch.seconds
        await api.call(CLUB_ROOM, "auth.test", {})
        slack.tokens.add("xoxb-other")
        await api.call(Workspace("T2", "Other", "xoxb-other", "U1"), "chat.postMessage", body, "C200")
        assert watch.seconds == before
        with pytest.raises(TemporaryError):
            await api.call(CLUB_ROOM, "chat.postMessage", body, "C200")
        watch.seconds += 600
        await api.call(CLUB_ROOM, "chat.postMessage", body, "C200")
        slack.faults.append(Fault("chat.postMessage", 429, {}, {"Retry-After": "1"}, times=9))
        with pytest.raises(TemporaryError):
            await api.call(CLUB_ROOM, "chat.postMessage", body, "C200")


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("1000000000", 900), ("9" * 17, 900), ("9" * 400, 900), ("-5", 30), ("soon", 30), ("nan", 30)],
)
async def test_whatever_pause_slack_asks_for_is_at_most_a_quarter_of_an_hour(
    slack: SlackPeer, asked: str, seconds: float
) -> None:
    watch, body = Watch(), {"channel": "C200", "text": "Hi"}
    async with aiohttp.ClientSession() as session:
        api = await api_of(slack, session, watch)
        slack.faults.append(
            Fault("chat.postMessage", 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": asked})
        )
        with pytest.raises(TemporaryError) as fault:
            await api.call(CLUB_ROOM, "chat.postMessage", body, "C200")
        assert (str(fault.value), fault.value.after) == (
            f"Slack asks to wait {seconds} s",
            timedelta(seconds=seconds),
        )
        watch.seconds += seconds
        await api.call(CLUB_ROOM, "chat.postMessage", body, "C200")


async def test_no_minute_holds_more_messages_than_slack_takes_and_no_channel_more_than_one_a_second(
    slack: SlackPeer,
) -> None:
    watch = Watch()
    taken: list[tuple[float, str]] = []
    async with aiohttp.ClientSession() as session:
        api = await api_of(slack, session, watch)
        slack.check = lambda asked: taken.append((watch.seconds, asked.body["channel"]))

        async def tell(number: int) -> None:
            channel = f"C{number % 60}"
            await api.call(CLUB_ROOM, "chat.postMessage", {"channel": channel, "text": "Hi"}, channel)

        await asyncio.gather(*(tell(number) for number in range(600)))
    moments = sorted(at for at, _ in taken)
    assert max(sum(begins <= each < begins + 60 for each in moments) for begins in moments) <= 300
    for channel in {channel for _, channel in taken}:
        own = [at for at, each in taken if each == channel]
        assert max(sum(begins <= each < begins + 10 for each in own) for begins in own) <= 13
    assert watch.seconds < 600 / 270 * 60


async def test_a_file_goes_to_no_address_but_slacks(slack: SlackPeer) -> None:
    async with aiohttp.ClientSession() as session:
        api = await api_of(slack, session, Watch())
        with pytest.raises(InvalidMessageError):
            await api.upload("https://evil.example/upload", "a.txt", b"a")


async def test_everybody_is_called_only_where_it_was_chosen_and_a_link_is_shown_as_it_is(scene: Stage) -> None:
    card = Card("Map", ((" <!channel> ",),), link="https://x.example/a?b=1&c=2", picture="https://x.example/map.png")
    for notify in (False, True):
        notice = Reply(cards=(card,), notify=notify)
        await scene.platform.messenger.post(CLUB, "C200", f"key{notify}", "announcement", notice)
    silent, loud = scene.peer.messages
    assert "<!channel>" not in str(silent.body)
    assert loud.body["text"].endswith("\n<!channel>")
    assert str(loud.body["blocks"]).count("<!channel>") == 1
    assert "<https://x.example/a?b=1&amp;c=2>" in str(silent.body["blocks"])
    assert [each["image_url"] for each in silent.body["blocks"] if each["type"] == "image"] == [card.picture]
    # Both are meant to be live: an organizer chose them.
    assert all("something live" in each for each in scene.peer.broken)
    scene.peer.broken.clear()


async def test_what_somebody_may_is_asked_of_slack(scene: Stage) -> None:
    messenger = scene.platform.messenger
    assert await messenger.permissions_of(CLUB, "U032") == Permissions(organizer=True, notify=True)
    assert await messenger.permissions_of(CLUB, "U031") == Permissions()
    assert await messenger.permissions_of(CLUB, "U999") == Permissions()


async def test_an_announcement_is_posted_sent_corrected_and_recalled(scene: Stage) -> None:
    olga = Person(scene.ada.post, ADMIN, "olga")
    await scene.ada.type("/news on")
    preview = await olga.type('/announce "Lunch is in <!channel> *hall B*" to everyone by both in <#C200|general>')
    number = words(preview).split("Announcement ")[1].split("*")[0]
    confirmed = await olga.type(f"/announce confirm {number}")
    assert "goes out now" in words(confirmed), words(confirmed)
    sent = await scene.wait(minutes=1)
    assert sorted(each.channel for each in sent) == ["C200", "D031", "D032"]
    assert all("Lunch is in &lt;!channel&gt; *hall B*" in str(e.body) for e in sent if e.channel != "D032")
    await olga.type(f'/announce edit {number} "Lunch is in hall C"')
    await scene.wait(minutes=1)
    assert all("hall C" in str(each.body) for each in sent if each.channel != "D032")
    await olga.type(f"/announce recall {number}")
    await scene.wait(minutes=1)
    assert [each.channel for each in scene.peer.messages] == ["D032"]
    refused = await scene.ada.type("/announce list")
    assert "Only organizers" in words(refused)
