"""Counted walks to rows and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from bot.app.ports.walks import Promise
from bot.domain.travel.way import Mode
from bot.domain.walks.voice import Voice
from bot.domain.walks.walk import Batch, WalkedLeg, WalkOutcome

Row = Mapping[str, Any] | RowMapping
ANYWHERE: dict[str, Any] = {
    "origin": "",
    "target": "",
    "mode": "",
    "day": "",
    "peak": False,
    "outcome": 0,
    "half": 0,
    "walks": [],
}
"""The columns of the row that only counts a person once for all legs."""


def leg_row(leg: WalkedLeg) -> dict[str, Any]:
    """Return the columns of a leg."""
    return {"origin": leg.origin, "target": leg.target, "mode": leg.mode.value}


def leg_of(row: Row) -> WalkedLeg:
    """Build a leg from its columns."""
    return WalkedLeg(row["origin"], row["target"], Mode(row["mode"]))


def cell_row(batch: Batch, half: int) -> dict[str, Any]:
    """Return the columns of a cell."""
    day = {"day": batch.day.isoformat(), "peak": batch.peak, "outcome": int(batch.outcome)}
    return leg_row(batch.leg) | day | {"half": half}


def batch_of(row: Row) -> Batch:
    """Build the batch of a cell."""
    return Batch(leg_of(row), date.fromisoformat(row["day"]), bool(row["peak"]), WalkOutcome(row["outcome"]))


def voice_row(voice: Voice) -> dict[str, Any]:
    """Return the columns of what a person says about a leg."""
    return cell_row(voice.batch, voice.half) | {"walks": [[int(outcome), half] for outcome, half in voice.walks]}


def voice_of(row: Row) -> Voice:
    """Build what a person says about a leg."""
    walks = tuple((WalkOutcome(outcome), half) for outcome, half in row["walks"])
    return Voice(batch_of(row), row["half"], walks)


def promise_of(row: Row) -> Promise:
    """Build the promises of a leg in an hour."""
    counts = {name: row[name] for name in ("followed", "arrived", "late", "minutes")}
    return Promise(leg_of(row), row["hour"], **counts)
