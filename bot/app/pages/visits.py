"""Finds the person of a private address, with all data for the page and the calendar."""

from dataclasses import dataclass

from bot.app.ports import SearchIndex, Store
from bot.app.schedules.blocks import own_schedule
from bot.app.schedules.cache import ScheduleCache
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.private_address import PrivateAddress, digest_of, is_secret
from bot.domain.schedule.conference import Schedule


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at their private address.

    Attributes:
        address: the stored address.
        chosen: the person's choices in the conference that their community follows.
        schedule: that conference's schedule with the person's own entries; empty if the community follows none.
    """

    address: PrivateAddress
    attendee: Attendee
    chosen: tuple[Attendance, ...]
    schedule: Schedule
    search: SearchIndex

    def is_like(self, other: "Visit") -> bool:
        """Whether a page shows the same for both visits."""
        mine, theirs = self.schedule.conference, other.schedule.conference
        return (self.attendee, self.chosen, mine, self.address) == (other.attendee, other.chosen, theirs, other.address)


@dataclass(frozen=True, slots=True)
class Visits:
    """Reads the store; `schedules` are shared with the commands."""

    store: Store
    schedules: ScheduleCache

    async def version(self) -> tuple[str, str]:
        """Return a connection to the store, and a text that stays the same on it while nobody commits anything.

        Raises:
            StoreError: the database does not answer.
        """
        async with self.store.read_transaction() as work:
            return await work.addresses.version()

    async def fingerprint(self, secret: str) -> str | None:
        """Return a text that changes with everything that a visit shows; None if no address has this secret.

        It costs a tenth of `find`.

        Raises:
            StoreError: the database does not answer.
        """
        async with self.store.read_transaction() as work:
            return await work.addresses.fingerprint(digest_of(secret))

    async def find(self, secret: str) -> Visit | None:
        """Return the visit of an address; None if no address has this secret, or if Hallway left the community.

        Raises:
            StoreError: the database does not answer.
        """
        if not is_secret(secret):
            return None
        async with self.store.read_transaction() as work:
            digest = digest_of(secret)
            owner = await work.addresses.owner(digest)
            attendee = (await work.people.by_id([owner])).get(owner) if owner is not None else None
            address = await work.addresses.of_attendee(attendee.id) if attendee else None
            if attendee is None or address is None or attendee.community.left_at is not None:
                return None
            cached = await self.schedules.for_community(work, attendee.community) or self.schedules.empty()
            slug = cached.schedule.conference.slug
            chosen = tuple(await work.attendances.of_attendee(attendee.id, slug)) if slug else ()
            schedule = await own_schedule(work, attendee, cached.schedule) if slug else cached.schedule
        return Visit(address, attendee, chosen, schedule, cached.search)
