"""Errors that people read, each as one sentence that says what to do next."""

from datetime import timedelta

from bot.domain.phrases import phrase
from bot.domain.quoting import brief


class HallwayError(Exception):
    """An error a person can act on; `str(error)` is the sentence they read.

    Attributes:
        template: the sentence with named placeholders, so that a message catalogue can translate it.
        values: one for each placeholder. A sentence without values is complete, and its braces are data.
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(phrase(template, **values) if values else template)
        self.template = template
        self.values = {name: value if isinstance(value, int) else str(value) for name, value in values.items()}


class BadInputError(HallwayError):
    """Typed input that cannot be understood; the sentence says what to type instead."""


class ScheduleImportError(HallwayError):
    """A schedule cannot be imported; the sentence names the file, the place in it and the remedy.

    A sentence that is too long, because it quotes the file, is cut.
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.args = (brief(str(self)),)


class EmptyScheduleError(ScheduleImportError):
    """A valid schedule file without sessions."""


class FetchError(ScheduleImportError):
    """A feed cannot be fetched; `retry_after` is the wait that its server asked for, None if it did not ask."""

    def __init__(self, template: str, retry_after: timedelta | None = None, **values: object) -> None:
        super().__init__(template, **values)
        self.retry_after = retry_after


class UnknownZoneError(HallwayError):
    """A time zone that the IANA database does not have."""


class StoreError(HallwayError):
    """The database cannot be reached or used.

    The sentence is for operators: it names the file or the host, but never shows a password. `reason` says why in a few
    words that everybody may read; "" if it is not known.
    """

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason
