"""`/conference [name]`: the conference that the community follows."""

from dataclasses import replace

from bot.app.access.authorization import authorize, knows_organizers
from bot.app.announcements.links import partners
from bot.app.command_spec import TEXT, Call, Command, Context, Effect, Param, Requirement, choice
from bot.app.messages import Button, Reply, Strong, Text, Typed
from bot.app.schedules.following import available_to, count_people, follow
from bot.app.text import day_text, lines, n, s, t
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Conference, Schedule

NAME = Param("name", TEXT, "the conference to follow")
COMMANDED = Typed("/conference")
CONFIRM = Param("confirm", choice("yes"), "yes, to change it without a question")


async def handle(call: Call, context: Context) -> Reply:
    """Show the conference, or follow another one. If the community has known organizers, only they can choose."""
    asked, current, community = call.get(NAME), context.schedule.conference, context.attendee.community
    available = await available_to(context.work, community)
    if not asked:
        others = tuple(
            Button(conference.title, "conference", {"name": conference.slug})
            for conference in available
            if conference.slug != current.slug
        )
        return Reply((_following_text(context.schedule),), buttons=others)
    wanted = next(
        (
            conference
            for conference in available
            if asked.casefold() in (conference.slug.casefold(), conference.title.casefold())
        ),
        None,
    )
    if wanted is None:
        names = ", ".join(conference.slug for conference in available)
        raise BadInputError(s('I don\'t know the conference "{name}". I know: {names}.', name=asked, names=names))
    changes = community.conference not in (None, wanted.slug)
    is_theirs = community.conference is None and await knows_organizers(
        context.work, community, by_name=call.request.by_name
    )
    if (changes or is_theirs) and await authorize(context.work, call.request, community, COMMAND, context) is None:
        # An error reply, not an exception: the transaction commits, so the log keeps the attempt.
        refused = (
            t("Only an organizer can choose another conference.")
            if changes
            else t("Only an organizer can choose the conference. Ask one to type {command}.", command=COMMANDED)
        )
        return Reply((refused,), is_error=True)
    if changes and not call.get(CONFIRM) and (question := await _question(wanted, context)):
        return question
    return await _follow(wanted, context, undo=changes)


async def _question(wanted: Conference, context: Context) -> Reply | None:
    """Say how the change affects people, and ask for a confirmation; None if it affects nobody."""
    community, current = context.attendee.community, context.schedule.conference
    people = await count_people(context.work, current.slug, community)
    linked = [partner.community for partner in await partners(context.work, community) if not partner.why_not]
    if not people and not linked:
        return None
    head = t(
        "This community follows {current}. Shall it follow {wanted} instead?",
        current=current.title,
        wanted=Strong(wanted.title),
    )
    concerned = n(
        "{count} person has sessions of {current} on their agenda, and gets no more messages about them.",
        "{count} people have sessions of {current} on their agenda, and get no more messages about them.",
        people,
        current=current.title,
    )
    apart = n(
        "The link with {count} community does not work meanwhile.",
        "The links with {count} communities do not work meanwhile.",
        len(linked),
    )
    way_back = t("Nothing is lost: if you change back, all agendas are as before.")
    follow_it = Button(
        s("Follow {conference}", conference=wanted.title), "conference", _arguments(wanted), primary=True
    )
    return Reply(lines(head, concerned if people else (), apart if linked else (), way_back), buttons=(follow_it,))


async def _follow(wanted: Conference, context: Context, *, undo: bool) -> Reply:
    community, current = context.attendee.community, context.schedule.conference
    schedule = await context.work.conferences.load(wanted.slug)
    if schedule and undo:
        await follow(context.work, community, schedule, context.now)
    else:
        await context.work.communities.save(replace(community, conference=wanted.slug))
    start = Typed("/nextsession")
    text = t("This community now follows {conference}. Start with {command}.", conference=wanted.title, command=start)
    back = Button(s("Undo: follow {conference}", conference=current.title), "conference", _arguments(current))
    return Reply((text,), buttons=(back,) if undo else ())


def _arguments(conference: Conference) -> dict[str, str]:
    return {"name": conference.slug, "confirm": "yes"}


def _following_text(schedule: Schedule) -> Text:
    conference, days = schedule.conference, schedule.days
    sessions = n("{count} session", "{count} sessions", len(schedule.listed))
    if not days:
        return t("This community follows {conference}: {sessions}.", conference=conference.title, sessions=sessions)
    return t(
        "This community follows {conference}, {first} to {last}: {sessions}. Times are in {zone}.",
        conference=conference.title,
        first=day_text(days[0]),
        last=f"{day_text(days[-1])} {days[-1].year}",
        sessions=sessions,
        zone=conference.zone,
    )


COMMAND = Command(
    "conference",
    "Which conference this community follows",
    handle,
    (NAME, CONFIRM),
    effect=Effect.WRITE_AND_DELIVER,
    requires=Requirement.COMMUNITY,
    examples=("/conference cloudweek21",),
)
