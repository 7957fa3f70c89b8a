"""Who chose which sessions, on dicts."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.ports import Fellow
from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Privacy
from bot.domain.attendee.last_notified import LastNotified
from bot.storage.memory_data import Data, is_open

CHUNK = 500


@dataclass(frozen=True, slots=True)
class MemoryAttendances:
    """`ports.Attendances` on dicts."""

    data: Data

    async def of(self, attendee: int, conference: str) -> Sequence[Attendance]:
        """By session id."""
        return [each for key, each in sorted(self.data.chosen.items()) if key[:2] == (attendee, conference)]

    async def put(self, attendee: int, conference: str, attendance: Attendance) -> None:
        """Add or replace one choice."""
        self.data.chosen[attendee, conference, attendance.session] = attendance

    async def learn(self, conference: str, known: Mapping[tuple[int, str], LastNotified]) -> None:
        """Only of what is still chosen."""
        for (attendee, session), knows in known.items():
            if chosen := self.data.chosen.get((attendee, conference, session)):
                self.data.chosen[attendee, conference, session] = replace(chosen, known=knows)

    async def drop(self, attendee: int, conference: str, session: str) -> bool:
        """False if there was none."""
        return self.data.chosen.pop((attendee, conference, session), None) is not None

    async def going(self, community: int, conference: str, session: str) -> tuple[int, Sequence[Fellow]]:
        """All are counted; those of level `community` are named."""
        going = [
            self.data.attendees[who]
            for (who, where, what), each in self.data.chosen.items()
            if (where, what, each.choice) == (conference, session, Choice.GOING)
        ]
        here = [attendee for attendee in going if attendee.community.id == community]
        shown = [attendee for attendee in here if attendee.privacy is Privacy.COMMUNITY]
        shown.sort(key=lambda attendee: (attendee.name or attendee.user, attendee.id))
        return len(here), [Fellow(attendee.user, attendee.name) for attendee in shown]

    async def everyone(
        self, conference: str, sessions: Collection[str] | None = None, community: int | None = None
    ) -> AsyncIterator[Sequence[tuple[Attendee, Sequence[Attendance]]]]:
        """In chunks by attendee id."""
        ids = sorted(
            {
                who
                for who, where, what in self.data.chosen
                if where == conference and (sessions is None or what in sessions) and self._lives(who, community)
            }
        )
        for start in range(0, len(ids), CHUNK):
            yield [(self.data.attendee(id_), await self.of(id_, conference)) for id_ in ids[start : start + CHUNK]]

    def _lives(self, who: int, community: int | None) -> bool:
        lives_in = self.data.attendee(who).community
        return is_open(lives_in) if community is None else lives_in.id == community
