from bot.domain.walks.level import HIGHEST, LOWEST, SURE, adapted_level


def test_kept_promises_leave_the_level() -> None:
    assert adapted_level([]) == SURE
    assert abs(adapted_level([(100, 90), (0, 0), (50, 45)]) - SURE) < 1e-9


def test_after_a_day_of_broken_promises_more_is_promised() -> None:
    assert 0.915 < adapted_level([(20, 10)]) < 0.925


def test_a_promise_of_one_person_hardly_moves_it() -> None:
    assert adapted_level([(1, 0)]) < SURE + 0.01


def test_it_stays_within_its_bounds() -> None:
    assert adapted_level([(1000, 0)] * 9) == HIGHEST
    assert adapted_level([(1000, 1000)] * 99) == LOWEST
