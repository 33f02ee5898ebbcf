"""What a process counts of its own work, for whoever watches it, in the form of Prometheus.

Few figures, and labels that come from a short list each: a route as it is published, a class of
statuses, the type of a refusal. No name, number or text of a caller becomes a label: each value is
kept for as long as the process lives, and whoever watches need not know what people do.
"""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

# Of each counter the moment when it was made, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
"""All of this process, whatever runs in it."""
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_NAMESPACE = "kaoping"
_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


def counter(name: str, about: str, *labels: str) -> Counter:
    """Return something that is counted; its name ends in `_total` where it is read."""
    return Counter(name, about, labels, _NAMESPACE, registry=REGISTRY)


def gauge(name: str, about: str, *labels: str) -> Gauge:
    """Return something that is looked at now and then."""
    return Gauge(name, about, labels, _NAMESPACE, registry=REGISTRY)


def histogram(name: str, about: str, *labels: str) -> Histogram:
    """Return something that takes seconds."""
    return Histogram(name, about, labels, _NAMESPACE, registry=REGISTRY, buckets=_QUICK)


REQUESTS = counter("requests", "Answers by route and class of status.", "route", "status")
SECONDS = histogram("request_seconds", "Seconds until an answer was given.", "kind")
ROUTE_SECONDS = counter("route_seconds", "Seconds spent on answers, by route.", "route")
REFUSALS = counter("refusals", "Refusals by the type that the problem document names.", "type")
CRASHES = counter("crashes", "Errors that nobody foresaw.")
COMMANDS = counter("commands", "Commands by what came of them.", "outcome")
WAITED = histogram("database_wait_seconds", "Seconds until a database connection was to be had.")
CONNECTIONS = gauge("database_connections", "Database connections of this process.", "state")
UNLOGGED = counter("unlogged_reads", "Reads not answered because they could not be put on record.")
PEERS_DOWN = counter("peer_failures", "Reads from other services that got no usable answer.")

GONE = 499
"""The status of a request whose caller went away; the number is that of nginx."""
READS = frozenset({"GET", "HEAD", "OPTIONS", "-"})
"""Methods of what changes nothing, and what no route was found for."""


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer; `route` is the path as published, `-` where there is none such."""
    named = f"{method} {route}" if route != "-" else route
    REQUESTS.labels(named, f"{status // 100}xx").inc()
    ROUTE_SECONDS.labels(named).inc(seconds)
    SECONDS.labels("read" if method in READS else "command").observe(seconds)


def passed(route: str, status: int, seconds: float) -> None:
    """Count an answer that was passed on, by its route as the authorisation table spells it."""
    answered(*parted(route), status, seconds)


def parted(route: str) -> tuple[str, str]:
    """Return method and path of a route; each is `-` where there is none."""
    method, _, path = route.rpartition(" ")
    return method or "-", path


def outcome_of(status: int, *, is_checked: bool) -> str:
    """Return in a word what came of a command."""
    if status >= 500 or status < 200:
        return "failed"
    if status >= 400:
        return "refused"
    return "checked" if is_checked else "done"


def of_connections(free: Callable[[], float], used: Callable[[], float]) -> None:
    """Have a pool tell of itself whenever somebody asks."""
    CONNECTIONS.labels("free").set_function(free)
    CONNECTIONS.labels("used").set_function(used)
