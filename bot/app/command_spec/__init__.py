"""How a command is declared: its name, help, typed parameters and handler. Everything else is derived from that."""

from bot.app.command_spec.command import Call, Command, Context, Handler, Kind, Option, Param
from bot.app.command_spec.links import ADDRESS, OFFER, Offer
from bot.app.command_spec.mentions import ROLE, USER, Mention
from bot.app.command_spec.nudge_template import NotYetError, NudgeTemplate, RenderContext
from bot.app.command_spec.param_types import (
    CHANNEL,
    DAY,
    DURATION,
    LEVEL,
    NUMBER,
    QUIET,
    SESSION,
    TEXT,
    TRACK,
    UNTIL,
    VENUE,
    ZONE,
    UnclearError,
    choice,
)
from bot.app.command_spec.targets import LINK, MOMENT, PROSE, TARGET, WHOLE, Target

__all__ = [
    "ADDRESS",
    "CHANNEL",
    "DAY",
    "DURATION",
    "LEVEL",
    "LINK",
    "MOMENT",
    "NUMBER",
    "OFFER",
    "PROSE",
    "QUIET",
    "ROLE",
    "SESSION",
    "TARGET",
    "TEXT",
    "TRACK",
    "UNTIL",
    "USER",
    "VENUE",
    "WHOLE",
    "ZONE",
    "Call",
    "Command",
    "Context",
    "Handler",
    "Kind",
    "Mention",
    "NotYetError",
    "NudgeTemplate",
    "Offer",
    "Option",
    "Param",
    "RenderContext",
    "Target",
    "UnclearError",
    "choice",
]
