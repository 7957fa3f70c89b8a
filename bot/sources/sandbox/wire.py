"""How a draft travels from the child: as one line of JSON for each session and remark.

Short lines, so that reading them never blocks long. JSON, because a parser that was taken over must not be able to make
the parent execute anything.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.errors import EmptyScheduleError, ScheduleImportError
from bot.domain.imports.draft import Draft, DraftSession, Remark
from bot.domain.schedule.session import Recorded
from bot.sources.field_map import FieldMap, Lookup

ERRORS = {error.__name__: error for error in (ScheduleImportError, EmptyScheduleError)}
HEAD, SESSION, END, FAULT, CRASH, FULL = "draft", "session", "end", "fault", "crash", "memory"
REMARKS = ("skipped", "impossible", "warnings")
HEAD_TEXTS = tuple(field.name for field in fields(Draft) if field.type is str)


class WireError(Exception):
    """The output of the child is not complete, or not in the expected form."""


@dataclass(frozen=True, slots=True)
class ParseRequest:
    """The line that the child reads before the file itself."""

    name: str
    format: str = ""
    fields: FieldMap | None = None

    def encoded(self) -> bytes:
        """Return the request as one line."""
        return _line(asdict(self))


def decoded_request(line: bytes) -> ParseRequest:
    """Read one line that `ParseRequest.encoded` wrote."""
    facts = json.loads(line)
    fields = facts["fields"]
    if fields:
        places = {name: tuple(Lookup(**lookup) for lookup in listed) for name, listed in fields["fields"].items()}
        fields = FieldMap(**{**fields, "fields": places, "times": tuple(fields["times"])})
    return ParseRequest(facts["name"], facts["format"], fields)


def encoded(draft: Draft) -> Iterator[bytes]:
    """Yield the lines of a draft."""
    yield _line({HEAD: {name: getattr(draft, name) for name in HEAD_TEXTS}})
    for row in draft.sessions:
        yield _line({SESSION: [write(getattr(row, name)) for name, write in WRITERS]})
    for name in REMARKS:
        for remark in getattr(draft, name):
            yield _line({name: [remark.where, remark.what]})
    yield _line({END: len(draft.sessions)})


def encoded_fault(error: ScheduleImportError) -> bytes:
    """Return the line of an error for people."""
    name = type(error).__name__
    return _line({FAULT: [name if name in ERRORS else ScheduleImportError.__name__, str(error)]})


def encoded_end(how: str, what: str = "") -> bytes:
    """Return the line for a parser that failed: CRASH or FULL."""
    return _line({how: what})


def _line(value: object) -> bytes:
    # `ensure_ascii` also escapes half a surrogate pair, which no encoding can write.
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def decoded(lines: Iterable[bytes]) -> Draft | ScheduleImportError | tuple[str, str]:
    """Read the output of a child.

    Returns:
        The draft, the error for people, or how (CRASH, FULL) and where the parser failed.

    Raises:
        WireError: the output is anything else.
    """
    draft: Draft | None = None
    try:
        # A parser that fails in the middle of a line begins a new one.
        for line in filter(bytes.strip, lines):
            ((kind, value),) = json.loads(line).items()
            if kind == FAULT:
                return ERRORS[value[0]](_text(value[1]))
            if kind in (CRASH, FULL):
                return kind, _text(value)
            if kind == HEAD:
                draft = _head(value)
            elif draft is None:
                break
            elif kind == END and value == len(draft.sessions):
                return draft
            elif kind == SESSION:
                draft.sessions.append(_session(value))
            else:
                getattr(draft, REMARKS[REMARKS.index(kind)]).append(Remark(*map(_text, value)))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        raise WireError from error
    raise WireError


def _head(facts: Mapping[str, object]) -> Draft:
    texts: dict[str, Any] = {name: _text(facts[name]) for name in HEAD_TEXTS}
    return Draft(**texts)


def _session(facts: object) -> DraftSession:
    if not isinstance(facts, list) or len(facts) != len(READERS):
        raise WireError
    return DraftSession(*[read(fact) for read, fact in zip(READERS, facts, strict=True)])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise WireError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise WireError
    return tuple(map(_text, value))


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise WireError
    return value


def _length(value: object) -> timedelta:
    if not isinstance(value, float):
        raise WireError
    return timedelta(seconds=value)


CODECS: Mapping[object, tuple[Callable[[Any], object], Callable[[object], Any]]] = {
    str: (str, _text),
    bool: (bool, _truth),
    tuple[str, ...]: (list, _texts),
    datetime: (datetime.isoformat, lambda value: datetime.fromisoformat(_text(value))),
    timedelta: (timedelta.total_seconds, _length),
    time | None: (
        lambda value: value and value.isoformat(),
        lambda value: None if value is None else time.fromisoformat(_text(value)),
    ),
    Recorded: (str, lambda value: Recorded(_text(value))),
}
"""How the types of a session's fields are written and read."""
WRITERS = [(field.name, CODECS[field.type][0]) for field in fields(DraftSession)]
READERS = [CODECS[field.type][1] for field in fields(DraftSession)]
"""In the order in which a session's fields are written. A field of another type fails here, before any file is read."""
