"""Changes schedules for organizers, imports uploaded files, and adds sessions from attendees' exports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app.ports import Clock, EditResult, Parser, Store, UnitOfWork, UploadResult
from bot.app.schedules.consent import agree
from bot.app.schedules.importer import ImportOptions, compared_with_stored, import_draft, save_schedule
from bot.app.schedules.replanning import replan
from bot.app.schedules.seats import learn_of_seats
from bot.app.text import s
from bot.domain.attendee.attendee import Attendance
from bot.domain.errors import BadInputError
from bot.domain.imports.draft import Draft
from bot.domain.imports.edits import EditedSchedule, SessionEdit, SessionFacts, with_edits, without_edits
from bot.domain.imports.recordings import with_recording_times
from bot.domain.imports.upload import UploadedCopy
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import difference

WAITS = timedelta(days=1)
"""How long an uploaded file waits for its organizer."""


@dataclass(frozen=True, slots=True)
class ScheduleEditorService:
    """`ports.ScheduleEditor`. `on_change` is called when a delivery was added."""

    store: Store
    clock: Clock
    parse: Parser
    on_change: Callable[[], None]

    async def upload(self, upload: UploadedCopy) -> UploadResult:
        """Compare a file with the schedule, and store it if it changes anything."""
        draft = await self._parsed(upload)
        async with self.store.write_transaction() as work:
            return await self._waiting(work, upload, draft)

    async def apply_upload(self, number: int, community: int) -> UploadResult:
        """Import an uploaded file, or return the new difference if the schedule has changed since."""
        async with self.store.read_transaction() as work:
            upload = await self._own(work, number, community)
        draft = await self._parsed(upload)
        async with self.store.write_transaction() as work:
            # The button was pressed twice: the first press has removed the file.
            if not await work.uploaded_copies.remove(number):
                raise _gone()
            if await _revision(work, upload.conference) != upload.revision:
                return await self._waiting(work, upload, draft)
            terms = ImportOptions(upload.zone, force=True, owner=upload.community)
            report = await import_draft(work, draft, upload.conference, self.clock.now(), terms)
        self.on_change()
        return UploadResult(upload.conference, report)

    async def discard_upload(self, number: int, community: int) -> None:
        """Delete an uploaded file."""
        async with self.store.write_transaction() as work:
            await self._own(work, number, community)
            await work.uploaded_copies.remove(number)

    async def read_file(self, body: bytes, name: str) -> Draft:
        """Parse a file that somebody sent."""
        return await self.parse(body, name)

    async def save_attendances(self, attendee: int, conference: str, attendances: Sequence[Attendance]) -> None:
        """Store choices of an attendee, and plan their nudges again."""
        now = self.clock.now()
        async with self.store.write_transaction() as work:
            if any(attendance.is_decided for attendance in attendances):
                await agree(work, attendee, now)
            person = (await work.people.by_id([attendee])).get(attendee)
            schedule = await work.conferences.load(conference)
            if person is None or schedule is None:
                return
            for attendance in attendances:
                await work.attendances.put(attendee, conference, attendance)
            if any(attendance.reserved for attendance in attendances):
                await learn_of_seats(work, schedule, now)
            await replan(work, person, schedule, now)
        self.on_change()

    async def preview_edit(self, conference: str, edit: SessionEdit) -> EditResult:
        """Return what an edit would change."""
        async with self.store.read_transaction() as work:
            old, edits = await _stored(work, conference)
            return await _result(work, old, _edited(old, edits, edit, self.clock.now()), edit.session)

    async def apply_edit(self, conference: str, edit: SessionEdit) -> EditResult:
        """Change a session, with the plans and change messages of its attendees.

        The organizer thereby agrees to direct messages, which report that the source says something else.
        """
        async with self.store.write_transaction() as work:
            result = await edit_session(work, conference, edit, self.clock.now())
            if edit.organizer is not None:
                await agree(work, edit.organizer, self.clock.now())
        self.on_change()
        return result

    async def preview_restore(self, conference: str, session: str) -> EditResult:
        """Return what the removal of an edit would change."""
        async with self.store.read_transaction() as work:
            old, edits = await _stored(work, conference)
            return await _result(work, old, _restored(old, edits, session, self.clock.now()), session)

    async def apply_restore(self, conference: str, session: str) -> EditResult:
        """Remove the edit of a session."""
        async with self.store.write_transaction() as work:
            old, edits = await _stored(work, conference)
            now = self.clock.now()
            result = await _save(work, old, _restored(old, edits, session, now), session, now)
        self.on_change()
        return result

    async def _parsed(self, upload: UploadedCopy) -> Draft:
        return await self.parse(upload.body, upload.name)

    async def _waiting(self, work: UnitOfWork, upload: UploadedCopy, draft: Draft) -> UploadResult:
        """Compare a file with the stored schedule, and store it if it changes anything."""
        now, slug = self.clock.now(), upload.conference
        report = await compared_with_stored(work, draft, slug, now, ImportOptions(upload.zone))
        if report.difference.is_empty and not report.overruling:
            return UploadResult(slug, report)
        waiting = replace(upload, at=now, revision=await _revision(work, slug))
        return UploadResult(slug, report, await work.uploaded_copies.add(waiting, now - WAITS))

    async def _own(self, work: UnitOfWork, number: int, community: int) -> UploadedCopy:
        upload = await work.uploaded_copies.get(number)
        if upload is None or upload.community != community or upload.at < self.clock.now() - WAITS:
            raise _gone()
        return upload


async def edit_session(work: UnitOfWork, conference: str, edit: SessionEdit, now: datetime) -> EditResult:
    """Change a session in the caller's transaction, with the plans and change messages of its attendees."""
    old, edits = await _stored(work, conference)
    return await _save(work, old, _edited(old, edits, edit, now), edit.session, now)


async def _save(work: UnitOfWork, old: Schedule, new: EditedSchedule, session: str, now: datetime) -> EditResult:
    result = await _result(work, old, new, session)
    await work.session_edits.replace(old.conference.slug, new.edits)
    await save_schedule(work, old, new.schedule, difference(old, new.schedule), now)
    return result


async def _revision(work: UnitOfWork, slug: str) -> int:
    stored = await work.conferences.get(slug)
    return stored.revision if stored else 0


async def _stored(work: UnitOfWork, slug: str) -> tuple[Schedule, Sequence[SessionEdit]]:
    schedule = await work.conferences.load(slug)
    if schedule is None:
        raise BadInputError(s("This community follows no conference yet. To add one: /schedule import ADDRESS as NAME"))
    return schedule, await work.session_edits.of_conference(slug)


def _edited(old: Schedule, edits: Sequence[SessionEdit], edit: SessionEdit, now: datetime) -> EditedSchedule:
    """Add an edit, which overrides an older edit of the same session."""
    source = without_edits(old, edits)
    session = source.by_id.get(edit.session)
    if session is None:
        raise BadInputError(s("This session is no longer in the schedule. See /schedule status."))
    edit = replace(edit, source=SessionFacts.of(session))
    by_session = {other.session: other for other in edits}
    merged = by_session[edit.session].merged(edit) if edit.session in by_session else edit
    every = tuple({**by_session, edit.session: merged}.values())
    return _stamped(with_edits(source, old, every, restored=[edit.session]), now)


def _stamped(edited: EditedSchedule, now: datetime) -> EditedSchedule:
    return replace(edited, schedule=with_recording_times(edited.schedule, now))


def _restored(old: Schedule, edits: Sequence[SessionEdit], session: str, now: datetime) -> EditedSchedule:
    remaining = tuple(edit for edit in edits if edit.session != session)
    if len(remaining) == len(edits):
        raise BadInputError(s("Nobody has edited this session, so there is nothing to restore."))
    return _stamped(with_edits(without_edits(old, edits), old, remaining, restored=[session]), now)


async def _result(work: UnitOfWork, old: Schedule, new: EditedSchedule, session: str) -> EditResult:
    people = 0
    async for chunk in work.attendances.everyone(old.conference.slug, [session]):
        decided = (
            (attendance.session == session and attendance.is_decided for attendance in chosen) for _, chosen in chunk
        )
        people += sum(map(any, decided))
    return EditResult(old.by_id[session], new.schedule.by_id[session], people)


def _gone() -> BadInputError:
    return BadInputError(s("This file is no longer waiting. Upload it again: /schedule upload"))
