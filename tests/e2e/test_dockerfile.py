"""The image: what the Dockerfile says, and its steps replayed in a clean folder where there is no Docker."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.support.patient import LONG

ROOT = Path(__file__).parents[2]
LINES = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text()).splitlines()
STEPS = [line.split(None, 1) for line in LINES if line and not line.startswith("#")]


def arguments(instruction: str) -> list[str]:
    return [rest for name, rest in STEPS if name == instruction]


def test_it_is_multi_stage_on_a_slim_python_and_ends_on_hallway_run_as_nobody_special() -> None:
    assert [line.split()[0] for line in arguments("FROM")] == ["python:3.11-slim"] * 2
    assert json.loads(arguments("CMD")[-1]) == ["hallway", "run"]
    assert arguments("USER") == ["10001"]
    assert arguments("HEALTHCHECK")[0].split("CMD")[0].strip().startswith("--interval")
    assert "/healthz" in arguments("HEALTHCHECK")[0]


def test_it_writes_no_bytecode_and_has_labels() -> None:
    assert "PYTHONDONTWRITEBYTECODE=1" in arguments("ENV")[0]
    assert 'org.opencontainers.image.title="Hallway"' in arguments("LABEL")[0]


def test_everything_it_copies_is_there_and_nothing_secret_is() -> None:
    copied = [word for line in arguments("COPY") if "--from" not in line for word in line.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) == allowed
    assert not any(name.startswith(".env") for name in copied)


def test_the_lock_of_the_image_has_the_extra_for_assistants() -> None:
    assert re.search(r"^mcp==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)


def test_it_sets_no_secret() -> None:
    assert not re.search(r"TOKEN|SECRET|PASSWORD", " ".join(arguments("ENV")))


LOCK_STEP = "/opt/hallway/bin/pip install --no-cache-dir --require-hashes -r requirements.lock"
IS_WHOLE = os.environ.get("HALLWAY_WHOLE_IMAGE") == "1"
"""Whether the lock is installed anew, as `make image-check` does, or linked from the environment of the tests."""


def pins(lock: str) -> dict[str, list[str]]:
    """Each pinned version with its hashes."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if "==" in line]
    return {name: sorted(hashes) for name, *hashes in lines}


def test_the_lock_of_the_image_is_a_part_of_the_lock_that_is_installed_here() -> None:
    """pip has accepted these versions and hashes when the environment of the tests was made."""
    image, here = pins("requirements.lock"), pins("requirements-dev.lock")
    assert len(image) > 50
    assert {name: here.get(name) for name in image} == image


def link_locked(packages: Path) -> None:
    """Put what the lock pins, and pip, into an empty `packages`: the files of this environment, without copying them."""
    for pinned in ("pip", *pins("requirements.lock")):
        name, _, version = pinned.partition("==")
        found = distribution(name.partition("[")[0])
        assert version in ("", found.version), f"{pinned} is not installed here: make install"
        for file in found.files or ():
            target = packages / file
            if ".." not in file.parts:
                target.parent.mkdir(parents=True, exist_ok=True)
                link_or_copy(Path(str(found.locate_file(file))), target)


def link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # the folder is on another disk
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The steps of the build stage, replayed: a venv, the lock, the package, the bytecode."""
    source, venv = tmp_path_factory.mktemp("src"), tmp_path_factory.mktemp("image") / "hallway"
    for line in arguments("COPY"):
        *names, target = line.split()
        for name in names if "--from" not in line else ():
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, source / (target if (ROOT / name).is_dir() else name))
    subprocess.run([sys.executable, "-m", "venv", *([] if IS_WHOLE else ["--without-pip"]), str(venv)], check=True)
    for line in arguments("RUN"):
        for step in line.split("&&"):
            if step.strip() == LOCK_STEP and not IS_WHOLE:
                (packages,) = venv.glob("lib/python*/site-packages")
                link_locked(packages)
                subprocess.run([str(venv / "bin" / "python"), "-m", "pip", "check"], check=True, timeout=600)
            elif "/opt/hallway/bin" in step:
                command = step.replace("/opt/hallway/bin/pip", "/opt/hallway/bin/python -m pip")
                words = command.replace("/opt/hallway", str(venv)).split()
                subprocess.run(words, cwd=source, check=True, capture_output=True, timeout=600)
    return venv


def asked_without_a_token(url: str) -> tuple[int, str]:
    """What an assistant gets that has no token yet: the extra is in the image."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, b"{}", method="POST"), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.slow
def test_its_steps_give_a_hallway_that_runs_is_healthy_and_stops(image: Path, tmp_path: Path) -> None:
    settings = {"PATH": f"{image / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path), "HALLWAY_LOG_FORMAT": "json"}
    settings |= {"HALLWAY_DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'hallway.db'}", "HALLWAY_HTTP_PORT": "0"}
    settings |= {"HALLWAY_PUBLIC_URL": "https://hallway.example.org", "PYTHONPATH": str(tmp_path)}
    # On a busy machine the process needs longer for its end than it gives itself.
    lengthen = f"vars(shutdown).update(ORDERLY={LONG}, CUTTING_SHORT={LONG}, LAST_RESORT={3 * LONG})"
    (tmp_path / "sitecustomize.py").write_text(f"from bot.cli import shutdown\n{lengthen}\n")
    inherited = {name: os.environ[name] for name in ("LANG",) if name in os.environ}
    with subprocess.Popen(
        json.loads(arguments("CMD")[-1]),
        executable=str(image / "bin" / "hallway"),
        env={**inherited, **settings},
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        serving = json.loads(process.stderr.readline())
        with urllib.request.urlopen(f"http://127.0.0.1:{serving['port']}/healthz", timeout=60) as answer:
            assert json.load(answer) == {"status": "ok"}
        assert asked_without_a_token(f"http://127.0.0.1:{serving['port']}/mcp") == (
            401,
            "Use the token of your private address: /agenda calendar shows it.",
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(180) == 0, process.stderr.read()
    sample = subprocess.run(
        [str(image / "bin" / "hallway"), "demo"],
        input="/nextsession\n",
        env={**inherited, **settings},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "ARC205" in sample.stdout
