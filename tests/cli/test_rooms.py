"""`hallway route rooms`: ways between rooms from an indoor map, over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from bot.cli import conferences, rooms
from bot.domain.errors import HallwayError
from bot.domain.schedule.conference import Schedule
from bot.domain.travel.venue import Place, Venue
from bot.domain.travel.way import LegSource
from bot.sources.fetch import c3nav
from bot.sources.fetch.c3nav import C3nav
from bot.storage.unit_of_work import SqlStore
from migrations import run as migrations
from tests.builders import CONFERENCE, at, schedule, session
from tests.fake_servers.c3nav import KEY, FakeC3nav
from tests.fake_servers.serving import serving
from tests.fakes.app_harness import FrozenClock

BUILDING = Venue("K", lat=50.812, lon=4.381, minutes_inside=6)
OTHER = Venue("H", lat=50.813, lon=4.380, minutes_inside=6)
SESSIONS = (
    session("A1", at(9), BUILDING, room="K.1.105 (La Fontaine)"),
    session("A2", at(10), BUILDING, room="K.3.201"),
    session("A3", at(11), OTHER, room="H.1302 (Depage)"),
    session("A4", at(12), OTHER, room="Foyer"),
)
CORRIDOR = {"k1105": 0, "k3201": 240, "h1302": 600}


@dataclass
class Waits:
    """Waits no time, and remembers how long."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@dataclass
class Town:
    """A conference in a database, and its indoor map."""

    database: str
    fake: FakeC3nav
    base: str
    key: str = KEY
    waits: Waits = field(default_factory=Waits)
    shown: list[str] = field(default_factory=list)

    async def run(self) -> str:
        def connect(base: str) -> C3nav:
            return C3nav(base, self.key, ("127.0.0.1",), 5, self.waits)

        return await rooms.import_rooms(self.database, CONFERENCE.slug, FrozenClock(at(8)), connect, self.shown.append)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[SqlStore]:
        store = SqlStore.at(self.database)
        yield store
        await store.close()

    async def stored(self) -> Schedule:
        async with self.store() as store, store.read_transaction() as work:
            found = await work.conferences.load(CONFERENCE.slug)
        assert found
        return found


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    fake = FakeC3nav(CORRIDOR)
    database = f"sqlite:///{tmp_path / 'hallway.db'}"
    await migrations.upgrade(database)
    async with serving(fake.app) as base:
        made = Town(database, fake, base)
        conference = replace(CONFERENCE, c3nav=base)
        async with made.store() as store, store.write_transaction() as work:
            await work.conferences.save(schedule(SESSIONS, venues=(BUILDING, OTHER), ways=(), conference=conference))
        yield made


async def test_the_next_room_is_as_far_as_the_indoor_map_says_and_others_as_before(town: Town) -> None:
    before = await town.stored()
    assert await town.run() == ("cloud21: stored 3 ways between 3 rooms.\nThe map does not know Foyer.")
    assert town.shown == ["Asking for 3 ways: about 1 min."]
    after = await town.stored()
    one, two, three, foyer = (talk.place for talk in after.sessions)
    assert one
    assert two
    assert three
    assert foyer
    assert after.conference.revision == before.conference.revision + 1
    assert {way.as_of for way in after.room_ways} == {date(2021, 11, 29)}
    assert {frozenset((way.origin, way.target)): (way.minutes, way.metres) for way in after.room_ways} == {
        frozenset((one, two)): (4.0, 240),
        frozenset((one, three)): (10.0, 600),
        frozenset((two, three)): (6.0, 360),
    }

    def leg_facts(schedule: Schedule, start: Place, end: Place) -> tuple[float, LegSource, int | None]:
        leg = schedule.travel.best(start, end)
        assert leg
        return leg.median, leg.source, leg.metres

    # In the building: four minutes in place of the venue's six, in both directions.
    assert leg_facts(before, one, two) == (6, LegSource.INSIDE, 450)
    assert leg_facts(after, one, two) == leg_facts(after, two, one) == (4, LegSource.INSIDE, 240)
    # In another building: the map's ten minutes in place of the distance.
    assert leg_facts(after, one, three) == (10, LegSource.ROUTED, 600)
    # A room that the map does not know, and a place without a room: as before.
    assert leg_facts(after, three, foyer) == leg_facts(before, three, foyer)
    assert leg_facts(after, one, Place("H")) == leg_facts(before, one, Place("H"))


async def test_each_room_is_asked_for_once_politely_and_with_the_key(town: Town) -> None:
    town.fake.busy = 1
    await town.run()
    assert {key for _, _, key in town.fake.asked} == {KEY}
    posts = [path for method, path, _ in town.fake.asked if method == "POST"]
    assert len(posts) == 3
    # A pause before each request, and the wait that the server asked for.
    assert sorted(set(town.waits.seconds)) == [c3nav.PAUSE, 7.0]
    assert town.waits.seconds.count(c3nav.PAUSE) == len(town.fake.asked)


async def test_a_second_run_replaces_the_first_and_off_takes_the_ways_back(town: Town) -> None:
    await town.run()
    town.fake.rooms = {"k1105": 0, "k3201": 60}
    assert (await town.run()).startswith("cloud21: stored 1 way between 2 rooms.")
    assert [way.minutes for way in (await town.stored()).room_ways] == [1.0]
    assert "indoor map:  http://127.0.0.1" in await conferences.show(town.database, CONFERENCE.slug)
    await conferences.link_rooms(town.database, FrozenClock(at(8)), CONFERENCE.slug, "off")
    assert (await town.stored()).room_ways == ()


async def test_a_room_that_cannot_be_reached_has_no_way(town: Town) -> None:
    town.fake.apart = frozenset({"h1302"})
    await town.run()
    assert [way.minutes for way in (await town.stored()).room_ways] == [4.0]


GZIP_BOMB = b'{"result": "' + b"a" * (c3nav.LARGEST + 1) + b'"}'
NO_C3NAV = "127.0.0.1 does not answer like a c3nav server: check the address of the indoor map."


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, b"<html>", NO_C3NAV),
        (200, b"[" * 200_000, NO_C3NAV),
        (200, b"[]", NO_C3NAV),
        (200, b'{"result": null}', NO_C3NAV),
        (200, b'{"result": {"duration": "soon"}}', NO_C3NAV),
        (200, b'{"result": {"duration": true}}', NO_C3NAV),
        (200, b'{"result": {"duration": -1}}', NO_C3NAV),
        (200, b'{"result": {"duration": NaN}}', NO_C3NAV),
        (200, b'{"result": {"duration": 1e400}}', NO_C3NAV),
        (200, b'{"result": {"duration": 1' + b"0" * 4_000 + b"}}", NO_C3NAV),
        (200, b'{"result": {"duration": 1' + b"0" * 5_000 + b"}}", NO_C3NAV),
        (200, GZIP_BOMB, "127.0.0.1 sends more than 2 MiB, the limit for a way."),
        (302, b"", NO_C3NAV),
        (400, b"", NO_C3NAV),
        (403, b"", "127.0.0.1 does not accept the key (403): make a read-only API secret in your account there"),
        (429, b"", "127.0.0.1 asks for fewer requests (429): try again later."),
        (503, b"", "127.0.0.1 is out of order (503): try again later."),
    ],
)
async def test_an_answer_that_is_no_way_costs_one_sentence_and_changes_nothing(
    town: Town, status: int, body: bytes, sentence: str
) -> None:
    before = await town.stored()
    town.fake.answer = status, body, {"Location": "http://elsewhere.example/"} if status == 302 else {}
    with pytest.raises(HallwayError) as raised:
        await town.run()
    assert str(raised.value).startswith(sentence)
    assert "\n" not in str(raised.value)
    assert await town.stored() == before


async def test_the_key_is_in_no_error_and_no_repr(town: Town) -> None:
    town.key = "secret:wrong-and-private"
    with pytest.raises(HallwayError) as raised:
        await town.run()
    assert "wrong-and-private" not in str(raised.value) + repr(C3nav("https://x", town.key))
    for key in ("", "two words", "line\nbreak", "ключ"):
        town.key = key
        with pytest.raises(HallwayError, match="check HALLWAY_C3NAV_KEY"):
            await town.run()


async def test_a_distance_that_cannot_be_is_left_out(town: Town) -> None:
    town.fake.answer = 200, b'{"result": {"duration": 90, "distance": -5}}', {}
    await town.run()
    assert {(way.minutes, way.metres) for way in (await town.stored()).room_ways} == {(1.5, None)}


async def test_a_map_in_the_own_network_is_asked_only_if_the_operator_allows_it(town: Town) -> None:
    def connect(base: str) -> C3nav:
        return C3nav(base, pause=town.waits)

    with pytest.raises(HallwayError, match=r"^127\.0\.0\.1 is not on the public internet"):
        await rooms.import_rooms(town.database, CONFERENCE.slug, FrozenClock(at(8)), connect, print)
    assert town.fake.asked == []


async def test_without_an_indoor_map_or_a_known_room_the_remedy_is_said(town: Town) -> None:
    town.fake.rooms = {}
    with pytest.raises(
        HallwayError, match=r"knows 0 of the 4 rooms of cloud21, so no way between two rooms can be found"
    ):
        await town.run()
    await conferences.link_rooms(town.database, FrozenClock(at(8)), CONFERENCE.slug, "off")
    with pytest.raises(HallwayError, match=r"^cloud21 has no indoor map: give its address with `hallway conference"):
        await town.run()


def test_of_many_rooms_those_with_the_most_sessions_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_ROOMS", 2)
    again = session("A5", at(13), OTHER, room="H.1302 (DEPAGE)")
    found, left_out = rooms.rooms_of(schedule((*SESSIONS, again), venues=(BUILDING, OTHER)))
    assert (list(found), left_out) == (["h1302", "foyer"], 2)
    assert [place.room for place in found["h1302"]] == ["H.1302 (Depage)", "H.1302 (DEPAGE)"]
