"""Names of places in sentences."""

from bot.app.messages import Text
from bot.app.text.catalog import s, t
from bot.domain.travel.lodging import read_lodging


def place_name(place: str) -> str:
    """The name of a venue, or `your hotel` for a hotel that is no venue."""
    return s("your hotel") if read_lodging(place) else place


def stay_text(stay: str) -> Text:
    """What follows "you're staying": `at Venetian`, `25 min from Venetian`, `at 36.121500, -115.173900`."""
    lodging = read_lodging(stay)
    if lodging is None:
        return t("at {place}", place=stay)
    if lodging.position:
        return t("at {place}", place=f"{lodging.position.lat:.6f}, {lodging.position.lon:.6f}")
    return t("{minutes} min from {venue}", minutes=lodging.minutes, venue=lodging.venue)
