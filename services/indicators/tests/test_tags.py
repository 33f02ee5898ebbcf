"""Tags of indicators: which a scheme may have, and what is listed by them."""

import pytest

from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.publication import SchemeUnsound, check_coherent
from indicators.rules.tags import tagged
from indicators.rules.without_effect import without_effect

FUNCTION = "/categories/0/blocks/0/indicators"
TAGS = {"/tags": [{"code": "core", "name": "核心指标"}, {"code": "key", "name": "重点项目"}]}
UNITS = {"B01": "body", "B02": "body"} | dict.fromkeys(["X1", "X2", "X3", "D1", "D2"], "assessed")
MEAN = {f"{FUNCTION}/2/method": "mean_children", f"{FUNCTION}/2/params": {"kind": "geometric"}}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (TAGS | {f"{FUNCTION}/0/tags": ["core"]}, []),
        ({f"{FUNCTION}/0/tags": ["core"]}, [(f"{FUNCTION}/0/tags/0", "unknown-tag")]),
        (
            TAGS | {f"{FUNCTION}/0/tags": ["core", "core"]},
            [(f"{FUNCTION}/0/tags/1", "named-twice")],
        ),
        (
            {"/tags": [*TAGS["/tags"], {"code": "core", "name": "又"}]},
            [("/tags/2/code", "named-twice")],
        ),
        (TAGS | MEAN | {f"{FUNCTION}/2/tags": ["core"]}, []),
        (
            TAGS | MEAN | {f"{FUNCTION}/2/children/1/tags": ["core"]},
            [(f"{FUNCTION}/2/children/1/tags", "tag-below-a-mean")],
        ),
        (TAGS | {f"{FUNCTION}/2/children/1/tags": ["core"]}, []),
    ],
)
def test_a_scheme_is_published_with_tags_that_it_knows_and_that_add_up(stored, changes, faults):
    scheme, found = stored(changes), []
    try:
        check_coherent(scheme, UNITS)
    except SchemeUnsound as refused:
        found = [(fault.pointer, fault.code) for fault in refused.faults]
    assert found == faults


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"/tags": [{"code": f"t{n}", "name": "x"} for n in range(51)]}, "/tags"),
        ({f"{FUNCTION}/0/tags": [f"t{n}" for n in range(11)]}, f"{FUNCTION}/0/tags"),
    ],
)
def test_more_tags_than_anybody_can_tell_apart_are_not_even_stored(scheme, changes, at):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme(changes))
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(at, "too-many")]


def test_what_of_tags_changes_nothing_is_named(stored):
    given = TAGS | {
        f"{FUNCTION}/2/tags": ["core"],
        f"{FUNCTION}/2/children/0/tags": ["core"],
    }
    found = {(each.pointer, each.code) for each in without_effect(stored(given))}
    assert found >= {
        ("/tags/1", "tag-of-no-indicator"),
        (f"{FUNCTION}/2/children/0/tags/0", "tag-of-the-parent"),
    }
    assert ("/tags/0", "tag-of-no-indicator") not in found
    assert (f"{FUNCTION}/2/tags/0", "tag-of-the-parent") not in found


def test_a_tag_holds_for_everything_below(stored):
    scheme = stored(
        TAGS | {f"{FUNCTION}/2/tags": ["core"], f"{FUNCTION}/2/children/0/tags": ["key"]}
    )
    assert tagged(scheme, "core")["X2"] == {"C03", "C03A", "C03B"}
    assert tagged(scheme, "key")["X3"] == {"C03A"}
    assert tagged(scheme, "core")["D1"] == set()


@pytest.fixture
async def published(office, cycle, document):
    """Give the path of a cycle of which one parent and one other indicator bear a tag."""
    changes = TAGS | {f"{FUNCTION}/2/tags": ["core"], f"{FUNCTION}/0/tags": ["key"]}
    for path, body in (("", {"scheme": document(changes)}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    targets = [{"unit": "X1", "indicator": code, "target": "5"} for code in ("C01", "C03A")]
    answer = await office.post(f"{cycle}/targets", json={"targets": targets})
    assert answer.status_code == 201, answer.text
    return cycle


async def test_forms_and_targets_are_listed_by_tag(office, published):
    """Planted bug: look at the indicator's own tags alone."""
    forms = (await office.get(f"{published}/entry-forms?tag=core")).json()["categories"]
    listed = [(one["indicator"], one["tags"]) for each in forms for one in each["indicators"]]
    assert listed == [("C03", ["core"]), ("C03A", ["core"]), ("C03B", ["core"])]
    targets = (await office.get(f"{published}/targets?tag=core")).json()["targets"]
    assert [each["indicator"] for each in targets] == ["C03A"]
    history = (await office.get(f"{published}/targets/history?tag=key")).json()["versions"]
    assert [each["indicator"] for each in history] == ["C01"]


@pytest.mark.parametrize("path", ["entry-forms", "targets", "targets/history"])
async def test_a_tag_that_the_scheme_lacks_is_refused(office, published, problem, path):
    answer = await office.get(f"{published}/{path}?tag=other")
    assert problem(answer) == (422, "not-in-scheme", [("/tag", "unknown-tag")])
