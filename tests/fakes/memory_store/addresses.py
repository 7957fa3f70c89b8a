"""Private addresses on a dict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.attendee.private_address import CalendarEvent, PrivateAddress
from tests.fakes.memory_store.data import Data


@dataclass(frozen=True, slots=True)
class MemoryAddresses:
    """`ports.Addresses` on a dict."""

    data: Data

    async def of_attendee(self, attendee: int) -> PrivateAddress | None:
        return self.data.addresses.get(attendee)

    async def put(self, attendee: int, address: PrivateAddress) -> None:
        self.data.addresses[attendee] = address

    async def owner(self, digest: str) -> int | None:
        return next((who for who, address in self.data.addresses.items() if address.digest == digest), None)

    async def fingerprint(self, digest: str) -> str | None:
        whose = await self.owner(digest)
        if whose is None:
            return None
        chosen = [attendance for key, attendance in sorted(self.data.chosen.items()) if key[0] == whose]
        schedules = [schedule.conference for schedule in self.data.schedules.values()]
        return repr((self.data.attendee(whose), self.data.addresses[whose], chosen, schedules, self.data.states))

    async def version(self) -> tuple[str, str]:
        return "", str(self.data.version)

    async def save_events(self, attendee: int, digest: str, events: Mapping[str, CalendarEvent]) -> None:
        address = self.data.addresses.get(attendee)
        if address and address.digest == digest:
            self.data.addresses[attendee] = replace(address, events=dict(events))
