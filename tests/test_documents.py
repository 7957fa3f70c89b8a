"""What the documents say is so: their commands run, their transcripts are real, their code is the project's.

If code or messages changed, run `make reference`: it writes the generated parts of the documents again.
"""

import asyncio
import re
import shlex
from pathlib import Path

import pytest

from bot.__main__ import FORMATS
from bot.domain.travel.distance import DETOUR
from bot.domain.travel.venue import DEFAULT_MINUTES_INSIDE, Venue
from bot.domain.travel.walker import Pace
from bot.domain.travel.way import USUAL, USUALLY, LegSource
from bot.sources import all_formats, sample
from bot.sources.field_map import FACTS
from bot.sources.field_names import FACTS as TABLE_FACTS
from bot.streets.cutting import cut
from tests.builders import schedule
from tests.documents import DOCUMENTS, ROOT, UPDATES, blocks, commands, generated, read
from tests.e2e.hallway import Hallway
from tests.fake_servers.schedule_host import schedule_host
from tests.fakes.app_harness import AppHarness
from tests.streets.town import town

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
NOT_OURS = re.compile(r"\bissue #?\d|\bsession \d+ of\b|\bhelper\b|file://", re.IGNORECASE)
RUNS = [(document, command) for document in DOCUMENTS for command in commands(document)]
IMPORT = ("schedule.csv", "--conference", "cloud", "--zone", "America/Los_Angeles", "--venues", "venues.csv")
ADDRESS = "https://example.org/schedule.csv"

OLD = """code,title,date,startTime,endTime,room
ARC205,Boring on purpose,2021-11-29,14:00,15:00,Venetian | Titian 2201
DAT310,Counting to infinity,2021-11-29,13:30,14:30,Venetian | Delfino 4005
DAT310-R,Counting to infinity,2021-12-02,10:00,11:00,Venetian | Delfino 4005
KEY001,Opening keynote,2021-11-30,08:30,10:30,MGM Grand | Arena
"""
NEW = OLD.replace("11-29,13:30,14:30,Venetian | Delfino 4005", "11-29,14:30,15:30,Caesars Forum | Academy 411")
FILES = {
    "old.csv": OLD,
    "new.csv": NEW,
    "agendas.csv": "who,code,choice\nada,DAT310,reserved\nada,ARC205,\nbob,KEY001,going\n",
}


@pytest.fixture
def furnished(tmp_path: Path) -> Hallway:
    """A home folder with the sample schedule and everything that the documents name."""
    folder = Path(sample.__file__).parent
    files = {name: (folder / name).read_text() for name in ("schedule.csv", "venues.csv")}
    for name, text in (FILES | files).items():
        (tmp_path / name).write_text(text)
    return Hallway(tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_generated_parts_are_up_to_date(document: str, furnished: Hallway) -> None:
    def run(command: str, lines: str) -> str:
        done = furnished.run(*shlex.split(command)[1:], lines=lines)
        assert (done.returncode, done.stderr) == (0, ""), command
        return done.stdout

    text = generated(document, run)
    if UPDATES:
        (ROOT / document).write_text(text, "utf-8")
    assert read(document).splitlines() == text.splitlines()


@pytest.mark.parametrize("document", ["README.md", "docs/quickstart.md", "docs/how-to/operators.md"])
def test_commands_run(document: str, furnished: Hallway) -> None:
    assert furnished.run("import", *IMPORT).returncode == 0
    for command in commands(document):
        program, *arguments = shlex.split(command)
        done = furnished.run(*arguments, lines="/nextsession\n")
        assert (program, done.returncode, done.stderr) == ("hallway", 0, ""), (command, done.stderr)


async def test_commands_about_schedules_run(furnished: Hallway) -> None:
    async with schedule_host(OLD.encode()) as host:
        for command in commands("docs/how-to/schedules.md"):
            program, *arguments = shlex.split(command.replace(ADDRESS, host.url()))
            allowed = {"HALLWAY_FEED_ALLOW_HOSTS": "127.0.0.1"}
            done = await asyncio.to_thread(furnished.run, *arguments, **allowed)
            assert (program, done.returncode, done.stderr) == ("hallway", 0, ""), (command, done.stderr)


def moved(town: str) -> str:
    """The town of the routes' tests, 50 degrees to the north and 4 to the east: 0, 0 is in the sea."""
    north = re.sub(r' lat="([^"]+)"', lambda found: f' lat="{float(found[1]) + 50}"', town)
    return re.sub(r' lon="([^"]+)"', lambda found: f' lon="{float(found[1]) + 4}"', north)


def test_commands_about_maps_run(tmp_path: Path) -> None:
    pytest.importorskip("osmium", reason="osmium is not installed")
    hallway = Hallway(tmp_path)
    (tmp_path / "map.osm").write_text(moved(town()))
    (tmp_path / "schedule.csv").write_text(
        "code,title,date,startTime,endTime,room\nA1,Hi,2030-05-06,09:00,10:00,Grand Hall\n"
    )
    doors = [Venue("hall", lat=50.002, lon=4.0), Venue("inn", lat=50.001, lon=4.0025)]
    cut(tmp_path / "map.osm", doors, 10_000, tmp_path / "country.osm.pbf")
    for command in commands("docs/how-to/venues-and-streets.md"):
        program, *arguments = shlex.split(command)
        done = hallway.run(*arguments)
        assert (program, done.returncode, done.stderr) == ("hallway", 0, ""), (command, done.stderr)
    assert len((tmp_path / "legs.csv").read_text().splitlines()) == 3


def test_every_document_with_commands_has_a_test_that_runs_them() -> None:
    """Those of the platforms are run by tests/e2e, against fake servers."""
    run_here = {"README.md", "docs/quickstart.md", "docs/how-to/operators.md"}
    run_here |= {"docs/how-to/schedules.md", "docs/how-to/organizers.md", "docs/how-to/venues-and-streets.md"}
    assert {document for document, _ in RUNS} <= run_here | {"docs/how-to/discord.md", "docs/how-to/slack.md"}
    assert len(RUNS) >= 20


async def test_what_attendees_type_can_be_typed(app: AppHarness) -> None:
    found = re.findall(r"`(/[^`]+)`", read("docs/how-to/attendees.md"))
    lines = [line for line in found if line != "/import me"]  # It takes a file, not words.
    assert len(lines) > 20
    refused = {line: text for line in lines if (reply := await app.ask(line)).is_error and (text := app.text(reply))}
    assert refused == {}


def test_the_lines_about_announcements_can_be_typed(furnished: Hallway) -> None:
    assert furnished.run("import", *IMPORT).returncode == 0
    first, later, _ = (block.body.splitlines() for block in blocks("docs/how-to/organizers.md", "text"))
    quiet = (":as bob", "/news on", "/nudges quiet 00:00-12:00", ":as olga")
    draft = '/announce "Buses leave" to everyone by dm'
    order = ("list", "show", "pause", "resume", "cancel", "report", "edit", "recall")
    by_action = {line.split()[1]: line for line in later}
    assert set(by_action) == set(order)
    lines = [*quiet, draft, "/announce confirm 1", ":wait 1m", *(by_action[action] for action in order[:6])]
    lines += [*first, "/announce confirm 2", ":wait 1m"]
    lines += [by_action["edit"].replace("1", "2", 1), ":wait 1m", by_action["recall"].replace("1", "2", 1), ":wait 1m"]
    options = ("--organizer", "--as", "olga", "--conference", "cloud", "--at", "2021-11-29T08:00-08:00")
    messages = furnished.messages("chat", *options, lines="\n".join(lines) + "\n")
    assert [message["text"] for message in messages if message["kind"] == "error"] == []
    posted = [(message["name"], message["to"]) for message in messages if message["to"] == "#general"]
    assert posted == [("announcement", "#general"), ("edited", "#general"), ("deleted", "#general")]


def test_the_lines_about_linked_communities_can_be_typed(furnished: Hallway) -> None:
    assert furnished.run("import", *IMPORT).returncode == 0
    new, enter, agree, show, announce, part = blocks("docs/how-to/organizers.md", "text")[2].body.splitlines()

    def answers(community: str, *typed: str) -> list[str]:
        options = ("--organizer", "--community", community, "--conference", "cloud", "--at", "2021-11-29T08:00-08:00")
        messages = furnished.messages("chat", *options, lines="\n".join(typed) + "\n")
        assert [message["text"] for message in messages if message["kind"] == "error"] == []
        return [f"{message['to']}: {message['text']}" for message in messages]

    (code,) = set(re.findall(r"link:([A-Z2-9-]{14})", "\n".join(answers("club", new))))
    entered = [line.replace("ABCD-EFGH-JKLM", code) for line in (enter, agree)]
    assert "Linked with club (Console)" in answers("other", *entered, "/settings announcements #news", show)[-1]
    posted = answers("club", announce, "/announce confirm 1", ":wait 1m")
    assert [line for line in posted if line.startswith("#")] == ["#general: Doors open at 8"]
    there = answers("other", ":wait 1m", part.replace("slack:T0001", "console:club"))
    assert there[0] == "#news: Doors open at 8\nFrom club (Console), which is linked with this community."
    assert "The link is removed." in there[-1]
    for command in commands("docs/how-to/organizers.md"):
        named = command.replace("discord:1234", "console:club").replace("slack:T0001", "console:other")
        program, *rest = shlex.split(named)
        done = furnished.run(*rest)
        assert (program, done.returncode, done.stderr) == ("hallway", 0, ""), (command, done.stderr)
        assert "console:club" in done.stdout


def test_the_figures_of_walks_are_the_codes() -> None:
    text = " ".join(read("docs/explanation/walking.md").split())
    conference = schedule().conference
    assert f"check-in cut-off: {conference.check_in} minutes before the start" in text
    assert f"walk-up line is served: {conference.walk_up} minutes before the start" in text
    assert f"the great-circle distance × {DETOUR}" in text
    assert f"slow {Pace.SLOW}, normal {Pace.NORMAL}, fast {Pace.FAST} metres per minute" in text
    assert f"× {USUAL[LegSource.ESTIMATE]} for an estimate" in text
    assert f"× {USUALLY} for" in text
    assert f"the venue's own figure counts: {DEFAULT_MINUTES_INSIDE} minutes" in text


def test_the_formats_are_complete() -> None:
    assert set(FORMATS) == set(all_formats())
    assert set(TABLE_FACTS) == set(FACTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", read(document), re.MULTILINE)) <= targets


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = [re.sub(r"[`*\[\]]|\]\(.*?\)", "", heading).lower() for heading in HEADING.findall(path.read_text())]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    broken = []
    for link in LINK.findall(re.sub(r"`[^`\n]*`", "", read(document))):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        path = (ROOT / document).parent / file if file else ROOT / document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(link)
    assert broken == []


def test_every_document_is_reached_from_the_readme() -> None:
    reached, todo = set(), ["README.md"]
    while todo:
        document = todo.pop()
        if document in reached or document not in DOCUMENTS:
            continue
        reached.add(document)
        for link in LINK.findall(read(document)):
            path = ((ROOT / document).parent / link.partition("#")[0]).resolve()
            todo += [path.relative_to(ROOT).as_posix()] if path.is_relative_to(ROOT) else []
    assert set(DOCUMENTS) - reached == {"bot/sources/sample/README.md"}


def test_decision_records_are_numbered_and_listed() -> None:
    index = read("docs/adr/README.md")
    records = [document for document in DOCUMENTS if re.match(r"docs/adr/\d", document)]
    for number, document in enumerate(records, start=1):
        title, name = read(document).splitlines()[0], Path(document).name
        assert name.startswith(f"{number:04}-")
        assert title.startswith(f"# {number}. ")
        assert f"| {number:04} | [{title.partition('. ')[2]}]({name}) |" in index


@pytest.mark.parametrize("document", DOCUMENTS)
def test_shell_blocks_name_files_that_exist(document: str) -> None:
    named = re.findall(r"\b(?:bot|tests|docs)/[\w./-]+", "\n".join(block.body for block in blocks(document, "sh")))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_files_exist_and_the_project_speaks_of_itself_alone(document: str) -> None:
    text = read(document)
    named = re.findall(r"`((?:bot|adapters|tests|migrations|benchmarks|docs)/[\w./-]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert NOT_OURS.findall(text) == []
