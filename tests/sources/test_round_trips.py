"""What is written in a format is read again as it was."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import parse_draft
from bot.sources.field_map import parse_map
from bot.sources.text import plain_title

Talk = tuple[str, datetime, int, str]

# Letters of many scripts and what each format must escape; entities are read, so that an ampersand comes alone.
words = st.text("abcÀßжあ<>\"',;|\\/:{}[]= ☃", min_size=1, max_size=30).map(plain_title).filter(bool)
rooms = st.text("abcÀжあ1.", min_size=1, max_size=12).map(plain_title).filter(bool)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
talks = st.lists(st.tuples(words, moments, st.integers(1, 600), rooms), min_size=1, max_size=6)


def ends(talk: Talk) -> datetime:
    return talk[1] + timedelta(minutes=talk[2])


def frab_xml(listed: Sequence[Talk]) -> bytes:
    events = "".join(
        f'<event guid="{n}"><date>{starts.isoformat()}</date><duration>{minutes // 60:02}:{minutes % 60:02}</duration>'
        f"<title>{escape(title)}</title><room>{escape(room)}</room></event>"
        for n, (title, starts, minutes, room) in enumerate(listed)
    )
    return f"<schedule><day>{events}</day></schedule>".encode()


def frab_json(listed: Sequence[Talk]) -> bytes:
    events = [
        {
            "guid": str(n),
            "title": title,
            "start": starts.isoformat(),
            "duration": f"PT{minutes}M",
            "room": {"name": room},
        }
        for n, (title, starts, minutes, room) in enumerate(listed)
    ]
    return json.dumps({"schedule": {"conference": {}, "events": events}}).encode()


def ical(listed: Sequence[Talk]) -> bytes:
    from icalendar import Calendar, Event

    calendar = Calendar()
    for number, talk in enumerate(listed):
        event = Event()
        for name, value in (
            ("uid", str(number)),
            ("summary", talk[0]),
            ("location", talk[3]),
            ("dtstart", talk[1]),
            ("dtend", ends(talk)),
        ):
            event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def objects(listed: Sequence[Talk]) -> list[Mapping[str, str]]:
    return [
        {
            "id": str(n),
            "title": talk[0],
            "startsAt": talk[1].isoformat(),
            "endsAt": ends(talk).isoformat(),
            "room": talk[3],
        }
        for n, talk in enumerate(listed)
    ]


def catalog_json(listed: Sequence[Talk]) -> bytes:
    return json.dumps(objects(listed)).encode()


def sessionize(listed: Sequence[Talk]) -> bytes:
    rows = [{**entry, "isServiceSession": False} for entry in objects(listed)]
    return json.dumps({"sessions": rows, "rooms": []}).encode()


def catalog_csv(listed: Sequence[Talk]) -> bytes:
    text = StringIO()
    writer = csv.DictWriter(text, ["id", "title", "startsAt", "endsAt", "room"])
    writer.writeheader()
    writer.writerows(objects(listed))
    return text.getvalue().encode()


WRITERS: Mapping[str, Callable[[Sequence[Talk]], bytes]] = {
    "frab-xml": frab_xml,
    "frab-json": frab_json,
    "ical": ical,
    "sessionize": sessionize,
    "catalog-csv": catalog_csv,
    "catalog-json": catalog_json,
    "mapped": catalog_json,
}
MAP = "[fields]\ntitle = 'title'\nstart = 'startsAt'\nend = 'endsAt'\nroom = 'room'\nuid = 'id'"


@pytest.mark.parametrize("name", WRITERS)
@given(listed=talks)
def test_what_was_written_is_read(name: str, listed: list[Talk]) -> None:
    draft = parse_draft(WRITERS[name](listed), "file", name, parse_map(MAP, "m") if name == "mapped" else None)
    assert (draft.skipped, draft.impossible) == ([], [])
    read = [
        (row.title, row.starts.astimezone(UTC), row.length // timedelta(minutes=1), row.room) for row in draft.sessions
    ]
    assert read == listed
    assert [row.uid for row in draft.sessions] == [str(number) for number in range(len(listed))]
