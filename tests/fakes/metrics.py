"""Metrics that a test can read."""

from collections import Counter
from dataclasses import dataclass, field

from bot.app.ports import DeliveryState
from bot.app.runtime.metrics import Role


@dataclass(slots=True)
class FakeMetrics:
    """Keeps what it is given."""

    attempts: Counter[tuple[str, str, DeliveryState]] = field(default_factory=Counter)
    lateness: list[float] = field(default_factory=list)
    claims: Counter[str] = field(default_factory=Counter)
    requests: list[tuple[str, float]] = field(default_factory=list)
    transactions: list[Role] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def delivery_attempted(self, platform: str, kind: str, state: DeliveryState, seconds_late: float) -> None:
        self.attempts[platform, kind, state] += 1
        self.lateness.append(seconds_late)

    def deliveries_claimed(self, lane: str, count: int) -> None:
        self.claims[lane] += count

    def request_waited(self, platform: str, seconds: float) -> None:
        self.requests.append((platform, seconds))

    def transaction_waited(self, role: Role, seconds: float) -> None:
        assert seconds >= 0
        self.transactions.append(role)

    def request_refused(self, reason: str) -> None:
        self.refused[reason] += 1
