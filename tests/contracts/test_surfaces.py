"""One suite for six surfaces: console, Discord, Slack, page, calendar and assistant show the same facts at a moment."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session, SessionState
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.slack.harness import SlackHarness
from tests.builders import ARC, DAT, DAT_AGAIN, FORUM, KEY, SEC, ZONE, at, schedule
from tests.contracts.surfaces import Can, DayFacts, Page, SessionFacts, Surface, World, address_of, harness_of, world
from tests.fakes.app_harness import AppHarness

MONDAY, TUESDAY = date(2021, 11, 29), date(2021, 11, 30)
CHATS = ("console", "discord", "slack")
SURFACES = (*CHATS, "page", "calendar", "mcp")

QUEUES = SessionFacts(
    "Queues that never sleep",
    "ARC301",
    "2021-11-29 09:00-10:00",
    "Venetian, Room ARC301",
    "300 · Architecture",
    (
        "Leave MGM Grand by 08:01: 49 min walk to Venetian (enough for 9 in 10, estimate) + 10 min for check-in.",
        "Your reserved seat lapses at 08:50.",
    ),
)
KEYS = SessionFacts(
    "Keys, locks and doors",
    "SEC203",
    "2021-11-29 11:00-12:00",
    "Caesars Forum, Room SEC203",
    "200 · Security · recorded",
    (
        (
            "Leave Venetian by 10:22: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers)"
            " + 20 min for the walk-up line."
        ),
    ),
)
COUNTING = SessionFacts(
    "Counting to infinity",
    "DAT310",
    "2021-11-29 11:30-12:30",
    "Caesars Forum, Room DAT310",
    "300 · Data · not recorded",
    (
        "Overlaps Keys, locks and doors (SEC203), 11:00-12:00, Caesars Forum. That one is recorded.",
        "It's on again Mon 29 Nov, and that fits your plan: Counting to infinity (DAT310-R), 15:00-16:00, MGM Grand.",
    ),
)
WHICH = '"Keys, locks and doors" and "Counting to infinity" clash: which one?'
MOVED = replace(
    KEYS,
    when="2021-11-29 13:00-14:00",
    place="Caesars Forum, Hall 9",
    advice=(
        (
            "Leave Venetian by 12:22: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers)"
            " + 20 min for the walk-up line."
        ),
    ),
)
FROM_THE_HOTEL = "Leave MGM Grand by 11:57: 43 min walk to Caesars Forum (enough for 9 in 10, estimate) + 20 min for the walk-up line."
EXPECTED: Sequence[DayFacts] = (
    DayFacts((QUEUES, KEYS), ("ARC301", "08:01")),
    DayFacts((QUEUES, KEYS, COUNTING), ("ARC301", "08:01"), (WHICH,), starred=("DAT310-R",)),
    DayFacts((QUEUES, KEYS), ("SEC203", "10:22"), starred=("DAT310-R",), gone=("DAT310",)),
    DayFacts((QUEUES, MOVED), ("SEC203", "12:22"), starred=("DAT310-R",), gone=("DAT310",)),
    DayFacts(
        (replace(MOVED, advice=(FROM_THE_HOTEL,)),),
        ("SEC203", "11:57"),
        off=("ARC301",),
        starred=("DAT310-R",),
        gone=("ARC301", "DAT310"),
    ),
    DayFacts((), None, off=("ARC301",), gone=("ARC301", "DAT310", "SEC203")),
)
"""The whole facts: chosen; clash and star; decided; moved; cancelled; skipped, with what comes on another day."""


FIXTURES = {"discord": "discord_app", "slack": "slack_app"}
"""The others are on the console."""


@pytest.fixture(params=CHATS)
def surface_name(request: pytest.FixtureRequest) -> str:
    """A chat; `test_the_same_facts_are_on_every_surface` takes all six surfaces."""
    return str(request.param)


@pytest.fixture
def harness(surface_name: str, request: pytest.FixtureRequest) -> AppHarness | DiscordHarness | SlackHarness:
    """The platform on which a surface is used; what is no chat belongs to somebody on the console."""
    found: AppHarness | DiscordHarness | SlackHarness = request.getfixturevalue(FIXTURES.get(surface_name, "app"))
    return found


@pytest.fixture
async def here(harness: AppHarness | DiscordHarness | SlackHarness) -> AsyncIterator[World]:
    """Ada with a chat, a page, a calendar and an assistant."""
    await harness_of(harness).publish()
    async with world(harness, ZONE) as made:
        yield made


async def import_again(here: World, *sessions: Session, revision: int) -> None:
    """An organizer imports a newer version."""
    made: Schedule = schedule(sessions)
    await here.app.publish(replace(made, conference=replace(made.conference, revision=revision)))


async def played(here: World, surface: Surface) -> list[DayFacts]:
    """A day with everything in it; whatever the surface cannot do is done in the chat."""
    writer = surface if Can.CHOOSE in surface.can else here.chat
    read: list[DayFacts] = []

    async def look() -> None:
        read.append(await surface.day(MONDAY))

    await here.chat.do("hotel", venue="MGM")
    await here.chat.do("attend", code="ARC301", seat="reserved")
    await writer.do("attend", code="SEC203")
    await look()
    await writer.do("attend", code="DAT310")
    await writer.do("star", code="DAT310-R")
    await look()
    await writer.do("attend", code="SEC203", only="only")
    here.at(at(9, 10))
    await look()
    moved = replace(SEC, starts_at=at(13), ends_at=at(14), venue=FORUM.name, room="Hall 9", revision=2)
    await import_again(here, ARC, moved, DAT, DAT_AGAIN, KEY, revision=2)
    await look()
    off = replace(ARC, state=SessionState.CANCELLED, revision=3)
    await import_again(here, off, moved, DAT, DAT_AGAIN, KEY, revision=3)
    await look()
    await writer.do("skip", code="SEC203")
    await writer.do("skip", code="DAT310-R")
    await look()
    return read


@pytest.mark.parametrize("surface_name", SURFACES, indirect=True)
async def test_the_same_facts_are_on_every_surface(here: World, surface_name: str) -> None:
    surface = here.surfaces["chat" if surface_name in CHATS else surface_name]
    assert await played(here, surface) == [facts.seen_by(surface.can) for facts in EXPECTED]


WRITERS = ("chat", "page", "mcp")


@pytest.mark.parametrize("writer", WRITERS)
async def test_what_is_done_on_one_surface_is_seen_on_all(here: World, writer: str) -> None:
    made = here.surfaces[writer]
    assert Can.CHOOSE in made.can
    await here.chat.do("hotel", venue="MGM")
    steps: Sequence[tuple[str, dict[str, str], tuple[str, ...]]] = (
        ("attend", {"code": "SEC203"}, ()),
        ("star", {"code": "DAT310-R"}, ()),
        ("attend", {"code": "DAT310"}, ()),
        ("attend", {"code": "DAT310", "only": "only"}, ("SEC203",)),
        ("skip", {"code": "DAT310"}, ("SEC203", "DAT310")),
    )
    for command, arguments, gone in steps:
        await made.do(command, **arguments)
        days = await here.days(MONDAY)
        whole = replace(days["chat"], gone=gone)
        assert days == {name: whole.seen_by(surface.can) for name, surface in here.surfaces.items()}
    assert days["chat"] == DayFacts((), None, starred=("DAT310-R",))


async def test_a_revoked_address_shows_and_changes_nothing_and_the_new_one_everything(here: World) -> None:
    await here.chat.do("attend", code="SEC203")
    old = (await here.days(MONDAY))["chat"]
    assert [session.code for session in old.sessions] == ["SEC203"]
    page = here.surfaces["page"]
    assert isinstance(page, Page)
    secret = await address_of(here.attendee, new=True)
    for method, path in (("GET", ""), ("GET", "agenda.ics"), ("GET", "s/sec203"), ("POST", "do"), ("POST", "mcp")):
        answer = await here.pages.send(method, f"/p/{page.secret}/{path}")
        assert (answer.status, b"SEC203" in answer.body) == (401 if path == "mcp" else 404, False), path
    for name, surface in here.surfaces.items():
        if name != "chat":
            replaced = {"secret": secret} if name != "mcp" else {"url": f"{here.pages.url}/p/{secret}/mcp"}
            here.surfaces[name] = replace(surface, **replaced)  # type: ignore[type-var]  # all are dataclasses
    days = await here.days(MONDAY)
    assert days == {name: old.seen_by(surface.can) for name, surface in here.surfaces.items()}


async def test_a_quiet_person_gets_no_message_and_sees_the_same(here: World) -> None:
    await here.chat.do("hotel", venue="Venetian")
    await here.chat.do("attend", code="SEC203")
    await here.chat.do("nudges", switch="off")
    assert await here.attendee.wait(hours=2, minutes=40) == []
    days = await here.days(MONDAY)
    whole = days["chat"]
    assert [(session.code, session.advice[0][:24]) for session in whole.sessions] == [
        ("SEC203", "Leave Venetian by 10:22:")
    ]
    assert days == {name: whole.seen_by(surface.can) for name, surface in here.surfaces.items()}


async def test_a_conference_in_another_zone_has_its_own_wall_time_everywhere(
    harness: AppHarness | DiscordHarness | SlackHarness,
) -> None:
    """The same instants as in Las Vegas are thirteen and a half hours later on the clocks of Kolkata."""
    zone, made = "Asia/Kolkata", schedule()
    await harness_of(harness).publish(replace(made, conference=replace(made.conference, zone=zone, revision=2)))
    async with world(harness, zone) as here:
        await here.chat.do("hotel", venue="MGM")
        await here.chat.do("attend", code="ARC301")
        days = await here.days(MONDAY)
    whole = days["chat"]
    (queues,) = whole.sessions
    # 09:00 in Las Vegas is 22:30 in Kolkata.
    assert queues.when == "2021-11-29 22:30-23:30"
    assert queues.advice[0].startswith("Leave MGM Grand by 21:21: 49 min walk")
    assert whole.following == ("ARC301", "21:21")
    assert days == {name: whole.seen_by(surface.can) for name, surface in here.surfaces.items()}
