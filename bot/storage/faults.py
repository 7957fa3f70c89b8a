"""Converts errors of database drivers into a `StoreError`: a sentence for operators, a few words for everybody."""

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.domain.errors import StoreError

LOCKED = "it is locked by another process"
NO_ROOM = "the disk is full"
READ_ONLY = "it can only be read"
NO_CONNECTION = "there is no connection to it"
NO_FREE_CONNECTION = "all its connections are in use"
NO_ANSWER = "it does not answer"
GONE = "its file was deleted or replaced"
DAMAGED = "its file is damaged"
SCHEMA = "its schema is incomplete"

SQLITE_REASONS: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: NO_ROOM,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: "the disk does not work",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
}
"""By the primary result code of SQLite (https://www.sqlite.org/rescode.html), the lowest 8 bits of an extended one."""
PRIMARY = 0xFF
POSTGRESQL_REASONS: Mapping[str, str] = {
    "53100": NO_ROOM,
    "53300": NO_FREE_CONNECTION,
    "25006": READ_ONLY,
    "55P03": LOCKED,
    "57014": NO_ANSWER,
    "42P01": SCHEMA,
    "42703": SCHEMA,
    "3D000": "there is no such database",
    "28P01": "the password is refused",
}
"""By PostgreSQL's error code (appendix A of its manual)."""


@asynccontextmanager
async def translate_errors(url: URL) -> AsyncIterator[None]:
    """Convert an error of the database driver into a `StoreError`, whose one-line message shows no password."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        place = f"{url.host}/{url.database}" if url.host else url.database
        cause = error.orig.__cause__ or error.orig if isinstance(error, DBAPIError) and error.orig else error
        text = next(iter(str(cause).splitlines()), "") or type(cause).__name__
        message = f"The database {place} cannot be used: {text}. `hallway doctor` looks into it."
        raise StoreError(message, reason_for(cause)) from error


def reason_for(cause: BaseException) -> str:
    """Return a few words, without names of files and hosts, why the database cannot be used; "" if unknown."""
    if isinstance(cause, sqlite3.Error):
        if "no such table" in str(cause) or "no such column" in str(cause):
            return SCHEMA
        return SQLITE_REASONS.get((getattr(cause, "sqlite_errorcode", None) or 0) & PRIMARY, "")
    if isinstance(cause, PoolTimeoutError):
        return NO_FREE_CONNECTION
    if code := getattr(cause, "sqlstate", None):
        return POSTGRESQL_REASONS.get(code, NO_CONNECTION if code.startswith(("08", "57P")) else "")
    if isinstance(cause, TimeoutError):
        return NO_ANSWER
    return NO_CONNECTION if isinstance(cause, OSError) or type(cause).__name__ == "InterfaceError" else ""


def is_locked(error: DBAPIError) -> bool:
    """Whether SQLite refused a transaction because another process writes."""
    cause = error.orig.__cause__ or error.orig if error.orig else error
    return reason_for(cause) == LOCKED
