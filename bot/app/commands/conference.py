"""`/conference [name]`: the conference that the community follows."""

from dataclasses import replace

from bot.app.access.authorization import authorize, knows_organizers
from bot.app.command_spec import TEXT, Call, Command, Context, Effect, Param, Requirement
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import day_text, n, s, t
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule

NAME = Param("name", TEXT, "the conference to follow")
COMMANDED = Typed("/conference")


async def handle(call: Call, context: Context) -> Reply:
    """Show the conference, or follow another one. Where organizers are known, only they choose."""
    asked, current = call.get(NAME), context.schedule.conference
    published = await context.work.conferences.published()
    if not asked:
        others = tuple(Button(c.title, "conference", {"name": c.slug}) for c in published if c.slug != current.slug)
        return Reply(
            (_following_text(context.schedule),),
            buttons=others,
        )
    wanted = next((c for c in published if asked.casefold() in (c.slug.casefold(), c.title.casefold())), None)
    if wanted is None:
        names = ", ".join(conference.slug for conference in published)
        raise BadInputError(s('I know no conference "{name}". I know: {names}.', name=asked, names=names))
    community = context.attendee.community
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
    await context.work.communities.save(replace(community, conference=wanted.slug))
    start = Typed("/nextsession")
    text = t("This community now follows {conference}. Start with {command}.", conference=wanted.title, command=start)
    return Reply((text,))


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
    (NAME,),
    effect=Effect.WRITE,
    requires=Requirement.COMMUNITY,
    examples=("/conference cloudweek21",),
)
