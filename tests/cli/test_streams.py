"""Streams that are closed before anything begins."""

import subprocess

from tests.e2e.hallway import Hallway

CSV = "title,date,start,end\nA,2026-12-01,09:00,10:00\n"


def closed(hallway: Hallway, streams: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {streams}', "sh", *hallway.command(*arguments)],
        cwd=hallway.home,
        env=hallway.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_conversation_with_nobody_ends_at_once(hallway: Hallway) -> None:
    done = closed(hallway, "<&-", "chat")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_import_needs_nobody_who_listens(hallway: Hallway) -> None:
    (hallway.home / "a.csv").write_text(CSV)
    done = closed(hallway, "<&- >&- 2>&-", "import", "a.csv", "--conference", "tiny", "--zone", "Europe/Berlin")
    assert done.returncode == 0
    imported = hallway.run("import", "a.csv", "--conference", "tiny", "--dry-run", "--json")
    assert '"changed": 0' in imported.stdout
