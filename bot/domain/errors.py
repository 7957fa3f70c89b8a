"""The faults that Hallway reports to people, each as one sentence that says what to do next."""

from datetime import timedelta


class HallwayError(Exception):
    """Something a person can act on; `str(fault)` is the sentence they read."""


class BadInputError(HallwayError):
    """Somebody typed something that cannot be understood; the sentence says what would be."""


class ScheduleImportError(HallwayError):
    """A schedule cannot be taken in; the sentence names the file, the place in it and the remedy."""


class EmptyScheduleError(ScheduleImportError):
    """What should be a schedule is whole, and has nothing in it."""


class FetchError(ScheduleImportError):
    """A feed cannot be fetched; `retry_after` is how long its server wants to be left alone."""

    def __init__(self, sentence: str, retry_after: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class UnknownZoneError(HallwayError):
    """A time zone that is not in the IANA database."""


class StoreError(HallwayError):
    """The store cannot be reached or used; the sentence never shows a password."""
