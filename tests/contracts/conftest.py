"""What the contract suites need of the platforms."""

from tests.adapters.discord.conftest import line, peer, spec, stage

__all__ = ["line", "peer", "spec", "stage"]
