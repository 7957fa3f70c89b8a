"""The first answers of a newcomer: sessions first; what people drop in to comes last and once; how many more there are."""

from dataclasses import replace

import pytest

from bot.domain.schedule.session import Session
from tests.builders import FORUM, MGM, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness


def talks(count: int, hour: int = 10, venue: str = FORUM.name) -> tuple[Session, ...]:
    return tuple(
        replace(session(f"T{number:02}", at(hour), FORUM, title=f"Talk {number}"), venue=venue)
        for number in range(count)
    )


def service(
    code: str,
    title: str,
    kind: str,
    begins: tuple[int, int] = (8, 0),
    ends: tuple[int, int] = (18, 0),
    venue: str = FORUM.name,
) -> Session:
    made = session(code, at(*begins), FORUM, title=title)
    return replace(made, ends_at=at(*ends), kind=kind, venue=venue, room=f"Room {code}")


SERVICES = (
    service("M1", "Merch Store", "Community activities"),
    service("L1", "Lactation room", "Conference services"),
    service("L2", "Lactation room", "Conference services", venue=MGM.name),
    *(service(f"F{number}", "Lunch", "Meals", (10, 30), (12, 30)) for number in range(13)),
    service("B1", "Deep learning bootcamp", "Bootcamp", (8, 30), (17, 30)),
)


async def test_the_next_sessions_come_first_and_services_last_and_once() -> None:
    app = await AppHarness(moment=at(9)).publish(schedule((*talks(8), *SERVICES)))
    assert await app.say("/nextsession") == (
        "Next at this conference:\n"
        "Pick the first with /attend 1, and I'll tell you when to leave.\n"
        "4 more start by 11:00. Look for something with /find.\n"
        "1. Talk 0 (T00)\n   Mon 29 Nov 10:00-11:00, Caesars Forum, Room T00\n"
        "2. Talk 1 (T01)\n   Mon 29 Nov 10:00-11:00, Caesars Forum, Room T01\n"
        "3. Talk 2 (T02)\n   Mon 29 Nov 10:00-11:00, Caesars Forum, Room T02\n"
        "4. Talk 3 (T03)\n   Mon 29 Nov 10:00-11:00, Caesars Forum, Room T03\n"
        "Drop in when it suits you\n"
        "   Lunch (F0), from 10:30, 13 places, such as Caesars Forum\n"
        "   Lactation room (L1), until 18:00, 2 places, such as Caesars Forum\n"
        "   Merch Store (M1), until 18:00, Caesars Forum\n"
        "→ /session T00 · /session T01 · /session T02 · /session T03 · /star T00 · /info"
    )


async def test_now_lists_sessions_first_and_says_how_many_there_are() -> None:
    app = await AppHarness(moment=at(10, 45)).publish(schedule((*talks(9), *SERVICES)))
    answer = await app.say("/now")
    head, rest = answer.split("\n", 1)
    assert head == "10 sessions are running. The 8 that began last, and for those near you: /here"
    assert [f"Talk {number} (" in rest for number in range(9)] == [True] * 8 + [False]
    assert "Deep learning bootcamp" not in rest, "it began long ago"
    assert rest.endswith(
        "Drop in when it suits you\n"
        "   Lunch (F0), until 12:30, 13 places, such as Caesars Forum\n"
        "   Lactation room (L1), until 18:00, 2 places, such as Caesars Forum\n"
        "   Merch Store (M1), until 18:00, Caesars Forum\n"
        "→ /star T00"
    )


async def test_the_nearest_place_of_a_service_is_named() -> None:
    app = await AppHarness(moment=at(9)).publish(schedule((*talks(1), *SERVICES)))
    assert "Lactation room (L2), until 18:00, 2 places, such as MGM Grand" in await app.all("/here MGM", "/now")


async def test_what_one_chose_is_no_service_in_the_list() -> None:
    app = await AppHarness(moment=at(10, 45)).publish(schedule((*talks(1), *SERVICES)))
    answer = await app.all("/attend M1", "/now")
    assert answer.startswith("3 sessions are running:\n1. Merch Store (M1)\n")
    assert answer.count("Merch Store") == 1


@pytest.mark.parametrize("command", ["/nextsession", "/now"])
async def test_where_there_are_only_services_they_are_still_offered(command: str) -> None:
    app = await AppHarness(moment=at(9)).publish(
        schedule((SERVICES[0], service("P1", "Closing party", "Party", (20, 0), (22, 0))))
    )
    answer = await app.say(command)
    assert {"/nextsession": "1. Closing party (P1)", "/now": "No session is running, but this is open:"}[
        command
    ] in answer


async def test_a_list_that_is_whole_names_no_more(app: AppHarness) -> None:
    assert "more" not in await app.say("/nextsession")


@pytest.mark.parametrize(
    ("title", "kind", "hours", "drops_in"),
    [
        ("AWS Merch Store", "Community activities", 10, True),
        ("Lactation room", "Conference services", 6, True),
        ("Smart table soccer", "Builders' Fair", 3, True),
        ("Get building", "Self-paced training", 9, True),
        ("Lunch", "", 1, True),
        ("Generative AI for executives", "Bootcamp", 9, False),
        ("Linux Training Class - Day 2", "", 6, False),
        ("AWS Jam: Security", "Gamified learning", 4, False),
        ("Lunch and learn: databases", "Breakout session", 1, False),
    ],
)
def test_services_are_told_apart_from_sessions_by_kind_and_length(
    title: str, kind: str, hours: int, drops_in: bool
) -> None:
    made = replace(session("X1", at(9), VENETIAN, title=title), kind=kind, ends_at=at(9 + hours))
    assert schedule((made,)).drop_ins == ({made.id} if drops_in else set())
