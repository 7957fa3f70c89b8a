"""What people type: every character of a title counts, looks decide what is equal, and the length is limited."""

import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app.command_spec import PROSE, SESSION, TEXT, StaticContext, UnclearError
from bot.app.command_spec.command import MAX_ARGUMENT_CHARACTERS
from bot.app.command_spec.parser import split_arguments, split_words
from bot.app.messages import Request
from bot.app.registry import all_commands
from bot.domain.imports.resolve import resolve_draft
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session
from bot.domain.search_query.names import Names
from bot.search import index_of
from bot.sources import read_draft
from tests.builders import FORUM, at, schedule, session
from tests.fakes.app_harness import AppHarness

TITLES = (
    "It's five o'clock somewhere",
    "Rock 'n' Roll your own CI",
    "What's new in O'Caml",
    "Don’t panic",
    "Regex \\d+ and C:\\new paths",
    "„Überraschung“ für alle",
    'The "best" talk',
    "«Bonjour, tout le monde»",
    "What “it just works” means",
    "Two  spaces",
    "Breaking the code: a history",
    "Data protection at scale with AWS Backup",
    "Basics of software publication",
    "Why we do it only once",
    "Go",
)
SESSIONS = tuple(session(f"Q{number}", at(9 + number), FORUM, title=title) for number, title in enumerate(TITLES))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        *((title, title) for title in TITLES),
        ("It’s five o’clock somewhere", TITLES[0]),
        ("rock ‘n’ roll your own ci", TITLES[1]),
        ("Don't panic", TITLES[3]),
        ("C:\\new", TITLES[4]),
        (unicodedata.normalize("NFD", "Überraschung für alle"), TITLES[5]),
        ("“Überraschung” für alle", TITLES[5]),
        ('"The best talk"', TITLES[6]),
        ("“The best talk”", TITLES[6]),
        ("Bonjour, tout le monde", TITLES[7]),
        ('What "it just works" means', TITLES[8]),
        ("two spaces", TITLES[9]),
    ],
)
async def test_a_title_is_found_as_it_is_written(typed: str, title: str) -> None:
    app = await AppHarness().publish(schedule(SESSIONS))
    reply = await app.ask(f"/session {typed}")
    assert not reply.is_error
    assert reply.cards[0].title.startswith(f"{title} (Q")


@pytest.mark.parametrize("command", ["attend", "skip", "whosgoing", "onmyway", "session"])
async def test_a_title_with_words_of_other_parameters_is_not_divided(command: str) -> None:
    app = await AppHarness().publish(schedule(SESSIONS))
    for talk in SESSIONS:
        reply = await app.ask(f"/{command} {talk.title}")
        assert talk.title in f"{app.text(reply)}"
        assert not reply.is_error, talk.title


async def test_words_after_a_whole_title_belong_to_the_other_parameters() -> None:
    app = await AppHarness().publish(schedule(SESSIONS))
    assert (await app.say("/attend Basics of software publication reserved")).startswith(
        "You're going, with a reserved seat."
    )
    backup = await app.say("/attend Go backup of Basics of software publication")
    assert backup.startswith('Added as a backup for "Basics of software publication".')


@pytest.mark.parametrize(
    ("file", "zone"),
    [
        ("reinvent2024_facts.csv", "America/Los_Angeles"),
        ("fosdem_2026.xml", ""),
        ("scale_22x.json", "America/Los_Angeles"),
    ],
)
def test_every_title_of_real_schedules_is_read_as_it_is_written(shared_data: Path, file: str, zone: str) -> None:
    made = resolve_draft(read_draft(shared_data / "schedules" / file), "real", zone, ()).schedule
    context = StaticContext(now=at(8), schedule=made, search=index_of(made), commands=all_commands())
    titles = {talk.title for talk in made.sessions if len(talk.title) <= MAX_ARGUMENT_CHARACTERS}
    for command in ("session", "attend", "skip"):
        params = all_commands()[command].params
        for title in titles:
            ((name, text),) = split_arguments(title, params, context).items()
            assert (command, name, fold(text)) == (command, "code", fold(title))
    for title in titles:
        try:
            assert SESSION.read(title, context).title.casefold() == title.casefold()
        except UnclearError as unclear:
            named = {made.by_code[option.value.upper()].title.casefold() for option in unclear.options}
            assert named == {title.casefold()}, "a title of several sessions: only those are to choose from"


async def test_a_title_stored_in_decomposed_letters_is_found_too() -> None:
    stored = session("N1", at(9), FORUM, title=unicodedata.normalize("NFD", "Überraschung"))
    app = await AppHarness().publish(schedule((stored,)))
    reply = await app.ask("/attend Überraschung")
    assert not reply.is_error


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('"MGM Grand" it\'s', ["MGM Grand", "it's"]),
        ('venue:"MGM Grand" day:monday', ["venue:MGM Grand", "day:monday"]),
        ("“two words” „one“ „never closed", ["two words", "„one“", "„never", "closed"]),
        ('say "he said \\"no\\" twice"', ["say", 'he said "no" twice']),
        ('5" disks', ['5"', "disks"]),
        ('"" a', ["", "a"]),
        ("C:\\ \\n \\", ["C:\\", "\\n", "\\"]),
        ('"C:\\"', ['"C:\\"']),
    ],
)
def test_only_double_quotes_keep_words_together(line: str, words: list[str]) -> None:
    assert [word.text for word in split_words(line)] == words


@pytest.mark.parametrize("unit", ['"', '"a ', '"\\" ', "“a ", "a\\", 'a:"', "“a“ "])
def test_no_line_is_split_for_ever(unit: str) -> None:
    begins = time.process_time()
    split_words(unit * 50_000)
    assert time.process_time() - begins < 5


class NoSearch:
    """A search index that must not be asked."""

    @property
    def names(self) -> Names:
        raise AssertionError

    def correction(self, word: str) -> str | None:
        raise AssertionError(word)

    def about(self, words: Sequence[str], *, every: bool = True) -> list[int]:
        raise AssertionError(words)

    def search(self, words: str, limit: int) -> list[Session]:
        raise AssertionError(words)

    def nearest(self, text: str, limit: int) -> list[Session]:
        raise AssertionError(text)


@pytest.mark.parametrize("length", [201 + 8, 6_000, 100_000])
@pytest.mark.parametrize("command", ["session", "attend", "skip", "whosgoing", "find", "timezone", "walk", "here"])
async def test_a_long_argument_is_refused_before_anything_searches_for_it(command: str, length: int) -> None:
    app = await AppHarness().publish(schedule(SESSIONS))
    app.dispatch.schedules.indexer = lambda _: NoSearch()
    reply = await app.ask(f"/{command} {'x' * length * 3}")
    assert reply.is_error
    assert "too long" in app.text(reply)
    assert len(app.text(reply)) < 200


async def test_the_sentence_says_how_long_it_is_and_how_long_it_may_be(app: AppHarness) -> None:
    assert await app.say(f"/session {'x' * 201}") == (
        "The code is too long: 201 characters, and at most 200 are allowed."
    )
    assert await app.say(f"/session {'x' * 6_000}") == (
        "That is too long: 6,000 characters, and /session takes at most 208."
    )


async def test_a_long_argument_of_a_button_or_a_form_is_refused_too(app: AppHarness) -> None:
    request = Request("console", "club", "ada", "session", arguments={"code": "x" * 201})
    reply = await app.dispatch.handle(request)
    assert app.text(reply) == "The code is too long: 201 characters, and at most 200 are allowed."


async def test_nothing_is_suggested_for_a_long_text(app: AppHarness) -> None:
    request = Request("console", "club", "ada", "session")
    assert await app.dispatch.suggest(request, "code", "ARC" + "x" * 6_000) == ()


async def test_the_name_of_an_unknown_command_is_cut(app: AppHarness) -> None:
    text = await app.say("/" + "x" * 100_000)
    assert text == f"There is no command /{'x' * 40}. See them all with /help."


@pytest.mark.parametrize("zone", ["Factory", "localtime", "posixrules", "a/" * 3_000, "x" * 6_000, "../" * 60])
async def test_what_is_no_time_zone_of_a_place_is_refused_in_a_sentence(app: AppHarness, zone: str) -> None:
    reply = await app.ask(f"/timezone {zone}")
    assert reply.is_error
    assert "log id" not in app.text(reply)


def test_every_parameter_has_a_limit_that_platforms_take() -> None:
    limits = {param.type.max_length for command in all_commands().values() for param in command.params}
    assert min(limits) > 0
    assert max(limits) <= 3_000, "Slack takes no more in a form, Discord 4,000"
    assert (TEXT.max_length, SESSION.max_length) == (MAX_ARGUMENT_CHARACTERS, MAX_ARGUMENT_CHARACTERS)
    assert PROSE.max_length == 1_500
