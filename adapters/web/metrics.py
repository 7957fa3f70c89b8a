"""The metrics of one process, for Prometheus."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics

from bot.app.ports import DeliveryState, NudgeCount, PeopleCount, Promise, Waiting
from bot.app.runtime.metrics import Role

LATENESS_BUCKETS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
WAIT_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0)
"""Upper bounds of the histogram buckets, in seconds."""
BREAKER_STATES = ("closed", "open", "half-open")

# By default each counter and histogram exports one more series: the time at which the metric was created.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no type for it


@dataclass(slots=True)
class PrometheusMetrics:
    """Implements `bot.app.runtime.metrics.Metrics`; also holds the other values that `/metrics` shows."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    attempts: Counter = field(init=False)
    owed: Gauge = field(init=False)
    lateness: Histogram = field(init=False)
    limiter_wait: Histogram = field(init=False)
    database_wait: Histogram = field(init=False)
    claims: Counter = field(init=False)
    breakers: Gauge = field(init=False)
    feeds_failing: Gauge = field(init=False)
    feeds_held: Gauge = field(init=False)
    refused: Counter = field(init=False)
    people: Gauge = field(init=False)
    promises: Gauge = field(init=False)
    walks: Gauge = field(init=False)

    def __post_init__(self) -> None:
        """Register all metrics; a metric is exported even before it has a value."""
        self.attempts = Counter(
            "hallway_deliveries",
            "Attempts by what became of them; owed: to be tried again",
            ["platform", "kind", "state"],
            registry=self.registry,
        )
        self.owed = Gauge(
            "hallway_deliveries_owed",
            "Due by now, or within the hour",
            ["platform", "kind", "due"],
            registry=self.registry,
        )
        self.lateness = Histogram(
            "hallway_delivery_lateness_seconds",
            "Seconds: after its due time, what was sent",
            ["kind"],
            buckets=LATENESS_BUCKETS,
            registry=self.registry,
        )
        self.limiter_wait = Histogram(
            "hallway_limiter_wait_seconds",
            "Seconds: for its turn, each request",
            ["platform"],
            buckets=WAIT_BUCKETS,
            registry=self.registry,
        )
        self.database_wait = Histogram(
            "hallway_database_wait_seconds",
            "Seconds: until a transaction began",
            ["role"],
            buckets=WAIT_BUCKETS,
            registry=self.registry,
        )
        self.claims = Counter("hallway_claims", "Deliveries claimed", ["lane"], registry=self.registry)
        self.breakers = Gauge(
            "hallway_breaker_state", "1 for the state it is in", ["lane", "state"], registry=self.registry
        )
        self.feeds_failing = Gauge(
            "hallway_feeds_failing", "Feeds whose last copy could not be taken", registry=self.registry
        )
        self.feeds_held = Gauge(
            "hallway_feeds_held", "Feeds whose new version waits for an organizer", registry=self.registry
        )

        self.refused = Counter(
            "hallway_refused",
            "What was refused: connections that were too many or too slow, and commands of people who sent too many",
            ["reason"],
            registry=self.registry,
        )

        self.people = Gauge(
            "hallway_people",
            "People: all, with reminders, with an agenda; in the whole database",
            ["platform", "group"],
            registry=self.registry,
        )
        self.promises = Gauge(
            "hallway_promises",
            "Reminders that people were promised, by what became of them; in the whole database",
            ["platform", "kind", "outcome"],
            registry=self.registry,
        )

        self.walks = Gauge(
            "hallway_walks",
            "People who followed the advice on a way: all, arrived in time, late; from 5 an hour on, after it is over",
            ["conference", "origin", "target", "mode", "outcome"],
            registry=self.registry,
        )

    def observe_process(self) -> None:
        """Export the memory, CPU and open files of this process too."""
        ProcessCollector(registry=self.registry)

    def delivery_attempted(self, platform: str, kind: str, state: DeliveryState, seconds_late: float) -> None:
        """Count one attempt to send a delivery; if it was sent, record how many seconds after its due time."""
        self.attempts.labels(platform, kind, state.value).inc()
        if state is DeliveryState.SENT:
            self.lateness.labels(kind).observe(seconds_late)

    def deliveries_claimed(self, lane: str, count: int) -> None:
        """Count deliveries that were claimed for a lane."""
        self.claims.labels(lane).inc(count)

    def request_waited(self, platform: str, seconds: float) -> None:
        """Record the seconds that a request waited for the rate limiter."""
        self.limiter_wait.labels(platform).observe(seconds)

    def transaction_waited(self, role: Role, seconds: float) -> None:
        """Record how many seconds a transaction waited before it began; `role` is "read" or "write"."""
        self.database_wait.labels(role).observe(seconds)

    def request_refused(self, reason: str) -> None:
        """Count a connection or a command that was refused for `reason`."""
        self.refused.labels(reason).inc()

    def set_waiting(self, waiting: Iterable[Waiting]) -> None:
        """Replace the numbers of deliveries that wait; the caller passes none if the store does not answer."""
        self.owed.clear()
        for count in waiting:
            self.owed.labels(count.platform, count.kind, "now").set(count.overdue)
            self.owed.labels(count.platform, count.kind, "soon").set(count.soon)

    def set_numbers(self, people: Iterable[PeopleCount], nudges: Iterable[NudgeCount]) -> None:
        """Replace the numbers of people, and of reminders by what became of them."""
        self.people.clear()
        self.promises.clear()
        for platform_count in people:
            for group, count in (
                ("all", platform_count.people),
                ("reminders", platform_count.reminded),
                ("agenda", platform_count.agendas),
            ):
                self.people.labels(platform_count.platform, group).set(count)
        for nudge in nudges:
            self.promises.labels(nudge.platform, nudge.kind.value, nudge.outcome.value).set(nudge.count)

    def set_walks(self, promises: Iterable[tuple[str, Promise]]) -> None:
        """Replace the numbers of people who followed the advice, by conference and way."""
        self.walks.clear()
        for conference, promise in promises:
            leg = promise.leg
            counts = {"followed": promise.followed, "arrived": promise.arrived, "late": promise.late}
            for outcome, count in counts.items():
                self.walks.labels(conference, leg.origin, leg.target, leg.mode.value, outcome).inc(count)

    def set_feeds(self, failing: int, held: int) -> None:
        """Replace the numbers of feeds that fail, and of feeds with a held version."""
        self.feeds_failing.set(failing)
        self.feeds_held.set(held)

    def set_breakers(self, states: Mapping[str, str]) -> None:
        """Replace the states of all circuit breakers: by lane, one of `BREAKER_STATES`."""
        self.breakers.clear()
        for lane, state in states.items():
            for candidate in BREAKER_STATES:
                self.breakers.labels(lane, candidate).set(float(candidate == state))
