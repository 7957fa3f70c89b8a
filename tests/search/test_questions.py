"""Sixty questions and their counts: each right count is taken from the file by a few lines that know no search."""

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.fakes.app_harness import AppHarness
from tests.real_schedules import FOSDEM, REINVENT, real_schedule

Row = Mapping[str, str]
Fits = Callable[[Row], bool]
COUNT = re.compile(r"^[^\n]*: ([\d,]+) sessions?\.$", re.MULTILINE)
MON, TUE, WED, THU, FRI = (f"2024-12-0{day}" for day in range(2, 7))
SAT, SUN = "2026-01-31", "2026-02-01"


def reinvent_rows(folder: Path) -> Sequence[Row]:
    """The sessions with a time; the same one in two rooms of a hotel is one."""
    with (folder / "schedules" / REINVENT[0]).open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] != "N/A"]
    for row in rows:
        row["hotel"] = row["room"].partition("|")[0].strip()
    same = {
        (r["title"].strip().casefold(), r["date"], r["startTime"], r["endTime"], r["hotel"], r["type"]): r for r in rows
    }
    return list(same.values())


def fosdem_rows(folder: Path) -> list[Row]:
    rows: list[Row] = []
    for event in ET.parse(folder / "schedules" / FOSDEM[0]).getroot().iter("event"):
        row = {name: event.findtext(name) or "" for name in ("title", "track", "room", "start", "type", "language")}
        row["date"] = (event.findtext("date") or "")[:10]
        row["people"] = ", ".join(person.text or "" for person in event.iter("person"))
        text = " ".join(event.findtext(name) or "" for name in ("abstract", "description"))
        row["text"] = " ".join((row["title"], row["track"], row["people"], re.sub("<[^>]+>", " ", text)))
        rows.append(row)
    return rows


def has(field: str, *words: str) -> Fits:
    """Whether a text has a word that begins with each of `words`; one that ends in ! is the whole word."""
    patterns = [
        re.compile(
            rf"(?<![^\W_]){re.escape(word.rstrip('!'))}" + (r"(?![^\W_])" if word[-1] == "!" else ""), re.IGNORECASE
        )
        for word in words
    ]
    return lambda row: all(pattern.search(row[field]) for pattern in patterns)


def of(**fields: str) -> Fits:
    return lambda row: all(row[name] == value for name, value in fields.items())


def between(first: str, end: str, field: str = "startTime") -> Fits:
    return lambda row: first <= row[field] < end


def both(*tests: Fits) -> Fits:
    return lambda row: all(test(row) for test in tests)


def at_room(place: str) -> Fits:
    return lambda row: place in [part.strip() for part in row["room"].split("|")]


REINVENT_QUESTIONS: list[tuple[str, Fits]] = [
    ("chalk talk monday", of(type="Chalk talk", date=MON)),
    ("workshop tuesday", of(type="Workshop", date=TUE)),
    ("bedrock agents tuesday afternoon", both(has("title", "bedrock", "agent"), of(date=TUE), between("12:00", "18:00"))),
    ("security chalk talk monday morning", both(has("title", "secur"), of(type="Chalk talk", date=MON), between("04:00", "12:00"))),
    ("lunch", has("title", "lunch!")),
    ("keynotes", of(type="Keynote")),
    ("keynote on tuesday", of(type="Keynote", date=TUE)),
    ("workshops", of(type="Workshop")),
    ("builders sessions at MGM", of(type="Builders' session", hotel="MGM")),
    ("Builders’ session wednesday", of(type="Builders' session", date=WED)),
    ("code talks about serverless", both(of(type="Code talk"), has("title", "serverless"))),
    ("lightning talks in the expo thursday", both(of(type="Lightning talk", date=THU), at_room("Expo"))),
    ("breakout in the Venetian before noon on wednesday", both(of(type="Breakout session", hotel="Venetian", date=WED), between("00:00", "12:00"))),
    ("wednesday Venetian breakouts before 12:00", both(of(type="Breakout session", hotel="Venetian", date=WED), between("00:00", "12:00"))),
    ("what is there at 10am on dec 4 in mandalay bay", both(of(hotel="Mandalay Bay", date=WED, startTime="10:00"))),
    ("gamified learning", of(type="Gamified learning")),
    ("dev chats", of(type="Dev chat")),
    ("innovation talk monday or tuesday", lambda r: r["type"] == "Innovation Talks" and r["date"] in (MON, TUE)),
    ("chalk talks or workshops on friday", lambda r: r["type"] in ("Chalk talk", "Workshop") and r["date"] == FRI),
    ("serverless", has("title", "serverless")),
    ("kubernetes after 14:00", both(has("title", "kubernetes"), between("14:00", "24:00"))),
    ("kubernets after 2pm", both(has("title", "kubernetes"), between("14:00", "24:00"))),
    ("thursday 13:00-15:00 workshop", both(of(type="Workshop", date=THU), between("13:00", "15:00"))),
    ("workshops between 1 and 3pm thursday", both(of(type="Workshop", date=THU), between("13:00", "15:00"))),
    ("day 2 exam prep", of(type="Exam Prep", date=MON)),
    ("bootcamps", of(type="Bootcamp")),
    ("last day", of(date=FRI)),
    ("wynn monday evening", both(of(hotel="Wynn", date=MON), between("18:00", "24:00"))),
    ("Grand 113", lambda r: r["room"].endswith("| Grand 113")),
    ("chalk talk at wynn about data on 2024-12-05", both(of(type="Chalk talk", hotel="Wynn", date=THU), has("title", "data!"))),
    ("i would like to see something about machine learning tomorrow", both(has("title", "machine!", "learn"), of(date=TUE))),
    ("content hub wednesday afternoon", both(at_room("Content Hub"), of(date=WED), between("12:00", "18:00"))),
    ("self-paced training", of(type="Self-paced training")),
    ("kubernetes not workshop", both(has("title", "kubernetes"), lambda r: r["type"] != "Workshop")),
    ("kubernetes or serverless", lambda r: has("title", "kubernetes")(r) or has("title", "serverless")(r)),
    ("sponsored breakout sessions tuesday at 13:00", both(of(type="Breakout session", date=TUE, startTime="13:00"), has("title", "sponsor"))),
]  # fmt: skip
"""Today is Monday, 2 December 2024."""
FOSDEM_QUESTIONS: list[tuple[str, Fits]] = [
    ("K.1.105", has("room", "K.1.105")),
    ("la fontaine", has("room", "K.1.105")),
    ("K.1.105 sunday", both(has("room", "K.1.105"), of(date=SUN))),
    ("janson", of(room="Janson")),
    ("Janson saturday afternoon", both(of(room="Janson", date=SAT), between("12:00", "18:00", "start"))),
    ("rust", of(track="Rust")),
    ("rust devroom sunday before 12", both(of(track="Rust", date=SUN), between("00:00", "12:00", "start"))),
    ("talks in go", of(track="Go")),
    ("ai plumbers", of(track="AI Plumbers")),
    ("legal track", of(track="Legal & Policy")),
    ("sunday containers", of(track="Containers", date=SUN)),
    ("main track sat", of(track="Main Track", date=SAT)),
    ("distributed postgres", has("text", "distribut", "postgr")),
    ("kubernetes security", has("text", "kubernetes", "secur")),
    ("kubernets securtiy", has("text", "kubernetes", "secur")),
    ("matrix saturday", both(has("text", "matri"), of(date=SAT))),
    ("mercurial", has("text", "mercurial")),
    ("raphael gomes", has("people", "Raphaël Gomès")),
    ("by Pierre-Yves David", has("people", "Pierre-Yves David")),
    ("building k saturday after 3pm", both(has("room", "K."), of(date=SAT), between("15:00", "24:00", "start"))),
    ("UA2 saturday", both(lambda r: r["room"].startswith("UA2."), of(date=SAT))),
    ("H.1302 at 10:30", both(has("room", "H.1302"), of(start="10:30"))),
    ("retrocomputing", of(track="Retrocomputing")),
    ("sunday from 15:00 to 16:00 in UB5.132", both(of(room="UB5.132", date=SUN), between("15:00", "16:00", "start"))),
    ("risc-v 31 january", of(track="RISC-V", date=SAT)),
    ("wayland", has("text", "wayland")),
    ("saturday", of(date=SAT)),
    ("tomorrow morning kernel", both(of(track="Kernel", date=SUN), between("00:00", "12:00", "start"))),
    ("monday", lambda _: False),
]  # fmt: skip
"""Today is Saturday, 31 January 2026."""


async def counted(app: AppHarness, question: str) -> int:
    """The count that `/find` gives."""
    text = await app.say(f"/find {question}")
    found = COUNT.search(text)
    assert found or "I found no sessions" in text or ": none." in text, text
    return int(found[1].replace(",", "")) if found else 0


async def test_the_counts_of_re_invent_are_those_of_its_file(shared_data: Path) -> None:
    rows = reinvent_rows(shared_data)
    app = await AppHarness(moment=datetime(2024, 12, 2, 8, tzinfo=ZoneInfo(REINVENT[1]))).publish(
        real_schedule(shared_data, *REINVENT)
    )
    right = {question: sum(map(fits, rows)) for question, fits in REINVENT_QUESTIONS}
    assert {question: await counted(app, question) for question in right} == right


async def test_the_counts_of_fosdem_are_those_of_its_file(shared_data: Path) -> None:
    rows = fosdem_rows(shared_data)
    app = await AppHarness(moment=datetime(2026, 1, 31, 8, tzinfo=ZoneInfo(FOSDEM[1]))).publish(
        real_schedule(shared_data, *FOSDEM)
    )
    right = {question: sum(map(fits, rows)) for question, fits in FOSDEM_QUESTIONS}
    assert {question: await counted(app, question) for question in right} == right


def test_there_are_sixty_questions() -> None:
    assert len(REINVENT_QUESTIONS) + len(FOSDEM_QUESTIONS) >= 60
