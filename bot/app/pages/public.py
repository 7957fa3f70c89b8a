"""The public page of a community: its schedule, and nothing about people."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from bot.app.messages import Text
from bot.app.ports import Store
from bot.app.ports.pictures import MapVenue
from bot.app.schedules.cache import CachedSchedule, ScheduleCache
from bot.app.text import day_text, leg_text
from bot.app.text.day_path import venues_of
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.schedule.venue import Place
from bot.domain.schedule.zones import day_of

FOUND, WALKS = 50, 60
"""The most sessions that a search shows, and the most walks on a page."""


@dataclass(frozen=True, slots=True)
class PublicSchedule:
    """What everybody may see of a community."""

    community: Community
    cached: CachedSchedule

    @property
    def schedule(self) -> Schedule:
        """The schedule of the conference that it follows."""
        return self.cached.schedule

    @property
    def days(self) -> tuple[tuple[date, str], ...]:
        """The days that have sessions, with what to call them."""
        return tuple((day, day_text(day)) for day in self.schedule.days)

    def day(self, wanted: date | None, now: datetime) -> date:
        """The day to show: the wanted one, else today, else the first day."""
        days, today = self.schedule.days, day_of(now, self.schedule.conference.tz)
        if wanted in days:
            return wanted
        return today if today in days or not days else days[0]

    def sessions(self, day: date, query: str) -> tuple[Session, ...]:
        """The sessions of a day; with a `query` those of all days that it finds, best first."""
        if query:
            return tuple(each for each in self.cached.search.search(query, FOUND) if each.listed)
        return tuple(each for each in self.schedule.on(day) if each.takes_place)

    def venues(self) -> tuple[MapVenue, ...]:
        """The venues that have a position."""
        return venues_of(self.schedule)

    def walks(self) -> tuple[Text, ...]:
        """The walks between the venues."""
        travel = self.schedule.travel
        pairs = combinations((Place(venue.name) for venue in self.schedule.venues), 2)
        legs = (leg for one, other in pairs if (leg := travel.best(one, other)))
        return tuple(leg_text(leg) for leg, _ in zip(legs, range(WALKS), strict=False))


@dataclass(frozen=True, slots=True)
class PublicSchedules:
    """Finds the community of a public page."""

    store: Store
    schedules: ScheduleCache

    async def find(self, page: str) -> PublicSchedule | None:
        """Return what a page shows; None if no community has it, or if it follows no conference.

        Raises:
            StoreError: the database does not answer.
        """
        async with self.store.read_transaction() as work:
            community = await work.communities.by_page(page)
            cached = await self.schedules.for_community(work, community) if community else None
        return PublicSchedule(community, cached) if community and cached else None
