"""`/schedule upload`: shows what a schedule file would change, with a button to apply it."""

from collections.abc import Sequence

from bot.app.command_spec import FILE, Call, Context, Param
from bot.app.messages import Attachment, Button, Reply, Text
from bot.app.ports import UploadResult
from bot.app.text import Reader, edit_text, lines, n, s, session_name, t
from bot.domain.errors import BadInputError
from bot.domain.imports.draft import Remark
from bot.domain.imports.report import ImportReport
from bot.domain.imports.upload import UploadedCopy

MAX_FILE = 8 * 1024**2
"""Maximum size of an uploaded file in bytes; the largest known real schedule has 2.7 million."""
LONGEST_NAME, MOST_LINES, MOST_REMARKS, LONGEST_REMARK = 100, 12, 3, 200

UPLOADED = Param(
    "file",
    FILE,
    "a schedule file: CSV, Excel, iCalendar, JSON or XML",
    keyword="file",
    keyword_required=True,
)
STATUS = Button(s("Status"), "schedule", {"action": "status"})


def attachment_of(call: Call, typed: str | None) -> Attachment | None:
    """Return the file that came with the request; `typed` is a path on the console, where it needs no keyword."""
    text = call.get(UPLOADED) or typed
    return call.request.attached(text) if text else None


def ask_for_file() -> Reply:
    """Ask for the file, with a form on platforms that have forms."""
    text = t("Which file? Choose a schedule file: CSV, Excel (.xlsx), iCalendar, JSON or XML.")
    form = Button(s("Choose a file"), "schedule", {"action": "upload"}, asks=(UPLOADED.name, "as", "zone"))
    return Reply((text,), buttons=(form,), is_error=True)


async def upload(file: Attachment, slug: str, zone: str, context: Context) -> Reply:
    """Fetch a file, and show what it would change."""
    body = await fetched(file, MAX_FILE)
    community, name = context.attendee.community.id, file_name(file)
    copy = UploadedCopy(0, slug, community, name, zone, 0, context.now, body)
    result = await context.editor.upload(copy)
    head = t("{file} would change the schedule:", file=name)
    return await _preview(head, result, context) if result.number else _no_change(name)


async def fetched(file: Attachment, most: int) -> bytes:
    """Fetch the content of a file.

    Args:
        file: as it came with the request.
        most: the largest size in bytes.

    Raises:
        BadInputError: the file is larger.
    """
    if file.size > most:
        raise BadInputError(_too_large(file, most))
    body = await file.fetch(most)
    if len(body) > most:
        raise BadInputError(_too_large(file, most))
    return body


async def apply_upload(number: str, context: Context) -> Reply:
    """Import the file with this number."""
    result = await context.editor.apply_upload(_number(number), context.attendee.community.id)
    if result.number:
        return await _preview(t("The schedule has changed since. Now the file would change this:"), result, context)
    follow = Button(s("Follow it here"), "conference", {"name": result.conference})
    buttons = (STATUS,) if result.conference == context.schedule.conference.slug else (follow, STATUS)
    text = t("The schedule is updated. I'll tell everyone who is affected.")
    return Reply((text, *change_lines(result.report)), buttons=buttons)


async def discard_upload(number: str, context: Context) -> Reply:
    """Delete the file with this number."""
    await context.editor.discard_upload(_number(number), context.attendee.community.id)
    return Reply((t("I keep the old schedule, and the file is deleted."),), buttons=(STATUS,))


def change_lines(report: ImportReport) -> list[Text]:
    """Return the difference as lines, cut to fit a message."""
    changes = [(line.strip(),) for line in report.changes()]
    more = len(changes) - MOST_LINES
    return [*changes[:MOST_LINES], *([t("… and {count} more lines", count=more)] if more > 0 else [])]


async def _preview(head: Text, result: UploadResult, context: Context) -> Reply:
    number, report = f"{UPLOADED.keyword} {result.number}", result.report
    feed = await context.work.feeds.get(result.conference)
    followed = (
        t("This conference follows {address}: its next new version replaces the file.", address=feed.url)
        if feed
        else ()
    )
    skipped = n("{count} row is skipped:", "{count} rows are skipped:", len(report.skipped))
    guessed = n("{count} guess:", "{count} guesses:", len(report.warnings))
    remarks = (*_remarks(skipped, report.skipped), *_remarks(guessed, report.warnings))
    overruled = _overruled(report, context)
    buttons = (
        Button(s("Apply"), "schedule", {"action": "apply", UPLOADED.name: number}),
        Button(s("Keep old"), "schedule", {"action": "keep", UPLOADED.name: number}),
        STATUS,
    )
    return Reply(lines(head, *change_lines(report), *remarks, *overruled, followed), buttons=buttons)


def _remarks(head: Text, remarks: Sequence[Remark]) -> Sequence[Text]:
    """The first remarks of an import."""
    if not remarks:
        return ()
    rows = [(f"{remark.where}: {remark.what}"[:LONGEST_REMARK],) for remark in remarks[:MOST_REMARKS]]
    more = len(remarks) - MOST_REMARKS
    return (head, *rows, *([t("… and {count} more", count=more)] if more > 0 else []))


def _overruled(report: ImportReport, context: Context) -> Sequence[Text]:
    """The edits that replace what the file says."""
    reader = Reader.of(context.attendee, context.schedule)
    return [
        t(
            "The edit of {session} stays: {edit}.",
            session=session_name(report.schedule.by_id[edit.session]),
            edit=edit_text(edit, reader),
        )
        for edit in report.overruling[:MOST_REMARKS]
    ]


def _no_change(name: str) -> Reply:
    return Reply((t("{file} changes nothing: the schedule says the same.", file=name),), buttons=(STATUS,))


def file_name(file: Attachment) -> str:
    """Return the name of the file in one line, without characters that cannot be seen."""
    printable = "".join(character if character.isprintable() else " " for character in file.name[: 2 * LONGEST_NAME])
    return " ".join(printable.split())[:LONGEST_NAME] or s("the file")


def _too_large(file: Attachment, most: int) -> str:
    name, size = file_name(file), most // 1024**2
    return s("{file} is larger than {most} MB, the limit for a schedule: split it.", file=name, most=size)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > len("999999999999"):
        raise BadInputError(s("I don't have this file. Upload it again: /schedule upload"))
    return int(text)
