"""The HTTP server: health checks, metrics, the routes of platforms, and pages."""

from adapters.web.connections import ConnectionLimits, Connections
from adapters.web.limits import WebLimits
from adapters.web.metrics import PrometheusMetrics
from adapters.web.server import Check, Monitoring, NotReadyError, WebError, build, hosts_of, serve
from adapters.web.watchers import Watchers

__all__ = [
    "Check",
    "ConnectionLimits",
    "Connections",
    "Monitoring",
    "NotReadyError",
    "PrometheusMetrics",
    "Watchers",
    "WebError",
    "WebLimits",
    "build",
    "hosts_of",
    "serve",
]
