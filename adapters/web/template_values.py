"""Neutral texts, buttons and replies as values for the templates, which escape them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.app.messages import Button, Card, Channel, Reply, Strong, Text, TimeForm, Typed, When
from bot.app.text.catalog import s
from bot.app.text.visible import visible
from bot.app.text.written_times import written

CHANGES = frozenset({"attend", "skip", "star", "onmyway", "here"})
"""Commands that a page may send: choices of sessions, and the person's place."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: plain, emphasized, to type, or a time.

    Attributes:
        at: a time in ISO 8601.
        form: how a script writes the time in the language of the reader.
        zone: the zone of the time, "" for that of the page.
    """

    kind: str
    text: str
    at: str = ""
    form: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button of a page: a form that sends a command, or a link to another page of the same person."""

    label: str
    command: str
    fields: Mapping[str, str]
    href: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class CardView:
    """A card; `session` is the id of the session that it shows, "" for none."""

    title: str
    lines: tuple[Sequence[Piece], ...]
    fields: tuple[tuple[str, Sequence[Piece]], ...]
    session: str = ""


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply to a command."""

    lines: tuple[Sequence[Piece], ...]
    cards: tuple[CardView, ...]
    actions: tuple[Action, ...]
    links: tuple[tuple[str, str], ...]
    is_error: bool


def pieces(text: Text) -> Sequence[Piece]:
    """Return a text as pieces; text of others has no characters that hide or reverse what stands beside it."""
    return [piece for part in text for piece in (_times(part) if isinstance(part, When) else (_piece(part),))]


def _times(when: When) -> Sequence[Piece]:
    """A time at the conference, and in the reader's own zone if they chose another."""
    plain_time, both_times = written(replace(when, own=None)), written(when)
    form = TimeForm.TIME if when.form is TimeForm.RELATIVE else when.form
    piece = Piece("time", plain_time, when.at.isoformat(), form.value)
    if both_times == plain_time or when.own is None:
        return (piece,)
    own = replace(when, zone=when.own, own=None, form=TimeForm.TIME)
    own_time = Piece("time", written(own), when.at.isoformat(), TimeForm.TIME.value, when.own)
    return piece, Piece("plain", " ("), own_time, Piece("plain", s(" in {zone})", zone=when.own))


def _piece(part: object) -> Piece:
    match part:
        case Strong():
            return Piece("strong", _inline(part.text))
        case Typed():
            return Piece("typed", _inline(part.line))
        case Channel():
            return Piece("plain", "#" + _inline(part.id))
    return Piece("plain", _inline(str(part)))


def _inline(text: str) -> str:
    """The text on one line; spaces at its ends separate it from its neighbours."""
    inner = visible(text)
    before, after = " " if text[:1].isspace() else "", " " if text[-1:].isspace() else ""
    return f"{before}{inner}{after}" if inner else " " * bool(text)


def action(button: Button, here: str) -> Action | None:
    """Return what a page does for a button; None if it can only be typed in a chat.

    Args:
        button: a button of a reply.
        here: the relative link to the page of the person.
    """
    if button.asks:
        return None
    label = visible(button.label)
    if button.command in CHANGES:
        seen = {"seen": str(button.seen)} if button.seen is not None else {}
        fields = {**seen, **{f"a.{name}": value for name, value in button.arguments.items()}}
        return Action(label, button.command, fields, primary=button.primary)
    if button.command == "find" and "words" in button.arguments:
        return Action(label, "", {}, f"{here}find?{urlencode({'q': button.arguments['words']})}")
    if button.command == "agenda" and "day" in button.arguments:
        return Action(label, "", {}, f"{here}?{urlencode({'day': button.arguments['day']})}")
    return None


def actions(buttons: Iterable[Button], here: str) -> tuple[Action, ...]:
    """Return what a page does for buttons, without those that can only be typed."""
    return tuple(converted for button in buttons if (converted := action(button, here)))


def reply_view(reply: Reply, here: str) -> ReplyView:
    """Return a reply for a template. Files are left out: a page has none."""
    sessions = [*reply.listed, *([""] * len(reply.cards))]
    return ReplyView(
        lines=tuple(pieces(line) for line in reply.lines if not _names_a_number(line)),
        cards=tuple(_card(card, session) for card, session in zip(reply.cards, sessions, strict=False)),
        actions=actions(reply.buttons, here),
        links=tuple((visible(link.label), link.url) for link in reply.links),
        is_error=reply.is_error,
    )


def _names_a_number(line: Text) -> bool:
    """Whether a line says to type the number of a session: on a page sessions have buttons and no numbers."""
    return any(isinstance(part, Typed) and part.line == "/attend 1" for part in line)


def _card(card: Card, session: str) -> CardView:
    fields = tuple((visible(field.name), pieces(field.value)) for field in card.fields)
    return CardView(visible(card.title), tuple(map(pieces, card.lines)), fields, session if card.number else "")


def plain(reply: Reply) -> str:
    """Return the lines of a reply as one text, for a message of a page."""
    lines = ("".join(piece.text for piece in pieces(line)) for line in reply.lines)
    titles = (visible(card.title) for card in reply.cards)
    return "\n".join((*lines, *titles))


def without_choices(reply: Reply) -> Reply:
    """Return a reply without its buttons."""
    return replace(reply, buttons=())
