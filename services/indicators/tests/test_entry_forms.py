"""What is entered for each indicator is told to whoever builds a form, by the scheme in force."""

import pytest

from indicators.rules.forms import KINDS

FUNCTION = "/categories/0/blocks/0/indicators"
FORMULA = {
    f"{FUNCTION}/0/method": "expression",
    f"{FUNCTION}/0/params": {
        "inputs": {"a": {"from": "measured"}, "b": {"from": "measured"}},
        "formula": "a",
        "result": "points",
    },
    f"{FUNCTION}/0/per_unit_params": {"X1": {"formula": "a * b"}},
}


@pytest.fixture
async def published(office, cycle, document):
    """Give the path of a cycle whose first indicator takes more of one unit."""
    for path, body in (("", {"scheme": document(FORMULA)}), ("/1/publication", None)):
        answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    return cycle


async def forms(client, cycle, **query):
    return await client.get(f"{cycle}/entry-forms", params=query)


def codes(answer):
    return {
        each["category"]: [one["indicator"] for one in each["indicators"]]
        for each in answer.json()["categories"]
    }


async def test_every_indicator_has_its_form_with_words_for_people(office, published):
    answer = await forms(office, published)
    scheme = (await office.get(f"{published}/scheme")).json()
    told = answer.json()
    assert {name: told[name] for name in ("version", "digest", "compiled_digest")} == {
        name: scheme[name] for name in ("version", "digest", "compiled_digest")
    }
    county, dept = told["categories"]
    assert {name: county[name] for name in ("category", "name", "organiser")} == {
        "category": "COUNTY",
        "name": "县市区",
        "organiser": "B01",
    }
    assert [one["indicator"] for one in county["indicators"]] == [
        "C01", "C02", "C03", "C03A", "C03B", "C04", "C05", "C06", "C07", "C08", "C09", "C10",
        "C11", "C12", "C13", "C14",
    ]  # fmt: skip
    first, parent, events = (county["indicators"][n] for n in (0, 2, 6))
    assert (first["name"], first["measure"], first["frequency"], first["data_source_unit"]) == (
        "投资",
        "%",
        "monthly",
        "B01",
    )
    assert first["kind_names"] == {"zh": "测量值", "en": "measured value"}
    assert (first["form"]["keys"], first["form_of_unit"]["X1"]["keys"]) == (["a"], ["a", "b"])
    assert (parent["form"], parent["kind_names"], parent["form_of_unit"]) == (None, None, {})
    assert events["form"]["keys"] == ["death", "larger_accident", "zero_report"]
    assert dept["indicators"][3]["may_be_not_applicable"] is True


async def test_the_forms_are_those_of_the_compiled_scheme(office, published):
    """Planted bug: forms of the base parameters, without what other formulas read."""
    told = (await forms(office, published)).json()["categories"]
    compiled = (await office.get(f"{published}/scheme")).json()["compiled"]["categories"]
    for one, other in zip(told, compiled, strict=True):
        assert [(each["form"], each["form_of_unit"]) for each in one["indicators"]] == [
            (each["takes"], each["takes_of_unit"]) for each in other["indicators"]
        ]


async def test_a_form_is_asked_for_by_category_unit_and_indicator(office, published):
    assert list(codes(await forms(office, published, category="DEPT"))) == ["DEPT"]
    assert list(codes(await forms(office, published, unit="D2"))) == ["DEPT"]
    assert codes(await forms(office, published, category="DEPT", unit="X1")) == {}
    assert codes(await forms(office, published, indicator="C07")) == {"COUNTY": ["C07"]}


async def test_the_form_of_a_unit_is_its_own(office, published):
    """Planted bug: the form of all, and the unit's beside it."""
    for unit, keys in (("X1", ["a", "b"]), ("X2", ["a"])):
        answer = await forms(office, published, unit=unit, indicator="C01")
        ((one,),) = (each["indicators"] for each in answer.json()["categories"])
        assert (one["form"]["keys"], one["form_of_unit"]) == (keys, {})


async def test_what_the_scheme_does_not_have_is_refused(office, published, problem):
    answer = await forms(office, published, category="NONE", unit="B01", indicator="C99")
    assert problem(answer) == (
        422,
        "not-in-scheme",
        [
            ("/category", "unknown-category"),
            ("/unit", "unknown-unit"),
            ("/indicator", "unknown-indicator"),
        ],
    )


async def test_forms_read_before_are_not_sent_again(office, published):
    first = await forms(office, published)
    etag = {"If-None-Match": first.headers["etag"]}
    again = await office.get(f"{published}/entry-forms", headers=etag)
    assert (again.status_code, again.content) == (304, b"")


async def test_without_a_published_scheme_there_are_none(office, cycle, problem):
    assert problem(await forms(office, cycle))[:2] == (404, "scheme-not-published")


async def test_whoever_reads_the_scheme_reads_its_forms(service, published):
    for role in ("assessed_unit", "data_source_unit", "auditor"):
        async with service.caller(role, unit="X1") as caller:
            assert (await forms(caller, published)).status_code == 200


async def schema(client, cycle, indicator, **query):
    return await client.get(f"{cycle}/indicators/{indicator}/entry-form", params=query)


async def test_the_schema_of_an_entry_is_that_of_a_unit_or_of_all(office, published):
    """Planted bug: the form of all for a unit with parameters of its own."""
    keys = {}
    for unit in ("X1", "X2"):
        told = (await schema(office, published, "C01", unit=unit)).json()
        fields = told["entry"]["properties"]
        assert fields["unit"]["enum"] == [unit]
        keys[unit] = [each["const"] for each in fields["key"]["oneOf"]]
    assert keys == {"X1": ["a", "b"], "X2": ["a"]}
    whole = (await schema(office, published, "C01")).json()["entry"]
    units = [one["properties"]["unit"]["enum"] for one in whole["oneOf"]]
    assert units == [["X1"], ["X2", "X3"]]
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert len(whole["examples"]) == len(whole["oneOf"])


async def test_the_schema_names_everything_in_both_languages(office, published):
    """Planted bug: options without titles."""
    entry = (await schema(office, published, "C05", unit="X1")).json()["entry"]
    zero = entry["properties"]["key"]["oneOf"][-1]
    assert zero == {"const": "zero_report", "title": "零报告", "x-title-en": "nothing happened"}
    for field in entry["properties"].values():
        assert field["x-title-en"].isascii()
        assert not field["title"].isascii()


async def test_a_declaration_is_among_what_may_be_entered(office, published):
    scheme = (await forms(office, published, category="DEPT")).json()["categories"][0]
    [code] = [one["indicator"] for one in scheme["indicators"] if one["may_be_not_applicable"]]
    entry = (await schema(office, published, code, unit="D1")).json()["entry"]
    kinds = [one["properties"]["kind"]["oneOf"][0]["const"] for one in entry["oneOf"]]
    assert kinds[-1] == "not_applicable"


@pytest.mark.parametrize(
    ("indicator", "unit", "status", "kind"),
    [
        ("C99", None, 404, "no-entry-form"),
        ("C03", None, 404, "no-entry-form"),
        ("C01", "D1", 404, "no-entry-form"),
        ("C01", "B01", 422, "not-in-scheme"),
    ],
)
async def test_without_entries_there_is_no_schema(
    office, published, problem, indicator, unit, status, kind
):
    query = {} if unit is None else {"unit": unit}
    assert problem(await schema(office, published, indicator, **query))[:2] == (status, kind)


async def test_a_schema_read_before_is_not_sent_again(office, published):
    first = await schema(office, published, "C01")
    etag = {"If-None-Match": first.headers["etag"]}
    again = await office.get(f"{published}/indicators/C01/entry-form", headers=etag)
    assert (again.status_code, again.content) == (304, b"")


def test_every_kind_has_a_name_in_both_languages():
    for zh, en in KINDS.values():
        assert en.isascii()
        assert not any(c.isascii() for c in zh)
