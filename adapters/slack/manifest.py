"""The manifest of the Slack app, derived from the commands: what we ask Slack for, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.app.command_spec import Access, Command

NAME = "Hallway"
ONE_COMMAND = "hallway"
"""The command that every other can be typed behind: Slack gives a taken name to the app installed last."""
SCOPES: Mapping[str, str] = {
    "commands": "to be asked by slash commands",
    "chat:write": "to answer, and to write to people who agreed to it (a user's id opens the direct message)",
    "users:read": "to know who runs the workspace (organizers), and people's names",
    "files:write": "to hand over files: the agenda for a calendar, the recap, what is known about somebody",
}
"""Everything that is asked for; a test compares it with what the code uses."""
EVENTS: Mapping[str, str] = {
    "app_home_opened": "to show the Home tab",
    "app_uninstalled": "to stop at once where Hallway was removed",
    "tokens_revoked": "as above",
}
ORG_EVENTS: Mapping[str, str] = {"team_access_revoked": "as above, for one workspace of an organization"}
KEPT_BY_SLACK = frozenset(
    """active archive apps away call canvas close collapse dm dnd expand feed feedback giphy help huddle invite
    invite_people join keys kick leave list me msg mute open part people pref prefs remind remove rename search
    shortcuts shrug star status topic unarchive who""".split()  # noqa: SIM905 — a list of quoted words would be harder to read
)
"""Commands of Slack itself: an app that wants one of these never hears of it."""
COLOUR = "#2b4c7e"
SUMMARY = "When to leave, and how to walk, to each session you chose."
LONGER = (
    "Hallway is a companion at a conference that is spread over several buildings. Ask /nextsession, put sessions on "
    "your agenda, and it tells you when to leave and how to walk to each of them, what has moved, and what you "
    "missed. Answers are for your eyes only; it writes to nobody who has not asked it to."
)


@dataclass(frozen=True, slots=True)
class Setup:
    """How the app is reached: by Socket Mode, or at `public_url`; `many` workspaces install it there themselves."""

    public_url: str = ""
    socket_mode: bool = True
    many: bool = False

    def address(self, path: str) -> str:
        """A path of ours as Slack reaches it."""
        return f"{self.public_url.rstrip('/')}{path}"


def manifest(commands: Mapping[str, Command], setup: Setup) -> dict[str, Any]:
    """The manifest as plain values, in the shape of Slack's schema 2."""
    bot_events = [*EVENTS, *(ORG_EVENTS if setup.many else ())]
    events: dict[str, Any] = {"bot_events": sorted(bot_events)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    oauth: dict[str, Any] = {"scopes": {"bot": sorted(SCOPES)}}
    if not setup.socket_mode:
        events["request_url"] = setup.address("/slack/events")
        interactivity["request_url"] = setup.address("/slack/interactions")
    if setup.many:
        oauth["redirect_urls"] = [setup.address("/slack/oauth_redirect")]
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": SUMMARY,
            "long_description": LONGER,
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                # People talk to Hallway by commands, which work there too.
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": _slash_commands(commands, setup),
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": setup.many,
            "socket_mode_enabled": setup.socket_mode,
            "token_rotation_enabled": setup.many,
        },
    }


def manifest_yaml(commands: Mapping[str, Command], setup: Setup) -> str:
    """The same as YAML, with the reason beside each thing that is asked for."""
    reasons = {**SCOPES, **EVENTS, **ORG_EVENTS}
    text = yaml.safe_dump(manifest(commands, setup), sort_keys=False, allow_unicode=True, width=1000)
    lines = (f"{line}  # {reasons[item]}" if (item := _item(line)) in reasons else line for line in text.splitlines())
    return "\n".join(lines)


def own_name(command: str) -> bool:
    """Whether a command has a slash command of its own; the others stand behind `/hallway`."""
    return command not in KEPT_BY_SLACK


def _slash_commands(commands: Mapping[str, Command], setup: Setup) -> list[dict[str, Any]]:
    behind = ", ".join(name for name in commands if not own_name(name))
    one = f"Any command, such as {behind}" if behind else "Any command"
    listed = [
        {"command": f"/{ONE_COMMAND}", "description": one, "usage_hint": "[command] [what it needs]"},
        *(_slash_command(each) for name, each in commands.items() if own_name(name)),
    ]
    more = {} if setup.socket_mode else {"url": setup.address("/slack/commands")}
    # People and channels arrive with their ids: names alone cannot be told apart.
    return [{**each, **more, "should_escape": True} for each in listed]


def _slash_command(command: Command) -> dict[str, Any]:
    hint = command.usage.partition(" ")[2]
    return {
        "command": f"/{command.name}",
        "description": f"{command.help} (organizers)" if command.access is Access.ORGANIZERS else command.help,
        **({"usage_hint": hint} if hint else {}),
    }


def _item(line: str) -> str:
    """What stands in a line of a list."""
    return line.strip().removeprefix("- ") if line.strip().startswith("- ") else ""
