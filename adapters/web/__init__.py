"""The HTTP server: health checks, metrics, and the routes of platforms."""

from adapters.web.metrics import PrometheusMetrics
from adapters.web.server import Check, NotReadyError, WebError, build, hosts_of, serve

__all__ = ["Check", "NotReadyError", "PrometheusMetrics", "WebError", "build", "hosts_of", "serve"]
