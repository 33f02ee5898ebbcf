"""One document made of several."""

import json

import pytest

from gateway.rules.merging import DocumentsDisagree, merge, pascal

SCHEMES = {"bearer": {"type": "http", "scheme": "bearer"}}


def document(paths, **schemas):
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}


def reading(operation_id, schema):
    ref = {"$ref": f"#/components/schemas/{schema}"}
    answer = {"content": {"application/json": {"schema": ref}}}
    return {"get": {"operationId": operation_id, "responses": {"200": answer}}}


def thing(**properties):
    return {"type": "object", "title": "Thing", "properties": properties}


def merged(**documents):
    return merge(
        documents,
        info={"title": "t", "version": "1"},
        roles=lambda method, path: ["anyone"] if path == "/open" else [f"{method} {path}"],
        security_schemes=SCHEMES,
    )


def answer_of(whole, path):
    return whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


def test_a_component_that_parts_define_alike_stays_one():
    whole = merged(
        a=document({"/a": reading("read_a", "Thing")}, Thing=thing(x={"type": "string"})),
        b=document({"/b": reading("read_b", "Thing")}, Thing=thing(x={"type": "string"})),
    )
    assert list(whole["components"]["schemas"]) == ["Thing"]


def test_components_that_differ_under_one_name_are_named_for_their_part():
    whole = merged(
        a=document({"/a": reading("read_a", "Thing")}, Thing=thing(x={"type": "string"})),
        b=document({"/b": reading("read_b", "Thing")}, Thing=thing(y={"type": "string"})),
    )
    schemas = whole["components"]["schemas"]
    assert sorted(schemas) == ["AThing", "BThing"]
    assert schemas["BThing"]["title"] == "BThing"
    assert answer_of(whole, "/b") == {"$ref": "#/components/schemas/BThing"}


def test_components_that_only_point_to_different_ones_differ_too():
    """Fails when components are compared without what they point to."""
    page = thing(items={"$ref": "#/components/schemas/Item"})
    whole = merged(
        a=document({"/a": reading("read_a", "Page")}, Page=page, Item=thing(x={})),
        b=document({"/b": reading("read_b", "Page")}, Page=page, Item=thing(y={})),
    )
    schemas = whole["components"]["schemas"]
    assert sorted(schemas) == ["AItem", "APage", "BItem", "BPage"]
    assert schemas["APage"]["properties"]["items"] == {"$ref": "#/components/schemas/AItem"}


def test_components_that_point_to_themselves_are_compared_as_well():
    tree = thing(children={"items": {"$ref": "#/components/schemas/Tree"}})
    whole = merged(
        a=document({"/a": reading("read_a", "Tree")}, Tree=tree),
        b=document({"/b": reading("read_b", "Tree")}, Tree=tree),
    )
    assert list(whole["components"]["schemas"]) == ["Tree"]


def test_a_discriminator_follows_its_components():
    union = {"discriminator": {"mapping": {"t": "#/components/schemas/Thing"}}}
    whole = merged(
        a=document({"/a": reading("read_a", "Union")}, Union=union, Thing=thing(x={})),
        b=document({"/b": reading("read_b", "Thing")}, Thing=thing(y={})),
    )
    assert whole["components"]["schemas"]["Union"]["discriminator"]["mapping"] == {
        "t": "#/components/schemas/AThing"
    }


def test_operation_ids_are_unique():
    whole = merged(
        a=document({"/a": reading("read", "T"), "/x": reading("find", "T")}, T=thing()),
        b=document({"/b": reading("read", "T")}, T=thing()),
    )
    ids = [whole["paths"][path]["get"]["operationId"] for path in ("/a", "/b", "/x")]
    assert ids == ["a_read", "b_read", "find"]


def test_an_operation_says_which_roles_may_ask_and_how_they_sign_in():
    whole = merged(
        a=document({"/a": reading("read_a", "T"), "/open": reading("open", "T")}, T=thing())
    )
    closed, opened = whole["paths"]["/a"]["get"], whole["paths"]["/open"]["get"]
    assert (closed["x-roles"], closed["security"]) == (["GET /a"], [{"bearer": []}])
    assert (opened["x-roles"], opened["security"]) == (["anyone"], [])
    assert whole["components"]["securitySchemes"] == SCHEMES


def test_a_path_published_twice_is_refused():
    part = document({"/a": reading("read_a", "T")}, T=thing())
    other = document({"/a": reading("read_b", "T")}, T=thing())
    with pytest.raises(DocumentsDisagree):
        merged(a=part, b=other)


def test_a_new_name_that_is_taken_is_refused():
    with pytest.raises(DocumentsDisagree):
        merged(
            a=document({"/a": reading("read_a", "Thing")}, Thing=thing(x={})),
            b=document({"/b": reading("read_b", "Thing")}, Thing=thing(y={}), AThing=thing(z={})),
        )


def test_the_parts_are_left_as_they_are():
    part = document({"/a": reading("read_a", "Thing")}, Thing=thing(x={}))
    before = json.dumps(part)
    merged(a=part, b=document({"/b": reading("read_b", "Thing")}, Thing=thing(y={})))
    assert json.dumps(part) == before


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("scoring", "Unit"), "ScoringUnit"),
        (("scoring", "Page_Unit_"), "ScoringPageUnit"),
        (("a-b", "c.d"), "ABCD"),
    ],
)
def test_names_are_joined_as_pascal_case(words, expected):
    assert pascal(*words) == expected
