"""`hallway rehearse OLD NEW`."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.console import JsonSink, TerminalStyle, TextSink
from bot.cli.rehearse import RehearsalOptions, read_agendas, rehearse, sample_agendas
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.errors import BadInputError
from tests.builders import ARC, DAT, FORUM, KEY, MGM, SEC, SESSIONS, VENETIAN, at, draft, schedule
from tests.e2e.hallway import Hallway

VENUES = (MGM, VENETIAN, FORUM)
MOVED = replace(SEC, starts_at=at(12), ends_at=at(13))


async def played(*after: object, **terms: object) -> list[str]:
    lines: list[str] = []
    sink = TextSink(lines.append, TerminalStyle())
    new = draft(*after)  # type: ignore[arg-type]  # sessions
    await rehearse(draft(*SESSIONS), new, RehearsalOptions(venues=VENUES, **terms), sink)  # type: ignore[arg-type]
    return lines


async def test_who_would_be_sent_what() -> None:
    lines = await played(ARC, MOVED, KEY, *SESSIONS[3:4])
    assert lines[:4] == [
        "0 added, 1 changed, 1 removed (test)",
        "  changed: Keys, locks and doors (SEC203) (time Mon 11:00 → Mon 12:00)",
        "  no longer in the schedule: Counting to infinity (DAT310)",
        "",
    ]
    assert "● Sun 18:05  session-changed  (to anna)" in lines
    assert "   now Caesars Forum, Room SEC203, 12:00-13:00 (was Caesars Forum, Room SEC203, 11:00-12:00)" in lines
    assert lines[-1] == "2 of 4 people get a message (2 messages in total). Nobody else does."


async def test_what_would_be_held_is_said_and_played_all_the_same() -> None:
    lines = await played(ARC, KEY)
    assert lines[1] == "  waiting for a decision: This import would remove 3 of 5 sessions"
    assert lines[-1].startswith("3 of 5 people get a message")


async def test_the_same_again_is_told_to_nobody() -> None:
    assert (await played(*SESSIONS))[-1] == "0 of 2 people get a message (0 messages in total). Nobody else does."


async def test_at_another_time_and_with_agendas_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "agendas.csv"
    file.write_text("who,code,choice\nzoe,SEC203,reserved\nyan,sec203,backup\nzoe,ARC301,\nxu,KEY001,going\n")
    assert read_agendas(file, schedule()) == {
        "zoe": [Attendance("sec203", reserved=True), Attendance("arc301")],
        "yan": [Attendance("sec203", Choice.BACKUP)],
        "xu": [Attendance("key001")],
    }
    lines: list[str] = []
    terms = RehearsalOptions(venues=VENUES, at=at(10), agendas=file)
    await rehearse(draft(*SESSIONS), draft(ARC, MOVED, DAT, *SESSIONS[3:]), terms, JsonSink(lines.append))
    messages = [json.loads(line) for line in lines]
    # Both are due at the same moment, so either may come first.
    assert sorted((m["at"][11:16], m["to"], m["kind"], m["name"]) for m in messages) == [
        ("10:00", "yan", "nudge", "session-changed"),
        ("10:00", "zoe", "nudge", "session-changed"),
    ]


@pytest.mark.parametrize("row", ["zoe,NOPE,going", ",SEC203,going", "zoe,SEC203,maybe"])
def test_a_wrong_agenda_is_one_sentence(tmp_path: Path, row: str) -> None:
    file = tmp_path / "agendas.csv"
    file.write_text(f"who,code,choice\n{row}\n")
    with pytest.raises(BadInputError, match=r"^agendas.csv, line 2: who, a code of the old schedule"):
        read_agendas(file, schedule())
    with pytest.raises(BadInputError, match=r"^other.csv cannot be read"):
        read_agendas(tmp_path / "other.csv", schedule())


def test_sample_agendas_are_the_same_each_time_and_have_no_overlaps() -> None:
    made = schedule()
    agendas = sample_agendas(made, {"sec203", "dat310"})
    assert agendas == sample_agendas(made, {"dat310", "sec203"})
    assert [chosen[0].session for chosen in agendas.values()][:2] == ["sec203", "dat310"]
    for chosen in agendas.values():
        days = [made.by_id[attendance.session] for attendance in chosen]
        assert not [one for one in days for other in days if one is not other and one.overlaps(other)]


def test_the_command_line(hallway: Hallway) -> None:
    head = "code,title,date,startTime,endTime,room\n"
    (hallway.home / "old.csv").write_text(
        head + "A1,Queues,2021-11-29,09:00,10:00,Hall 1\nB2,Keys,2021-11-29,11:00,12:00,Hall 2\n"
    )
    (hallway.home / "new.csv").write_text(
        head + "A1,Queues,2021-11-29,09:30,10:30,Hall 1\nB2,Keys,2021-11-29,11:00,12:00,Hall 2\n"
    )
    done = hallway.run("rehearse", "old.csv", "new.csv", "--zone", "Europe/Brussels", "--at", "2021-11-29T08:00+01:00")
    assert (done.returncode, done.stderr) == (0, "")
    assert "● Mon 08:00  session-changed  (to anna)" in done.stdout.splitlines()
    assert not (hallway.home / "data").exists()


def test_where_nobody_reads_any_more_it_ends_without_a_word(hallway: Hallway) -> None:
    header = "code,title,date,start,end\n"
    for name, hour in (("old.csv", 9), ("new.csv", 12)):
        rows = "".join(f"C{n},Talk {n},2026-12-0{n},{hour}:00,{hour + 1}:00\n" for n in range(1, 8))
        (hallway.home / name).write_text(header + rows)
    command = hallway.command("rehearse", "old.csv", "new.csv", "--zone", "Europe/Berlin")
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        command,
        cwd=hallway.home,
        env=hallway.environment,
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (1, "")
