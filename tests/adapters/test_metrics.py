"""What Prometheus reads, and the dashboard that draws it."""

import json
import re
from pathlib import Path

from prometheus_client import generate_latest

from adapters.web import PrometheusMetrics
from bot.app.ports import DeliveryState, NudgeCount, NudgeOutcome, PeopleCount, Promise, Waiting
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.walks.walk import WalkedLeg
from tests.builders import at

ROOT = Path(__file__).parents[2]


def exposed(metrics: PrometheusMetrics) -> list[str]:
    return generate_latest(metrics.registry).decode().splitlines()


def filled() -> PrometheusMetrics:
    metrics = PrometheusMetrics()
    metrics.delivery_attempted("discord", "leave-by", DeliveryState.SENT, 0.3)
    metrics.delivery_attempted("discord", "leave-by", DeliveryState.DEAD, 9.0)
    metrics.request_waited("discord", 0.01)
    metrics.transaction_waited("write", 0.002)
    metrics.deliveries_claimed("discord", 2)
    metrics.set_breakers({"discord": "open"})
    metrics.request_refused("connections")
    metrics.set_waiting([Waiting("discord", "leave-by", 3, 4)])
    metrics.set_feeds(failing=2, held=1)
    metrics.set_numbers(
        [PeopleCount("discord", 9, 7, 5)], [NudgeCount("discord", NudgeKind.LEAVE_BY, NudgeOutcome.LATE, 2)]
    )
    leg, other = WalkedLeg("Venetian", "Wynn"), WalkedLeg("Wynn", "Venetian")
    metrics.set_walks(
        [
            ("cloud21", Promise(leg, at(9), followed=9, arrived=6, late=1)),
            ("cloud21", Promise(leg, at(10), followed=5, arrived=4)),
            ("cloud21", Promise(other, at(9), followed=6)),
        ]
    )
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
        'hallway_refused_total{reason="connections"} 1.0',
        'hallway_breaker_state{lane="discord",state="closed"} 0.0',
        'hallway_breaker_state{lane="discord",state="open"} 1.0',
        'hallway_breaker_state{lane="discord",state="half-open"} 0.0',
        'hallway_people{group="all",platform="discord"} 9.0',
        'hallway_people{group="reminders",platform="discord"} 7.0',
        'hallway_people{group="agenda",platform="discord"} 5.0',
        'hallway_promises{kind="leave-by",outcome="late",platform="discord"} 2.0',
        'hallway_walks{conference="cloud21",mode="walk",origin="Venetian",outcome="followed",target="Wynn"} 14.0',
        'hallway_walks{conference="cloud21",mode="walk",origin="Venetian",outcome="arrived",target="Wynn"} 10.0',
        'hallway_walks{conference="cloud21",mode="walk",origin="Venetian",outcome="late",target="Wynn"} 1.0',
        "hallway_feeds_failing 2.0",
        "hallway_feeds_held 1.0",
    ):
        assert wanted in lines


def test_nothing_is_exposed_beside_what_is_counted() -> None:
    assert [line for line in exposed(filled()) if "_created" in line] == []


def test_what_waits_and_what_the_breakers_are_is_replaced() -> None:
    metrics = filled()
    metrics.set_waiting(())
    metrics.set_breakers({"slack:T1": "closed"})
    metrics.set_numbers((), ())
    lines = exposed(metrics)
    assert [
        line for line in lines if line.startswith(("hallway_deliveries_owed{", "hallway_people{", "hallway_promises{"))
    ] == []
    assert [line for line in lines if line.startswith("hallway_breaker_state{") and "discord" in line] == []
    assert 'hallway_breaker_state{lane="slack:T1",state="closed"} 1.0' in lines


def test_a_meter_that_counted_nothing_still_names_every_metric() -> None:
    def named(lines: list[str]) -> set[str]:
        return {line.split()[2] for line in lines if line.startswith("# TYPE")}

    assert named(exposed(PrometheusMetrics())) == named(exposed(filled()))


def test_the_dashboard_draws_what_there_is_and_all_of_it() -> None:
    dashboard = json.loads((ROOT / "docs/grafana.json").read_text())
    drawn = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ()))
    asked = set(re.findall(r"hallway_[a-z_]+", drawn))
    samples = {re.split(r"[{ ]", line)[0] for line in exposed(filled()) if not line.startswith("#")}
    assert asked <= samples
    families = {line.split()[2] for line in exposed(filled()) if line.startswith("# TYPE")}
    assert {family for family in families if not any(name.startswith(family) for name in asked)} == set()
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    assert all(panel["title"] and panel["gridPos"]["w"] <= 24 for panel in dashboard["panels"])
