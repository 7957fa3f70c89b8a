"""The HTTP server: health checks, metrics, and the routes of platforms."""

from adapters.web.connections import ConnectionLimits, Connections
from adapters.web.metrics import PrometheusMetrics
from adapters.web.server import Check, NotReadyError, WebError, build, hosts_of, serve

__all__ = [
    "Check",
    "ConnectionLimits",
    "Connections",
    "NotReadyError",
    "PrometheusMetrics",
    "WebError",
    "build",
    "hosts_of",
    "serve",
]
