"""`/agenda [day]`: the day in order, with walks, free time, overlaps and sessions out of reach."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from secrets import token_bytes

from bot.app.command_spec import DAY, Call, Command, Context, Param, WriteNeededError, choice
from bot.app.messages import Button, Card, LinkButton, Reply, Text, Typed
from bot.app.text import (
    AgendaWriter,
    Reader,
    StarWriter,
    day_text,
    is_over,
    join_buttons,
    leg_text,
    lines,
    map_links,
    n,
    outside_text,
    s,
    session_line,
    sizes_text,
    t,
)
from bot.app.text.calendar_file import calendar_file
from bot.app.text.web_side import WebSide, is_link
from bot.domain.attendee.agenda import Agenda, build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.free_time import fits_agenda
from bot.domain.attendee.private_address import (
    SECRET_BYTES,
    PrivateAddress,
    digest_of,
    new_secret,
    secret_again,
)
from bot.domain.attendee.recap import rounded_steps
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

WHICH = Param("day", DAY, "today, tuesday, day 2, 2021-11-30")
FORM = Param("form", choice("calendar"), "calendar: get a file for your calendar, with all days unless you name one")

ADDRESS = Param("address", choice("new"), "new: replace the private address of your calendar; the old one stops")


async def handle(call: Call, context: Context) -> Reply:
    """Show the agenda of the given day; if no day is given, of today or else of the next day with sessions."""
    chosen = await context.attendances()
    schedule = context.schedule
    if call.get(FORM):
        reply = _as_calendar(chosen, call.get(WHICH), context)
        renew = call.get(ADDRESS) is not None
        if call.request.glance:
            # An assistant passes on what it reads, and must not end the address that it came by.
            if renew:
                raise BadInputError(s("A new address is made and shown only in the chat: /agenda calendar new"))
            return reply
        return await _with_address(reply, context.web, context, renew=renew) if context.web else reply
    days = _days(chosen, schedule)
    # After the last day, that is the day people come back for.
    last = days[-1] if days and is_over(schedule, context.now) else context.today
    day = call.get(WHICH) or next((planned_day for planned_day in days if planned_day >= context.today), last)
    agenda = build_agenda(context.attendee, chosen, schedule, day)
    others = tuple(
        Button(f"{other_day:%a}", "agenda", {"day": other_day.isoformat()}) for other_day in days if other_day != day
    )
    cancelled = _off(chosen, schedule, day)
    if not agenda.stops and not agenda.backups and not agenda.starred and not cancelled:
        return Reply(lines(outside_text(schedule, context.now), _empty_text(day, context)), buttons=others)
    secret = await context.own_secret(call.request)
    page = context.web.day(secret, day) if context.web and secret else ""
    own = (LinkButton(s("My page"), page),) if is_link(page) else ()
    reply = _agenda_reply(agenda, chosen, cancelled, context, others)
    return replace(reply, links=(*own, *reply.links))


def _empty_text(day: date, context: Context) -> Text:
    if is_over(context.schedule, context.now):
        return t("Nothing was on your agenda on {day}.", day=day_text(day))
    return t("Nothing on your agenda on {day}. Find sessions with {find}.", day=day_text(day), find=Typed("/find"))


def _days(chosen: Sequence[Attendance], schedule: Schedule) -> list[date]:
    sessions = (schedule.by_id.get(attendance.session) for attendance in chosen)
    return sorted({session.day(schedule.conference.tz) for session in sessions if session})


def _off(chosen: Sequence[Attendance], schedule: Schedule, day: date) -> list[Session]:
    """Chosen sessions that do not take place; they are listed so that nobody searches for them."""
    chosen_ids = {attendance.session for attendance in chosen}
    return [session for session in schedule.on(day) if session.id in chosen_ids and not session.takes_place]


def _agenda_reply(
    agenda: Agenda,
    chosen: Sequence[Attendance],
    cancelled: Sequence[Session],
    context: Context,
    buttons: tuple[Button, ...],
) -> Reply:
    reader = Reader.of(context.attendee, context.schedule)
    writer = AgendaWriter(context.attendee, chosen, context.schedule, reader, context.now)
    cards = [writer.numbered_card(stop, number, agenda) for number, stop in enumerate(agenda.stops, 1)]
    free = tuple(writer.free_time(agenda))
    cards += [Card(s("Free time"), free)] if free else []
    fits = fits_agenda(context.attendee, chosen, context.schedule, context.now)
    cards += StarWriter(agenda, fits, reader, context.now).cards(agenda.starred, len(agenda.stops) + 1)
    backups = tuple(session_line(session, reader) for _, session in agenda.backups)
    cards += [Card(s("Backups"), backups)] if backups else []
    cards += (
        [Card(s("Not taking place"), tuple(session_line(session, reader) for session in cancelled))]
        if cancelled
        else []
    )
    asked, choices = writer.questions(agenda)
    home = t("Then home: {walk}.", walk=leg_text(agenda.home)) if agenda.home else ()
    to_calendar = Button(s("Add to my calendar"), "agenda", {"form": "calendar"})
    session_ids = (*(stop.session.id for stop in agenda.stops), *(session.id for _, session in agenda.starred))
    text = lines(_head(agenda, context), _starred_text(agenda), home, *asked)
    coming = (stop for stop in agenda.path if stop.session.starts_at > context.now)
    following = next((stop.departure.leg for stop in coming if not stop.departure.stays), None)
    join = join_buttons((stop.session for stop in agenda.stops if stop.assumed), context.now)
    walk = map_links(following, context.attendee, context.schedule)
    links = (*join, *(replace(link, label=s("Show the next walk")) for link in walk))
    return Reply(text, tuple(cards), (*choices[:-1], *buttons, to_calendar), listed=session_ids, links=links)


def _starred_text(agenda: Agenda) -> Text:
    if not agenda.starred:
        return ()
    first = len(agenda.stops) + 1
    return n(
        "{count} starred session, number {first}: to add it, {add}",
        "{count} starred sessions, from number {first} on: to add one, {add}",
        len(agenda.starred),
        first=first,
        add=Typed(f"/attend {first}"),
    )


def _head(agenda: Agenda, context: Context) -> Text:
    day, steps = day_text(agenda.day), sum(leg.steps(context.attendee.stride) for leg in agenda.legs)
    if not agenda.stops:
        return t("Nothing planned on {day} yet.", day=day) if agenda.starred else t("Nothing left on {day}.", day=day)
    sessions = sizes_text(agenda)
    if not steps:
        return t("{day}: {sessions}.", day=day, sessions=sessions)
    return t(
        "{day}: {sessions}, about {steps} steps on the way.", day=day, sessions=sessions, steps=rounded_steps(steps)
    )


def _as_calendar(chosen: Sequence[Attendance], day: date | None, context: Context) -> Reply:
    """The chosen sessions as a file, without backups: those would block the calendar."""
    schedule = context.schedule
    going = [
        schedule.by_id[attendance.session]
        for attendance in chosen
        if attendance.choice is Choice.GOING and attendance.session in schedule.by_id
    ]
    wanted = [session for session in going if day in (None, session.day(schedule.conference.tz))]
    if not wanted:
        return Reply((t("There is nothing on your agenda yet. Find sessions with {find}.", find=Typed("/find")),))
    wanted.sort(key=lambda session: (session.starts_at, session.code))
    text = n(
        "{count} session for your calendar. Open the file to add it.",
        "{count} sessions for your calendar. Open the file to add them.",
        len(wanted),
    )
    return Reply((text,), files=(calendar_file(wanted, schedule.conference, context.now),))


async def _with_address(reply: Reply, web: WebSide, context: Context, *, renew: bool) -> Reply:
    """Add the private address to which a calendar subscribes."""
    work, attendee = context.work, context.attendee
    stored = await work.addresses.of_attendee(attendee.id)
    if stored and not renew:
        secret = secret_again(stored, web.keys)
        if secret is None:
            return replace(reply, lines=lines(*reply.lines, _stored_address_text(stored, context)), buttons=(RENEW,))
    elif not context.writes:
        raise WriteNeededError
    else:
        salt = token_bytes(SECRET_BYTES)
        secret = new_secret(salt, web.keys)
        new_address = PrivateAddress(digest_of(secret), salt.hex(), context.now, stored.events if stored else {})
        await work.addresses.put(attendee.id, new_address)
    texts = (
        t("The old address does not work any more: remove it from your calendar.") if stored and renew else (),
        t("Or subscribe once, and your calendar follows your agenda: {address}", address=web.webcal(secret)),
        t("For a program that needs https: {address}", address=web.calendar(secret)),
        t("Apple looks for changes every hour, Outlook about every 3; Google every 4 to 24, and it shows no alarms."),
        t("The address is only for you. Anybody who has it sees your agenda and can change it."),
        t("If somebody else has it, type {renew}.", renew=Typed("/agenda calendar new")),
    )
    buttons = web.calendar_buttons(secret, context.schedule.conference.title)
    return replace(reply, lines=lines(*reply.lines, *texts), links=(*buttons, *reply.links))


def _stored_address_text(stored: PrivateAddress, context: Context) -> Text:
    reader = Reader.of(context.attendee, context.schedule)
    return t(
        "You have had a private address for your calendar since {day}. I can't show it again, because I keep only a "
        "hash of it. For a new one, type {renew}; the old one stops working then.",
        day=reader.day(stored.made_at),
        renew=Typed("/agenda calendar new"),
    )


RENEW = Button(s("New address"), "agenda", {"form": "calendar", "address": "new"})
COMMAND = Command(
    "agenda",
    "Your day: sessions, walks and free time",
    handle,
    (WHICH, FORM, ADDRESS),
    examples=("/agenda", "/agenda tuesday", "/agenda calendar", "/agenda calendar new"),
    aliases={"me": "", "today": "today", "tomorrow": "tomorrow"},
)
