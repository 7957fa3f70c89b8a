"""The web side: is it alive, is it ready, how is it doing."""

from adapters.web.metrics import MeterCollector
from adapters.web.server import Check, NotReadyError, WebError, build, hosts_of, serve

__all__ = ["Check", "MeterCollector", "NotReadyError", "WebError", "build", "hosts_of", "serve"]
