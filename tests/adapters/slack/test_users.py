"""Who people are in their workspace: asked for, kept for a while, and never raised about."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.slack import users as people_module
from adapters.slack.oauth.token import Workspace
from adapters.slack.users import FRESH, UNKNOWN_USER, USABLE, SlackUser, UserDirectory
from adapters.slack.web_client import new_client
from tests.fake_servers.slack_oauth import TokenPeer, answering, hung_up, refused, token_peer

CLUB, OTHER = Workspace("T1", "Club", "xoxb-1", "UB"), Workspace("T2", "Other", "xoxb-1", "UB")
ADA = {
    "name": "ada.b",
    "real_name": "Ada Byron",
    "tz": "Europe/London",
    "is_admin": True,
    "is_owner": False,
    "profile": {"display_name": "Ada"},
}


@dataclass
class Watch:
    """Monotonic seconds that pass when told."""

    seconds: float = 1000.0

    def time(self) -> float:
        return self.seconds


@pytest.fixture
async def peer() -> AsyncIterator[TokenPeer]:
    async with token_peer() as made:
        made.good["xoxb-1"] = {}
        made.people["U1"] = ADA
        yield made


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def people(peer: TokenPeer, watch: Watch) -> UserDirectory:
    return UserDirectory(new_client(peer.api), watch.time)


@pytest.mark.parametrize(
    ("profile", "person"),
    [
        (ADA, SlackUser("Ada", "Europe/London", organizer=True)),
        ({**ADA, "is_admin": False}, SlackUser("Ada", "Europe/London")),
        ({**ADA, "is_admin": False, "is_owner": True}, SlackUser("Ada", "Europe/London", organizer=True)),
        ({**ADA, "is_admin": False, "is_primary_owner": True}, SlackUser("Ada", "Europe/London", organizer=True)),
        ({**ADA, "is_admin": "true"}, SlackUser("Ada", "Europe/London")),
        ({**ADA, "deleted": True}, SlackUser("Ada", "Europe/London")),
        ({**ADA, "profile": {"display_name": ""}, "tz": None}, SlackUser("Ada Byron", organizer=True)),
        ({"name": "ada.b", "profile": 3}, SlackUser("ada.b")),
        ({}, UNKNOWN_USER),
    ],
)
async def test_a_person_is_what_slack_says(
    people: UserDirectory, peer: TokenPeer, profile: dict[str, object], person: SlackUser
) -> None:
    peer.people["U1"] = profile
    assert await people.get(CLUB, "U1") == person


async def test_an_answer_is_kept_for_minutes_and_for_one_workspace(
    people: UserDirectory, peer: TokenPeer, watch: Watch
) -> None:
    await people.get(CLUB, "U1")
    peer.people["U1"] = {"name": "ada"}
    watch.seconds += FRESH - 1
    assert (await people.get(CLUB, "U1")).organizer
    assert not (await people.get(OTHER, "U1")).organizer
    watch.seconds += 1
    assert await people.get(CLUB, "U1") == SlackUser("ada")
    assert peer.count("users.info") == 3


async def test_whoever_organizes_is_asked_for_anew_and_nobody_else(people: UserDirectory, peer: TokenPeer) -> None:
    assert (await people.get(CLUB, "U1")).organizer
    peer.people["U1"] = {"name": "ada"}
    assert (await people.get(CLUB, "U1")).organizer
    assert await people.get(CLUB, "U1", recheck_organizer=True) == SlackUser("ada")
    assert await people.get(CLUB, "U1", recheck_organizer=True) == SlackUser("ada")
    assert peer.count("users.info") == 2


async def test_without_an_answer_the_last_one_counts_for_an_hour_and_then_nobody_organizes(
    people: UserDirectory, peer: TokenPeer, watch: Watch
) -> None:
    await people.get(CLUB, "U1")
    peer.answers["users.info"] = [hung_up] * 9
    watch.seconds += USABLE - 1
    assert (await people.get(CLUB, "U1")).organizer
    watch.seconds += 10
    assert await people.get(CLUB, "U1") == UNKNOWN_USER


async def test_a_refusal_is_obeyed_for_the_whole_workspace_and_for_no_other(
    people: UserDirectory, peer: TokenPeer, watch: Watch
) -> None:
    peer.answers["users.info"] = [answering(refused("ratelimited"), 429, Retry_After="40")]
    assert await people.get(CLUB, "U1") == UNKNOWN_USER
    watch.seconds += 39
    assert await people.get(CLUB, "U2") == UNKNOWN_USER
    assert peer.count("users.info") == 1
    assert (await people.get(OTHER, "U1")).organizer
    watch.seconds += 1
    assert (await people.get(CLUB, "U1")).organizer


async def test_a_refusal_without_a_time_is_obeyed_too(people: UserDirectory, peer: TokenPeer, watch: Watch) -> None:
    peer.answers["users.info"] = [answering(refused("ratelimited"), 429, Retry_After="soon")]
    await people.get(CLUB, "U1")
    watch.seconds += 29
    assert await people.get(CLUB, "U1") == UNKNOWN_USER


async def test_who_is_not_there_is_not_asked_for_again_and_holds_up_nobody(
    people: UserDirectory, peer: TokenPeer
) -> None:
    assert [await people.get(CLUB, "U9") for _ in range(2)] == [UNKNOWN_USER] * 2
    assert peer.count("users.info") == 1
    assert (await people.get(CLUB, "U1")).organizer
    peer.answers["users.info"] = [answering({"ok": True, "user": "ada"})]
    assert await people.get(OTHER, "U1") == UNKNOWN_USER


async def test_few_are_remembered(peer: TokenPeer, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_module, "CACHE_SIZE", 2)
    people = UserDirectory(new_client(peer.api), watch.time)
    for user in ("U1", "U2", "U3"):
        peer.people[user] = ADA
        assert (await people.get(CLUB, user)).organizer
    assert list(people._answers) == [("T1", "U2"), ("T1", "U3")]
    watch.seconds += USABLE
    await people.get(CLUB, "U3")
    assert list(people._answers) == [("T1", "U3")]
