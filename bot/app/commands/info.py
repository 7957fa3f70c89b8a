"""`/info [topic]`: the organizers' information about badges, shuttles, Wi-Fi and more."""

from difflib import get_close_matches

from bot.app.command_spec import TEXT, Call, Command, Context, Param
from bot.app.messages import Button, Card, Reply
from bot.app.text import s, t
from bot.domain.schedule.conference import Topic

TOPIC = Param("topic", TEXT, "what you want to know about")
MOST_BUTTONS = 12


async def handle(call: Call, context: Context) -> Reply:
    """One topic, or all of them to choose from."""
    topics, asked = context.schedule.topics, call.get(TOPIC)
    if not topics and asked:
        nothing = t('The organizers have written nothing about "{topic}" yet.', topic=asked)
        return Reply((nothing,), buttons=(Button(s("Search the sessions"), "find", {"words": asked}),))
    if not topics:
        return Reply((t("The organizers haven't added any information yet."),))
    if not asked:
        return Reply((t("What would you like to know about?"),), buttons=_buttons(topics))
    if found := _matching(asked, topics):
        return Reply(cards=tuple(_card(topic) for topic in found))
    near = get_close_matches(asked, [topic.name for topic in topics], 3, 0.3)
    nearest = [topic for topic in topics if topic.name in near] or topics
    text = t('I found nothing about "{topic}". Did you mean one of these?', topic=asked)
    return Reply((text,), buttons=_buttons(nearest), is_error=True)


def _matching(asked: str, topics: tuple[Topic, ...]) -> list[Topic]:
    words = _letters(asked)
    named = [topic for topic in topics if words in _letters(topic.name)]
    return named or [topic for topic in topics if words in _letters(topic.text)][:3]


def _letters(text: str) -> str:
    """`wifi` for `Wi-Fi`."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _card(topic: Topic) -> Card:
    where = " · ".join(part for part in (topic.place, topic.hours) if part)
    return Card(topic.name, tuple((line,) for line in (where, topic.text) if line))


def _buttons(topics: list[Topic] | tuple[Topic, ...]) -> tuple[Button, ...]:
    return tuple(Button(topic.name, "info", {"topic": topic.name}) for topic in topics[:MOST_BUTTONS])


COMMAND = Command(
    "info",
    "What the organizers wrote about a topic",
    handle,
    (TOPIC,),
    examples=("/info wi-fi",),
)
