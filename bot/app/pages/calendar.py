"""The calendar at a private address: the agenda of all days, and the events that calendars have to cancel."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.app.pages.visits import Visit
from bot.app.ports import Clock, Store
from bot.app.text import Reader
from bot.app.text.calendar_feed import Entry, calendar_text, entries_of
from bot.app.text.web_side import WebSide
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.calendar_state import advanced
from bot.domain.attendee.private_address import CalendarEvent


@dataclass(frozen=True, slots=True)
class AgendaCalendar:
    """Writes calendars, and stores which events they have."""

    store: Store
    clock: Clock
    web: WebSide

    async def read(self, visit: Visit, *, with_walks: bool) -> tuple[bytes, Visit]:
        """Return the calendar as of now, and the visit with the events that calendars have from then on.

        Raises:
            StoreError: the database does not answer.
        """
        entries = self._entries(visit, with_walks=with_walks)
        events = self._advanced(visit.address.events, entries, with_walks=with_walks)
        if events != visit.address.events:
            events = await self._stored(visit, entries, with_walks=with_walks)
            visit = replace(visit, address=replace(visit.address, events=events))
        return calendar_text(entries, events, visit.schedule, with_walks=with_walks), visit

    def _entries(self, visit: Visit, *, with_walks: bool) -> Mapping[str, Entry]:
        schedule, page = visit.schedule, visit.attendee.community.page
        chosen = [
            schedule.by_id[attendance.session] for attendance in visit.chosen if attendance.session in schedule.by_id
        ]
        days = sorted({schedule.day_by_id[session.id] for session in chosen})
        agendas = [build_agenda(visit.attendee, visit.chosen, schedule, day) for day in days]
        # A session of the next day that clashes across the night is a stop of both days.
        stops = {stop.session.id: stop for agenda in agendas for stop in agenda.stops}
        # The public page knows nothing of own entries.
        public = [id_ for id_, stop in stops.items() if not stop.session.is_block]
        urls = {id_: self.web.session(page, id_) for id_ in public} if page else {}
        reader = Reader.of(visit.attendee, schedule)
        return entries_of(stops.values(), schedule, reader, urls, with_walks=with_walks)

    def _advanced(
        self, events: Mapping[str, CalendarEvent], entries: Mapping[str, Entry], *, with_walks: bool
    ) -> Mapping[str, CalendarEvent]:
        snapshots = {uid: entry.snapshot for uid, entry in entries.items()}
        return advanced(events, snapshots, self.clock.now().replace(microsecond=0), with_walks=with_walks)

    async def _stored(
        self, visit: Visit, entries: Mapping[str, Entry], *, with_walks: bool
    ) -> Mapping[str, CalendarEvent]:
        """Store the events that calendars have; another calendar may have read a moment ago."""
        async with self.store.write_transaction() as work:
            stored = await work.addresses.of_attendee(visit.attendee.id)
            stored_events = stored.events if stored else visit.address.events
            events = self._advanced(stored_events, entries, with_walks=with_walks)
            await work.addresses.save_events(visit.attendee.id, visit.address.digest, events)
        return events
