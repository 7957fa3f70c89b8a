"""Look up the locked versions in the database of known vulnerabilities at https://osv.dev.

Exit status: 1 if a locked version has a known vulnerability with a fix, that is not ignored; otherwise 0, also if the
database cannot be reached. Only the standard library is used, so that the check itself adds no dependency.
"""

import json
import re
import sys
import tomllib
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCK, IGNORED = ROOT / "requirements-dev.lock", Path(__file__).parent / "ignored.toml"
API = "https://api.osv.dev/v1"
SECONDS = 20
"""For one answer."""
LARGEST = 16 * 1024**2
"""Maximum size of one answer in bytes."""
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_ID = re.compile(r"[\w.-]{1,100}")

Ask = Callable[[str, Mapping[str, Any] | None], Any]
"""Asks the database: takes a path, and a body to post or None. Raises OSError or ValueError without a usable answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A known vulnerability of a locked version; `fixed` are the versions that repair it."""

    package: str
    version: str
    id: str
    aliases: tuple[str, ...]
    fixed: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A vulnerability that is not reported until a day."""

    id: str
    reason: str
    until: date


def pins(text: str) -> list[tuple[str, str]]:
    """Return (name, version) of each package in a lock file."""
    return _PIN.findall(text)


def ignored(text: str) -> list[Exemption]:
    """Read the list of exceptions; raises ValueError if one has no reason or no end."""
    exemptions = []
    for id_, entry in tomllib.loads(text).items():
        reason, until = entry.get("reason"), entry.get("until")
        if not isinstance(reason, str) or not reason.strip() or not isinstance(until, date):
            message = f"{IGNORED.name}: {id_} needs a reason and a date `until`."
            raise ValueError(message)
        exemptions.append(Exemption(id_, reason, until))
    return exemptions


def findings(packages: Sequence[tuple[str, str]], ask: Ask) -> Iterator[Finding]:
    """Yield the known vulnerabilities of packages."""
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in packages]
    results = ask("/querybatch", {"queries": queries})["results"]
    for (name, version), result in zip(packages, results, strict=True):
        for entry in (result or {}).get("vulns") or ():
            id_ = str(entry["id"])
            if not _ID.fullmatch(id_):
                message = "an id that is none"
                raise ValueError(message)
            advisory = ask(f"/vulns/{id_}", None)
            if not advisory.get("withdrawn"):
                aliases, summary = tuple(map(str, advisory.get("aliases") or ())), str(advisory.get("summary") or "")
                yield Finding(
                    name, version, id_, aliases, tuple(_fixed(advisory, name)), " ".join(summary.split())[:120]
                )


def _fixed(advisory: Mapping[str, Any], name: str) -> Iterator[str]:
    for affected in advisory.get("affected") or ():
        if _plain(affected.get("package", {}).get("name", "")) != _plain(name):
            continue
        for span in affected.get("ranges") or ():
            if span.get("type") == "ECOSYSTEM":
                yield from (str(event["fixed"]) for event in span.get("events") or () if "fixed" in event)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


def is_excepted(finding: Finding, exceptions: Sequence[Exemption], today: date) -> bool:
    """Whether a finding is on the list of exceptions today."""
    ids = {finding.id, *finding.aliases}
    return any(exemption.id in ids and today <= exemption.until for exemption in exceptions)


def over_https(path: str, body: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 — JSON
    """Ask the database over the network."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{API}{path}", data, {"Content-Type": "application/json"})  # noqa: S310 — https
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 — https
        return json.loads(answer.read(LARGEST))


def main(ask: Ask, today: date, lock: Path = LOCK, exceptions: Path = IGNORED) -> int:
    """Print what is known about the locked versions, and return the exit status."""
    packages, excepted = pins(lock.read_text()), ignored(exceptions.read_text())
    try:
        all_findings = list(findings(packages, ask))
    except (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"audit: not checked, because {API} cannot be reached or read ({type(error).__name__}).")
        return 0
    open_ = [finding for finding in all_findings if not is_excepted(finding, excepted, today)]
    for finding in open_:
        fixed = f"fixed in {', '.join(finding.fixed)}" if finding.fixed else "no fix yet"
        print(f"audit: {finding.package} {finding.version}: {finding.id} ({fixed}) {finding.summary}".rstrip())
    fixable = sum(bool(finding.fixed) for finding in open_)
    print(f"audit: {len(packages)} locked versions, {fixable} known vulnerabilities with a fix.")
    if fixable:
        print(f"audit: update with `make lock UPGRADE=--upgrade`, or give a reason in {IGNORED.relative_to(ROOT)}.")
    return 1 if fixable else 0


if __name__ == "__main__":
    sys.exit(main(over_https, datetime.now(UTC).date()))
