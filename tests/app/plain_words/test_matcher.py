"""What people write, and which command it means.

`sentences.txt` and `small_talk.txt` were written by somebody who did not write the matcher.
"""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.command_spec import StaticContext, UnclearError
from bot.app.plain_words import MAX_CHARACTERS, MAX_MEANINGS, Understood, understand
from bot.app.plain_words.language import english
from bot.app.registry import all_commands
from bot.domain.travel.venue import Venue
from bot.search import index_of
from tests.builders import at, schedule, session

FOLDER = Path(__file__).parent
LEAST_SHARE = 0.9
GREETING, SMALL_TALK, HELPFUL_LINE = "help", "(no answer)", "(one helpful line)"
TAKES_SESSION = frozenset(("session", "attend", "skip", "onmyway", "whosgoing", "star"))

VENETIAN, MGM, FORUM = Venue("Venetian", ("The Venetian",)), Venue("MGM Grand", ("MGM",)), Venue("Caesars Forum")
VENUES = (VENETIAN, MGM, FORUM, *map(Venue, ("Wynn", "Encore", "Mandalay Bay", "Bellagio", "Caesars Palace")))
SESSIONS = (
    session("ARC301", at(9), VENETIAN, title="Queues that never sleep", speakers=("Ada Byron",), track="Architecture"),
    session("ARC205", at(10), FORUM, title="Serverless at any size"),
    session("DAT322", at(11), MGM, title="Databases, and how they fail", track="Data"),
    session("SEC310", at(13), VENETIAN, title="Keys, locks and doors", track="Security"),
    session("CON201", at(14), MGM, title="Kubernetes without tears: a workshop"),
    session("AIM330", at(15), FORUM, title="Workshop: agents on Bedrock"),
    session("COP210", at(16), VENETIAN, title="Cost optimization for the rest of us"),
    session("KEY001", at(8, 30, 30), VENETIAN, title="Opening keynote"),
    session("KEY002", at(16, 30, 30), VENETIAN, title="Closing keynote"),
    session("COM400", at(17), FORUM, title="Coffee and cameras: how we built it"),
)
MADE = schedule(SESSIONS, venues=VENUES, ways=())
CONTEXT = StaticContext(
    now=at(8), schedule=MADE, search=index_of(MADE), commands=all_commands(), last_list=("arc301", "arc205", "sec310")
)


def rows(name: str) -> list[str]:
    lines = map(str.strip, (FOLDER / name).read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def meanings(text: str) -> list[str]:
    """The commands that a line may mean, as typed lines."""
    found: Understood = understand(text, CONTEXT)
    if found.is_greeting:
        return [GREETING]
    if found.is_small_talk:
        return [SMALL_TALK]
    lines = [" ".join((meaning.command, *meaning.arguments.values())) for meaning in found.meanings]
    return lines or [HELPFUL_LINE]


def plain(line: str) -> str:
    return " ".join(line.casefold().replace("-", "").split())


def is_meant(found: str, wanted: str) -> bool:
    """Whether a meaning is what was wanted.

    Wanted without an argument, a command may have those that the sentence has: "today", "slow". A session is another
    matter.
    """
    command, _, argument = plain(wanted).partition(" ")
    same = plain(found).partition(" ")[0] == command
    return plain(found) == plain(wanted) or (same and not argument and command not in TAKES_SESSION)


def test_most_sentences_of_somebody_else_are_right_at_once_or_among_three_buttons() -> None:
    right, among, missed = 0, 0, []
    for row in rows("sentences.txt"):
        text, _, wanted = row.partition(" => ")
        found = meanings(text)
        fitting = [one for one in found if any(is_meant(one, choice) for choice in wanted.split("|"))]
        right += len(found) == 1 and bool(fitting)
        among += bool(fitting)
        missed += [] if fitting else [f"{text}: {found}, not {wanted}"]
    total = len(rows("sentences.txt"))
    assert total >= 120
    assert among >= LEAST_SHARE * total, missed
    # Both are better today. A change that costs more than a few of them needs a look.
    assert (right >= 153, among >= 162) == (True, True), (right, among, missed)


def test_a_planned_day_is_understood_in_plain_words() -> None:
    missed = []
    for row in rows("sentences_of_a_day.txt"):
        text, _, wanted = row.partition(" => ")
        found = meanings(text)
        fits = len(found) == 1 and any(is_meant(found[0], choice) for choice in wanted.split("|"))
        missed += [] if fits else [f"{text}: {found}, not {wanted}"]
    assert len(missed) <= 6, missed


@pytest.mark.parametrize(
    "text",
    [
        "I'm so full",
        "my bag is full",
        "we are full of ideas",
        "nice talk!",
        "it was great to meet you",
        "I got into data science last year",
        "plan B it is",
        "that coffee was terrible",
        "take care",
        "they have great stairs here",
    ],
)
def test_what_only_sounds_like_a_planned_day_stores_nothing(text: str) -> None:
    changing = ("room", "feedback", "plan take", "plan undo", "sure", "stepfree", "star", "later", "block")
    assert not any(meaning.startswith(changing) for meaning in meanings(text)), meanings(text)


@pytest.mark.parametrize("text", rows("small_talk.txt"))
def test_small_talk_gets_no_answer(text: str) -> None:
    assert meanings(text) == [SMALL_TALK]


def test_a_greeting_to_hallway_is_how_people_begin() -> None:
    assert [meanings(text) for text in ("hi", "good morning", "hello Hallway")] == [[GREETING]] * 3


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # Typing errors, and words in another order.
        ("nxet sesion", "nextsession"),
        ("were is my nex talk", "nextsession"),
        ("whats on my agneda tommorow", "agenda tomorrow"),
        ("ARC301 where is it", "session ARC301"),
        ("my agenda remove ARC301 from", "skip ARC301"),
        ("on wensday what do I have", "agenda wednesday"),
        ("how far is mgm from the venetain", "walk Venetian MGM Grand"),
        # Apostrophes, capitals, lengthened words, marks.
        ("WHAT’S NEXT???", "nextsession"),
        ("what`s neeeext", "nextsession"),
        ("«my agenda»", "agenda"),
        ("*where is ARC301?*", "session ARC301"),
        # Courtesy and several sentences.
        ("Hi Hallway, could you please tell me where ARC301 is?", "session ARC301"),
        ("Thanks! And what's next?", "nextsession"),
        # Codes, numbers of the last list, titles.
        ("arc 301", "session ARC301"),
        ("where is SEC-310", "session SEC310"),
        ("ARC31", "session ARC31"),
        ("add the second one", "attend 2"),
        ("details of number three", "session 3"),
        ("2", "session 2"),
        ("where is queues that never sleep", "session ARC301"),
        ("I can't make it to the opening keynote", "skip KEY001"),
        # Arguments of all kinds.
        ("add SEC310 as a backup for DAT322", "attend SEC310 backup of DAT322"),
        ("I have a seat in ARC301", "attend ARC301 reserved"),
        ("what's next at the MGM Grand", "nextsession MGM Grand"),
        ("WTF is going on", "now"),
        ("quiet from 22 to 7", "nudges 22-7"),
        ("remind me 20 minutes before", "nudges 20minutes"),
        ("quiet hours 22:00 to 07:00", "nudges 22:00-07:00"),
        ("find talks about security tomorrow at the Venetian", "find security tomorrow Venetian"),
        ("anything tomorrow at the Venetian on security", "find security tomorrow Venetian"),
        ("turn them on again", "nudges on"),
        ("talks by Ada Byron", "find Ada Byron"),
        ("Ada Byron", "find Ada Byron"),
        ("what's the wi-fi password", "info Wi-Fi"),
        ("show my agenda on nov 30th", "agenda nov 30"),
        ("I'm staying at the Luxor", "hotel Luxor"),
        # Commands without their slash, and their other names.
        ("walk Wynn to MGM Grand", "walk Wynn MGM Grand"),
        ("tomorrow calendar", "agenda tomorrow calendar"),
        ("me", "agenda"),
        # What is turned around by "not".
        ("I'm not going to ARC301", "skip ARC301"),
        ("star ARC301", "star ARC301"),
        ("please star the opening keynote", "star KEY001"),
        ("favorite SEC310", "star SEC310"),
        ("don't remind me", "nudges off"),
        ("where do I have to be at 11", "agenda"),
        ("where do I have to be tomorrow at 3 pm?", "agenda tomorrow"),
        ("where do I have to be", "nextsession"),
        ("what's in Room ARC301 after 3", "find Room ARC301 after 3"),
        ("what's next in room DAT322?", "find room DAT322"),
        ("is there anything on databases after 2 pm", "find databases after 2 pm"),
    ],
)
def test_a_clear_line_means_one_command(text: str, meant: str) -> None:
    assert list(map(plain, meanings(text))) == [plain(meant)]


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("where is the keynote", ["find keynote", "session keynote"]),
        ("add ARC301 and SEC310", ["attend ARC301", "attend SEC310"]),
        ("add 1 and 2", ["attend 1", "attend 2"]),
        ("what has changed", ["agenda", "news"]),
    ],
)
def test_what_is_not_clear_is_a_choice(text: str, choices: list[str]) -> None:
    assert sorted(meanings(text)) == choices


@pytest.mark.parametrize(
    "text",
    [
        "is there a place to wash my elephant",
        "where do I wash it",
        "can you book me a taxi home",
        "asdfgh",
        "add the elephant",
        "ARC301 zzz qqq?",
    ],
)
def test_a_question_that_nothing_fits_wants_an_answer(text: str) -> None:
    assert meanings(text) != [SMALL_TALK]


@pytest.mark.parametrize("text", ["", " ", "!!!", "🎉", "👍👍", "\u200b", "<>", "…"])
def test_a_line_without_words_is_small_talk(text: str) -> None:
    assert meanings(text) == [SMALL_TALK]


def test_the_examples_of_the_guide_mean_what_it_says() -> None:
    guide = (FOLDER.parents[2] / "docs" / "how-to" / "attendees.md").read_text("utf-8")
    examples = re.findall(r"^\| ([^|`]+) \| `/(\w+)", guide, re.MULTILINE)
    assert len(examples) > 10
    for sentences, command in examples:
        for text in sentences.split(" · "):
            assert [found.partition(" ")[0] for found in meanings(text)] == [command], text


def test_composed_and_decomposed_letters_mean_the_same() -> None:
    umlauts = session("U1", at(9), FORUM, title="Überraschung für Café-Gäste")
    made = schedule((umlauts,))
    context = StaticContext(now=at(8), schedule=made, search=index_of(made), commands=all_commands())
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize("NFC", unicodedata.normalize(form, "where is Überraschung für Café-Gäste"))
        (meaning,) = understand(text, context).meanings
        assert (meaning.command, meaning.arguments) == ("session", {"code": "U1"})


def test_a_command_of_organizers_is_never_guessed() -> None:
    for text in ("announce lunch is ready", "settings", "schedule", "organizer", "import the schedule"):
        assert all(
            not meaning.startswith(("announce", "settings", "schedule", "organizer")) for meaning in meanings(text)
        )


def test_a_command_with_words_for_no_parameter_is_read_without_a_fault() -> None:
    for name in CONTEXT.commands:
        for words in ("0", "quiet", "whatever it is", "1 2 3"):
            found = understand(f"{name} {words}", CONTEXT)
            assert "settings" not in [meaning.command for meaning in found.meanings]


@given(
    st.text(max_size=400) | st.lists(st.sampled_from([*english().vocabulary, "ARC301", "Wynn", "?", "2"])).map(" ".join)
)
def test_any_line_gives_at_most_three_commands_that_exist_with_their_own_parameters(text: str) -> None:
    found = understand(text, CONTEXT)
    assert len(found.meanings) <= MAX_MEANINGS
    assert not (found.meanings and (found.is_small_talk or found.is_greeting))
    for meaning in found.meanings:
        command = CONTEXT.commands[meaning.command]
        assert set(meaning.arguments) <= {param.name for param in command.params}
    assert understand(text, CONTEXT) == found


def test_what_is_behind_the_limit_is_not_read() -> None:
    assert meanings("what's next" + " " * MAX_CHARACTERS + "where is ARC301") == ["nextsession"]


def test_every_intention_of_the_table_is_a_command_with_values_that_it_takes() -> None:
    for intention in english().intentions:
        params = {param.name: param for param in all_commands()[intention.command].params}
        assert set(intention.takes.values()) | set(intention.fixed) <= set(params)
        for name, value in intention.fixed.items():
            param = params[name]
            try:
                param.type.read(value.removeprefix(f"{param.keyword} "), CONTEXT)
            except UnclearError:
                pytest.fail(f"{intention.command} does not take {value}")
        kinds = {phrase.text for phrase in intention.phrases if phrase.text}
        assert kinds <= set(intention.takes)


def test_every_word_of_a_phrase_can_be_said() -> None:
    """A phrase with a word that is always read as another one would never fit."""
    table = english()
    replaced = {word for intention in table.intentions for phrase in intention.phrases for word in phrase.words}
    assert (
        sorted(word for word in replaced if table.meanings.get(word, word) != word and word in table.short_forms) == []
    )
