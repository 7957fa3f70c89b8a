"""The files to host Hallway. What can be run without Docker and a cloud is run; the rest is checked by its form."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.config import Settings

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy/hallway.service"
ANALYZE = shutil.which("systemd-analyze")
NAMES = {f"HALLWAY_{name.upper()}" for name in Settings.model_fields}
TEXT, TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "build": TEXT,
        "image": TEXT,
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "read_only": {"type": "boolean"},
        "cap_drop": TEXTS,
        "cap_add": TEXTS,
        "security_opt": TEXTS,
        "pids_limit": {"type": "integer"},
        "mem_limit": {"type": "string", "pattern": "^[0-9]+[kmg]$"},
        "shm_size": {"type": "string", "pattern": "^[0-9]+[kmg]$"},
        "logging": {
            "type": "object",
            "required": ["driver"],
            "additionalProperties": False,
            "properties": {"driver": TEXT, "options": {"type": "object", "additionalProperties": TEXT}},
        },
        "env_file": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path"],
                "additionalProperties": False,
                "properties": {"path": TEXT, "required": {"type": "boolean"}},
            },
        },
        "environment": {"type": "object", "additionalProperties": {"type": "string"}},
        "secrets": TEXTS,
        "ports": {"type": "array", "items": {"type": "string", "pattern": r"^127\.0\.0\.1:\d+:\d+$"}},
        "tmpfs": TEXTS,
        "volumes": {"type": "array", "items": {"type": "string", "pattern": r"^(\./)?\w+:/[\w/]+$"}},
        "user": TEXT,
        "entrypoint": TEXTS,
        "command": TEXTS,
        "stop_grace_period": {"type": "string", "pattern": r"^\d+s$"},
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["condition"],
                "additionalProperties": False,
                "properties": {"condition": {"enum": ["service_started", "service_healthy"]}},
            },
        },
        "healthcheck": {
            "type": "object",
            "required": ["test"],
            "additionalProperties": False,
            "properties": {
                "test": {
                    "type": "array",
                    "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}],
                    "items": TEXT,
                    "minItems": 2,
                },
                **{
                    name: {"type": "string", "pattern": r"^\d+[sm]$"}
                    for name in ("interval", "timeout", "start_period")
                },
                "retries": {"type": "integer"},
            },
        },
    },
}
COMPOSE = {
    "type": "object",
    "required": ["services"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": TEXT,
        "services": {"type": "object", "additionalProperties": SERVICE},
        "secrets": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {"file": TEXT},
            },
        },
        "volumes": {"type": "object", "additionalProperties": {"type": "null"}},
    },
}
"""The part of https://github.com/compose-spec/compose-spec that the file uses."""


@pytest.fixture
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return read


def test_the_compose_file_has_the_form_of_the_specification(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, COMPOSE, jsonschema.Draft202012Validator)


def test_everything_that_the_compose_file_uses_is_defined_in_it(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {name for service in services.values() for name in service["secrets"]} == set(compose["secrets"])
    named = {mount.split(":")[0] for service in services.values() for mount in service["volumes"]}
    assert {mount for mount in named if not mount.startswith(".")} == set(compose["volumes"])
    assert {name for service in services.values() for name in service.get("depends_on", ())} <= set(services)
    assert all(secret["file"] == f"./secrets/{name}" for name, secret in compose["secrets"].items())


def test_every_container_is_locked_down_and_has_a_health_check(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        # That of Hallway is in its image.
        assert "healthcheck" in service or name == "hallway"
    assert "cap_add" not in compose["services"]["hallway"]


def test_no_secret_stands_in_a_file_and_each_setting_has_its_right_name(compose: dict[str, Any]) -> None:
    for path in (ROOT / "compose.yaml", *sorted((ROOT / "deploy").iterdir()), ROOT / "docs/how-to/host.md"):
        text = path.read_text()
        assert set(re.findall(r"HALLWAY_[A-Z_]+", text)) <= NAMES, path
        assert not re.search(r"xox[bp]-\w|xapp-\d|password:\s*\w{8}", text), path
        secrets = {f"HALLWAY_{name.upper()}" for name in re.findall(r"secrets/hallway_(\w+)", text)}
        assert secrets <= NAMES, path


def settings_of_unit() -> dict[str, str]:
    """The last value of each key of the unit."""
    pairs = (line.partition("=") for line in UNIT.read_text().splitlines() if re.match(r"[A-Z]\w+=", line))
    return {name: value for name, _, value in pairs}


def test_the_unit_runs_hallway_as_a_user_without_privileges() -> None:
    service = settings_of_unit()
    assert service["ExecStart"] == "/opt/hallway/bin/hallway run"
    assert (service["User"], service["CapabilityBoundingSet"]) == ("hallway", "")
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")


@pytest.fixture
def verified(tmp_path: Path) -> Path:
    """The unit, with a program that is on this machine."""
    if ANALYZE is None:
        pytest.skip("systemd-analyze is not installed here")
    path = tmp_path / "hallway.service"
    path.write_text(UNIT.read_text().replace("/opt/hallway/bin/hallway", shutil.which("true") or "/bin/true"))
    return path


def test_systemd_accepts_the_unit(verified: Path) -> None:
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", str(verified)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_rates_the_unit_as_the_document_says(verified: Path) -> None:
    command = [str(ANALYZE), "security", "--offline=true", "--threshold=20", "--no-pager", str(verified)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "offline" in done.stderr:
        pytest.skip("this systemd-analyze rates no files")
    assert done.returncode == 0, done.stdout


def test_the_files_for_clouds_can_be_read_and_serve_the_port_of_the_image() -> None:
    fly = tomllib.loads((ROOT / "deploy/fly.toml").read_text())
    assert (fly["http_service"]["internal_port"], fly["mounts"]["destination"]) == (8080, "/data")
    assert (fly["http_service"]["auto_stop_machines"], fly["http_service"]["min_machines_running"]) == ("off", 1)
    run = yaml.safe_load((ROOT / "deploy/cloud-run.yaml").read_text())
    template = run["spec"]["template"]
    (container,) = template["spec"]["containers"]
    assert container["ports"] == [{"containerPort": 8080}]
    assert template["metadata"]["annotations"]["run.googleapis.com/cpu-throttling"] == "false"
    assert template["metadata"]["annotations"]["autoscaling.knative.dev/minScale"] == "1"


def test_the_line_of_docker_run_takes_every_privilege_away() -> None:
    line = re.search(r"docker run .*?hallway\n", (ROOT / "docs/how-to/host.md").read_text(), re.DOTALL)
    assert line is not None
    for option in ("--read-only", "--cap-drop ALL", "--security-opt no-new-privileges", "--tmpfs /tmp", ":/data"):
        assert option in line[0]


def test_dependencies_are_updated_on_a_schedule() -> None:
    bot = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())
    assert {"github-actions", "docker"} <= {section["package-ecosystem"] for section in bot["updates"]}
    update = yaml.safe_load((ROOT / ".github/workflows/update.yml").read_text())
    # YAML reads the key `on` as a boolean.
    assert update[True]["schedule"] == [{"cron": "23 5 * * 1"}]
    ci = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    assert ci["jobs"]["audit"]["steps"][-1]["run"] == "python -m tools.audit"
