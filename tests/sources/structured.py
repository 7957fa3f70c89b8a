"""Files that are whole in form and hostile in their values: each format's own names, in any order, with anything in them.

Damaged bytes mostly fail in the first check; these reach the code behind it.
"""

import csv
import json
from collections.abc import Callable, Mapping
from io import StringIO
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from bot.sources.field_names import FACTS

TIMES = st.sampled_from(
    (
        "2026-01-31", "2026-01-31T09:30", "2026-01-31T09:30:00Z", "2026-01-31T09:30:00+05:30", "2026-01-31 24:00",
        "09:30", "9.30 pm", "24:00", "29:59", "25:61", "9:00 - 10:00 AM", "11:00 to 1:00 PM", "1/2/26", "31.1.2026",
        "Monday, Feb 29, 2026", "2026-02-30", "0001-01-01T00:00-23:59", "9999-12-31T23:59:59+00:00", "1769850000",
        "1769850000000", "99999999999999999999", "-1", "0", "NaN", "inf", "1e999", "PT90M", "P9D", "1h 30min", "00:45",
        "90", "-90", "2026-03-29T02:30", "20260131T093000", "20260131T093000Z", "20260131", "20261325T256199",
    )
)  # fmt: skip
WORDS = st.sampled_from(
    (
        "", " ", "A", "Queues &amp; Vec<T>", "<p>one</p><br>two", "<a", "<!--", "&#x110000;", "&#99999999999999999999;",
        "CANCELLED: x", "[cancelled]", "N/A", "TBA", "Wynn | Level 1 | A", "Hall 8/9, Amsterdam, Netherlands", "Ada, Bob; Eve",
        "Ada (Ltd, London), Bob (", "'", '"', "\\", "\\,", "\\n", "e\u0301", "\u202eabc", "\ud83d", "\x00", "\x1b[31m",
        "\u2028", "=cmd()", "../../etc", "@everyone", "a" * 400, "ARC301-R1", "Indico", "true", "no", "cancelled", "1", "en",
        "Europe/Berlin", "europe/berlin", "UTC", "EST5EDT", "Factory", "/vendor/Europe/Berlin", "../UTC", "Europe", "CEST",
    )
)  # fmt: skip
TEXTS = st.one_of(WORDS, TIMES, st.text(max_size=20))
NUMBERS = st.one_of(st.integers(-3, 3), st.integers(-(10**25), 10**25), st.floats(), st.booleans(), st.none())


def values(names: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    """Any JSON value whose objects have these names."""
    return st.recursive(
        st.one_of(TEXTS, NUMBERS),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=5)),
        max_leaves=8,
    )


def named(*names: str) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(names), st.sampled_from(names), st.text(max_size=6))


def objects(*names: str) -> st.SearchStrategy[dict[str, object]]:
    """Objects that have most of these names, with likely or unlikely values."""
    keys = named(*names)
    return st.dictionaries(keys, st.one_of(TEXTS, values(keys)), min_size=3, max_size=len(names))


def dumped(value: st.SearchStrategy[object]) -> st.SearchStrategy[bytes]:
    return value.map(lambda content: json.dumps(content).encode())


EVENT = objects(
    "guid", "id", "code", "slug", "date", "start", "end", "duration", "room", "title", "subtitle", "abstract",
    "description", "track", "type", "language", "persons", "participants", "state", "do_not_record", "public_name",
    "name", "role", "en",
)  # fmt: skip
DAY = st.fixed_dictionaries(
    {"date": TEXTS, "rooms": st.dictionaries(WORDS, st.lists(EVENT, max_size=3), max_size=2)},
    optional={"index": st.one_of(TEXTS, NUMBERS), "start": TEXTS},
)
CONFERENCE = st.fixed_dictionaries(
    {"days": st.lists(DAY, max_size=3)},
    optional={
        "title": values(named("en", "de")),
        "time_zone_name": TEXTS,
        "start": TIMES,
        "rooms": values(named("guid", "slug", "name")),
        "tracks": values(named("guid", "slug", "name")),
    },
)
FRAB_JSON = dumped(
    st.fixed_dictionaries(
        {
            "schedule": st.fixed_dictionaries(
                {"conference": CONFERENCE}, optional={"events": st.lists(EVENT, max_size=3)}
            )
        }
    )
)
SESSION = objects(
    "id", "title", "description", "startsAt", "endsAt", "isServiceSession", "isPlenumSession", "speakers", "categoryItems",
    "categories", "items", "roomId", "room", "status", "name", "fullName",
)  # fmt: skip
SESSIONIZE = dumped(
    st.one_of(
        st.fixed_dictionaries(
            {"sessions": st.lists(SESSION, max_size=4), "categoryItems": st.just([])},
            optional={name: st.lists(SESSION, max_size=3) for name in ("speakers", "rooms", "categories")},
        ),
        st.lists(st.fixed_dictionaries({"date": TEXTS, "rooms": st.lists(st.fixed_dictionaries({"sessions": st.lists(SESSION, max_size=3)}), max_size=2)}), min_size=1, max_size=2),
        st.lists(st.fixed_dictionaries({"groupId": TEXTS, "sessions": st.lists(SESSION, max_size=3)}), min_size=1, max_size=2),
    )
)  # fmt: skip
COLUMNS = tuple(alias for aliases in FACTS.values() for alias in aliases)
ITEM = objects(*COLUMNS, "times", "slots", "attributes", "attributevalues", "attribute", "value")
CATALOG_JSON = dumped(
    st.one_of(
        st.lists(ITEM, max_size=4),
        st.dictionaries(
            st.sampled_from(("items", "sessions", "rooms", "speakers", "venues")), st.lists(ITEM, max_size=3)
        ),
    )
)
MAPPED_JSON = dumped(
    st.fixed_dictionaries(
        {
            "days": st.dictionaries(TEXTS, st.dictionaries(st.just("talks"), st.lists(objects("n", "name", "more", "begins", "minutes", "where", "who", "tags"), max_size=3))),
            "rooms": values(named("key", "called")),
            "people": values(named("p", "name", "id")),
        }
    )
)  # fmt: skip


@st.composite
def tables(
    draw: st.DrawFn, columns: tuple[str, ...] = COLUMNS, always: tuple[str, ...] = ("title", "date", "start")
) -> bytes:
    """A table with known columns, of which some come twice, and rows that are too short or too long."""
    names = [*always, *draw(st.lists(st.one_of(st.sampled_from(columns), WORDS), max_size=8))]
    out = StringIO()
    writer = csv.writer(
        out, delimiter=draw(st.sampled_from(",;\t")), lineterminator=draw(st.sampled_from(("\n", "\r\n", "\r")))
    )
    writer.writerow(names)
    for _ in range(draw(st.integers(0, 4))):
        writer.writerow(draw(st.lists(TEXTS, min_size=1, max_size=len(names) + 1)))
    return out.getvalue().encode(draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "latin-1"))), errors="replace")


@st.composite
def calendars(draw: st.DrawFn) -> bytes:
    """Events of known properties, with parameters, repeated or nested, folded anywhere."""
    names = st.sampled_from(
        (
            "UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "LOCATION", "DESCRIPTION", "CATEGORIES", "STATUS", "RRULE",
            "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "X-ALT-DESC", "BEGIN", "END", "URL", "ATTENDEE", "",
        )
    )  # fmt: skip
    rules = st.sampled_from(
        ("FREQ=DAILY;COUNT=3", "FREQ=SECONDLY", "FREQ=YEARLY;BYDAY=5MO;UNTIL=99991231T000000Z", "COUNT=-1")
    )
    parameters = st.sampled_from(
        ("", ";TZID=Europe/Berlin", ";TZID=", ';TZID="a:b"', ";VALUE=DATE", ";VALUE=PERIOD", ";X;Y=,;", ";TZID=Own")
    )
    values_ = st.one_of(
        TEXTS, TIMES, rules, st.just("pretalx-a-ABCDEF@x"), st.just("VALARM"), st.just("indico-1"), st.just("VEVENT")
    )
    zone = "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{0}\r\nTZOFFSETTO:{1}\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    offsets = st.sampled_from(("+0300", "-2359", "+9999", "", "0300", "+030015"))
    lines = [
        "BEGIN:VCALENDAR",
        zone.format(draw(offsets), draw(offsets)),
        f"X-WR-CALNAME:{draw(TEXTS)}",
        f"X-WR-TIMEZONE:{draw(TEXTS)}",
    ]
    for _ in range(draw(st.integers(1, 3))):
        likely = [f"UID:{draw(values_)}", f"SUMMARY:{draw(TEXTS)}", f"DTSTART{draw(parameters)}:{draw(TIMES)}"]
        more = draw(st.lists(st.tuples(names, parameters, values_), max_size=6))
        lines += ["BEGIN:VEVENT", *likely, *("{}{}:{}".format(*parts) for parts in more), "END:VEVENT"]
    text = "\r\n".join((*lines, "END:VCALENDAR", "")).encode(errors="replace")
    at = draw(st.integers(0, len(text)))
    return text[:at] + b"\r\n " + text[at:] if draw(st.booleans()) else text


@st.composite
def xml_files(draw: st.DrawFn) -> bytes:
    """A schedule with known elements and attributes, and a few in the wrong place."""
    tags = st.sampled_from(
        (
            "title", "subtitle", "start", "duration", "date", "end", "room", "abstract", "description", "track", "type",
            "slug", "language", "state", "persons", "person", "recording", "optout", "url", "event", "day", "x:y",
        )
    )  # fmt: skip
    clean = TEXTS.map(lambda text: "".join(char for char in text if char.isprintable() or char in "\t\n"))

    def element(tag: str, inner: str, attributes: Mapping[str, str]) -> str:
        written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
        return f"<{tag}{written}>{inner}</{tag}>"

    def event() -> str:
        inner = draw(st.lists(st.tuples(tags, clean), max_size=10))
        parts = [element("title", escape(draw(clean)), {}), element("start", escape(draw(TIMES)), {})]
        parts += [element(tag, escape(text), {}) for tag, text in inner]
        return element("event", "".join(parts), draw(st.dictionaries(st.sampled_from(("id", "guid", "code")), clean)))

    def day() -> str:
        rooms = [
            element("room", "".join(event() for _ in range(draw(st.integers(0, 2)))), {"name": draw(clean)})
            for _ in range(draw(st.integers(0, 2)))
        ]
        return element(
            "day",
            "".join(rooms),
            draw(st.dictionaries(st.sampled_from(("date", "index", "start", "end")), st.one_of(TIMES, clean))),
        )

    facts = draw(st.dictionaries(st.sampled_from(("title", "start", "day_change", "time_zone_name", "venue")), clean))
    about = element("conference", "".join(element(name, escape(value), {}) for name, value in facts.items()), {})
    spaces = ' xmlns:x="urn:x"'
    return f"<schedule{spaces}>{about}{''.join(day() for _ in range(draw(st.integers(0, 3))))}</schedule>".encode(
        errors="replace"
    )


FILES: Mapping[str, Callable[[], st.SearchStrategy[bytes]]] = {
    "frab-xml": xml_files,
    "frab-json": lambda: FRAB_JSON,
    "ical": calendars,
    "sessionize": lambda: SESSIONIZE,
    "catalog-csv": tables,
    "catalog-json": lambda: CATALOG_JSON,
    "mapped": lambda: st.one_of(
        MAPPED_JSON, tables(("n", "name"), ("n", "name", "more", "begins", "minutes", "where", "who", "tags"))
    ),
}
"""A strategy of whole files for each format."""
