"""Who waited for whom: a span for each request at each part, where somebody collects them.

Off unless it is said where to (`TRACES_ENDPOINT`, OTLP over HTTP); then the extra `traces` has to
be installed. A span says method, route as published, status and part, and nothing that was sent.
What is asked of another part because of a request carries its trace on (W3C Trace Context).
"""

import asyncio
import re
from contextvars import ContextVar, Token
from importlib.util import find_spec
from typing import TYPE_CHECKING

from chassis import logs

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

HEADER = "traceparent"
parent: ContextVar[str] = ContextVar("traceparent", default="")
"""What is asked of others carries this, if it is anything."""

_WELL_FORMED = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_EXPORT_SECONDS = 3
_FLUSH_MILLISECONDS = 2000
_tracers: list["Tracer"] = []
"""The one of this process; none where nobody collects spans."""


def is_installed() -> bool:
    """Say whether what makes and sends spans is there."""
    return bool(
        find_spec("opentelemetry.sdk") and find_spec("opentelemetry.exporter.otlp.proto.http")
    )


class Collector:
    """Sends the spans of this process, from a thread of its own, between `begin` and `end`."""

    def __init__(self, service: str, endpoint: str, share: float) -> None:
        self._service, self._endpoint, self._share = service, endpoint, share
        self._provider: TracerProvider | None = None

    def begin(self) -> None:
        """Make spans from now on."""
        if not self._endpoint:
            return
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(self._share)),
            resource=Resource({"service.name": self._service}),
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(
            endpoint=f"{self._endpoint.rstrip('/')}/v1/traces", timeout=_EXPORT_SECONDS
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        _tracers[:] = [self._provider.get_tracer("chassis")]

    async def end(self) -> None:
        """Send what is left, if that is quickly done."""
        if self._provider is None:
            return
        _tracers.clear()
        await asyncio.to_thread(self._provider.force_flush, _FLUSH_MILLISECONDS)
        await asyncio.to_thread(self._provider.shutdown)


class Unserved:
    """No span: what a request has where nobody collects any."""

    def end(self, method: str, route: str, status: int) -> None:
        """Say nothing."""


class Served(Unserved):
    """The span of a request that is answered here, and what its work carries on."""

    def __init__(self, span: "Span") -> None:
        self._span = span
        context = span.get_span_context()
        trace, flags = f"{context.trace_id:032x}", int(context.trace_flags)
        told = f"00-{trace}-{context.span_id:016x}-{flags:02x}"
        self._bound: tuple[Token[str], Token[str | None]] = (
            parent.set(told),
            logs.trace_id.set(trace),
        )

    def end(self, method: str, route: str, status: int) -> None:
        """Say what it was and what came of it."""
        from opentelemetry.trace import StatusCode

        self._span.update_name(f"{method} {route}")
        self._span.set_attributes(
            {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": status,
            }
        )
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)
        self._span.end()
        parent.reset(self._bound[0])
        logs.trace_id.reset(self._bound[1])


def served(told: str = "") -> Unserved:
    """Begin the span of a request, below the one that it was `told` of, where somebody collects
    them."""
    for tracer in _tracers:
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        above = Context()
        if _WELL_FORMED.fullmatch(told):
            above = TraceContextTextMapPropagator().extract({HEADER: told}, above)
        return Served(tracer.start_span("request", above, SpanKind.SERVER))
    return _UNSERVED


_UNSERVED = Unserved()
