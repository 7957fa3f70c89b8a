"""`/info [topic]`: the organizers' information about badges, shuttles, Wi-Fi and more; `/info edit` writes it."""

from difflib import get_close_matches

from bot.app.command_spec import Call, Command, Context
from bot.app.editing.topics import (
    ACTION,
    EDIT,
    FORM,
    HOURS,
    PARAMS,
    PLACE,
    REMOVE,
    asked_text,
    edit_topic,
    remove_topic,
    topic_card,
)
from bot.app.messages import Button, Reply
from bot.app.text import s, t
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Topic

MOST_BUTTONS = 12


async def handle(call: Call, context: Context) -> Reply:
    """Show one topic, or all of them to choose from. Organizers write and remove topics."""
    if (action := call.get(ACTION)) is not None:
        return await (edit_topic if action == EDIT else remove_topic)(call, context)
    if call.get(PLACE) or call.get(HOURS):
        raise BadInputError(s("To write about a topic, type /info edit TOPIC TEXT."))
    topics, asked = context.schedule.topics, asked_text(call)
    if not topics and asked:
        nothing = t('The organizers have written nothing about "{topic}" yet.', topic=asked)
        return Reply((nothing,), buttons=(Button(s("Search the sessions"), "find", {"words": asked}),))
    if not topics:
        return Reply((t("The organizers haven't added any information yet."),))
    if not asked:
        return Reply((t("What would you like to know about?"),), buttons=_buttons(topics))
    if matches := _matching(asked, topics):
        return Reply(cards=tuple(topic_card(topic) for topic in matches))
    near = get_close_matches(asked, [topic.name for topic in topics], 3, 0.3)
    nearest = [topic for topic in topics if topic.name in near] or topics
    text = t('I found nothing about "{topic}". Did you mean one of these?', topic=asked)
    return Reply((text,), buttons=_buttons(nearest), is_error=True)


def _matching(asked: str, topics: tuple[Topic, ...]) -> list[Topic]:
    words = _letters(asked)
    named = [topic for topic in topics if words in _letters(topic.name)]
    return named or [topic for topic in topics if words in _letters(topic.text)][:3]


def _letters(text: str) -> str:
    """Return only the letters and digits: `wifi` for `Wi-Fi`."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _buttons(topics: list[Topic] | tuple[Topic, ...]) -> tuple[Button, ...]:
    return tuple(Button(topic.name, "info", {"topic": topic.name}) for topic in topics[:MOST_BUTTONS])


COMMAND = Command(
    "info",
    "What the organizers wrote about a topic",
    handle,
    PARAMS,
    examples=("/info wi-fi", "/info edit Lunch In every hotel, level 1. hours: 11:30-13:30", "/info remove Lunch"),
    forms={EDIT: FORM},
    reserved=frozenset({EDIT, REMOVE}),
)
