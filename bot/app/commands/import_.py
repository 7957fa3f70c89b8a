"""`/import me`: add sessions from an attendee's own export of reservations or favourites."""

from bot.app.command_spec import FILE, TEXT, Call, Command, Context, Effect, Param, ParamType, choice
from bot.app.editing.own_export import GOING, RESERVED, STARRED, apply_export, show_export
from bot.app.messages import Button, Reply
from bot.app.text import s, t
from bot.domain.errors import BadInputError

WHOSE = Param("whose", choice("me"), "me: your own export")
WAY = Param(
    "as",
    choice(GOING, RESERVED, STARRED),
    "how to add the list that was shown: going, reserved or starred",
    keyword="as",
    keyword_required=True,
)
SHOWN = Param("list", ParamType("list", TEXT.read), "the list that was shown", keyword="list", keyword_required=True)
EXPORT = Param("file", FILE, "your export: an iCalendar file (.ics) or a table (.csv, .xlsx)", keyword="file")


async def handle(call: Call, context: Context) -> Reply:
    """Show which sessions a file names; add the sessions of the list that was shown."""
    way, digest = call.get(WAY), call.get(SHOWN)
    if way and digest:
        return await apply_export(way, digest, context)
    text = call.get(EXPORT)
    file = call.request.attached(text) if text else None
    if file is not None:
        return await show_export(file, context)
    if text:
        raise BadInputError(s('I see no file "{name}": choose it again.', name=text[:100]))
    question = t("Which file? Export your reservations or favourites as iCalendar (.ics), and choose the file.")
    form = Button(s("Choose a file"), "import", {"whose": "me"}, asks=(EXPORT.name,))
    return Reply((question,), buttons=(form,), is_error=True)


COMMAND = Command(
    "import",
    "Add your reservations or favourites from a file",
    handle,
    (WHOSE, EXPORT, WAY, SHOWN),
    effect=Effect.EXTERNAL,
    form=(EXPORT.name,),
    forms={"me": (EXPORT.name,)},
    examples=("/import me",),
)
