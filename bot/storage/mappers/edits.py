"""Edits of sessions and uploaded files as rows."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import RowMapping

from bot.domain.imports.edits import SessionEdit, SessionFacts
from bot.domain.imports.upload import UploadedCopy
from bot.domain.schedule.session import SessionState

EDITED = tuple(field.name for field in fields(SessionEdit) if field.name != "source")
SOURCE = tuple(fact.name for fact in fields(SessionFacts))


def edit_row(conference: str, edit: SessionEdit) -> dict[str, Any]:
    """Return all columns of an edit."""
    source = {f"source_{name}": getattr(edit.source, name) for name in SOURCE}
    edited = {name: getattr(edit, name) for name in EDITED}
    return {"conference": conference, **edited, **source, "source_state": edit.source.state.value}


def edit_of(row: RowMapping) -> SessionEdit:
    """Build an edit from its columns."""
    source = {name: row[f"source_{name}"] for name in SOURCE}
    facts = SessionFacts(**{**source, "state": SessionState(source["state"])})
    return SessionEdit(source=facts, **{name: row[name] for name in EDITED})


def upload_row(upload: UploadedCopy) -> dict[str, Any]:
    """Return the columns of a file except its number, which the database gives."""
    return {name: value for name, value in asdict(upload).items() if name != "number"}


def upload_of(row: RowMapping) -> UploadedCopy:
    """Build a file from its columns."""
    return UploadedCopy(**row)
