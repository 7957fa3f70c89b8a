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
        return next((who for who, each in self.data.addresses.items() if each.digest == digest), None)

    async def fingerprint(self, digest: str) -> str | None:
        whose = await self.owner(digest)
        if whose is None:
            return None
        chosen = [each for key, each in sorted(self.data.chosen.items()) if key[0] == whose]
        schedules = [each.conference for each in self.data.schedules.values()]
        return repr((self.data.attendee(whose), self.data.addresses[whose], chosen, schedules, self.data.states))

    async def version(self) -> tuple[str, str]:
        return "", str(self.data.version)

    async def save_events(self, attendee: int, digest: str, events: Mapping[str, CalendarEvent]) -> None:
        known = self.data.addresses.get(attendee)
        if known and known.digest == digest:
            self.data.addresses[attendee] = replace(known, events=dict(events))
