"""What the application reports about its work; an adapter counts it.

No label names a person: labels are platforms, kinds of delivery, states and lanes.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.app.ports import DeliveryState

Role = Literal["read", "write"]


class Metrics(Protocol):
    """Counts events of one process. The methods never block and never raise."""

    def delivery_attempted(self, platform: str, kind: str, state: DeliveryState, seconds_late: float) -> None:
        """Count one attempt to send a delivery.

        Args:
            platform: where it was sent.
            kind: the kind of delivery, such as `leave-by`.
            state: the state after the attempt; `OWED` if it will be tried again.
            seconds_late: seconds since it was due.
        """
        ...

    def deliveries_claimed(self, lane: str, count: int) -> None:
        """Count deliveries that were claimed for a lane."""
        ...

    def request_waited(self, platform: str, seconds: float) -> None:
        """Record the seconds that a request waited for the rate limiter."""
        ...

    def transaction_waited(self, role: Role, seconds: float) -> None:
        """Record the seconds until a transaction began."""
        ...

    def request_refused(self, reason: str) -> None:
        """Count a request that was refused, by the reason: `person` or `community` sent too many at once."""
        ...


@dataclass(frozen=True, slots=True)
class NoMetrics:
    """`Metrics` of a process that nothing observes."""

    def delivery_attempted(self, platform: str, kind: str, state: DeliveryState, seconds_late: float) -> None:
        """Do nothing."""

    def deliveries_claimed(self, lane: str, count: int) -> None:
        """Do nothing."""

    def request_waited(self, platform: str, seconds: float) -> None:
        """Do nothing."""

    def transaction_waited(self, role: Role, seconds: float) -> None:
        """Do nothing."""

    def request_refused(self, reason: str) -> None:
        """Do nothing."""
