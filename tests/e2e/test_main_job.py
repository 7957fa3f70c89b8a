"""The main job, end to end: import, choose, be told when to leave, survive `kill -9`."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.storage.unit_of_work import SqlStore
from migrations import run
from tests.e2e.hallway import Hallway
from tests.sources.test_formats import CSV, bomb
from tests.support.forked import hallway_alone, run_hallway, start_hallway

SCHEDULE = """code,title,date,startTime,endTime,room
ARC1,Queues,2021-11-29,09:00,10:00,Wynn | Level 1 | A
SEC2,Keys,2021-11-29,11:00,12:00,MGM | Level 3 | B
"""
VENUES = "name,aliases,lat,lon,minutes_inside\nWynn,,36.126613,-115.165352,5\nMGM Grand,MGM,36.102487,-115.169914,10\n"
CHAT = ("chat", "--conference", "tiny", "--at", "2021-11-29T07:00-08:00")


@pytest.fixture
def imported(hallway: Hallway) -> Hallway:
    (hallway.home / "schedule.csv").write_text(SCHEDULE)
    (hallway.home / "venues.csv").write_text(VENUES)
    arguments = ("schedule.csv", "--conference", "tiny", "--zone", "America/Los_Angeles", "--venues", "venues.csv")
    done = hallway.run("import", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("tiny: 2 sessions, 2 rooms, 2 venues, 1 day (")
    return hallway


EACH = (
    ("import", "schedule.csv", "--conference", "tiny", "--zone", "America/Los_Angeles", "--venues", "venues.csv"),
    (*CHAT, "--json"),
    ("demo",),
    ("rehearse", "schedule.csv", "schedule.csv", "--zone", "America/Los_Angeles"),
    ("migrate",),
    ("doctor",),
    ("backup", "backup.db"),
    ("restore", "backup.db", "--force"),
    ("link",),
    ("deliveries", "dead"),
    ("manifest", "slack"),
)


def test_each_command_imports_what_it_needs_though_no_other_has_run(hallway: Hallway) -> None:
    (hallway.home / "schedule.csv").write_text(SCHEDULE)
    (hallway.home / "venues.csv").write_text(VENUES)
    for arguments in EACH:
        done = run_hallway(arguments, hallway.home, hallway.environment, "/help\n", hallway_alone)
        assert (done.returncode, done.stderr) == (0, ""), arguments


def test_a_stranger_sees_in_the_chat_how_five_walks_make_a_measured_way(imported: Hallway) -> None:
    people = [f"person{number}" for number in range(6)]
    lines = [line for who in people for line in (f":as {who}", "/hotel Wynn", "/attend ARC1", "/attend SEC2")]
    lines += ["/walk Wynn to MGM", ":at 2021-11-29T10:00-08:00"]
    lines += [line for who in people for line in (f":as {who}", "/onmyway SEC2")]
    lines += [":wait 31m", *(line for who in people for line in (f":as {who}", "/here MGM")), ":wait 6m"]
    messages = imported.messages(*CHAT, lines="\n".join([*lines, "/walk Wynn to MGM", ""]))
    before, after = (one["text"].splitlines()[0] for one in messages if one["name"] == "walk")
    assert before.startswith("87 min walk from Wynn to MGM Grand (enough for 9 in 10, estimate)")
    assert after.startswith("46 min walk from Wynn to MGM Grand (enough for 9 in 10, measured on 6 walks)")


def test_the_demo_answers_the_first_question_and_ends_with_the_recap(hallway: Hallway) -> None:
    messages = hallway.messages("demo", lines="/nextsession\n:wait 10h\n")
    assert [message["name"] for message in messages] == ["nextsession", *["leave-by"] * 4, "evening-recap"]
    assert "Leave by 09:36: 14 min inside MGM Grand + 10 min for check-in." in messages[0]["text"]
    assert messages[0]["at"] == "2021-11-29T08:30:00-08:00"
    assert messages[3]["text"].startswith(
        'Leave Venetian by 13:03 for "Who holds the keys? A whiteboard on least privilege" at Caesars Forum.\n'
        "17 min walk (enough for 9 in 10, set by the organizers) + 10 min for check-in. "
    )
    assert messages[-1]["files"][0]["media_type"] == "text/markdown"


def test_the_demo_says_in_one_line_what_to_type_first(hallway: Hallway) -> None:
    done = hallway.run("demo", lines="/nextsession\n")
    assert done.stdout.splitlines()[1].endswith("Type /nextsession")
    assert done.returncode == 0


def test_a_morning_on_an_imported_schedule(imported: Hallway) -> None:
    lines = "/hotel MGM\n/attend ARC1 reserved\n/attend SEC2\n:wait 5h\n"
    messages = imported.messages(*CHAT, lines=lines)
    assert [(m["at"][11:16], m["name"]) for m in messages] == [
        ("07:00", "hotel"),
        ("07:00", "attend"),
        ("07:00", "attend"),
        ("07:12", "leave-by"),
        ("09:02", "leave-by"),
    ]
    assert messages[3]["text"].startswith(
        'Leave MGM Grand by 07:23 for "Queues" at Wynn.\n87 min walk (enough for 9 in 10, estimate) + 10 min for check-in. '
    )


def test_what_was_chosen_and_what_is_owed_outlives_the_process_and_nothing_comes_twice(imported: Hallway) -> None:
    imported.messages(*CHAT, lines="/hotel MGM\n/attend ARC1 reserved\n/attend SEC2\n:wait 1h\n")
    later = ("chat", "--at", "2021-11-29T08:30-08:00")
    messages = imported.messages(*later, lines="/agenda\n:wait 3h\n")
    assert [m["name"] for m in messages] == ["agenda", "leave-by"]
    assert "SEC2" in messages[1]["text"]


@pytest.mark.parametrize("answers", [1, 4, 9])
def test_kill_9_loses_no_stored_choice_and_no_owed_nudge(hallway: Hallway, answers: int) -> None:
    """Lines stream in and the process dies right after some answer: whatever was answered is there."""
    rows = [f"T{n},Talk {n},2021-11-29,{8 + n:02}:00,{8 + n:02}:30,Wynn | A{n}" for n in range(10)]
    (hallway.home / "schedule.csv").write_text("\n".join(("code,title,date,startTime,endTime,room", *rows)))
    hallway.run("import", "schedule.csv", "--conference", "tiny", "--zone", "America/Los_Angeles")
    with start_hallway(
        (*CHAT, "--json"), hallway.home, hallway.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("/hotel Wynn\n" + "".join(f"/attend T{n} reserved\n" for n in range(10)))
        process.stdin.flush()
        answered = [json.loads(process.stdout.readline())["kind"] for _ in range(1 + answers)]
        process.send_signal(signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL
    assert answered == ["reply"] * (1 + answers)
    agenda, *nudges = hallway.messages(*CHAT, lines="/agenda\n:wait 10h\n")
    stored = int(agenda["text"].split(": ")[1].split()[0])
    assert answers <= stored <= 10
    assert [message["name"] for message in nudges] == ["leave-by"] * stored


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no file"),
        (b"", "schedule.xml is empty"),
        (b"\x7fELF\x00", "line 1: a NUL byte"),
        (b"PK\x03\x04", "is a zip archive"),
        (bomb().encode(), "it defines XML entities"),
        (CSV.encode(), "line 5: 'Backwards' ends before it starts: correct it"),
        (CSV.replace("2026-01-31,10:00", "9999-01-31,08:00").encode(), "line 5: 'Backwards' is in the year 9999"),
    ],
)
def test_a_file_that_is_wrong_is_one_sentence_status_1_and_no_change(
    imported: Hallway, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (imported.home / "schedule.xml").write_bytes(content)
    before = imported.messages(*CHAT, lines="/conference\n")
    done = imported.run("import", "schedule.xml", "--conference", "tiny", "--zone", "UTC")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert sentence in done.stderr
    assert imported.messages(*CHAT, lines="/conference\n") == before


def test_a_dry_run_says_what_would_change_and_stores_nothing(imported: Hallway) -> None:
    (imported.home / "schedule.csv").write_text(SCHEDULE.replace("11:00,12:00", "13:00,14:00"))
    report = json.loads(imported.run("import", "schedule.csv", "--conference", "tiny", "--dry-run", "--json").stdout)
    assert (report["added"], report["changed"], report["removed"]) == (0, 1, 0)
    assert "11:00-12:00" in imported.messages(*CHAT, lines="/session SEC2\n")[0]["text"]


def test_a_dry_run_where_nothing_is_stored_yet_leaves_no_trace(hallway: Hallway) -> None:
    (hallway.home / "schedule.csv").write_text(SCHEDULE)
    before = sorted(hallway.home.rglob("*"))
    done = hallway.run("import", "schedule.csv", "--conference", "tiny", "--zone", "UTC", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(hallway.home.rglob("*")) == before


def test_wrong_usage_is_status_2_and_wrong_input_status_1(hallway: Hallway) -> None:
    assert hallway.run("import").returncode == 2
    assert hallway.run("fly").returncode == 2
    for arguments in (("chat", "--speed", "5"), ("chat", "--at", "noon"), ("chat", "--conference", "gone")):
        done = hallway.run(*arguments)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
    done = hallway.run("migrate", HALLWAY_HTTP_PORT="many")
    assert done.stderr.startswith("hallway: The setting HALLWAY_HTTP_PORT cannot be used")


def test_nothing_of_a_password_is_ever_shown(hallway: Hallway) -> None:
    done = hallway.run("doctor", HALLWAY_DATABASE_URL="postgresql://hallway:s3cret@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "s3cret" not in done.stdout + done.stderr
    assert "127.0.0.1/none cannot be used" in done.stdout


def test_migrate_and_doctor_say_what_to_do_next(imported: Hallway) -> None:
    newest = run.revisions()[-1]
    assert imported.run("migrate").stdout == f"The database has schema {newest}, the newest.\n"
    done = imported.run("doctor")
    assert done.returncode == 0
    assert "conferences: tiny" in done.stdout


async def test_doctor_says_what_running_processes_say_of_their_lanes(imported: Hallway) -> None:
    store = SqlStore.at(f"sqlite:///{imported.home / 'data' / 'hallway' / 'hallway.db'}")
    async with store.write_transaction() as work:
        await work.leases.hold({"discord": "", "slack:T1": "Slack failed", "member:discord:me": ""}, "me", 600)
    await store.close()
    done = imported.run("doctor")
    assert done.returncode == 1
    assert "ok     lane discord: served by me" in done.stdout
    assert "fault  lane slack:T1: messages are delayed: Slack failed; retried automatically" in done.stdout
    assert "member" not in done.stdout


def test_run_serves_until_sigterm_and_then_ends_well(imported: Hallway) -> None:
    settings = {**imported.environment, "HALLWAY_HTTP_PORT": "0", "HALLWAY_LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "tests.support.patient", "run"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=imported.home, env=settings) as process:
        assert process.stderr
        serving = json.loads(process.stderr.readline())
        with urllib.request.urlopen(f"http://127.0.0.1:{serving['port']}/readyz", timeout=60) as answer:
            ready = json.load(answer)
            assert (ready["status"], ready["failing"], ready["reasons"]) == ("ok", [], {})
            assert (ready["feeds"], ready["lanes"]) == ({"failing": 0, "held": 0}, {"failing": 0})
        process.send_signal(signal.SIGTERM)
        assert process.wait(180) == 0


def test_where_the_clock_runs_the_ticker_delivers_while_nobody_types(imported: Hallway) -> None:
    imported.messages(*CHAT, lines="/hotel MGM\n/attend ARC1 reserved\n")
    arguments = ("chat", "--at", "2021-11-29T07:11-08:00", "--speed", "120", "--json")
    with start_hallway(
        arguments, imported.home, imported.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        nudge = json.loads(process.stdout.readline())
        process.communicate(":quit\n", timeout=60)
        assert process.returncode == 0
    assert (nudge["name"], nudge["at"][:15]) == ("leave-by", "2021-11-29T07:1")


@pytest.mark.parametrize(
    ("file", "venues", "zone", "start", "lines", "nudges"),
    [
        (
            "fosdem_2026.xml",
            "fosdem_venues.csv",
            "Europe/Brussels",
            "2026-01-31T08:45+01:00",
            "/hotel H\n/attend SFKNTZ\n/attend 387PHB\n:wait 3h\n",
            [
                'Leave H by 09:19 for "Welcome to FOSDEM 2026" at J.\n6 min walk (enough for 9 in 10, estimate) + ',
                (
                    'Leave J by 10:14 for "Introduction to the Modern Email DevRoom" at K.\n'
                    "11 min walk (enough for 9 in 10, estimate) + "
                ),
            ],
        ),
        (
            "reinvent2024_facts.csv",
            "reinvent_venues.csv",
            "America/Los_Angeles",
            "2024-12-02T07:00-08:00",
            "/hotel MGM\n/attend efficient incremental processing reserved\n/attend WOR69488\n/agenda\n:wait 6h\n",
            [
                (
                    'Leave MGM Grand by 07:30 for "Efficient incremental processing with Apache Iceberg at Netflix" '
                    "at Mandalay Bay.\n50 min walk (enough for 9 in 10, estimate) + 10 min for check-in. "
                ),
                (
                    'Leave Mandalay Bay by 09:39 for "Getting started with serverless patterns" at Wynn.\n'
                    "121 min walk (enough for 9 in 10, estimate) + 20 min for the walk-up line. "
                ),
            ],
        ),
    ],
)
def test_a_morning_of_a_real_conference_that_crosses_buildings(
    hallway: Hallway, shared_data: Path, file: str, venues: str, zone: str, start: str, lines: str, nudges: list[str]
) -> None:
    source, places = shared_data / "schedules" / file, shared_data / "venues" / venues
    done = hallway.run("import", str(source), "--conference", "real", "--zone", zone, "--venues", str(places))
    assert (done.returncode, done.stderr) == (0, "")
    messages = hallway.messages("chat", "--conference", "real", "--at", start, lines=lines)
    texts = [message["text"] for message in messages if message["kind"] == "nudge"]
    assert len(texts) == len(nudges)
    assert all(wanted in text for wanted, text in zip(nudges, texts, strict=True))
