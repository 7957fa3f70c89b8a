"""Times as one reader sees them: in the conference's zone, and in their own where it differs."""

from datetime import datetime, timedelta
from typing import NamedTuple, Self

from bot.app.messages import Text, TimeForm, When
from bot.app.text.catalog import t
from bot.domain.attendee.attendee import Attendee
from bot.domain.schedule.conference import Schedule
from bot.domain.times.hour_format import HourFormat
from bot.domain.times.zones import day_of, zone_by_name


class Reader(NamedTuple):
    """The zones and the clock in which an attendee reads times."""

    zone: str
    own: str | None = None
    hours: HourFormat = HourFormat.H24
    by_choice: bool = False

    @classmethod
    def of(cls, attendee: Attendee, schedule: Schedule) -> Self:
        """The zones and the clock of `attendee` at the conference of `schedule`."""
        return cls(schedule.conference.zone, attendee.zone, attendee.clock, attendee.hours is not None)

    def here(self) -> Self:
        """The same reader without a zone of their own."""
        return self._replace(own=None)

    def time(self, at: datetime) -> When:
        """13:05, to the nearest minute: rounded up or down always, the advice would be late, or early."""
        return When(_nearest_minute(at), self.zone, TimeForm.TIME, self.own, self.hours, self.by_choice)

    def elsewhere(self, at: datetime) -> Text:
        """` (22:05 in Europe/Berlin)` if the reader has chosen another zone; else empty."""
        if (
            self.own is None
            or at.astimezone(zone_by_name(self.own)).utcoffset() == at.astimezone(zone_by_name(self.zone)).utcoffset()
        ):
            return ()
        return t(" ({time} in {zone})", time=self._replace(zone=self.own, own=None).time(at), zone=self.own)

    def is_same_day(self, one: datetime, other: datetime) -> bool:
        """Whether two moments are on one conference day."""
        zone = zone_by_name(self.zone)
        return day_of(one, zone) == day_of(other, zone)

    def day(self, at: datetime) -> When:
        """Mon 29 Nov."""
        return When(at, self.zone, TimeForm.DAY)

    def day_time(self, at: datetime) -> When:
        """Mon 29 Nov 13:05."""
        return When(_nearest_minute(at), self.zone, TimeForm.DAY_TIME, self.own, self.hours, self.by_choice)

    def relative(self, at: datetime) -> When:
        """In 25 min."""
        return When(at, self.zone, TimeForm.RELATIVE, hours=self.hours)


def _nearest_minute(at: datetime) -> datetime:
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0) if at.second or at.microsecond else at
