from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pytest

from bot.domain.walks.group import Prior, fit
from bot.domain.walks.publishing import FEWEST_PEOPLE, LegState, Published, publish, published_crowd
from bot.domain.walks.voice import Voice
from bot.domain.walks.walk import Cells, Walk, WalkedLeg, fold
from tools.simulated_walks import walk

LEG, OTHER, NEVER = (WalkedLeg("Venetian", name) for name in ("Wynn", "Forum", "Mirage"))
PRIORS = {LEG: Prior(25), OTHER: Prior(15), NEVER: Prior(40)}


@dataclass
class Board:
    """What is public, and whose walks changed since: as the store and the refit job do it."""

    voices: dict[tuple[str, WalkedLeg], Voice] = field(default_factory=dict)
    changed: dict[WalkedLeg, set[str]] = field(default_factory=lambda: {leg: set() for leg in PRIORS})
    changed_at_all: set[str] = field(default_factory=set)
    public: dict[WalkedLeg, Published] = field(default_factory=dict)
    history: list[tuple[dict[WalkedLeg, Published], set[str]]] = field(default_factory=list)

    def tap(self, person: str, tapped: Walk) -> None:
        leg = tapped.batch.leg
        before = self.voices.get((person, leg))
        self.voices[person, leg] = before.after(tapped) if before else Voice.first(tapped)
        self._note(person, leg)

    def leave(self, person: str) -> None:
        for _, leg in [key for key in self.voices if key[0] == person]:
            del self.voices[person, leg]
            self._note(person, leg)

    def _note(self, person: str, leg: WalkedLeg) -> None:
        self.changed[leg].add(person)
        self.changed_at_all.add(person)
        self.refit()

    def refit(self) -> None:
        cells: Cells = {}
        fold(cells, [Walk(voice.batch, voice.half) for voice in self.voices.values()])
        people = {leg: sum(1 for _, walked in self.voices if walked == leg) for leg in PRIORS}
        states = {leg: LegState(people[leg], len(self.changed[leg])) for leg in PRIORS}
        new = publish(fit(cells, PRIORS), states, changed=len(self.changed_at_all))
        if new:
            self.history.append((new, self.changed_at_all))
            self.public |= new
            self.changed |= {leg: set() for leg in new if people[leg] >= FEWEST_PEOPLE}
            self.changed_at_all = set()


def taps(board: Board, minutes: Sequence[float], leg: WalkedLeg = LEG, first: int = 0) -> None:
    for number, long in enumerate(minutes, first):
        board.tap(f"person {number}", walk(long, leg))


def test_nothing_is_published_before_five_people_walked() -> None:
    board = Board()
    taps(board, [30] * 4)
    assert board.public == {}
    taps(board, [30], first=4)
    assert board.public[LEG].people == 5
    assert board.public[LEG].minutes in {28, 29, 30}


def test_one_person_alone_publishes_nothing_however_often_they_walk() -> None:
    board = Board()
    for leg in PRIORS:
        for _ in range(20):
            board.tap("one", walk(30, leg))
    assert board.public == {}


def test_a_leg_is_published_anew_after_five_more_people() -> None:
    board = Board()
    taps(board, [30] * 5)
    before = board.public[LEG]
    taps(board, [60] * 4, first=5)
    assert board.public[LEG] == before
    taps(board, [60], first=9)
    assert board.public[LEG].people == 10
    assert board.public[LEG].minutes > before.minutes


def test_a_leg_with_few_walks_is_published_from_the_others() -> None:
    board = Board()
    board.tap("one", walk(200, OTHER))
    taps(board, [35] * 6)
    # 200 minutes of one person: taken for junk in what all legs have in common, and unused for the leg itself.
    assert board.public[OTHER].people == 0
    assert board.public[OTHER].minutes <= 20
    assert board.public[NEVER].minutes > 40


@pytest.mark.parametrize("seed", range(20))
def test_nobody_can_read_a_walk_from_the_differences_of_what_is_published(seed: int) -> None:
    """An attacker looks after each tap, and removes people to compare; each difference is that of at least five."""
    random = Random(seed)
    board = Board()
    for _ in range(120):
        person = f"person {random.randrange(30)}"
        if random.random() < 0.15:
            board.leave(person)
        else:
            leg = random.choice((LEG, LEG, OTHER))
            board.tap(person, walk(PRIORS[leg].minutes * random.lognormvariate(0.1, 0.3), leg))
    assert len(board.history) > 3
    assert all(len(people) >= FEWEST_PEOPLE for _, people in board.history)


@pytest.mark.parametrize("minutes", [5, 20, 45, 120])
def test_what_is_published_stays_the_same_whatever_the_next_four_walk(minutes: float) -> None:
    board = Board()
    taps(board, [24, 26, 30, 31, 28, 27])
    # Five made it public; one more person is counted since.
    public = dict(board.public)
    taps(board, [minutes] * 3, first=6)
    taps(board, [minutes], leg=OTHER, first=8)
    assert board.public == public


@pytest.mark.parametrize("minutes", [5, 45, 120])
def test_the_one_who_leaves_is_not_seen_in_a_difference(minutes: float) -> None:
    board = Board()
    taps(board, [24, 26, 30, 31])
    board.tap("the one", walk(minutes))
    public = dict(board.public)
    board.leave("the one")
    assert board.public == public


def test_the_same_minutes_published_anew_hide_when_they_changed() -> None:
    board = Board()
    taps(board, [25] * 10)
    assert [LEG in new for new, _ in board.history] == [True, True]
    taps(board, [25] * 4, first=10)
    board.tap("the one", walk(25))
    assert len(board.history) == 3


def malicious(honest: int, liars: int, minutes: float, times: int = 1) -> Published:
    """The published minutes of a leg with a median of 25 and a true percentile of 32.3."""
    random = Random(7)
    found: list[tuple[float, float]] = []
    for _ in range(60):
        board = Board()
        people = [random.lognormvariate(3.219, 0.2) for _ in range(honest)]
        voices = [Voice.first(walk(one)) for one in people]
        for _ in range(liars):
            voice = Voice.first(walk(minutes))
            for _ in range(times - 1):
                voice = voice.after(walk(minutes))
            voices.append(voice)
        board.voices = {(str(number), LEG): voice for number, voice in enumerate(voices)}
        board.changed_at_all = set(map(str, range(len(voices))))
        board.changed[LEG] = board.changed_at_all
        board.refit()
        found.append((board.public[LEG].minutes, board.public[LEG].p90))
    return Published(
        round(sum(one for one, _ in found) / len(found)), round(sum(one for _, one in found) / len(found)), len(voices)
    )


def test_honest_walks_give_the_true_minutes() -> None:
    assert malicious(10, 0, 0) == Published(25, 32, 10)


def test_a_person_with_fifty_taps_of_a_minute_changes_nothing() -> None:
    assert malicious(5, 1, 1, 50) == Published(25, 32, 6)
    assert malicious(10, 1, 1, 50) == Published(25, 32, 11)


def test_three_liars_who_say_twelve_minutes_make_nobody_late() -> None:
    assert malicious(10, 3, 12) == Published(21, 32, 13)
    assert malicious(7, 3, 12) == Published(20, 31, 10)


def test_three_liars_who_say_ninety_minutes_cost_a_few_minutes() -> None:
    assert malicious(5, 3, 90) == Published(28, 43, 8)
    assert malicious(10, 3, 90) == Published(25, 33, 13)


def test_the_published_percentile_stays_near_the_static_one_until_ten_people_walked() -> None:
    board = Board()
    taps(board, [200] * 9)
    assert board.public[LEG].p90 <= 2 * 42
    taps(board, [200] * 10, first=9)
    assert board.public[LEG].p90 > 180


def crowd(calm: int, peak: int) -> float:
    cells: Cells = {}
    fold(cells, [walk(25, LEG)] * calm + [walk(32, LEG, peak=True)] * peak)
    return published_crowd(fit(cells, PRIORS), cells)


def test_the_crowd_is_published_from_five_people_in_it_and_five_outside_it() -> None:
    assert (crowd(9, 4), crowd(4, 9)) == (1, 1)
    assert 1.15 < crowd(20, 20) < 1.3
