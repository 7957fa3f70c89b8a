"""Ada taps on the way to SEC203, and what is counted of it."""

from datetime import timedelta

from bot.app.ports import Promise
from bot.domain.walks.walk import WalkedLeg, WalkOutcome
from tests.builders import CONFERENCE, at
from tests.fakes.app_harness import AppHarness

LEG = WalkedLeg("Venetian", "Caesars Forum")


async def leave(app: AppHarness, user: str = "ada") -> None:
    """Set out for SEC203 from the Venetian at 10:20; 18 minutes are promised."""
    app.user = user
    app.clock.move_to(at(8))
    await app.all("/hotel Venetian", "/attend SEC203")
    app.clock.move_to(at(10, 20))
    await app.say("/onmyway SEC203")


async def arrive(app: AppHarness, minutes: float, venue: str = "Forum") -> None:
    app.clock.move_to(at(10, 20) + timedelta(minutes=minutes))
    await app.say(f"/here {venue}")


async def walked(app: AppHarness) -> list[tuple[WalkedLeg, WalkOutcome, int]]:
    """Leg, outcome and half minutes of all counted walks."""
    async with app.store.read_transaction() as work:
        cells = await work.walks.cells(CONFERENCE.slug)
    return sorted(
        (batch.leg, batch.outcome, half)
        for batch, histogram in cells.items()
        for half, people in enumerate(histogram)
        for _ in range(people)
    )


async def promises(app: AppHarness) -> list[Promise]:
    async with app.store.read_transaction() as work:
        return list(await work.walks.promises(CONFERENCE.slug))
