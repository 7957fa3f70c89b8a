"""What the documents say is so: their commands run, their transcripts are real, their code is the project's."""

import re
import shlex
from pathlib import Path

import pytest

from bot.__main__ import FORMATS
from bot.sources import all_formats, described, sample
from bot.sources.field_map import FACTS
from bot.sources.table import FACTS as TABLE_FACTS
from tests.e2e.hallway import Hallway

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "docs/formats.md",
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
    text = (ROOT / document).read_text()
    assert [link for link in LINK.findall(text) if "://" not in link and not (ROOT / link).exists()] == []
    named = re.findall(r"`((?:bot|adapters|tests|migrations|benchmarks)/[\w./]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert NOT_OURS.findall(text) == []
