"""What the meter counted, in Prometheus's words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.app.runtime.metrics import Histogram, Metrics

BREAKER = ("closed", "open", "half-open")


@dataclass(frozen=True, slots=True, eq=False)
class MeterCollector(Collector):
    """Reads the meter whenever somebody scrapes; asks no store."""

    metrics: Metrics

    def collect(self) -> Iterable[Metric]:
        """Every family, also one that has no samples yet."""
        yield from self._deliveries()
        yield _histogram(
            "hallway_delivery_lateness_seconds", "After its due time, what was sent", "kind", self.metrics.late
        )
        yield _histogram("hallway_limiter_wait_seconds", "For its turn, each request", "platform", self.metrics.paced)
        yield _histogram("hallway_database_wait_seconds", "Until a transaction began", "role", self.metrics.store)
        claims = CounterMetricFamily("hallway_claims", "Deliveries claimed", labels=["lane"])
        for lane, count in self.metrics.claims.items():
            claims.add_metric([lane], count)
        yield claims
        breakers = GaugeMetricFamily("hallway_breaker_state", "1 for the state it is in", labels=["lane", "state"])
        for name, state in self.metrics.breakers.items():
            for each in BREAKER:
                breakers.add_metric([name, each], float(each == state))
        yield breakers

    def _deliveries(self) -> Iterator[Metric]:
        attempts = CounterMetricFamily(
            "hallway_deliveries",
            "Attempts by what became of them; owed: to be tried again",
            labels=["platform", "kind", "state"],
        )
        for labels, count in self.metrics.attempts.items():
            attempts.add_metric(labels, count)
        yield attempts
        owed = GaugeMetricFamily(
            "hallway_deliveries_owed", "Due by now, or within the hour", labels=["platform", "kind", "due"]
        )
        for each in self.metrics.waiting:
            owed.add_metric([each.platform, each.kind, "now"], each.overdue)
            owed.add_metric([each.platform, each.kind, "soon"], each.soon)
        yield owed


def _histogram(name: str, about: str, label: str, found: Mapping[str, Histogram]) -> Metric:
    family = HistogramMetricFamily(name, f"Seconds: {about[0].lower()}{about[1:]}", labels=[label])
    for value, histogram in found.items():
        bounds = [*map(str, histogram.bounds), "+Inf"]
        family.add_metric([value], list(zip(bounds, accumulate(histogram.counts), strict=True)), histogram.sum)
    return family
