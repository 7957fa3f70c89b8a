"""`/venue`: what organizers know about venues, used for everybody's ways at once."""

from tests.builders import MGM, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

PLANNED = "I've updated the plans of everyone affected."


async def plain_answer(app: AppHarness, line: str) -> str:
    """What an organizer is answered, without buttons."""
    reply = await app.ask(line, organizer=True)
    return "\n".join(row for row in app.text(reply).splitlines() if not row.startswith("→"))


async def test_only_organizers_change_venues(app: AppHarness) -> None:
    assert await app.say("/venue remove Venetian") == "Only organizers can use /venue."


async def test_a_new_venue_is_found_by_its_name_and_has_ways(app: AppHarness) -> None:
    assert await plain_answer(app, "/venue add Hall 5 36.1215, -115.1739") == (
        f"Saved.\n0 sessions are there.\n{PLANNED}\nHall 5\n   at 36.121500, -115.173900, 5 min inside"
    )
    assert "from Hall 5 to Venetian" in await app.say("/walk Hall 5 to Venetian")
    assert await plain_answer(app, "/venue add hall 5 36.1, -115.1") == (
        "Hall 5 is there already. To change where it is: /venue move."
    )


async def test_a_venue_moves_to_the_pin_of_a_map_and_back(app: AppHarness) -> None:
    before = await app.say("/walk Venetian to MGM")
    moved = await app.ask(
        "/venue move MGM Grand https://www.openstreetmap.org/?mlat=36.1210&mlon=-115.1690", organizer=True
    )
    assert "at 36.121000, -115.169000" in app.text(moved)
    assert await app.say("/walk Venetian to MGM") != before
    await app.press(moved, "Undo", organizer=True)
    assert await app.say("/walk Venetian to MGM") == before


async def test_minutes_inside_entrances_rooms_and_names(app: AppHarness) -> None:
    await plain_answer(app, "/venue inside mgm 14 min")
    await plain_answer(app, "/venue entrance MGM 36.1025, -115.1700 stepfree")
    await plain_answer(app, "/venue entrance MGM 36.1026, -115.1701")
    await plain_answer(app, "/venue floor MGM Level 2 | Titian * 4.5")
    assert await plain_answer(app, "/venue alias MGM Arena East") == (
        f"Saved.\n1 session is there.\n{PLANNED}\nMGM Grand\n"
        "   at 36.102487, -115.169914, 14 min inside, Level 2 | Titian * 4.5 min from the door, 2 entrances, "
        "1 of them without steps, also called MGM, Arena East"
    ).replace("1 session is", "2 sessions are")
    await plain_answer(app, "/venue alias MGM remove arena east")
    await plain_answer(app, "/venue floor MGM Level 2 | Titian * none")
    assert await plain_answer(app, "/venue entrance MGM none") == (
        f"Saved.\n2 sessions are there.\n{PLANNED}\nMGM Grand\n"
        "   at 36.102487, -115.169914, 14 min inside, also called MGM"
    )


async def test_minutes_to_certain_rooms_move_the_leave_by() -> None:
    late = session("B1", at(11), MGM, room="Level 3, Palm 1")
    app = await AppHarness().publish(schedule((late,)))
    await app.all("/hotel Venetian", "/attend B1")
    before = await app.say("/nextsession")
    await plain_answer(app, "/venue floor MGM Level 3 | Palm * 15")
    assert await app.say("/nextsession") != before


async def test_a_position_that_is_a_slip_needs_a_second_word(app: AppHarness) -> None:
    asked = await app.ask("/venue add Hall 5 -115.1739, 36.1215", organizer=True)
    assert "latitude comes first" in app.text(asked)
    asked = await app.ask("/venue add Hall 5 36.1215, 115.1739", organizer=True)
    assert app.text(asked).startswith("Hall 5 is ")
    assert "km from" in app.text(asked)
    answer = await app.press(asked, "Use it anyway", organizer=True)
    assert "   at 36.121500, 115.173900, 5 min inside" in answer
    asked = await app.ask("/venue move Venetian 0, 0", organizer=True)
    assert app.text(asked).startswith("Venetian is at 0, 0, which is in the sea: check the coordinates")


async def test_a_removed_venue_says_what_is_lost_and_comes_back(app: AppHarness) -> None:
    removed = await app.ask("/venue remove Venetian", organizer=True)
    assert app.text(removed).startswith(
        "Venetian is removed.\n1 session is there: I don't know the way to it any more.\n"
    )
    await app.press(removed, "Undo", organizer=True)
    assert "Venetian" in await plain_answer(app, "/venue Venetian")


async def test_sessions_whose_room_names_a_new_venue_are_there_without_a_message_about_a_change() -> None:
    campus = session("A1", at(11), VENETIAN, room="K.1.105")
    campus = type(campus)(
        **{**{name: getattr(campus, name) for name in campus.__dataclass_fields__}, "venue": "Campus"}
    )
    app = await AppHarness().publish(schedule((campus,), venues=()))
    await app.all("/attend A1", "/nudges on")
    await plain_answer(app, "/venue add K 50.8123, 4.3807")
    added = await app.ask("/venue alias K K.", organizer=True)
    assert "1 session is there." in app.text(added)
    assert "K, K.1.105" in await app.say("/session A1")
    assert [str(kind) for _, _, kind in await app.wait(hours=1)] == []
    await app.press(added, "Undo", organizer=True)
    assert "Campus, K.1.105" in await app.say("/session A1")


async def test_what_is_wrong_is_explained(app: AppHarness) -> None:
    assert await plain_answer(app, "/venue move Luxor 36, -115") == (
        "This does not begin with a venue that I know: Luxor 36, -115. "
        "The venues are: Venetian, Caesars Forum, MGM Grand, Pop-up Stage."
    )
    assert await plain_answer(app, "/venue add Hall 5 somewhere") == (
        "Where is it? Give coordinates, such as 36.1215, -115.1739, or a map link."
    )
    assert await plain_answer(app, "/venue inside MGM far") == "Type /venue inside MGM Grand and minutes, such as 8."
    assert await plain_answer(app, "/venue alias MGM Forum") == '"Forum" is Caesars Forum already.'
    assert await plain_answer(app, "/venue floor MGM upstairs") == (
        "Type a pattern of rooms and the minutes from the door: /venue floor MGM Grand Level 2 | Titian * 4"
    )
    assert await plain_answer(app, "/venue add") == "Which venue? Try /venue add Hall 5 36.1215, -115.1739"
