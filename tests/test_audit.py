"""`make audit`: what is known about the locked versions, from a database that may be away."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tools.audit.__main__ import IGNORED, LOCK, ignored, main, pins

TODAY = date(2026, 11, 29)
LOCKED = "aiohttp==3.8.0 \\\n    --hash=sha256:00\npsycopg[binary,pool]==3.2.1 \\\n    --hash=sha256:00\n"


class Database:
    """Knows one vulnerability of aiohttp."""

    def __init__(self, *fixed: str, withdrawn: bool = False) -> None:
        self.fixed, self.withdrawn = fixed, withdrawn
        self.asked: list[str] = []

    def __call__(self, path: str, body: Mapping[str, Any] | None) -> Any:
        self.asked.append(path)
        if body is not None:
            return {"results": [{"vulns": [{"id": "GHSA-1"}]} if "aiohttp" in str(q) else {} for q in body["queries"]]}
        events = [{"introduced": "0"}, *({"fixed": version} for version in self.fixed)]
        ranges = [{"type": "GIT", "events": [{"fixed": "abc"}]}, {"type": "ECOSYSTEM", "events": events}]
        affected = [
            {"package": {"name": "AioHTTP"}, "ranges": ranges},
            {"package": {"name": "other"}, "ranges": ranges},
        ]
        more = {"withdrawn": "2026-01-01T00:00:00Z"} if self.withdrawn else {}
        return {"id": "GHSA-1", "aliases": ["CVE-1"], "summary": "It\nleaks", "affected": affected, **more}


def audit(tmp_path: Path, ask: Any, exemptions: str = "") -> int:
    (tmp_path / "lock").write_text(LOCKED)
    (tmp_path / "ignored.toml").write_text(exemptions)
    return main(ask, TODAY, tmp_path / "lock", tmp_path / "ignored.toml")


def test_a_vulnerability_with_a_fix_fails_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database("3.8.1")
    assert audit(tmp_path, database) == 1
    assert database.asked == ["/querybatch", "/vulns/GHSA-1"]
    assert capsys.readouterr().out == (
        "audit: aiohttp 3.8.0: GHSA-1 (fixed in 3.8.1) It leaks\n"
        "audit: 2 locked versions, 1 known vulnerabilities with a fix.\n"
        "audit: update with `make lock UPGRADE=--upgrade`, or give a reason in tools/audit/ignored.toml.\n"
    )


def test_one_without_a_fix_is_shown_and_one_that_was_withdrawn_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(tmp_path, Database()) == 0
    assert "aiohttp 3.8.0: GHSA-1 (no fix yet) It leaks" in capsys.readouterr().out
    assert audit(tmp_path, Database("3.8.1", withdrawn=True)) == 0
    assert capsys.readouterr().out == "audit: 2 locked versions, 0 known vulnerabilities with a fix.\n"


@pytest.mark.parametrize("error", [OSError("no network"), ValueError("no JSON"), KeyError("results")])
def test_a_database_that_is_away_is_said_in_one_line_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def away(_: str, __: Mapping[str, Any] | None) -> Any:
        raise error

    assert audit(tmp_path, away) == 0
    out = capsys.readouterr().out
    assert out.startswith("audit: not checked, because https://api.osv.dev/v1 cannot be reached or read (")
    assert out.count("\n") == 1


@pytest.mark.parametrize("named", ["GHSA-1", "CVE-1"])
def test_an_exemption_counts_until_its_day(tmp_path: Path, named: str) -> None:
    assert audit(tmp_path, Database("3.8.1"), f'[{named}]\nreason = "not called"\nuntil = 2026-11-29\n') == 0
    assert audit(tmp_path, Database("3.8.1"), f'[{named}]\nreason = "not called"\nuntil = 2026-11-28\n') == 1


@pytest.mark.parametrize("entry", ['reason = ""\nuntil = 2027-01-01', 'reason = "x"', "until = 2027-01-01"])
def test_an_exemption_needs_a_reason_and_an_end(entry: str) -> None:
    with pytest.raises(ValueError, match="GHSA-1 needs a reason and a date"):
        ignored(f"[GHSA-1]\n{entry}\n")


def test_our_own_files_can_be_read() -> None:
    assert len(pins(LOCK.read_text())) > 80
    assert {"aiohttp", "psycopg"} <= {name for name, _ in pins(LOCK.read_text())}
    assert all(exception.reason for exception in ignored(IGNORED.read_text()))
