"""What tells of ranks, marks or answers before everybody may know is logged, or says why not."""

import re

from tests.contracts.publish import ROOT

from chassis.authorisation import load

MATRIX = load(ROOT / "gateway/authorisation.yaml")
SEALED = re.compile(
    r"GET /api/v1/(cycles/\{cycle_id\}/(score-sheets|rankings)/\{edition\}"
    r"|cycles/\{cycle_id\}/(satisfaction|estimates|archive|cross-category-lists/\{list_code\})$"
    r"|surveys/\{survey_id\}/waves/\{wave\}/)"
)
NUMBERS = "how many were asked and answered, and not what"
DECISIONS = "what was decided of a wave, with who did"
NOT_LOGGED = {
    "GET /api/v1/cycles/{cycle_id}/rankings/{edition}/steps": "who took which step, and no rank",
    **dict.fromkeys(
        (
            f"GET /api/v1/surveys/{{survey_id}}/waves/{{wave}}/{name}"
            for name in ("batches", "reconciliation", "links", "meeting-counts", "plan", "seats")
        ),
        NUMBERS,
    ),
    **dict.fromkeys(
        (
            f"GET /api/v1/surveys/{{survey_id}}/waves/{{wave}}/{name}"
            for name in ("attestations", "sample-decisions", "screen-decisions", "voidings")
        ),
        DECISIONS,
    ),
    "GET /api/v1/surveys/{survey_id}/waves/{wave}/ballot": "the own ballot paper, not filled in",
    "GET /api/v1/surveys/{survey_id}/waves/{wave}/weighting": "of groups, and of no unit",
}


def test_what_tells_of_others_before_a_release_is_logged_or_says_why_not():
    """Planted bugs: a route that is taken out of `logged`; a new one beside."""
    sealed = {route for route in MATRIX.routes if SEALED.match(route)}
    assert len(sealed) > 20
    assert sealed - MATRIX.logged == {*NOT_LOGGED}
    assert not MATRIX.logged & NOT_LOGGED.keys()


def test_what_is_computed_of_the_same_without_keeping_it_is_logged_too():
    """Planted bug: a simulation is nobody's reading."""
    cycle = "POST /api/v1/cycles/{cycle_id}"
    computed = {route for route in MATRIX.logged if route.startswith("POST ")}
    assert computed == {
        f"{cycle}/{end}" for end in ("score-simulations", "rankings", "simulations")
    }


def test_nobody_reads_the_log_but_who_reads_journals():
    """Planted bug: a role of those whose reads are in it."""
    for service in ("scoring", "survey", "ranking"):
        rows = MATRIX.routes[f"GET /api/v1/journals/{service}/chains/{{chain}}"]
        allowed = {(row.role, row.relation) for row in rows}
        assert allowed == {("auditor", None), ("audit_administrator", "reads")}
