"""What the documents say is so: their commands run, their transcripts are real, their code is the project's."""

import asyncio
import re
import shlex
from pathlib import Path

import pytest

from bot.__main__ import FORMATS
from bot.sources import all_formats, sample
from bot.sources import format_table as described
from bot.sources.facts import FACTS as TABLE_FACTS
from bot.sources.field_map import FACTS
from tests.e2e.hallway import Hallway
from tests.fake_servers.schedule_host import schedule_host

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "docs/announcements.md",
    "docs/delivery.md",
    "docs/discord.md",
    "docs/formats.md",
    "docs/scale.md",
    "docs/schedule.md",
    "docs/slack.md",
    "bot/sources/sample/README.md",
)
FENCE = re.compile(r"(?:<!-- (?P<note>.+?) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")
NOT_OURS = re.compile(r"\bissue #?\d|\bsession \d+ of\b|\bhelper\b|file://", re.IGNORECASE)


def blocks(document: str, kind: str) -> list[re.Match[str]]:
    return [match for match in FENCE.finditer((ROOT / document).read_text()) if match["kind"] == kind]


@pytest.fixture
def furnished(tmp_path: Path) -> Hallway:
    folder = Path(sample.__file__).parent
    for name in ("schedule.csv", "venues.csv"):
        (tmp_path / name).write_text((folder / name).read_text())
    return Hallway(tmp_path)


def test_the_commands_of_the_readme_run(furnished: Hallway) -> None:
    commands = [
        line[2:] for block in blocks("README.md", "console") for line in block["body"].splitlines() if line[:2] == "$ "
    ]
    assert len(commands) >= 4
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "hallway"
        done = furnished.run(*arguments, lines="/nextsession\n")
        assert (done.returncode, done.stderr) == (0, ""), command


def test_the_transcript_of_the_readme_is_what_the_demo_says(furnished: Hallway) -> None:
    (block,) = (block for block in blocks("README.md", "text") if block["note"])
    typed = [line[2:] for line in block["body"].splitlines() if line.startswith("> ")]
    done = furnished.run(*shlex.split(block["note"])[1:], lines="\n".join(typed) + "\n")
    assert block["body"].strip() in done.stdout


OLD = """code,title,date,startTime,endTime,room
ARC205,Boring on purpose,2021-11-29,14:00,15:00,Venetian | Titian 2201
DAT310,Counting to infinity,2021-11-29,13:30,14:30,Venetian | Delfino 4005
DAT310-R,Counting to infinity,2021-12-02,10:00,11:00,Venetian | Delfino 4005
KEY001,Opening keynote,2021-11-30,08:30,10:30,MGM Grand | Arena
"""
NEW = OLD.replace("11-29,13:30,14:30,Venetian | Delfino 4005", "11-29,14:30,15:30,Caesars Forum | Academy 411")


async def test_the_commands_about_schedules_run(furnished: Hallway) -> None:
    commands = [line[2:] for block in blocks("docs/schedule.md", "console") for line in block["body"].splitlines()]
    async with schedule_host(OLD.encode()) as host:
        for command in commands:
            program, *arguments = shlex.split(command.replace("https://example.org/schedule.csv", host.url()))
            allowed = {"HALLWAY_FEED_ALLOW_HOSTS": "127.0.0.1"}
            done = await asyncio.to_thread(furnished.run, *arguments, **allowed)
            assert (program, done.returncode, done.stderr) == ("hallway", 0, ""), command
    assert len(commands) == 3


def test_the_rehearsal_of_a_change_is_what_the_command_prints(furnished: Hallway) -> None:
    for name, text in (("old.csv", OLD), ("new.csv", NEW)):
        (furnished.home / name).write_text(text)
    (furnished.home / "agendas.csv").write_text("who,code,choice\nada,DAT310,reserved\nada,ARC205,\nbob,KEY001,going\n")
    (block,) = (block for block in blocks("docs/schedule.md", "text") if block["note"])
    assert furnished.run(*shlex.split(block["note"])[1:]).stdout.strip() == block["body"].strip()


def test_the_lines_about_announcements_can_be_typed(furnished: Hallway) -> None:
    arguments = ("schedule.csv", "--conference", "cloud", "--zone", "America/Los_Angeles", "--venues", "venues.csv")
    assert furnished.run("import", *arguments).returncode == 0
    first, later, _ = (block["body"].splitlines() for block in blocks("docs/announcements.md", "text"))
    quiet = (":as bob", "/news on", "/nudges quiet 00:00-12:00", ":as olga")
    draft = '/announce "Buses leave" to everyone by dm'
    order = ("list", "show", "pause", "resume", "cancel", "report", "edit", "recall")
    told = {line.split()[1]: line for line in later}
    assert set(told) == set(order)
    lines = [*quiet, draft, "/announce confirm 1", ":wait 1m", *(told[each] for each in order[:6])]
    lines += [*first, "/announce confirm 2", ":wait 1m"]
    lines += [told["edit"].replace("1", "2", 1), ":wait 1m", told["recall"].replace("1", "2", 1), ":wait 1m"]
    options = ("--organizer", "--as", "olga", "--conference", "cloud", "--at", "2021-11-29T08:00-08:00")
    said = furnished.messages("chat", *options, lines="\n".join(lines) + "\n")
    assert [each["text"] for each in said if each["kind"] == "error"] == []
    posted = [(each["name"], each["to"]) for each in said if each["to"] == "#general"]
    assert posted == [("announcement", "#general"), ("edited", "#general"), ("deleted", "#general")]


def test_the_lines_about_linked_communities_can_be_typed(furnished: Hallway) -> None:
    arguments = ("schedule.csv", "--conference", "cloud", "--zone", "America/Los_Angeles", "--venues", "venues.csv")
    assert furnished.run("import", *arguments).returncode == 0
    lines = blocks("docs/announcements.md", "text")[2]["body"].splitlines()
    new, enter, agree, show, announce, part = lines

    def said(community: str, *typed: str) -> list[str]:
        options = ("--organizer", "--community", community, "--conference", "cloud", "--at", "2021-11-29T08:00-08:00")
        heard = furnished.messages("chat", *options, lines="\n".join(typed) + "\n")
        assert [each["text"] for each in heard if each["kind"] == "error"] == []
        return [f"{each['to']}: {each['text']}" for each in heard]

    (code,) = set(re.findall(r"link:([A-Z2-9-]{14})", "\n".join(said("club", new))))
    entered = [line.replace("ABCD-EFGH-JKLM", code) for line in (enter, agree)]
    assert "Linked with club (Console)" in said("other", *entered, "/settings announcements #news", show)[-1]
    posted = said("club", announce, "/announce confirm 1", ":wait 1m")
    assert [line for line in posted if line.startswith("#")] == ["#general: Announcement\n   Doors open at 8"]
    there = said("other", ":wait 1m", part.replace("slack:T0001", "console:club"))
    assert there[0].startswith("#news: From club (Console), which is linked with this community.\n")
    assert "you: The link is removed." in there[-1]
    for block in blocks("docs/announcements.md", "console"):
        for command in block["body"].splitlines():
            told = command[2:].replace("discord:1234", "console:club").replace("slack:T0001", "console:other")
            program, *rest = shlex.split(told)
            done = furnished.run(*rest)
            assert (program, done.returncode, done.stderr) == ("hallway", 0, ""), command
            assert "console:club" in done.stdout


def test_the_make_targets_of_the_readme_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        named = re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / document).read_text(), re.MULTILINE)
        assert set(named) <= targets


def test_the_code_of_contributing_is_the_projects() -> None:
    quoted = blocks("CONTRIBUTING.md", "python")
    assert len(quoted) == 4
    for block in quoted:
        assert block["body"].strip() in (ROOT / block["note"]).read_text()


def test_the_list_of_formats_and_the_mapping_are_the_projects() -> None:
    text = (ROOT / "docs/formats.md").read_text()
    assert f"<!-- formats -->\n{described.markdown()}\n<!-- end of formats -->" in text
    assert set(FORMATS) == set(all_formats())
    assert set(re.findall(r"`(\w+)`", text.split("The facts are")[1].split(".")[0])) == set(FACTS)
    quoted = text.split("<!-- tests/sources/oscon.toml -->\n```toml\n")[1].split("```")[0]
    assert quoted == (ROOT / "tests/sources/oscon.toml").read_text()
    assert set(TABLE_FACTS) == set(FACTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_and_files_are_there_and_the_project_speaks_of_itself_alone(document: str) -> None:
    text, folder = (ROOT / document).read_text(), (ROOT / document).parent
    assert [link for link in LINK.findall(text) if "://" not in link and not (folder / link).exists()] == []
    named = re.findall(r"`((?:bot|adapters|tests|migrations|benchmarks)/[\w./]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert NOT_OURS.findall(text) == []
