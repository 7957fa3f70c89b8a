"""`/conference [name]`: which conference this community follows."""

from dataclasses import replace

from bot.app.access.authorization import authorize
from bot.app.command_spec import TEXT, Call, Command, Context, Effect, Param, Requirement
from bot.app.messages import Button, Reply, Typed
from bot.app.text import count, sentence
from bot.domain.errors import BadInputError

NAME = Param("name", TEXT, "the conference to follow")


async def handle(call: Call, context: Context) -> Reply:
    """Show the conference, or follow another; once chosen, only organizers change it."""
    asked, current = call.get(NAME), context.schedule.conference
    published = await context.work.conferences.published()
    if not asked:
        days = context.schedule.days
        when = f", {days[0]:%d %b} to {days[-1]:%d %b %Y}" if days else ""
        size = count(len(context.schedule.listed), "session")
        others = tuple(Button(c.title, "conference", {"name": c.slug}) for c in published if c.slug != current.slug)
        return Reply(
            (sentence(f"This community follows {current.title}{when}: {size}, {current.zone}."),),
            buttons=others,
        )
    wanted = next((c for c in published if asked.casefold() in (c.slug.casefold(), c.title.casefold())), None)
    if wanted is None:
        message = f"There is no conference {asked!r}. There are: {', '.join(c.slug for c in published)}."
        raise BadInputError(message)
    community = context.attendee.community
    changes = community.conference not in (None, wanted.slug)
    if changes and await authorize(context.work, call.request, community, COMMAND, context) is None:
        # No fault, so that it is kept in the log.
        refused = sentence("Only an organizer can make this community follow another conference.")
        return Reply((refused,), is_error=True)
    await context.work.communities.save(replace(community, conference=wanted.slug))
    start = Typed("/nextsession")
    return Reply((sentence(f"This community follows {wanted.title} now. Start with ", start, "."),))


COMMAND = Command(
    "conference",
    "Which conference this community follows",
    handle,
    (NAME,),
    effect=Effect.WRITE,
    requires=Requirement.COMMUNITY,
    examples=("/conference cloudweek21",),
)
