"""The public page of a community: its schedule, and nothing about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import combinations

from bot.app.messages import Text
from bot.app.pages.search import SearchForm, search_form
from bot.app.ports import Store
from bot.app.ports.pictures import MapVenue
from bot.app.schedules.cache import CachedSchedule, ScheduleCache
from bot.app.text import leg_text, once
from bot.app.text.day_path import venues_of
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.search_query.query import Query, SearchField
from bot.domain.search_query.ranking import Ranking
from bot.domain.search_query.selection import Selection
from bot.domain.times.zones import day_of
from bot.domain.travel.venue import Place

SHOWN, WALKS = 50, 60
"""Sessions on a page, and the most walks on it."""
PERSONAL = (SearchField.FREE, SearchField.NEAR)
"""Parts of a search that depend on who asks: nobody in particular asks for a public page."""


@dataclass(frozen=True, slots=True)
class PublicResults:
    """One page of a search: `first` is the number of its first session among `count`, from 1."""

    sessions: tuple[Session, ...]
    count: int
    first: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PublicSchedule:
    """What everybody may see of a community."""

    community: Community
    cached: CachedSchedule

    @property
    def schedule(self) -> Schedule:
        """The schedule of the conference that it follows."""
        return self.cached.schedule

    def form(self, typed: str, chosen: Mapping[str, str], now: datetime) -> SearchForm:
        """What is searched for; without anything, the sessions of today or of the next day."""
        return search_form(self.cached.search, day_of(now, self.schedule.conference.tz), typed, chosen)

    def found(self, form: SearchForm, now: datetime) -> PublicResults:
        """The sessions that a search finds, as `/find` does, and without what does not take place."""
        search, sessions = self.cached.search, self.schedule.sessions
        query = form.query.without(*(part for part in form.query.parts if part.field in PERSONAL))
        about = cache(search.about)
        found = Selection(search.names, sessions, now, about, {}).of(query)
        if not found and len(query.words) > 1:
            # As in the chat: some of the words are better than nothing.
            filters = Selection(search.names, sessions, now, about, {}).of(Query(query.filters))
            found = filters & frozenset(search.about(query.words, every=False))
        by_words = search.about(query.words, every=False) if query.words else ()
        ranking = Ranking(search.names, sessions, now, lambda _: 0)
        shown = [group for group in ranking.ordered(found, query, by_words) if group[0].takes_place]
        pages = max(1, -(-len(shown) // SHOWN))
        page = min(form.query.page, pages)
        first = (page - 1) * SHOWN
        return PublicResults(tuple(map(once, shown[first : first + SHOWN])), len(shown), first + 1, page, pages)

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
