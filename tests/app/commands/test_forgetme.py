"""`/forgetme`."""

from tests.talk import Talk


async def test_it_asks_first_and_then_nothing_is_left(talk: Talk) -> None:
    asked = await talk.all("/hotel MGM", "/attend ARC301", "/forgetme")
    assert asked == (
        "This removes your agenda (1 session), your hotel, your settings and your nudges.\n"
        "It cannot be undone; /mydata hands you everything first.\n"
        "→ /forgetme yes · /mydata"
    )
    assert (await talk.say("/forgetme yes")).startswith("Forgotten.")
    async with talk.store.reading() as work:
        assert await work.people.find("console", "club", "ada") is None
    assert await talk.wait(hours=24) == []
    assert (await talk.say("/hotel")).startswith("I don't know your hotel.")
