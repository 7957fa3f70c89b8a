"""What Prometheus reads, and the dashboard that draws it."""

import json
import re
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from adapters.web import MeterCollector
from bot.app.ports import DeliveryState, Waiting
from bot.app.runtime.metrics import Metrics

ROOT = Path(__file__).parents[2]


def exposed(metrics: Metrics) -> list[str]:
    registry = CollectorRegistry()
    registry.register(MeterCollector(metrics))
    return generate_latest(registry).decode().splitlines()


def filled() -> Metrics:
    metrics = Metrics()
    metrics.attempted("discord", "leave-by", DeliveryState.SENT, 0.3)
    metrics.attempted("discord", "leave-by", DeliveryState.DEAD, 9.0)
    metrics.paced["discord"].observe(0.01)
    metrics.store["write"].observe(0.002)
    metrics.claims["discord"] += 2
    metrics.breakers = {"discord": "open"}
    metrics.waiting = [Waiting("discord", "leave-by", 3, 4)]
    return metrics


def test_everything_that_is_counted_is_exposed() -> None:
    lines = exposed(filled())
    for wanted in (
        'hallway_deliveries_total{kind="leave-by",platform="discord",state="sent"} 1.0',
        'hallway_deliveries_total{kind="leave-by",platform="discord",state="dead"} 1.0',
        'hallway_deliveries_owed{due="now",kind="leave-by",platform="discord"} 3.0',
        'hallway_deliveries_owed{due="soon",kind="leave-by",platform="discord"} 4.0',
        'hallway_delivery_lateness_seconds_bucket{kind="leave-by",le="0.1"} 0.0',
        'hallway_delivery_lateness_seconds_bucket{kind="leave-by",le="0.5"} 1.0',
        'hallway_delivery_lateness_seconds_bucket{kind="leave-by",le="+Inf"} 1.0',
        'hallway_delivery_lateness_seconds_sum{kind="leave-by"} 0.3',
        'hallway_limiter_wait_seconds_count{platform="discord"} 1.0',
        'hallway_database_wait_seconds_count{role="write"} 1.0',
        'hallway_claims_total{lane="discord"} 2.0',
        'hallway_breaker_state{lane="discord",state="closed"} 0.0',
        'hallway_breaker_state{lane="discord",state="open"} 1.0',
        'hallway_breaker_state{lane="discord",state="half-open"} 0.0',
    ):
        assert wanted in lines


def test_a_meter_that_counted_nothing_still_names_every_metric() -> None:
    def named(lines: list[str]) -> set[str]:
        return {line.split()[2] for line in lines if line.startswith("# TYPE")}

    assert named(exposed(Metrics())) == named(exposed(filled()))


def test_the_dashboard_draws_what_there_is_and_all_of_it() -> None:
    dashboard = json.loads((ROOT / "docs/grafana.json").read_text())
    drawn = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ()))
    asked = set(re.findall(r"hallway_[a-z_]+", drawn))
    samples = {re.split(r"[{ ]", line)[0] for line in exposed(filled()) if not line.startswith("#")}
    samples = {each for each in samples if not each.endswith("_created")}
    assert asked <= samples
    families = {line.split()[2] for line in exposed(filled()) if line.startswith("# TYPE")}
    families = {each for each in families if not each.endswith("_created")}
    assert {family for family in families if not any(each.startswith(family) for each in asked)} == set()
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    assert all(panel["title"] and panel["gridPos"]["w"] <= 24 for panel in dashboard["panels"])
