"""The manifest of the Slack app, derived from the commands, with the reason for each scope and event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.app.command_spec import Access, Command

NAME = "Hallway"
MAIN_COMMAND = "hallway"
"""`/hallway walk` is the same as `/walk`: if two apps have the same command, Slack calls the app installed last."""
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to read messages that mention it; Slack sends it no other message of a channel",
    "commands": "to receive slash commands",
    "chat:write": "to answer, and to write to people who agreed to it (a user's id opens the direct message)",
    "im:history": "to be asked in plain words in direct messages to it, and to see there whether a message of its own "
    "arrived before it is sent again; Slack shows it no direct message of others",
    "users:read": "to know who runs the workspace (organizers), and people's names",
    "files:read": "to read the schedule that an organizer uploads in the form of /schedule upload, and no other file",
    "files:write": "to hand over files: the agenda for a calendar, the recap, what is known about somebody",
}
"""Scopes that the app asks for in any case; a test compares all scopes with the methods that the code calls."""
LINK_SCOPES: Mapping[str, str] = {
    "links:read": "to see links to its own pages at HALLWAY_PUBLIC_URL; Slack sends nothing else of the message",
    "links:write": "to show the card of a session below such a link",
}
"""Scopes that it asks for as well where it has pages that Slack can reach."""
EVENTS: Mapping[str, str] = {
    "app_home_opened": "to show the Home tab",
    "app_mention": "to answer a person who mentions the app; only that person sees the answer",
    "app_uninstalled": "to stop at once where Hallway was removed",
    "message.im": "to answer direct messages to it",
    "tokens_revoked": "as for app_uninstalled",
}
LINK_EVENTS: Mapping[str, str] = {"link_shared": "to show the card of a session below a link to its page"}
ORG_EVENTS: Mapping[str, str] = {"team_access_revoked": "as for app_uninstalled, for one workspace of an organization"}
RESERVED_NAMES = frozenset(
    """active archive apps away call canvas close collapse dm dnd expand feed feedback giphy help huddle invite
    invite_people join keys kick leave list me msg mute open part people pref prefs remind remove rename search
    shortcuts shrug star status topic unarchive who""".split()  # noqa: SIM905 — a list of quoted words would be harder to read
)
"""Slack's own commands: an app never receives a command with one of these names."""
COLOUR = "#2b4c7e"
SUMMARY = "When to leave, and how to walk, to each session you chose."
LONGER = (
    "Hallway is a companion at a conference that is spread over several buildings. Ask /nextsession, put sessions on "
    "your agenda, and it tells you when to leave and how to walk to each of them, what has moved, and what you "
    "missed. Answers are for your eyes only; it writes to nobody who has not asked it to."
)


@dataclass(frozen=True, slots=True)
class ManifestOptions:
    """How Slack reaches the app: by Socket Mode or at `public_url`.

    With `many`, workspaces install the app themselves at `public_url`.
    """

    public_url: str = ""
    socket_mode: bool = True
    many: bool = False

    @property
    def scopes(self) -> Mapping[str, str]:
        """All scopes, each with its reason."""
        return {**SCOPES, **LINK_SCOPES} if self.domain else SCOPES

    @property
    def domain(self) -> str:
        """The domain whose links Slack tells us of; "" if we have no pages, or none with a domain that Slack takes."""
        return unfurl_domain(self.public_url)

    def address(self, path: str) -> str:
        """Return the public URL of one of our paths."""
        return f"{self.public_url.rstrip('/')}{path}"


def manifest(commands: Mapping[str, Command], options: ManifestOptions) -> dict[str, Any]:
    """Return the manifest as plain values, by version 2 of Slack's schema."""
    bot_events = [*EVENTS, *(ORG_EVENTS if options.many else ()), *(LINK_EVENTS if options.domain else ())]
    events: dict[str, Any] = {"bot_events": sorted(bot_events)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    oauth: dict[str, Any] = {"scopes": {"bot": sorted(options.scopes)}}
    if not options.socket_mode:
        events["request_url"] = options.address("/slack/events")
        interactivity["request_url"] = options.address("/slack/interactions")
    if options.many:
        oauth["redirect_urls"] = [options.address("/slack/oauth_redirect")]
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
                # Users type commands, which work in this tab too.
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": _slash_commands(commands, options),
            **({"unfurl_domains": [options.domain]} if options.domain else {}),
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": options.many,
            "socket_mode_enabled": options.socket_mode,
            "token_rotation_enabled": options.many,
        },
    }


def manifest_yaml(commands: Mapping[str, Command], options: ManifestOptions) -> str:
    """Return the manifest as YAML, with the reason for each scope and event as a comment."""
    reasons = {**SCOPES, **LINK_SCOPES, **EVENTS, **LINK_EVENTS, **ORG_EVENTS}
    text = yaml.safe_dump(manifest(commands, options), sort_keys=False, allow_unicode=True, width=1000)
    lines = (f"{line}  # {reasons[item]}" if (item := _item(line)) in reasons else line for line in text.splitlines())
    return "\n".join(lines)


def unfurl_domain(public_url: str) -> str:
    """Return the domain of our pages as Slack takes it; "" for an IP address or a name without a dot."""
    name = (urlsplit(public_url).hostname or "") if public_url else ""
    letters = name.replace("-", "").replace(".", "")
    is_domain = "." in name and letters.isascii() and letters.isalnum() and not name.rpartition(".")[2].isdecimal()
    return name if is_domain and name[0] not in ".-" and name[-1] not in ".-" else ""


def has_own_command(command: str) -> bool:
    """Return whether a command has a slash command of its own; the others are typed after `/hallway`."""
    return command not in RESERVED_NAMES


def _slash_commands(commands: Mapping[str, Command], options: ManifestOptions) -> list[dict[str, Any]]:
    behind = ", ".join(name for name in commands if not has_own_command(name))
    any_command = f"Any command, such as {behind}" if behind else "Any command"
    listed = [
        {"command": f"/{MAIN_COMMAND}", "description": any_command, "usage_hint": "[command] [what it needs]"},
        *(_slash_command(command) for name, command in commands.items() if has_own_command(name)),
    ]
    more = {} if options.socket_mode else {"url": options.address("/slack/commands")}
    # Slack then sends users and channels with their ids; names are ambiguous.
    return [{**entry, **more, "should_escape": True} for entry in listed]


def _slash_command(command: Command) -> dict[str, Any]:
    hint = command.usage.partition(" ")[2]
    return {
        "command": f"/{command.name}",
        "description": f"{command.help} (organizers)" if command.access is Access.ORGANIZERS else command.help,
        **({"usage_hint": hint} if hint else {}),
    }


def _item(line: str) -> str:
    """Return the item in a line of a YAML list, "" if the line is no item."""
    return line.strip().removeprefix("- ") if line.strip().startswith("- ") else ""
