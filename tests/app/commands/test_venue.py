"""`/venue`: what organizers know about venues, used for everybody's ways at once."""

from tests.builders import MGM, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

PLANNED = "I've updated the plans of everyone affected."


async def said(talk: AppHarness, line: str) -> str:
    """What an organizer is answered, without buttons."""
    reply = await talk.ask(line, organizer=True)
    return "\n".join(row for row in talk.text(reply).splitlines() if not row.startswith("→"))


async def test_only_organizers_change_venues(talk: AppHarness) -> None:
    assert await talk.say("/venue remove Venetian") == "Only organizers can use /venue."


async def test_a_new_venue_is_found_by_its_name_and_has_ways(talk: AppHarness) -> None:
    assert await said(talk, "/venue add Hall 5 36.1215, -115.1739") == (
        f"Saved.\n0 sessions are there.\n{PLANNED}\nHall 5\n   at 36.121500, -115.173900, 5 min inside"
    )
    assert "from Hall 5 to Venetian" in await talk.say("/walk Hall 5 to Venetian")
    assert await said(talk, "/venue add hall 5 36.1, -115.1") == (
        "Hall 5 is there already. To change where it is: /venue move."
    )


async def test_a_venue_moves_to_the_pin_of_a_map_and_back(talk: AppHarness) -> None:
    before = await talk.say("/walk Venetian to MGM")
    moved = await talk.ask(
        "/venue move MGM Grand https://www.openstreetmap.org/?mlat=36.1210&mlon=-115.1690", organizer=True
    )
    assert "at 36.121000, -115.169000" in talk.text(moved)
    assert await talk.say("/walk Venetian to MGM") != before
    await talk.press(moved, "Undo", organizer=True)
    assert await talk.say("/walk Venetian to MGM") == before


async def test_minutes_inside_entrances_rooms_and_names(talk: AppHarness) -> None:
    await said(talk, "/venue inside mgm 14 min")
    await said(talk, "/venue entrance MGM 36.1025, -115.1700 stepfree")
    await said(talk, "/venue entrance MGM 36.1026, -115.1701")
    await said(talk, "/venue floor MGM Level 2 | Titian * 4.5")
    assert await said(talk, "/venue alias MGM Arena East") == (
        f"Saved.\n1 session is there.\n{PLANNED}\nMGM Grand\n"
        "   at 36.102487, -115.169914, 14 min inside, Level 2 | Titian * 4.5 min from the door, 2 entrances, "
        "1 of them without steps, also called MGM, Arena East"
    ).replace("1 session is", "2 sessions are")
    await said(talk, "/venue alias MGM remove arena east")
    await said(talk, "/venue floor MGM Level 2 | Titian * none")
    assert await said(talk, "/venue entrance MGM none") == (
        f"Saved.\n2 sessions are there.\n{PLANNED}\nMGM Grand\n"
        "   at 36.102487, -115.169914, 14 min inside, also called MGM"
    )


async def test_minutes_to_certain_rooms_move_the_leave_by() -> None:
    late = session("B1", at(11), MGM, room="Level 3, Palm 1")
    talk = await AppHarness().publish(schedule((late,)))
    await talk.all("/hotel Venetian", "/attend B1")
    before = await talk.say("/nextsession")
    await said(talk, "/venue floor MGM Level 3 | Palm * 15")
    assert await talk.say("/nextsession") != before


async def test_a_position_that_is_a_slip_needs_a_second_word(talk: AppHarness) -> None:
    asked = await talk.ask("/venue add Hall 5 -115.1739, 36.1215", organizer=True)
    assert "latitude comes first" in talk.text(asked)
    asked = await talk.ask("/venue add Hall 5 36.1215, 115.1739", organizer=True)
    assert talk.text(asked).startswith("Hall 5 is ")
    assert "km from" in talk.text(asked)
    told = await talk.press(asked, "Use it anyway", organizer=True)
    assert "   at 36.121500, 115.173900, 5 min inside" in told
    asked = await talk.ask("/venue move Venetian 0, 0", organizer=True)
    assert talk.text(asked).startswith("Venetian is at 0, 0, which is in the sea: check the coordinates")


async def test_a_removed_venue_says_what_is_lost_and_comes_back(talk: AppHarness) -> None:
    removed = await talk.ask("/venue remove Venetian", organizer=True)
    assert talk.text(removed).startswith(
        "Venetian is removed.\n1 session is there: I don't know the way to it any more.\n"
    )
    await talk.press(removed, "Undo", organizer=True)
    assert "Venetian" in await said(talk, "/venue Venetian")


async def test_sessions_whose_room_names_a_new_venue_are_there_without_a_message_about_a_change() -> None:
    campus = session("A1", at(11), VENETIAN, room="K.1.105")
    campus = type(campus)(
        **{**{name: getattr(campus, name) for name in campus.__dataclass_fields__}, "venue": "Campus"}
    )
    talk = await AppHarness().publish(schedule((campus,), venues=()))
    await talk.all("/attend A1", "/nudges on")
    await said(talk, "/venue add K 50.8123, 4.3807")
    added = await talk.ask("/venue alias K K.", organizer=True)
    assert "1 session is there." in talk.text(added)
    assert "K, K.1.105" in await talk.say("/session A1")
    assert [str(kind) for _, _, kind in await talk.wait(hours=1)] == []
    await talk.press(added, "Undo", organizer=True)
    assert "Campus, K.1.105" in await talk.say("/session A1")


async def test_what_is_wrong_is_explained(talk: AppHarness) -> None:
    assert await said(talk, "/venue move Luxor 36, -115") == (
        "This does not begin with a venue that I know: Luxor 36, -115. "
        "The venues are: Venetian, Caesars Forum, MGM Grand, Pop-up Stage."
    )
    assert await said(talk, "/venue add Hall 5 somewhere") == (
        "Where is it? Give coordinates, such as 36.1215, -115.1739, or a map link."
    )
    assert await said(talk, "/venue inside MGM far") == "Type /venue inside MGM Grand and minutes, such as 8."
    assert await said(talk, "/venue alias MGM Forum") == '"Forum" is Caesars Forum already.'
    assert await said(talk, "/venue floor MGM upstairs") == (
        "Type a pattern of rooms and the minutes from the door: /venue floor MGM Grand Level 2 | Titian * 4"
    )
    assert await said(talk, "/venue add") == "Which venue? Try /venue add Hall 5 36.1215, -115.1739"
