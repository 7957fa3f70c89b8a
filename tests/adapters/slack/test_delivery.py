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
from tests.adapters.slack.harness import SlackHarness
from tests.fake_servers.slack import ADMIN, TEAM, TOKEN, Fault, Person, SlackPeer, labels, words

CLUB = Community(1, "slack", TEAM)
HELLO = Reply((("Hello <!channel>",),))


async def met(slack_app: SlackHarness) -> None:
    """Ada goes to ARC301. It is time to leave when she turns reminders on."""
    for line in ("/hotel MGM", "/nudges off", "/attend ARC301 reserved", "/nudges on"):
        await slack_app.ada.type(line)
    await slack_app.quiet()


async def test_a_nudge_is_one_direct_message_with_an_id_made_of_its_key(slack_app: SlackHarness) -> None:
    await met(slack_app)
    (nudge,) = await slack_app.wait(hours=1)
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
    (asked,) = [request for request in slack_app.peer.asked if request.method == "chat.postMessage"]
    assert (asked.body["channel"], asked.token) == ("U031", TOKEN)
    assert await slack_app.states() == ["sent", "owed"]
    assert (await slack_app.attendee()).reach.channel == "D031"


async def test_a_button_of_a_nudge_works_where_it_was_sent(slack_app: SlackHarness) -> None:
    await met(slack_app)
    (nudge,) = await slack_app.wait(hours=1)
    assert "On my way" in labels(nudge)
    assert words(await slack_app.ada.press(nudge, "On my way")) == (
        'Have a good walk! "Queues that never sleep" starts at <!date^1638205200^{time}|09:00 PST>. '
        "No more reminders for this one."
    )


async def test_the_recap_comes_with_its_file_in_the_known_channel(slack_app: SlackHarness) -> None:
    await met(slack_app)
    _, recap = await slack_app.wait(hours=15)
    assert (recap.body["channel"], recap.channel) == ("D031", "D031")
    (file,) = slack_app.peer.files.values()
    assert (file["name"], file["channel"]) == ("2021-11-29-cloud21.md", "D031")


async def test_a_file_that_is_not_taken_holds_back_its_message_which_is_then_sent_once(slack_app: SlackHarness) -> None:
    await met(slack_app)
    slack_app.peer.faults.append(Fault("upload", 500, "no"))
    _, recap = await slack_app.wait(hours=16)
    assert "Monday" in recap.body["text"]
    assert [file["channel"] for file in slack_app.peer.files.values()] == ["", "D031"]


async def test_a_file_that_cannot_be_shown_is_no_reason_to_send_again(slack_app: SlackHarness) -> None:
    await met(slack_app)
    slack_app.peer.faults.append(Fault("files.completeUploadExternal", 200, {"ok": False, "error": "fatal_error"}))
    await slack_app.wait(hours=16)
    assert await slack_app.states() == ["sent", "sent"]


@pytest.mark.parametrize("code", ["user_disabled", "messages_tab_disabled", "restricted_action", "channel_not_found"])
async def test_a_refusal_is_final_remembered_and_told_at_the_next_command(slack_app: SlackHarness, code: str) -> None:
    await met(slack_app)
    slack_app.peer.closed_to["D031"] = code
    assert await slack_app.wait(hours=1) == []
    assert await slack_app.states() == ["refused", "owed"]
    tries = len(slack_app.peer.of("chat.postMessage"))
    answer = await slack_app.ada.type("/now")
    assert "\nI couldn't send you a reminder by direct message: " in words(answer)
    slack_app.peer.closed_to.clear()
    assert await slack_app.wait(hours=14) == []
    assert len(slack_app.peer.of("chat.postMessage")) == tries, "not tried again before they ask for it"


async def test_who_asks_for_it_is_tried_again(slack_app: SlackHarness) -> None:
    await met(slack_app)
    slack_app.peer.closed_to["D031"] = "messages_tab_disabled"
    await slack_app.wait(hours=1)
    slack_app.peer.closed_to.clear()
    answer = await slack_app.ada.type("/now")
    await slack_app.ada.press(answer, "Try again")
    await slack_app.quiet()
    assert len(await slack_app.wait(hours=14)) == 1


async def test_a_channel_that_is_gone_is_opened_anew(slack_app: SlackHarness) -> None:
    await met(slack_app)
    attendee = await slack_app.attendee()
    async with slack_app.app.store.write_transaction() as work:
        await work.people.save_reach({attendee.id: Reach(channel="DOLD")})
    slack_app.peer.closed_to["DOLD"] = "channel_not_found"
    (nudge,) = await slack_app.wait(hours=1)
    assert nudge.channel == "D031"
    assert (await slack_app.attendee()).reach.channel == "D031"


NOT_TAKEN = [Fault("chat.postMessage", 502, "bad gateway"), Fault("chat.postMessage", 200, "what is this")]
TAKEN = [Fault("chat.postMessage", 503, "no", taken=True), Fault("chat.postMessage", hangs_up=True, taken=True)]
TOO_MANY = Fault("conversations.history", 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "60"})
"""Apps that are not in Slack's marketplace may read one page a minute."""


async def known_channel(slack_app: SlackHarness) -> None:
    """Ada has had a direct message before."""
    await met(slack_app)
    async with slack_app.app.store.write_transaction() as work:
        await work.people.save_reach({(await slack_app.attendee()).id: Reach(channel="D031")})


async def errors(slack_app: SlackHarness) -> list[tuple[str, str]]:
    """The state and the error of each of Ada's deliveries that has ended."""
    async with slack_app.app.store.read_transaction() as work:
        deliveries = await work.deliveries.of_attendee((await slack_app.attendee()).id)
    return [(delivery.state.value, delivery.error) for delivery in deliveries if delivery.settled_at]


@pytest.mark.parametrize("fault", [replace(fault) for fault in NOT_TAKEN])
async def test_what_was_not_taken_is_sent_once_more_with_the_same_id(slack_app: SlackHarness, fault: Fault) -> None:
    await known_channel(slack_app)
    slack_app.peer.faults.append(fault)
    assert len(await slack_app.wait(hours=1)) == 1
    first, second = slack_app.peer.of("chat.postMessage")
    assert (first["client_msg_id"], first["metadata"]) == (second["client_msg_id"], second["metadata"])
    assert await errors(slack_app) == [("sent", "")]


@pytest.mark.parametrize("fault", [replace(fault) for fault in TAKEN])
async def test_a_message_that_arrived_without_an_answer_is_found_and_not_sent_again(
    slack_app: SlackHarness, fault: Fault
) -> None:
    await known_channel(slack_app)
    slack_app.peer.faults.append(fault)
    (message,) = await slack_app.wait(hours=1)
    assert len(slack_app.peer.of("chat.postMessage")) == 1
    (searched,) = slack_app.peer.of("conversations.history")
    assert searched == {"channel": "D031", "limit": "15", "include_all_metadata": "1"}
    assert await errors(slack_app) == [("sent", "")]
    async with slack_app.app.store.read_transaction() as work:
        sent = (await work.deliveries.of_attendee((await slack_app.attendee()).id))[0]
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
async def test_a_message_that_cannot_be_searched_is_sent_again_rather_than_lost(
    slack_app: SlackHarness, refusal: Fault
) -> None:
    await known_channel(slack_app)
    slack_app.peer.faults += [replace(TAKEN[0]), refusal]
    assert len(await slack_app.wait(hours=1)) == 2
    assert (await slack_app.states())[0] == "sent"


async def test_a_first_message_without_an_answer_is_sent_again_and_marked(slack_app: SlackHarness) -> None:
    """Its channel is not known yet, and the app may not ask for it."""
    await met(slack_app)
    slack_app.peer.faults.append(replace(TAKEN[0]))
    assert len(await slack_app.wait(hours=1)) == 2
    assert slack_app.peer.of("conversations.history") == []
    assert await errors(slack_app) == [("sent", POSSIBLE_DUPLICATE)]


async def test_the_rights_of_an_organizer_are_asked_for_in_a_form_because_slack_reads_no_json_there(
    slack_app: SlackHarness,
) -> None:
    standing = slack_app.platform.messenger.permissions_of
    assert [await standing(CLUB, user) for user in (ADMIN, "U031")] == [Permissions(True, True), Permissions()]


async def test_what_is_never_answered_is_uncertain_after_one_more_try(slack_app: SlackHarness) -> None:
    await met(slack_app)
    slack_app.peer.faults.append(Fault("chat.postMessage", 504, "no", times=9))
    await slack_app.wait(hours=1)
    assert await slack_app.states() == ["uncertain", "owed"]
    assert len(slack_app.peer.of("chat.postMessage")) == 2


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
async def test_what_perhaps_succeeded_is_uncertain_not_failed(slack_app: SlackHarness, code: str) -> None:
    await met(slack_app)
    fault = Fault("chat.postMessage", 200, {"ok": False, "error": code}, taken=True, times=9)
    slack_app.peer.faults.append(fault)
    assert len(await slack_app.wait(hours=1)) == 2
    assert await slack_app.states() == ["uncertain", "owed"]
    assert len({body["client_msg_id"] for body in slack_app.peer.of("chat.postMessage")}) == 1


async def test_a_poisoned_message_is_set_aside(slack_app: SlackHarness) -> None:
    await met(slack_app)
    slack_app.peer.faults.append(Fault("chat.postMessage", 200, {"ok": False, "error": "invalid_blocks"}))
    await slack_app.wait(hours=1)
    assert await slack_app.states() == ["dead", "owed"]


async def test_a_token_that_was_revoked_stops_everything_in_its_workspace_at_once(slack_app: SlackHarness) -> None:
    await met(slack_app)
    slack_app.peer.tokens.clear()
    await slack_app.wait(hours=1)
    assert (await slack_app.attendee()).community.left_at is not None
    assert await slack_app.states() == []
    tries = len(slack_app.peer.of("chat.postMessage"))
    await slack_app.wait(hours=14)
    assert len(slack_app.peer.of("chat.postMessage")) == tries


async def test_an_account_that_is_switched_off_is_told_from_a_token_that_is(slack_app: SlackHarness) -> None:
    await met(slack_app)
    slack_app.peer.closed_to["D031"] = "account_inactive"
    await slack_app.wait(hours=1)
    assert (await slack_app.attendee()).community.left_at is None
    assert await slack_app.states() == ["refused", "owed"]
    attendee = await slack_app.attendee()
    slack_app.peer.faults.append(Fault("auth.test", 200, {"ok": False, "error": "account_inactive"}))
    with pytest.raises(TemporaryError):
        await slack_app.platform.messenger.send(replace(attendee, reach=Reach()), "key", "leave-by", HELLO)
    assert (await slack_app.attendee()).community.left_at is not None


async def test_a_token_that_cannot_be_tried_is_not_taken_for_revoked(slack_app: SlackHarness) -> None:
    await met(slack_app)
    slack_app.peer.closed_to["D031"] = "account_inactive"
    slack_app.peer.faults.append(Fault("auth.test", 500, "no"))
    await slack_app.wait(hours=1)
    assert (await slack_app.attendee()).community.left_at is None


async def test_nobody_who_is_in_no_workspace_of_ours_is_written_to(slack_app: SlackHarness) -> None:
    stranger = Attendee(9, Community(9, "slack", "T999"), "U031")
    with pytest.raises(TemporaryError, match="not installed"):
        await slack_app.platform.messenger.send(stranger, "key", "leave-by", HELLO)
    with pytest.raises(RateLimitedError, match="not connected"):
        await SlackMessenger().send(stranger, "key", "leave-by", HELLO)
    with pytest.raises(RecipientUnreachableError, match="closed"):
        await SlackMessenger().send(replace(stranger, reach=Reach(refused="closed")), "key", "leave-by", HELLO)


async def test_a_channel_hears_is_corrected_and_is_spared(slack_app: SlackHarness) -> None:
    messenger = slack_app.platform.messenger
    content = Reply((("Lunch is in <hall> 3.",),), files=(File("a.txt", "text/plain", "a"),))
    receipt = await messenger.post(CLUB, "C200", "key", "announcement", content)
    assert receipt.channel == "C200"
    assert [file["channel"] for file in slack_app.peer.files.values()] == ["C200"]
    (posted,) = slack_app.peer.messages
    assert posted.body["text"] == "Lunch is in &lt;hall&gt; 3."
    await messenger.edit(CLUB, "C200", receipt.message, Reply((("Hall 4.",),), (Card("Map"),)))
    assert posted.body["text"] == "Hall 4.\nMap"
    await messenger.delete(CLUB, "C200", receipt.message)
    await messenger.delete(CLUB, "C200", receipt.message)
    assert slack_app.peer.messages == []
    with pytest.raises(RecipientUnreachableError, match="cannot be edited any more"):
        await messenger.edit(CLUB, "C200", receipt.message, HELLO)
    slack_app.peer.closed_to["C201"] = "not_in_channel"
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
    assert max(sum(begins <= moment < begins + 60 for moment in moments) for begins in moments) <= 300
    for channel in {channel for _, channel in taken}:
        own = [at for at, target in taken if target == channel]
        assert max(sum(begins <= moment < begins + 10 for moment in own) for begins in own) <= 13
    assert watch.seconds < 600 / 270 * 60


async def test_a_file_goes_to_no_address_but_slacks(slack: SlackPeer) -> None:
    async with aiohttp.ClientSession() as session:
        api = await api_of(slack, session, Watch())
        with pytest.raises(InvalidMessageError):
            await api.upload("https://evil.example/upload", "a.txt", b"a")


async def test_everybody_is_called_only_where_it_was_chosen_and_a_link_is_shown_as_it_is(
    slack_app: SlackHarness,
) -> None:
    card = Card("Map", ((" <!channel> ",),), link="https://x.example/a?b=1&c=2", picture="https://x.example/map.png")
    for notify in (False, True):
        notice = Reply(cards=(card,), notify=notify)
        await slack_app.platform.messenger.post(CLUB, "C200", f"key{notify}", "announcement", notice)
    silent, loud = slack_app.peer.messages
    assert "<!channel>" not in str(silent.body)
    assert loud.body["text"].endswith("\n<!channel>")
    assert str(loud.body["blocks"]).count("<!channel>") == 1
    assert "<https://x.example/a?b=1&amp;c=2>" in str(silent.body["blocks"])
    assert [block["image_url"] for block in silent.body["blocks"] if block["type"] == "image"] == [card.picture]
    # Both are meant to be live: an organizer chose them.
    assert all("something live" in problem for problem in slack_app.peer.broken)
    slack_app.peer.broken.clear()


async def test_what_somebody_may_is_asked_of_slack(slack_app: SlackHarness) -> None:
    messenger = slack_app.platform.messenger
    assert await messenger.permissions_of(CLUB, "U032") == Permissions(organizer=True, notify=True)
    assert await messenger.permissions_of(CLUB, "U031") == Permissions()
    assert await messenger.permissions_of(CLUB, "U999") == Permissions()


async def test_an_announcement_is_posted_sent_corrected_and_recalled(slack_app: SlackHarness) -> None:
    olga = Person(slack_app.ada.post, ADMIN, "olga")
    await slack_app.ada.type("/news on")
    preview = await olga.type('/announce "Lunch is in <!channel> *hall B*" to everyone by both in <#C200|general>')
    number = words(preview).split("Announcement ")[1].split("*")[0]
    confirmed = await olga.type(f"/announce confirm {number}")
    assert "goes out now" in words(confirmed), words(confirmed)
    sent = await slack_app.wait(minutes=1)
    assert sorted(message.channel for message in sent) == ["C200", "D031", "D032"]
    assert all("Lunch is in &lt;!channel&gt; *hall B*" in str(e.body) for e in sent if e.channel != "D032")
    await olga.type(f'/announce edit {number} "Lunch is in hall C"')
    await slack_app.wait(minutes=1)
    assert all("hall C" in str(message.body) for message in sent if message.channel != "D032")
    await olga.type(f"/announce recall {number}")
    await slack_app.wait(minutes=1)
    assert [message.channel for message in slack_app.peer.messages] == ["D032"]
    refused = await slack_app.ada.type("/announce list")
    assert "Only organizers" in words(refused)
