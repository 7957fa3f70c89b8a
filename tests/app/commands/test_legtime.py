"""`/legtime`: what organizers know about a way, told to everybody at once."""

from tests.builders import MGM, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

MONORAIL = "/legtime Venetian to MGM monorail 20 30 wait 4 hours 07:00-02:00 days mon-fri metres 600"
SAVED = (
    "Saved: Venetian to MGM Grand by monorail, 20 min, 30 min for 9 in 10, wait 4 min, 600 m on foot, "
    "Mon-Fri 07:00-02:00, both ways. I've updated the plans of everyone affected."
)


async def test_only_organizers_set_ways(app: AppHarness) -> None:
    assert await app.say("/legtime Venetian to MGM 20") == "Only organizers can use /legtime."


async def test_a_ride_with_its_hours_is_advised_from_now_on(app: AppHarness) -> None:
    assert "49 min walk from Venetian to MGM Grand" in await app.say("/walk Venetian to MGM")
    assert (await app.say(MONORAIL, organizer=True)).startswith(SAVED)
    assert "monorail from Venetian to MGM Grand" in await app.say("/walk Venetian to MGM")
    app.clock.move_to(at(3))
    assert "49 min walk from Venetian to MGM Grand" in await app.say("/walk Venetian to MGM")


async def test_a_changed_fact_keeps_the_others(app: AppHarness) -> None:
    await app.say(MONORAIL, organizer=True)
    answer = await app.say("/legtime Venetian to MGM monorail hours 09:00-18:00", organizer=True)
    assert answer.startswith(SAVED.replace("07:00-02:00", "09:00-18:00"))


async def test_a_wrong_place_behind_from_or_to_is_named_itself(app: AppHarness) -> None:
    for line in (
        "/legtime Venetian to Nowhere 12",
        "/legtime from Venetian to Nowhere 12",
        "/walk Venetian to Nowhere",
    ):
        assert (await app.say(line, organizer=True)).startswith('I don\'t know the venue "Nowhere" at this conference.')


async def test_new_usual_minutes_forget_the_old_spread(app: AppHarness) -> None:
    await app.say(MONORAIL, organizer=True)
    answer = await app.say("/legtime Venetian to MGM monorail 25", organizer=True)
    assert "by monorail, 25 min, wait 4 min" in answer


async def test_it_is_undone_with_one_button_and_removed_with_one_word(app: AppHarness) -> None:
    before = await app.say("/walk Venetian to MGM")
    first = await app.ask(MONORAIL, organizer=True)
    assert await app.press(first, "Undo", organizer=True) == (
        "Undone: the change of Venetian to MGM Grand by monorail.\nI've updated the plans of everyone affected."
    )
    assert await app.say("/walk Venetian to MGM") == before
    await app.say(MONORAIL, organizer=True)
    answer = await app.say("/legtime Venetian to MGM monorail remove", organizer=True)
    assert answer.startswith("Removed: Venetian to MGM Grand by monorail, 20 min")
    assert await app.say("/walk Venetian to MGM") == before
    assert await app.say("/legtime Venetian to MGM tram remove", organizer=True) == (
        "No organizer has set Venetian to MGM Grand by tram."
    )


async def test_everybody_on_that_way_is_planned_again_in_the_same_moment() -> None:
    early, late = session("A1", at(8, 10), VENETIAN, 30), session("B1", at(11), MGM)
    app = await AppHarness().publish(schedule((early, late), ways=()))
    await app.talk_to("bob", "/attend A1", "/attend B1", "/nudges on")
    await app.say("/legtime Venetian to MGM 70 80", organizer=True)
    sent = [message for message in await app.wait(hours=3) if message[1] == "bob"]
    assert [(when, str(kind)) for when, _, kind in sent][-1:] == [("Mon 09:10", "leave-by")]


async def test_without_minutes_it_says_what_is_known(app: AppHarness) -> None:
    answer = await app.say("/legtime Forum to Venetian", organizer=True)
    assert answer.startswith(
        "To set the minutes, and those that are enough for 9 in 10: /legtime Caesars Forum to Venetian 12 18\n"
        "From Caesars Forum to Venetian\n"
        "   Venetian to Caesars Forum (walk), 18 min"
    )


async def test_what_cannot_be_is_explained(app: AppHarness) -> None:
    assert await app.say("/legtime Venetian to MGM 20 10", organizer=True) == (
        "9 in 10 people need at least the usual minutes: give 20 or more."
    )
    assert await app.say("/legtime Venetian to Venetian 3", organizer=True) == (
        "Both are Venetian. To set its minutes inside: /venue inside."
    )


async def test_who_asks_a_little_before_the_first_ride_is_told_to_wait_for_it(app: AppHarness) -> None:
    app.clock.move_to(at(6, 50))
    await app.say("/legtime MGM to Venetian monorail 27 33 hours 07:00-19:00", organizer=True)
    assert (await app.say("/walk MGM to Venetian")).startswith(
        "33 min by monorail from MGM Grand to Venetian (enough for 9 in 10, set by the organizers). "
        "Usually it takes 27.\nThe first monorail goes at 07:00.\nOr the walk: 49 min.\n"
    )


async def test_a_first_ride_that_is_too_late_to_be_sure_of_it_is_named_and_the_last_one_is_taken() -> None:
    early = session("KEY1", at(7, 47), VENETIAN, title="Opening keynote")
    late = session("PTY1", at(19, 55), VENETIAN, title="Jam session")
    app = await AppHarness(moment=at(5)).publish(schedule((early, late)))
    await app.say("/legtime MGM to Venetian monorail 27 33 hours 07:00-19:00", organizer=True)
    await app.all("/hotel MGM", "/attend KEY1", "/attend PTY1")
    await app.wait(hours=14)
    sent = ["\n".join(message.splitlines()[:2]) for message in app.messages() if message.startswith("Leave")]
    assert sent == [
        """Leave MGM Grand by 06:38 for "Opening keynote" at Venetian.
49 min walk (enough for 9 in 10, estimate) + 20 min for the walk-up line. Or the monorail from 07:00 on: \
it gets you there in time in about 5 of 10 cases. It starts at 07:47 in Room KEY1.""",
        """Leave MGM Grand by 18:50 for "Jam session" at Venetian.
33 min by monorail (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line. \
Or the walk: 49 min. The monorail runs until 19:00. It starts at 19:55 in Room PTY1. \
I count from your hotel, because the session before ends at 08:47. Elsewhere? /here""",
    ]
    assert "Later is riskier" not in await app.say("/session PTY1")


async def test_who_has_to_leave_just_before_the_first_ride_takes_it() -> None:
    app = await AppHarness(moment=at(5)).publish(schedule([session("KEY1", at(7, 50), VENETIAN, title="Keynote")]))
    await app.say("/legtime MGM to Venetian monorail 27 33 hours 07:00-19:00", organizer=True)
    await app.all("/hotel MGM", "/attend KEY1")
    await app.wait(hours=2)
    (sent,) = [message for message in app.messages() if message.startswith("Leave")]
    assert "\n".join(sent.splitlines()[:2]) == (
        'Leave MGM Grand by 06:57 for "Keynote" at Venetian.\n'
        "33 min by monorail (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line. "
        "Or the walk: 49 min. The first monorail goes at 07:00. It starts at 07:50 in Room KEY1."
    )
