"""Which part of the system a path belongs to.

A pattern is read segment by segment: `*` stands for any one segment, a final `/**` for
anything below, or nothing. The first match wins, and a path without one goes nowhere.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

ROUTES: list[tuple[str, str]] = [
    # who may ask
    ("/oauth/token", "gateway"),
    ("/oauth/revoke", "gateway"),
    ("/.well-known/jwks.json", "gateway"),
    ("/", "gateway"),
    ("/console/**", "gateway"),
    ("/docs/**", "gateway"),
    ("/health/**", "gateway"),
    ("/api/v1/openapi.json", "gateway"),
    ("/api/v1/accounts", "gateway"),
    ("/api/v1/accounts/**", "gateway"),
    ("/api/v1/account-names", "gateway"),
    ("/api/v1/emergency-grants", "gateway"),
    ("/api/v1/emergency-grants/**", "gateway"),
    ("/api/v1/jurisdiction-closings/**", "gateway"),
    ("/api/v1/me/**", "gateway"),
    ("/api/v1/session/**", "gateway"),
    ("/api/v1/webhook-hosts/**", "gateway"),
    ("/api/v1/webhooks/**", "gateway"),
    ("/api/v1/events", "gateway"),
    ("/api/v1/messages/**", "gateway"),
    ("/api/v1/journals/gateway/**", "gateway"),
    ("/api/v1/checkpoints/**", "gateway"),
    # what is measured
    ("/api/v1/units/*/obligations", "scoring"),
    ("/api/v1/units/**", "indicators"),
    ("/api/v1/calendars/**", "indicators"),
    ("/api/v1/jurisdictions/**", "indicators"),
    ("/api/v1/id-schemes/**", "indicators"),
    ("/api/v1/cycles/*/id-schemes/**", "indicators"),
    ("/api/v1/cycles", "indicators"),
    ("/api/v1/cycles/*", "indicators"),
    ("/api/v1/cycles/*/names", "indicators"),
    ("/api/v1/cycles/*/scheme", "indicators"),
    ("/api/v1/cycles/*/next-scheme", "indicators"),
    ("/api/v1/cycles/*/scheme-versions/**", "indicators"),
    ("/api/v1/cycles/*/consultations", "indicators"),
    ("/api/v1/cycles/*/scheme-checks", "indicators"),
    ("/api/v1/cycles/*/entry-forms", "indicators"),
    ("/api/v1/cycles/*/indicators/*/entry-form", "indicators"),
    ("/api/v1/cycles/*/targets/**", "indicators"),
    ("/api/v1/cycles/*/target-proposals", "indicators"),
    ("/api/v1/cycles/*/target-decisions", "indicators"),
    ("/api/v1/cycles/*/target-revisions", "indicators"),
    ("/api/v1/cycles/*/target-revision-requests", "indicators"),
    ("/api/v1/cycles/*/target-revision-request-decisions", "indicators"),
    ("/api/v1/cycles/*/target-revision-request-withdrawals", "indicators"),
    ("/api/v1/cycles/*/target-withdrawals", "indicators"),
    ("/api/v1/cycles/*/target-confirmations", "indicators"),
    ("/api/v1/cycles/*/target-conflicts", "indicators"),
    ("/api/v1/cycles/*/target-settlements", "indicators"),
    ("/api/v1/cycles/*/target-settlement-confirmations", "indicators"),
    ("/api/v1/cycles/*/target-cascades", "indicators"),
    ("/api/v1/cycles/*/work-plans", "indicators"),
    ("/api/v1/cycles/*/projects", "indicators"),
    ("/api/v1/superior-cycles", "indicators"),
    ("/api/v1/cycles/*/decomposition/**", "indicators"),
    ("/api/v1/cycles/*/handed-up/**", "indicators"),
    ("/api/v1/cycles/*/inspections", "indicators"),
    ("/api/v1/cycles/*/burden", "indicators"),
    ("/api/v1/cycles/*/superior-standings", "indicators"),
    ("/api/v1/cycles/*/letters/**", "indicators"),
    ("/api/v1/cycles/*/letter-signatures", "indicators"),
    ("/api/v1/cycles/*/tasks/indicators", "indicators"),
    ("/api/v1/tasks/indicators", "indicators"),
    ("/api/v1/journals/indicators/**", "indicators"),
    # what happened, and what it is worth
    ("/api/v1/cycles/*/ledger/**", "scoring"),
    ("/api/v1/cycles/*/ledger-entries/**", "scoring"),
    ("/api/v1/cycles/*/parked-rows/**", "scoring"),
    ("/api/v1/cycles/*/periods/**", "scoring"),
    ("/api/v1/cycles/*/period-permissions", "scoring"),
    ("/api/v1/cycles/*/progress", "scoring"),
    ("/api/v1/cycles/*/duties/**", "scoring"),
    ("/api/v1/cycles/*/superior-ranks/**", "scoring"),
    ("/api/v1/cycles/*/project-states", "scoring"),
    ("/api/v1/cycles/*/duty-cards", "scoring"),
    ("/api/v1/cycles/*/duty-persons", "scoring"),
    ("/api/v1/cycles/*/unscored", "scoring"),
    ("/api/v1/cycles/*/warnings", "scoring"),
    ("/api/v1/cycles/*/progress-lights", "scoring"),
    ("/api/v1/cycles/*/stage-results/**", "scoring"),
    ("/api/v1/cycles/*/categories/**", "scoring"),
    ("/api/v1/cycles/*/panel-marks/own", "scoring"),
    ("/api/v1/cycles/*/highlights/**", "scoring"),
    ("/api/v1/cycles/*/awards/**", "scoring"),
    ("/api/v1/cycles/*/supervised-items/**", "scoring"),
    ("/api/v1/cycles/*/report-items", "scoring"),
    ("/api/v1/cycles/*/supervised-item-events", "scoring"),
    ("/api/v1/cycles/*/complaints/**", "scoring"),
    ("/api/v1/cycles/*/complaint-desk", "scoring"),
    ("/api/v1/cycles/*/complaint-erasures", "scoring"),
    ("/api/v1/cycles/*/complaint-events", "scoring"),
    ("/api/v1/cycles/*/complaint-ratings", "scoring"),
    ("/api/v1/public/cycles/*/complaints/**", "scoring"),
    ("/api/v1/cycles/*/objections/**", "scoring"),
    ("/api/v1/cycles/*/checks/**", "scoring"),
    ("/api/v1/cycles/*/self-evaluations/**", "scoring"),
    ("/api/v1/cycles/*/corrections/**", "scoring"),
    ("/api/v1/cycles/*/claims/**", "scoring"),
    ("/api/v1/cycles/*/evidence/**", "scoring"),
    ("/api/v1/cycles/*/evidence-duplicates", "scoring"),
    ("/api/v1/cycles/*/archive/**", "scoring"),
    ("/api/v1/cycles/*/score-sheets/**", "scoring"),
    ("/api/v1/cycles/*/score-simulations", "scoring"),
    ("/api/v1/cycles/*/own-simulations", "scoring"),
    ("/api/v1/cycles/*/baselines", "scoring"),
    ("/api/v1/cycles/*/indicators/*/lineage", "scoring"),
    ("/api/v1/cycles/*/tasks/scoring", "scoring"),
    ("/api/v1/journals/scoring/**", "scoring"),
    # what people say
    ("/api/v1/cycles/*/surveys", "survey"),
    ("/api/v1/cycles/*/survey-progress", "survey"),
    ("/api/v1/cycles/*/estimates", "survey"),
    ("/api/v1/cycles/*/satisfaction", "survey"),
    ("/api/v1/cycles/*/opinions", "survey"),
    ("/api/v1/cycles/*/rectification-items/**", "survey"),
    ("/api/v1/surveys/**", "survey"),
    ("/api/v1/open-form", "survey"),
    ("/api/v1/cycles/*/tasks/survey", "survey"),
    ("/api/v1/journals/survey/**", "survey"),
    # what follows
    ("/api/v1/inferior-cycles", "ranking"),
    ("/api/v1/cycles/*/vetoes/**", "ranking"),
    ("/api/v1/cycles/*/veto-counts", "ranking"),
    ("/api/v1/cycles/*/demotions/**", "ranking"),
    ("/api/v1/cycles/*/rankings/**", "ranking"),
    ("/api/v1/cycles/*/delegations", "ranking"),
    ("/api/v1/cycles/*/cross-category-lists/**", "ranking"),
    ("/api/v1/cycles/*/notices/**", "ranking"),
    ("/api/v1/cycles/*/notice-erasures", "ranking"),
    ("/api/v1/cycles/*/consequences/**", "ranking"),
    ("/api/v1/cycles/*/distributions", "ranking"),
    ("/api/v1/cycles/*/linked-results/**", "ranking"),
    ("/api/v1/cycles/*/linked-readings", "ranking"),
    ("/api/v1/cycles/*/linked-erasures", "ranking"),
    ("/api/v1/public/cycles", "ranking"),
    ("/api/v1/public/cycles/*/notices/**", "ranking"),
    ("/api/v1/cycles/*/simulations", "ranking"),
    ("/api/v1/cycles/*/releases/**", "ranking"),
    ("/api/v1/public/cycles/*/releases/**", "ranking"),
    ("/api/v1/cycles/*/tasks/ranking", "ranking"),
    ("/api/v1/journals/ranking/**", "ranking"),
]

# Pages for people and probes, which no OpenAPI document publishes: they ask for no token and
# have no row in the authorisation matrix.
UNPUBLISHED = ("/console", "/docs", "/health", "/api/v1/session/openid")
PROBES = frozenset({"/health/live", "/health/ready"})
_PAGES = frozenset({"/", *UNPUBLISHED})
_BELOW = tuple(f"{stem}/" for stem in UNPUBLISHED)

# `.` and `..` are no names: a server behind us might resolve them after we have decided.
_SEGMENT = r"/(?!\.\.?(?:/|\Z))[^/\\\x00-\x1f\x7f]+"


def _expression(pattern: str) -> str:
    stem, below, _ = pattern.partition("/**")
    steps = stem.split("/")[1:]
    fixed = "".join(_SEGMENT if step == "*" else "/" + re.escape(step) for step in steps)
    return f"({fixed}(?:{_SEGMENT})*)" if below else f"({fixed})"


# One alternation, one group for each row: the group that matched tells the row.
_TABLE = re.compile("|".join(_expression(pattern) for pattern, _ in ROUTES))


def service_for(path: str) -> str | None:
    """Return the name of the part that answers `path` (percent-decoded), or None."""
    match = _TABLE.fullmatch(path)
    if match is None or match.lastindex is None:
        return None
    return ROUTES[match.lastindex - 1][1]


def target(raw_path: bytes, query: bytes) -> str:
    """Return what a request asks a service for: the path and query as they came.

    Bytes that have no place in a request line (RFC 9112, 3.2) are percent-encoded, which means
    the same; what was percent-encoded stays so.
    """
    raw = raw_path + b"?" + query if query else raw_path
    if _HARMLESS.fullmatch(raw):
        return raw.decode("ascii")
    return quote(raw, safe="/?%:@!$&'()*+,;=-._~[]")


_HARMLESS = re.compile(rb"[A-Za-z0-9/?%:@!$&'()*+,;=\-._~\[\]]*")


def is_unpublished(path: str) -> bool:
    """Say whether `path` is a page or probe that stands outside the authorisation matrix."""
    return path in _PAGES or path.startswith(_BELOW)


def is_probe(path: str) -> bool:
    """Say whether `path` only tells whether the system works, which costs next to nothing."""
    return path in PROBES


class Templates:
    """Finds which of the published routes, such as ``GET /api/v1/units/{unit}``, a request meets.

    A route without placeholders wins over one with: the more exact name is the one that is meant.
    """

    def __init__(self, routes: Iterable[str]) -> None:
        self._routes = sorted(routes, key=lambda route: (route.count("{"), route))
        self._table = re.compile("|".join(map(_template, self._routes)))
        self._methods = sorted({route.partition(" ")[0] for route in self._routes})

    def find(self, method: str, path: str) -> str | None:
        """Return the route of `method` and `path` (percent-decoded), or None."""
        match = self._table.fullmatch(f"{method} {path}")
        if match is None or match.lastindex is None:
            return None
        return self._routes[match.lastindex - 1]

    def methods(self, path: str) -> list[str]:
        """Return the methods that `path` is published with, in the order of the alphabet."""
        return [method for method in self._methods if self.find(method, path)]


def _template(route: str) -> str:
    method, _, path = route.partition(" ")
    steps = path.split("/")[1:]
    return f"({method} " + "".join(_step(step) for step in steps) + ")"


def _step(step: str) -> str:
    return _SEGMENT if step.startswith("{") else "/" + re.escape(step)
