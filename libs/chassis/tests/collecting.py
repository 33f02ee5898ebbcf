"""A collector of spans, as far as tests want one."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TOLD = {"http.request.method", "http.route", "http.response.status_code"}


@contextmanager
def collector():
    """Collect spans, each with the name of its service."""
    spans = []

    class Collecting(BaseHTTPRequestHandler):
        def do_POST(self):
            assert self.path == "/v1/traces"
            body = self.rfile.read(int(self.headers["content-length"]))
            for each in ExportTraceServiceRequest.FromString(body).resource_spans:
                [name] = [
                    a.value.string_value
                    for a in each.resource.attributes
                    if a.key == "service.name"
                ]
                spans.extend((name, span) for scope in each.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", spans
    finally:
        server.shutdown()
        server.server_close()


def told_by(span) -> dict[str, object]:
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}
