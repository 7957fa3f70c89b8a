"""`/block from-to [text] [at venue]`: an own entry between sessions, such as lunch or a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.app.command_spec import TEXT, VENUE, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.schedules.blocks import add_block, own_schedule, take_off
from bot.app.text import (
    AgendaWriter,
    Reader,
    block_again,
    first_time_text,
    lines,
    remove_block,
    s,
    session_choices,
    session_line,
    t,
)
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.block import LONGEST_TITLE, MOST_BLOCKS, UNTITLED, Block
from bot.domain.errors import BadInputError
from bot.domain.schedule.session import BLOCK_ID, Session
from bot.domain.times.span_parsing import Span, read_span

WHAT = Param(
    "what",
    replace(TEXT, verbatim=True),
    "when, what and where, such as 12:00-13:00 lunch at Wynn",
    question=s("When, and what? Such as 12:00-13:00 lunch at Wynn"),
)
REMOVE = "remove"
AT = "at"
AGENDA = Button(s("Agenda"), "agenda")


@dataclass(frozen=True, slots=True)
class _Typed:
    """A new block as it was typed; `unknown` is a place that the schedule does not have."""

    block: Block
    unknown: str = ""


async def handle(call: Call, context: Context) -> Reply:
    """Store the entry and plan the day around it; without words, list the entries to come."""
    typed = (call.get(WHAT) or "").strip('" ')
    first, _, rest = typed.partition(" ")
    if not typed:
        return await _listed(context)
    if first.casefold() == REMOVE and rest.strip().removeprefix(BLOCK_ID).isdecimal():
        return await _removed(rest.strip().removeprefix(BLOCK_ID), context)
    read = _read(typed, context)
    chosen = await context.attendances()
    own = [each for each in chosen if each.session.startswith(BLOCK_ID)]
    if len(own) >= MOST_BLOCKS:
        raise BadInputError(s("You have {count} own entries already: remove one with /block.", count=MOST_BLOCKS))
    return await _added(read, chosen, context)


async def _added(read: _Typed, chosen: Sequence[Attendance], context: Context) -> Reply:
    attendee, slug = context.attendee, context.schedule.conference.slug
    block = await add_block(context.work, attendee, slug, read.block, context.now)
    agreed = replace(attendee, has_blocks=True)
    if block.venue and attendee.agreed_at is None:
        agreed = replace(agreed, agreed_at=context.now)
        await context.work.people.save(agreed)
    schedule = await own_schedule(context.work, agreed, context.schedule)
    chosen, session = [*chosen, Attendance(block.id, chosen_at=context.now)], block.session
    agenda = build_agenda(attendee, chosen, schedule, schedule.day_by_id[block.id])
    (stop,) = (stop for stop in agenda.stops if stop.session.id == block.id)
    reader = Reader.of(attendee, schedule)
    writer = AgendaWriter(attendee, chosen, schedule, reader, context.now)
    rivals = {clash.other.id for clash in stop.clashes} | {block.id}
    asked, choices = writer.questions(agenda, rivals)
    # Only a block with a place has a moment to leave, and so a message.
    first_time = first_time_text(attendee, stop, context.now) if block.venue else ()
    text = lines(_kept_text(session, reader), _unknown_text(read.unknown, context), *first_time, *asked)
    return Reply(text, (writer.card(stop, day=True),), (*choices, remove_block(session), AGENDA))


def _kept_text(session: Session, reader: Reader) -> Text:
    return t(
        "I keep {day}, {start}-{end}, for that. Only you see it.",
        day=reader.day(session.starts_at),
        start=reader.time(session.starts_at),
        end=reader.time(session.ends_at),
    )


def _unknown_text(unknown: str, context: Context) -> Text:
    if not unknown:
        return ()
    venue = next((venue.name for venue in context.schedule.venues), s("Hall 1"))
    example = Typed(f"/block 12:00-13:00 lunch at {venue}")
    return t(
        'I know no place "{place}", so I plan no walk to it. A place is typed so: {example}',
        place=unknown,
        example=example,
    )


async def _removed(number: str, context: Context) -> Reply:
    session = context.schedule.by_id.get(f"{BLOCK_ID}{number}")
    if session is None or not session.is_block:
        raise BadInputError(s("You have no such entry. To see yours: /block"))
    await take_off(context.work, context.attendee, context.schedule.conference.slug, session)
    text = t('I removed "{title}".', title=session.title)
    return Reply((text,), buttons=(block_again(session, context.schedule.conference.tz), AGENDA))


async def _listed(context: Context) -> Reply:
    ids = [each.session for each in await context.attendances() if each.session.startswith(BLOCK_ID)]
    blocks = [found for id_ in ids if (found := context.schedule.by_id.get(id_)) and found.ends_at > context.now]
    example = Typed("/block 12:00-13:00 lunch at Wynn")
    if not blocks:
        return Reply(
            (t("Keep time for yourself, with or without a place, such as {example}", example=example),),
            buttons=(AGENDA,),
        )
    blocks.sort(key=lambda block: (block.starts_at, block.id))
    reader = Reader.of(context.attendee, context.schedule)
    shown = [session_line(block, reader, day=True) for block in blocks]
    buttons = session_choices(blocks, "skip", context.schedule, context.hours)
    return Reply(lines(t("Your own entries. To remove one, press it:"), *shown), buttons=(*buttons, AGENDA))


def _read(typed: str, context: Context) -> _Typed:
    schedule = context.schedule
    span = read_span(typed, context.now, schedule.days, schedule.conference.tz, context.hours)
    words = _bare(f"{span.before} {span.after}".split())
    title, venue, unknown = _place_in(words, context)
    title = "".join(character for character in title if character.isprintable()).strip(" ,.;:-")
    if len(title) > LONGEST_TITLE:
        raise BadInputError(s("That is too long: use at most {count} characters.", count=LONGEST_TITLE))
    return _Typed(_block(span, title or venue or UNTITLED, venue), unknown)


def _bare(words: list[str]) -> list[str]:
    """The words without `free for a` at their beginning, as people say it."""
    for lead in (("free",), ("for",), ("a", "an", "my", "the")):
        words = words[1:] if words and words[0].casefold() in lead else words
    return words


def _block(span: Span, title: str, venue: str) -> Block:
    return Block(0, span.starts_at, span.ends_at, title, venue)


def _place_in(words: Sequence[str], context: Context) -> tuple[str, str, str]:
    """The title, the name of the venue, and a place that is not known, from words such as `lunch at Wynn`."""
    places = [number for number, word in enumerate(words) if word.casefold() == AT and number + 1 < len(words)]
    for number in places:
        place = " ".join(words[number + 1 :])
        if VENUE.accepts(place, context):
            return " ".join(words[:number]), VENUE.read(place, context).name, ""
    unknown = " ".join(words[places[-1] + 1 :]) if places else ""
    return " ".join(words), "", unknown


COMMAND = Command(
    "block",
    "Keep time for lunch, a meeting or yourself",
    handle,
    (WHAT,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/block 12:00-13:00 lunch", "/block tomorrow 1pm to 2pm coffee with Ana at Wynn"),
)
