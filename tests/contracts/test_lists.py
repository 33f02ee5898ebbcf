"""Every list of the merged document gives pages, and says by what it filters."""

import pytest
from tests.contracts.publish import committed_document, whole_document

from gateway import catalogue
from gateway.rules import wording

DOCUMENT = wording.worded(whole_document(committed_document), catalogue.load(), "zh")
PAGING = {"limit", "after"}

WITHOUT_FILTERS = {
    **dict.fromkeys(
        (f"read_{p}_heads" for p in ("gateway", "indicators", "ranking", "scoring", "survey")),
        "all heads together are a checkpoint",
    ),
    "list_checkpoints": "there is one a day, and they are verified in their order",
    "list_batches": "a wave has some dozens, and what was sent is held against all of them",
    "list_consultations": "a scheme has one or two drafts that units are asked about",
    "list_decomposition_versions": "a year has one, and another for what the superior changes",
    "list_delegations": "a year has a handful, and who signs looks for the own",
    "list_jurisdictions": "whoever looks for one knows its code, and asks for it by that",
    "list_jurisdiction_closings": "whoever looks for one knows its code",
    "list_handed_up": "a superior has some dozen below it, and asks for one by its unit",
    "list_id_schemes": "there are as many as other systems, a handful",
    "list_public_cycles": "there is one a year, and a page shows all of them",
    "list_questionnaires": "a survey has one or two",
    "list_restoration_proposals": "a cycle has one, seldom a second",
    "list_scheme_versions": "a year has a few, and a screen shows all of them",
    "list_stages": "a year has two or four",
    "read_check_sheet": "a team goes through all of what it checks at one unit",
    "read_indicators_chain": "a chain is read whole and in its order, to be verified",
    "read_scoring_chain": "a chain is read whole and in its order, to be verified",
    "read_survey_chain": "a chain is read whole and in its order, to be verified",
    "read_ranking_chain": "a chain is read whole and in its order, to be verified",
    "read_gateway_chain": "a chain is read whole and in its order, to be verified",
}
"""Lists that filter by nothing, and why."""


def shape_of(operation):
    content = operation["responses"].get("200", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema.get("properties", {})


LISTS = {
    operation["operationId"]: operation
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
    if method == "get" and {"items", "next"} <= shape_of(operation).keys()
}


def asked_of(operation):
    return {each["name"] for each in operation["parameters"] if each["in"] == "query"}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_gives_pages_and_filters_or_there_is_a_reason(name):
    """Planted bug: take the filters of a list away."""
    asked = asked_of(LISTS[name])
    assert asked >= PAGING
    assert (asked == PAGING) == (name in WITHOUT_FILTERS)
    filters = [each for each in LISTS[name]["parameters"] if each["name"] in asked - PAGING]
    assert [each["name"] for each in filters if not each.get("description")] == []


def test_the_reasons_are_those_of_lists():
    assert len(LISTS) > 15
    assert WITHOUT_FILTERS.keys() <= LISTS.keys()


READS = {
    operation["operationId"]: operation
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
    if method == "get"
}
IN_SCHEME = {name for name, each in READS.items() if "id_scheme" in asked_of(each)}


def schemas_of(node, found):
    """Name the schemas that a part of the document leads to."""
    if isinstance(node, dict):
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name and name not in found:
            found.add(name)
            schemas_of(DOCUMENT["components"]["schemas"][name], found)
        for each in node.values():
            schemas_of(each, found)
    elif isinstance(node, list):
        for each in node:
            schemas_of(each, found)
    return found


@pytest.mark.parametrize("name", sorted(IN_SCHEME - {"export_marks"}))
def test_a_document_in_another_systems_codes_says_so_of_every_unit_and_indicator(name):
    """Planted bug: a unit somewhere in a score sheet without the field for its other code."""
    [content] = READS[name]["responses"]["200"]["content"].values()
    told = set()
    for each in schemas_of(content, set()):
        schema = DOCUMENT["components"]["schemas"][each]
        properties = schema.get("properties", {})
        for field in {"unit", "indicator"} & properties.keys():
            assert f"{field}_in_scheme" in properties, each
        told |= {each for each in properties if each.endswith("_in_scheme")}
        assert not told & set(schema.get("required", []))
    assert told


def test_what_other_systems_read_is_told_in_their_codes_too():
    assert len(IN_SCHEME) >= 12
