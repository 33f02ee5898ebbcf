"""Every command says whether it takes `If-Match`, or why there is no document that it changes."""

import pytest
from tests.contracts.test_published_contracts import OPERATIONS

ADDS = "It adds what was not there; what is there already is refused."
STEP = "It takes a step that is taken once; the second finds it taken."
NAMES = "It names the version, or the single things, that it decides about."
NOTHING = "It keeps nothing."

WAVE = "/api/v1/surveys/{survey_id}/waves/{wave}"

WITHOUT = {
    "POST /oauth/token": ADDS,
    "POST /oauth/revoke": STEP,
    "POST /api/v1/session": ADDS,
    "POST /api/v1/session/end": STEP,
    "POST /api/v1/accounts/{subject}/message-keys": ADDS,
    "POST /api/v1/accounts/{subject}/message-keys/{key_id}/confirmation": STEP,
    "POST /api/v1/accounts/{subject}/message-keys/{key_id}/withdrawal": STEP,
    "POST /api/v1/me/sessions/{session_id}/end": STEP,
    "POST /api/v1/accounts": ADDS,
    "POST /api/v1/accounts/{subject}/confirmation": STEP,
    "POST /api/v1/accounts/{subject}/resets": ADDS,
    "POST /api/v1/accounts/{subject}/resets/{number}/confirmation": STEP,
    "POST /api/v1/accounts/{subject}/unlock": "It forgets what was tried, of which nothing tells.",
    "POST /api/v1/me/second-factor": "The present password is named in the body.",
    "POST /api/v1/me/second-factor/confirmation": STEP,
    "POST /api/v1/me/password": "The present password is named in the body.",
    "POST /api/v1/accounts/{subject}/changes/{version}/confirmation": STEP,
    "POST /api/v1/webhook-hosts": ADDS,
    "POST /api/v1/webhooks": ADDS,
    "POST /api/v1/webhooks/{webhook_id}/pause": STEP,
    "POST /api/v1/webhooks/{webhook_id}/resumption": STEP,
    "POST /api/v1/webhooks/{webhook_id}/ending": STEP,
    "POST /api/v1/webhooks/{webhook_id}/secrets": ADDS,
    "POST /api/v1/webhooks/{webhook_id}/redeliveries": NAMES,
    "POST /api/v1/webhooks/{webhook_id}/test": "It changes nothing of the webhook.",
    "POST /api/v1/webhook-hosts/{host_id}/confirmation": STEP,
    "POST /api/v1/webhook-hosts/{host_id}/withdrawal": STEP,
    "POST /api/v1/accounts/{subject}/secrets": ADDS,
    "POST /api/v1/accounts/{subject}/secrets/{number}/confirmation": STEP,
    "POST /api/v1/accounts/{subject}/secrets/{number}/revocation": STEP,
    "POST /api/v1/me/secrets": ADDS,
    "POST /api/v1/me/secrets/{number}/revocation": STEP,
    "POST /api/v1/units": ADDS,
    "POST /api/v1/id-schemes": ADDS,
    "POST /api/v1/id-schemes/{id_scheme}/unit-mappings": ADDS,
    "POST /api/v1/id-schemes/{id_scheme}/unit-mappings/confirmation": NAMES,
    "POST /api/v1/id-schemes/{id_scheme}/unit-mappings/ending": NAMES,
    "POST /api/v1/cycles": ADDS,
    "POST /api/v1/cycles/{cycle_id}/scheme-checks": NOTHING,
    "POST /api/v1/cycles/{cycle_id}/id-schemes/{id_scheme}/indicator-mappings": ADDS,
    "POST /api/v1/cycles/{cycle_id}/id-schemes/{id_scheme}/indicator-mappings/confirmation": NAMES,
    "POST /api/v1/cycles/{cycle_id}/id-schemes/{id_scheme}/indicator-mappings/ending": NAMES,
    "POST /api/v1/cycles/{cycle_id}/target-proposals": ADDS,
    "POST /api/v1/cycles/{cycle_id}/target-decisions": NAMES,
    "POST /api/v1/cycles/{cycle_id}/target-confirmations": NAMES,
    "POST /api/v1/cycles/{cycle_id}/target-settlements": ADDS,
    "POST /api/v1/cycles/{cycle_id}/target-settlement-confirmations": NAMES,
    "POST /api/v1/cycles/{cycle_id}/target-revision-requests": ADDS,
    "POST /api/v1/cycles/{cycle_id}/target-revision-request-decisions": NAMES,
    "POST /api/v1/cycles/{cycle_id}/target-revision-request-withdrawals": NAMES,
    "POST /api/v1/cycles/{cycle_id}/work-plans": "It adds versions of what is the unit's alone.",
    "POST /api/v1/cycles/{cycle_id}/projects": "It adds versions; the latest one is the project.",
    "POST /api/v1/cycles/{cycle_id}/letters": "It adds versions; what still holds stays as it is.",
    "POST /api/v1/cycles/{cycle_id}/letter-signatures": "It names the digest of what is signed.",
    "POST /api/v1/cycles/{cycle_id}/ledger-entries": ADDS,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/submission": NAMES,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/verification": NAMES,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/signatures": NAMES,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/checking": NAMES,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/return": NAMES,
    "POST /api/v1/cycles/{cycle_id}/parked-rows/replay": NAMES,
    "POST /api/v1/cycles/{cycle_id}/parked-rows/discard": NAMES,
    "POST /api/v1/cycles/{cycle_id}/ledger/seal": STEP,
    "POST /api/v1/cycles/{cycle_id}/periods/{period}/closing": STEP,
    "POST /api/v1/cycles/{cycle_id}/period-permissions": ADDS,
    "POST /api/v1/cycles/{cycle_id}/duty-cards": ADDS,
    "POST /api/v1/cycles/{cycle_id}/duty-persons": ADDS,
    "POST /api/v1/cycles/{cycle_id}/categories/{category}/hand-in": STEP,
    "POST /api/v1/cycles/{cycle_id}/claims": ADDS,
    "POST /api/v1/cycles/{cycle_id}/claims/{claim_id}/evidence": ADDS,
    "POST /api/v1/cycles/{cycle_id}/evidence": ADDS,
    "POST /api/v1/cycles/{cycle_id}/archive/restoration": ADDS,
    "POST /api/v1/cycles/{cycle_id}/archive/restoration-proposals": ADDS,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/{entry_id}/evidence": ADDS,
    "POST /api/v1/cycles/{cycle_id}/claims/arrivals": ADDS,
    "POST /api/v1/cycles/{cycle_id}/claims/confirmation": NAMES,
    "POST /api/v1/cycles/{cycle_id}/claims/withdrawal": NAMES,
    "POST /api/v1/cycles/{cycle_id}/highlights": ADDS,
    "POST /api/v1/cycles/{cycle_id}/highlights/examination": NAMES,
    "POST /api/v1/cycles/{cycle_id}/highlights/withdrawal": NAMES,
    "POST /api/v1/cycles/{cycle_id}/score-sheets": ADDS,
    "POST /api/v1/cycles/{cycle_id}/score-sheets/{edition}/feedback": STEP,
    "POST /api/v1/cycles/{cycle_id}/stage-results": ADDS,
    "POST /api/v1/cycles/{cycle_id}/stage-results/{stage_no}/release": STEP,
    "POST /api/v1/cycles/{cycle_id}/stage-results/{stage_no}/release/confirmation": STEP,
    "POST /api/v1/cycles/{cycle_id}/score-simulations": NOTHING,
    "POST /api/v1/cycles/{cycle_id}/own-simulations": NOTHING,
    "POST /api/v1/cycles/{cycle_id}/surveys": ADDS,
    f"POST {WAVE}/batches": ADDS,
    f"POST {WAVE}/opinions": ADDS,
    "POST /api/v1/cycles/{cycle_id}/rectification-items": ADDS,
    "POST /api/v1/cycles/{cycle_id}/rectification-items/{item_id}/replies": STEP,
    "POST /api/v1/cycles/{cycle_id}/rectification-items/{item_id}/decisions": STEP,
    f"POST {WAVE}/opinions/reviews": NAMES,
    f"POST {WAVE}/opinions/confirmations": NAMES,
    f"POST {WAVE}/opinions/publication": STEP,
    f"POST {WAVE}/plans": ADDS,
    "POST /api/v1/surveys/{survey_id}/questionnaires": ADDS,
    f"POST {WAVE}/attestations": "It names the content that was examined.",
    f"POST {WAVE}/batches/{{batch_no}}/withdrawal": STEP,
    f"POST {WAVE}/screen-decisions": ADDS,
    f"POST {WAVE}/screen-decisions/{{decision_no}}/confirmation": STEP,
    f"POST {WAVE}/voidings": ADDS,
    f"POST {WAVE}/voidings/{{voiding_no}}/confirmation": STEP,
    f"POST {WAVE}/repetition": STEP,
    f"POST {WAVE}/files": ADDS,
    "POST /api/v1/surveys/{survey_id}/mappings/{name}": ADDS,
    f"POST {WAVE}/meeting-counts": ADDS,
    f"POST {WAVE}/meeting-counts/{{count_no}}/confirmation": STEP,
    f"POST {WAVE}/meeting-counts/{{count_no}}/withdrawal": STEP,
    f"POST {WAVE}/links": ADDS,
    f"POST {WAVE}/links/withdrawal": STEP,
    "POST /api/v1/open-form": STEP,
    f"POST {WAVE}/seats": ADDS,
    f"POST {WAVE}/seats/{{seat}}/replacement": STEP,
    f"POST {WAVE}/urn": ADDS,
    f"POST {WAVE}/urn/opening": STEP,
    f"POST {WAVE}/ballot": ADDS,
    f"POST {WAVE}/sample-decisions": ADDS,
    f"POST {WAVE}/sample-decisions/{{decision_no}}/confirmation": STEP,
    "POST /api/v1/cycles/{cycle_id}/vetoes": ADDS,
    "POST /api/v1/cycles/{cycle_id}/vetoes/{number}/confirmation": STEP,
    "POST /api/v1/cycles/{cycle_id}/vetoes/{number}/lifting": STEP,
    "POST /api/v1/cycles/{cycle_id}/demotions": ADDS,
    "POST /api/v1/cycles/{cycle_id}/demotions/{number}/confirmation": STEP,
    "POST /api/v1/cycles/{cycle_id}/demotions/{number}/lifting": STEP,
    "POST /api/v1/cycles/{cycle_id}/rankings": ADDS,
    "POST /api/v1/cycles/{cycle_id}/simulations": NOTHING,
}
"""Commands that take no `If-Match`, each with its reason."""

COMMANDS = [(r, operation) for _, r, operation in OPERATIONS if not r.startswith("GET ")]


@pytest.mark.parametrize(("route", "operation"), COMMANDS, ids=[route for route, _ in COMMANDS])
def test_a_command_takes_if_match_or_stands_here_with_a_reason(route, operation):
    """Planted bugs: a new command that nobody thought about; a condition that is refused with
    another status than is published."""
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    assert ("If-Match" in names) != (route in WITHOUT)
    told = operation["responses"].get("412", {"x-problems": []})["x-problems"]
    assert told == (["precondition-failed"] if "If-Match" in names else [])


def test_no_reason_is_given_for_what_is_no_command():
    assert set(WITHOUT) <= {route for route, _ in COMMANDS}
