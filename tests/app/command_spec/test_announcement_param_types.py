"""Audiences and moments as people type them, and what reading a hostile line costs at most."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.app.command_spec import StaticContext
from bot.app.command_spec.announcement_param_types import MOST_JOINTS, TARGET, Target
from bot.app.command_spec.moments import MOMENT
from bot.app.ports import SearchIndex
from bot.app.registry import all_commands
from bot.domain.announcements.audience import Audience, Term, Who
from bot.domain.errors import BadInputError
from bot.domain.schedule.session import Session
from bot.domain.search_query.names import Names
from bot.search import index_of
from tests.builders import ARC, FORUM, MGM, NOWHERE, VENETIAN, at, schedule

MADE = schedule([replace(ARC, track="Data and Privacy, Security & Law")], venues=(VENETIAN, FORUM, MGM, NOWHERE))


@dataclass
class CountingIndex:
    """A search index that counts its searches."""

    index: SearchIndex = field(default_factory=lambda: index_of(MADE))
    searches: int = 0

    @property
    def names(self) -> Names:
        return self.index.names

    def correction(self, word: str) -> str | None:
        return self.index.correction(word)

    def about(self, words: Sequence[str], *, every: bool = True) -> list[int]:
        return self.index.about(words, every=every)

    def search(self, words: str, limit: int) -> list[Session]:
        self.searches += 1
        return self.index.search(words, limit)

    def nearest(self, text: str, limit: int) -> list[Session]:
        self.searches += 1
        return self.index.nearest(text, limit)


def context(index: CountingIndex | None = None) -> StaticContext:
    return StaticContext(now=at(8), schedule=MADE, search=index or CountingIndex(), commands=all_commands())


GOING, HOTEL = Term(Who.GOING, "arc301"), Term(Who.HOTEL, "MGM Grand")
TRACK = Term(Who.TRACK, "Data and Privacy, Security & Law")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("everyone", []),
        ("going ARC301 and hotel MGM", [GOING, HOTEL]),
        ("going to ARC301,hotel MGM+organizers", [GOING, HOTEL, Term(Who.ORGANIZERS)]),
        ("going ARC301 and", [GOING]),
        ("going ARC301  AND\n hotel MGM", [GOING, HOTEL]),
        ("track Data and Privacy, Security & Law and hotel MGM", [TRACK, HOTEL]),
        ("hotel MGM & track data and privacy, security & law", [HOTEL, TRACK]),
        (" and ".join(["hotel MGM"] * 30), [HOTEL]),
    ],
)
def test_terms_are_joined_by_and_also_where_a_name_has_the_word(text: str, terms: list[Term]) -> None:
    assert TARGET.read(text, context()) == Target(Audience(tuple(terms)))


@pytest.mark.parametrize("text", ["", " ", "and", "going ARC301 and and hotel MGM", ",,,", "nobody"])
def test_what_is_no_audience_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        TARGET.read(text, context())


@pytest.mark.parametrize(
    "text", ["<@&100>", "to <@&100|Crew> and #general", "<!subteam^S1|@crew>", "going ARC301 and <@&1>"]
)
def test_a_role_is_refused_with_the_reason_and_what_to_do(text: str) -> None:
    with pytest.raises(BadInputError, match=r"I can't write to a role or a user group: .* Post it in a channel"):
        TARGET.read(text, context())


@pytest.mark.parametrize("pump", ["x, ", "x and ", "+x", "&"])
def test_a_line_of_joining_words_is_read_a_few_times_only(pump: str) -> None:
    index = CountingIndex()
    with pytest.raises(BadInputError):
        TARGET.read(("going " + pump * 400)[: TARGET.max_length], context(index))
    assert index.searches <= 2 * (MOST_JOINTS + 1)


@pytest.mark.parametrize("text", ["10m before ARC301", "10m  BEFORE\n ARC301", "10 min before Queues that never sleep"])
def test_a_moment_before_a_session(text: str) -> None:
    moment = MOMENT.read(text, context())
    assert (moment.session, moment.before) == ("arc301", 10)


@pytest.mark.parametrize(
    "text", ["before ARC301", "10m before", "10m before ", "beforehand", "10m before before ARC301"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        MOMENT.read(text, context())
