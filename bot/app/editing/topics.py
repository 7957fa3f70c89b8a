"""`/info edit TOPIC TEXT` and `/info remove TOPIC`: organizers write and remove topics."""

from dataclasses import replace

from bot.app.command_spec import PROSE, TEXT, Call, Context, Param, ParamType, StaticContext, choice
from bot.app.editing.facts import change_fact
from bot.app.messages import Button, Card, Reply
from bot.app.text import s, t
from bot.domain.errors import BadInputError
from bot.domain.imports.organizer_facts import LONGEST_NAME, LONGEST_PLACE, MOST_TOPICS
from bot.domain.schedule.conference import Topic
from bot.domain.schedule.organizer_changes import CREATES, ChangeKind

EDIT, REMOVE, NONE = "edit", "remove", "none"


def _words(text: str, _: StaticContext) -> str:
    """Any words except those that begin the next part; the parser finds the end of the text with this."""
    if any(word in ("place:", "hours:") for word in text.casefold().split()):
        raise BadInputError(s("Put quotes around your text: place: and hours: begin another part."))
    return " ".join(text.split())


ACTION = Param("action", choice(EDIT, REMOVE), "for organizers: write about a topic, or remove it")
TOPIC = Param("topic", TEXT, "what you want to know about, or the topic to edit")
# Its own kind: a typed line has the topic first, and `_topic_and_text` divides both again.
WRITTEN = Param("text", replace(PROSE, name="prose"), "for organizers: what everybody reads about it")
WORDS = ParamType("words", _words, max_length=LONGEST_PLACE)
PLACE = Param("place", WORDS, "for organizers: where it is, or none", keyword="place:", keyword_required=True)
HOURS = Param("hours", WORDS, "for organizers: when it is open, or none", keyword="hours:", keyword_required=True)
PARAMS = (ACTION, TOPIC, WRITTEN, PLACE, HOURS)
FORM = (TOPIC.name, WRITTEN.name, PLACE.name, HOURS.name)


def asked_text(call: Call) -> str:
    """Return what the person asks about: the parser splits it into the topic (first word) and the text (the rest)."""
    return " ".join(part for part in (call.get(TOPIC), call.get(WRITTEN)) if part)


def topic_card(topic: Topic) -> Card:
    """Return a topic as a card."""
    where = " · ".join(part for part in (topic.place, topic.hours) if part)
    return Card(topic.name, tuple((line,) for line in (where, topic.text) if line))


async def edit_topic(call: Call, context: Context) -> Reply:
    """Write about a topic. Facts that are not given stay; `none` removes the place or the hours."""
    name, text = _topic_and_text(call, context.schedule.topics)
    facts = {"text": text, "place": call.get(PLACE), "hours": call.get(HOURS)}
    typed_facts = {fact: "" if fact != "text" and value == NONE else value for fact, value in facts.items() if value}
    if not name or not typed_facts:
        form = Button(s("Write"), "info", {"action": EDIT}, asks=FORM)
        usage = t("What shall everybody read? Type /info edit TOPIC TEXT.")
        quotes = t('Put a topic of several words in quotes, such as "Badge pick-up".')
        return Reply((usage, quotes), buttons=(form,), is_error=True)
    _check(name, typed_facts)
    existing = _topic_named(name, context.schedule.topics)
    if existing is None and "text" not in typed_facts:
        raise BadInputError(s('There is no topic "{topic}" yet. Write a text for it, too.', topic=name))
    if existing is None and len(context.schedule.topics) >= MOST_TOPICS:
        raise BadInputError(
            s("There are {most} topics already, and no more are possible. Remove one first.", most=MOST_TOPICS)
        )
    name = existing.name if existing else name
    change = await change_fact(context, ChangeKind.TOPIC, name, {CREATES: True, "name": name, **typed_facts})
    card = next(topic_card(topic) for topic in change.after.topics if topic.name == name)
    return Reply((t("Saved. Everybody reads it with /info now:"),), (card,), (change.undo,))


async def remove_topic(call: Call, context: Context) -> Reply:
    """Remove a topic."""
    asked = asked_text(call)
    existing = _topic_named(asked, context.schedule.topics)
    if existing is None:
        names = ", ".join(topic.name for topic in context.schedule.topics) or s("none")
        raise BadInputError(s('There is no topic "{topic}". The topics are: {names}.', topic=asked, names=names))
    change = await change_fact(context, ChangeKind.TOPIC, existing.name, None)
    return Reply((t("{topic} is removed: nobody finds it any more.", topic=existing.name),), buttons=(change.undo,))


def _topic_named(name: str, topics: tuple[Topic, ...]) -> Topic | None:
    return next((topic for topic in topics if topic.name.casefold() == name.casefold()), None)


def _topic_and_text(call: Call, topics: tuple[Topic, ...]) -> tuple[str, str]:
    """The topic and its text; in a typed line, the longest topic that exists and begins it is the topic."""
    topic, text = call.get(TOPIC) or "", call.get(WRITTEN) or ""
    whole = f"{topic} {text}"
    beginning = [
        candidate.name for candidate in topics if f"{whole} ".casefold().startswith(f"{candidate.name} ".casefold())
    ]
    longest = max(beginning, key=len, default="")
    if not call.request.line or len(longest) <= len(topic):
        return topic, text
    return longest, whole[len(longest) :].strip()


def _check(name: str, facts: dict[str, str]) -> None:
    """Raise `BadInputError` if a fact is too long for a card."""
    longest = {"topic": LONGEST_NAME, "place": LONGEST_PLACE, "hours": LONGEST_PLACE}
    for fact, text in {"topic": name, **facts}.items():
        if len(text) > longest.get(fact, len(text)):
            raise BadInputError(
                s("The {fact} is too long: use at most {most} characters.", fact=fact, most=longest[fact])
            )
