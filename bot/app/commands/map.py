"""`/map [osm|apple|google]`: where the links of walks lead."""

from dataclasses import replace

from bot.app.command_spec import Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply
from bot.app.text import t
from bot.domain.travel.map_links import MapApp

APP = Param("app", choice(*(app.value for app in MapApp)), "osm (OpenStreetMap), apple or google")
NAMES = {MapApp.OSM: "OpenStreetMap", MapApp.APPLE: "Apple Maps", MapApp.GOOGLE: "Google Maps"}


async def handle(call: Call, context: Context) -> Reply:
    """Show or set it."""
    app, attendee = call.get(APP), context.attendee
    if app is not None:
        attendee = replace(attendee, map=MapApp(app))
        await context.work.people.save(attendee)
    others = tuple(Button(name, "map", {"app": other.value}) for other, name in NAMES.items() if other != attendee.map)
    return Reply((t("My links to walks open in {name}.", name=NAMES[attendee.map]),), buttons=others)


COMMAND = Command(
    "map", "Which map shows your walks", handle, (APP,), effect=Effect.WRITE, examples=("/map apple", "/map osm")
)
