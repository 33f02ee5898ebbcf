"""Every batch of the merged document has its modes, its outcomes row by row and its forms, or
stands in a table with the reason."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.contracts.test_published_contracts import OPERATIONS, PUBLISHED, resolve

Json = dict[str, Any]

MODES = ["all", "partial", "check"]
FORMS = {"application/json", "application/x-ndjson", "text/csv"}
OUTCOMES = ["stored", "unchanged", "parked", "refused"]

_ONE_ACT = "one word of one person about what is named: it holds for all of it, or for none"
_READ = "asks, and stores nothing"

_ITEMS = "POST /api/v1/cycles/{cycle_id}/supervised-items"
_OF_UNITS = "POST /api/v1/id-schemes/{id_scheme}/unit-mappings"
_OF_INDICATORS = "POST /api/v1/cycles/{cycle_id}/id-schemes/{id_scheme}/indicator-mappings"

NOT_BY_ROW = {
    "POST /api/v1/cycles/{cycle_id}/complaints/{complaint_id}/directions": "the units of one "
    "complaint, of which one answers",
    "POST /api/v1/cycles/{cycle_id}/delegations": "the steps of one delegation",
    "POST /api/v1/cycles/{cycle_id}/rankings/{edition}/steps": "what one step rests on",
    "POST /api/v1/cycles/{cycle_id}/objections": "the files that one objection names",
    "POST /api/v1/cycles/{cycle_id}/objections/{objection_id}/answers": "the files that one move "
    "names",
    "POST /api/v1/accounts/{subject}/changes": "one change of one account",
    "POST /api/v1/accounts": "whoever makes accounts hands out rights and secrets: all of them, or "
    "none, and a second administrator confirms",
    "POST /api/v1/accounts/{subject}/resets": "what one reset takes back from one person",
    "POST /api/v1/webhooks": "the types of one webhook",
    "POST /api/v1/units/{unit}/predecessors": "the predecessors of one unit, by one document, "
    "are one fact",
    "POST /api/v1/calendars/{year}/announcement": "one notice, whole",
    "POST /api/v1/calendars/{year}/corrections": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/notices/{notice}/answers": _ONE_ACT,
    f"{_OF_UNITS}/confirmation": _ONE_ACT,
    f"{_OF_UNITS}/ending": _ONE_ACT,
    f"{_OF_INDICATORS}/confirmation": _ONE_ACT,
    f"{_OF_INDICATORS}/ending": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/claims/answers": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/claims/confirmation": "decisions about one document hang "
    "together: who shares an award takes from the others",
    "POST /api/v1/cycles/{cycle_id}/claims/withdrawal": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/claims/{claim_id}/evidence": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/decomposition": "one document, whose shares have to sum",
    "POST /api/v1/cycles/{cycle_id}/awards": "who has one award",
    "POST /api/v1/cycles/{cycle_id}/highlights": "the files that one highlight names",
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/{entry_id}/evidence": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/{entry_id}/restatement": "the files that one "
    "entry names",
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/checking": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/return": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/submission": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/verification": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/ledger-entries/signatures": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/parked-rows/discard": _ONE_ACT,
    "POST /api/v1/cycles/{cycle_id}/parked-rows/replay": "sends nothing: it names rows that were "
    "sent, and its answer says of each what became of it",
    "POST /api/v1/cycles/{cycle_id}/rectification-items": _ONE_ACT,
    f"{_ITEMS}/dispatch": _ONE_ACT,
    f"{_ITEMS}/reports": "sends nothing: it names reports that wait, and its answer says of each "
    "what became of it",
    f"{_ITEMS}/{{item_id}}/answers": "the files that one move names",
    f"{_ITEMS}/{{item_id}}/directions": "the units of one item, whose shares have to agree",
    f"{_ITEMS}/{{item_id}}/ruling": "the units of one item, whose shares have to agree",
    "POST /api/v1/cycles/{cycle_id}/checks/{check}/reviewers": "of the reviewers of one check "
    "enough have to be left for every unit",
    "POST /api/v1/cycles/{cycle_id}/self-evaluations/{round_code}/marks": "one unit's self marks",
    "POST /api/v1/cycles/{cycle_id}/checks/{check}/findings": "the files that one finding names",
    "POST /api/v1/cycles/{cycle_id}/checks/{check}/findings/{finding_id}/fraud": "the files that "
    "support what is put forward about one finding",
    "POST /api/v1/cycles/{cycle_id}/checks/{check}/teams/{unit}": "the members of one team",
    "POST /api/v1/cycles/{cycle_id}/letters": "names units, and its answer says of each what "
    "became of its letter",
    "POST /api/v1/cycles/{cycle_id}/score-sheets": "the categories of one sheet",
    "POST /api/v1/surveys/{survey_id}/waves/{wave}/plans": "one plan, whose rows have to agree",
    "POST /api/v1/surveys/{survey_id}/waves/{wave}/ballot": "one ballot",
    "POST /api/v1/open-form": "the form of one respondent",
    "POST /api/v1/surveys/{survey_id}/waves/{wave}/meeting-counts": "one count, whole",
    "POST /api/v1/surveys/{survey_id}/waves/{wave}/meeting-counts/{count_no}/confirmation": "one "
    "count, compared with the first",
    "POST /api/v1/surveys/{survey_id}/waves/{wave}/seats": "all seats of a wave, named once",
    "POST /api/v1/surveys/{survey_id}/waves/{wave}/screen-decisions": "one decision about the "
    "findings that it names, which a second person confirms",
    "POST /api/v1/surveys/{survey_id}/questionnaires": "one questionnaire, in each language",
    "POST /api/v1/surveys/{survey_id}/waves/{wave}/sample-decisions": "one decision about the "
    "units that it names, which a second person confirms",
    "POST /api/v1/surveys/{survey_id}/mappings/{name}": "one mapping, whole or not at all",
    "POST /api/v1/cycles/{cycle_id}/score-simulations": _READ,
    "POST /api/v1/cycles/{cycle_id}/own-simulations": _READ,
    "POST /api/v1/cycles/{cycle_id}/simulations": _READ,
    "POST /api/v1/cycles/{cycle_id}/distributions": _READ,
}
"""What has a list in its body and is no batch of rows, with the reason."""


def lists(body: Json, document: Json) -> dict[str, Json]:
    """Return the items of the lists that a body has, by name; one that may be left out counts."""
    found = dict[str, Json]()
    for name, told in resolve(body, document).get("properties", {}).items():
        for each in (told, *told.get("anyOf", ())):
            each = resolve(each, document)
            if each.get("type") == "array":
                found[name] = resolve(each["items"], document)
    return found


def batches() -> Iterator[tuple[str, str, Json, dict[str, Json]]]:
    """Yield the commands whose body is a list, or has one."""
    for part, route, operation in OPERATIONS:
        content = operation.get("requestBody", {}).get("content", {})
        body = content.get("application/json", {}).get("schema")
        if body is None:
            continue
        document = PUBLISHED[part]
        assert resolve(body, document).get("type") != "array", f"{route}: name the list"
        if found := lists(body, document):
            yield part, route, operation, found


BATCHES = {route: (part, operation, found) for part, route, operation, found in batches()}
BY_ROW = sorted(BATCHES.keys() - NOT_BY_ROW.keys())


def test_what_is_no_batch_is_there_and_has_a_list():
    """A reason outlives no route."""
    assert NOT_BY_ROW.keys() <= BATCHES.keys(), NOT_BY_ROW.keys() - BATCHES.keys()
    assert len(BY_ROW) >= 13, BY_ROW


@pytest.mark.parametrize("route", BY_ROW)
def test_a_batch_is_taken_row_by_row_in_every_form_or_says_why_not(route):
    """Planted bugs: a new body with a list of objects that takes `all` and `check`; an answer that
    counts rows and names none."""
    part, operation, found = BATCHES[route]
    assert len(found) == 1, f"which of {list(found)} are the rows?"
    modes = [each["schema"] for each in operation["parameters"] if each["name"] == "mode"]
    assert [mode.get("enum") for mode in modes] == [MODES]
    assert operation["requestBody"]["content"].keys() >= FORMS
    answers = [operation["responses"][status]["content"] for status in ("200", "201")]
    assert answers[0] == answers[1]
    document = PUBLISHED[part]
    answer = resolve(answers[0]["application/json"]["schema"], document)
    assert {"mode", "receipt", "rows", *OUTCOMES} <= {*answer["required"]}
    row = resolve(resolve(answer["properties"]["rows"], document)["items"], document)
    assert {"position", "outcome", "errors"} <= {*row["required"]}
    assert resolve(row["properties"]["outcome"], document)["enum"] == OUTCOMES


def _is_object(told: Json) -> bool:
    """Say whether a field is an object again, which JSON alone can hold."""
    return any(each.get("type") == "object" for each in (told, *told.get("anyOf", ())))


@pytest.mark.parametrize("route", BY_ROW)
def test_what_a_batch_says_beside_its_rows_may_stand_in_the_query(route):
    """Planted bug: a field beside the rows that is a list or a tree: no query can say it. An object
    among control totals is checked where it is given, and JSON alone gives it."""
    part, operation, found = BATCHES[route]
    document = PUBLISHED[part]
    body = resolve(operation["requestBody"]["content"]["application/json"]["schema"], document)
    query = {
        each["name"]
        for each in operation["parameters"]
        if each["in"] == "query" and each["schema"].get("x-beside-rows")
    }
    wanted = set[str]()
    for name, told in body["properties"].items():
        inside = resolve(told, document)
        if name not in found:
            below = inside.get("properties", {})
            wanted |= {f"{name}.{each}" for each, is_ in below.items() if not _is_object(is_)}
            wanted |= set() if below else {name}
    assert query == wanted
