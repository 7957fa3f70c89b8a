from bot.domain.walks.voice import REMEMBERED, Voice
from bot.domain.walks.walk import WalkOutcome
from tools.simulated_walks import walk


def spoken(*minutes: float) -> Voice:
    voice = Voice.first(walk(minutes[0]))
    for later in minutes[1:]:
        voice = voice.after(walk(later))
    return voice


def test_the_first_walk_counts_as_it_is() -> None:
    assert Voice.first(walk(20)) == Voice(walk(20).batch, 40, ((WalkOutcome.ARRIVED, 40),))


def test_all_walks_of_a_person_count_once_by_their_median() -> None:
    assert spoken(20, 30, 22).half == 44
    assert spoken(20, 30).half == 40


def test_fifty_taps_are_still_one_voice() -> None:
    voice = spoken(*[1] * 50)
    assert voice.half == 2
    assert len(voice.walks) == REMEMBERED


def test_an_arrival_takes_the_place_of_the_not_yet_before_it() -> None:
    pending = Voice.first(walk(25, outcome=WalkOutcome.NOT_YET))
    assert pending.batch.outcome is WalkOutcome.NOT_YET
    assert pending.after(walk(31)) == Voice(walk(31).batch, 62, ((WalkOutcome.ARRIVED, 62),))


def test_a_not_yet_that_never_ended_stays_beside_a_shorter_walk() -> None:
    voice = Voice.first(walk(25, outcome=WalkOutcome.NOT_YET)).after(walk(10, day=1))
    assert voice.walks == ((WalkOutcome.NOT_YET, 50), (WalkOutcome.ARRIVED, 20))
    assert (voice.half, voice.batch.outcome) == (20, WalkOutcome.ARRIVED)
