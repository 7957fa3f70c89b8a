"""The web side: is it alive, is it ready, how is it doing."""

from adapters.web.metrics import MeterCollector
from adapters.web.server import Check, NotReady, build, serve

__all__ = ["Check", "MeterCollector", "NotReady", "build", "serve"]
