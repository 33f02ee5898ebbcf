"""The parts share documents, not classes: these tests hold the documents together."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.contracts import faults, problems
from tests.contracts.publish import (
    GENERATED,
    PARTS,
    ROOT,
    SERVICES,
    home_of,
    reference,
    whole_document,
)

from chassis import authorisation
from chassis.decoding import MAX_ITEMS, MAX_VALUES
from chassis.peers import Compute, Peer, Read, ReadAll
from gateway import catalogue
from gateway.rules import origins, wording
from gateway.rules.routing import ROUTES, service_for

WORDS = {"summary", "description", "title", "remedy", "x-displayName", "x-enum-descriptions"}
METHODS = ("get", "post", "put", "patch", "delete")
PUBLISHED = {p: json.loads((home_of(p) / "openapi.json").read_text("utf-8")) for p in PARTS}
MATRIX = authorisation.load(ROOT / "gateway" / "authorisation.yaml")
OPERATIONS = [
    (part, f"{method.upper()} {path}", operation)
    for part, document in PUBLISHED.items()
    for path, item in document["paths"].items()
    for method, operation in item.items()
    if method in METHODS
]
AnyRead = Read[Any] | ReadAll[Any] | Compute[Any, Any]


def reads_of(peers: ModuleType) -> list[AnyRead]:
    declared = [t for t in vars(peers).values() if isinstance(t, type) and issubclass(t, Peer)]
    return [
        read
        for peer in declared
        for read in vars(peer).values()
        if isinstance(read, Read | ReadAll | Compute)
    ]


def all_reads() -> list[Any]:
    return [
        pytest.param(service, read, id=f"{service} reads {read.path}")
        for service in SERVICES
        if (home_of(service) / "src" / service / "peers.py").exists()
        for read in reads_of(import_module(f"{service}.peers"))
    ]


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in GENERATED]
)
def test_what_is_generated_is_up_to_date(path):
    assert path.read_text("utf-8") == GENERATED[path](), "run `make contracts`"


@pytest.mark.parametrize(("part", "route"), [(part, route) for part, route, _ in OPERATIONS])
def test_the_gateway_sends_every_published_path_to_its_publisher(part, route):
    assert service_for(route.partition(" ")[2].replace("{", "").replace("}", "")) == part


def _fullest(document: dict[str, Any], schema: dict[str, Any]) -> tuple[int, int]:
    """Return how many values the largest body of a shape has, and how long its longest array is."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "properties" in schema:
        inner = [_fullest(document, each) for each in schema["properties"].values()]
        return 1 + sum(n for n, _ in inner), max([0, *(longest for _, longest in inner)])
    if "maxItems" in schema:
        values, longest = _fullest(document, schema["items"])
        return 1 + schema["maxItems"] * values, max(schema["maxItems"], longest)
    return 1, 0


@pytest.mark.parametrize(("part", "route", "operation"), OPERATIONS)
def test_the_largest_batch_of_every_route_is_within_measure(part, route, operation):
    """Planted bug: raise a list's `max_length` above the caps of the decoder."""
    if (body := operation.get("requestBody")) and "application/json" in body["content"]:
        shape = body["content"]["application/json"]["schema"]
        values, longest = _fullest(PUBLISHED[part], shape)
        assert values <= MAX_VALUES
        assert longest <= MAX_ITEMS


def test_no_route_of_the_gateway_leads_nowhere():
    served = {(service_for(r.split(" ")[1]), r.split(" ")[1]) for _, r, _ in OPERATIONS}
    pages = {"/", "/console/**", "/docs/**", "/health/**"}
    for pattern, part in ROUTES:
        if pattern in pages:
            continue
        stem = pattern.removesuffix("/**").split("/")
        assert any(
            owner == part
            and len(path.split("/")) >= len(stem)
            and all(s == "*" or s == p for s, p in zip(stem, path.split("/"), strict=False))
            for owner, path in served
        ), f"{pattern} leads nowhere"


def test_the_matrix_speaks_of_exactly_the_published_routes():
    published = {route for _, route, _ in OPERATIONS}
    assert published - set(MATRIX.routes) == set(), "published, but nobody may ask"
    assert set(MATRIX.routes) - published == set(), "in the matrix, but not published"


def test_every_relation_and_phase_of_the_matrix_has_words_in_both_languages():
    """Who is refused is told what is lacking; without words it would be told in codes."""
    rows = [row for rows in MATRIX.routes.values() for row in rows]
    relations = {row.relation for row in rows if row.relation}
    phases = frozenset[str]().union(*(row.phases for row in rows))
    assert all(set(MATRIX.relations.get(code, ())) == {"zh", "en"} for code in relations), relations
    assert all(set(MATRIX.phases.get(code, ())) == {"zh", "en"} for code in phases), phases


def test_every_command_wants_an_idempotency_key_and_says_so():
    """What answers with a receipt has stored something; a client must know that it may retry."""
    for part, route, operation in OPERATIONS:
        keys = [p for p in operation.get("parameters", ()) if p["name"] == "Idempotency-Key"]
        answer = json.dumps(operation["responses"].get("200") or operation["responses"]["201"])
        # A command that can be tried before has two answers; one of them has a receipt.
        known = PUBLISHED[part]["components"]["schemas"]
        shapes = [known[name] for name in re.findall(r'/schemas/([^"]+)"', answer)]
        stored = any("receipt" in shape.get("properties", {}) for shape in shapes)
        assert bool(keys) == (stored and "POST" in route), route
        assert all(key["required"] for key in keys)


WITHOUT_RECEIPT = {
    "POST /api/v1/checkpoints": "it is held against journals, and is in none",
    "POST /api/v1/session": "what signs in is no change of what is assessed",
    "POST /api/v1/open-form": "a ballot is without a name, and is not found again by a receipt",
    "POST /api/v1/public/cycles/{cycle_id}/notices/{notice}/objections": "a citizen's",
    "POST /api/v1/public/cycles/{cycle_id}/notices/{notice}/objections/{reference}/withdrawal": (
        "a citizen's"
    ),
    "POST /api/v1/public/cycles/{cycle_id}/complaints": "a citizen has a reference and a secret",
    "POST /api/v1/public/cycles/{cycle_id}/complaints/{reference}/verdict": "a citizen has these",
}
"""Why what makes something answers without a receipt."""


def test_every_accepted_write_answers_with_a_receipt_or_says_why_not():
    """Whoever keeps it finds out that the journal was cut or written anew. Planted bug: a command
    that records its change and answers without."""
    without = set()
    for part, route, operation in OPERATIONS:
        made = operation["responses"].get("201")
        if "POST" in route and made is not None:
            known = PUBLISHED[part]["components"]["schemas"]
            names = re.findall(r'/schemas/([^"]+)"', json.dumps(made))
            if not any("receipt" in known[name].get("properties", {}) for name in names):
                without.add(route)
    assert without == {*WITHOUT_RECEIPT}


NOT_CHECKED = {
    "POST /oauth/revoke": "it ends what the token opens, which is what was asked for",
    "POST /api/v1/checkpoints": "it changes nothing that is on record, and says what is wrong",
    "POST /api/v1/session": "it opens what the password opens, which is what was asked for",
    "POST /api/v1/session/end": "it ends what the cookie opens, which is what was asked for",
    "POST /api/v1/open-form": "a faulty form is refused, and leaves the link to be used",
    "POST /api/v1/public/cycles/{cycle_id}/complaints": "whoever asks has no account, and nothing "
    "is wrong with what is well formed",
    "POST /api/v1/public/cycles/{cycle_id}/complaints/{reference}/verdict": "a refused one leaves "
    "the complaint as it was, and a later one takes its place",
    "POST /api/v1/public/cycles/{cycle_id}/notices/{notice}/objections": "whoever asks has no "
    "account, and nothing is wrong with what is well formed",
    "POST /api/v1/public/cycles/{cycle_id}/notices/{notice}/objections/{reference}/withdrawal": (
        "what is refused leaves the objection as it was"
    ),
    "POST /oauth/token": "it stores nothing but how often it failed, which is what it is about",
    "POST /api/v1/cycles/{cycle_id}/scheme-checks": "it is a check itself and stores nothing",
    "POST /api/v1/cycles/{cycle_id}/score-simulations": "it computes and stores nothing",
    "POST /api/v1/cycles/{cycle_id}/own-simulations": "it computes and stores nothing",
    "POST /api/v1/cycles/{cycle_id}/simulations": "it computes and stores nothing",
    "POST /api/v1/cycles/{cycle_id}/distributions": "it computes and stores nothing",
}
"""What changes nothing by being asked, and therefore has no `mode=check`; with the reason."""


def test_every_command_can_be_checked_before_or_says_why_not():
    """Planted bug: a command that commits by itself and takes no `mode`."""
    unchecked = set[str]()
    for _, route, operation in OPERATIONS:
        modes = [p["schema"] for p in operation.get("parameters", ()) if p["name"] == "mode"]
        if not modes:
            unchecked |= set() if route.startswith("GET") else {route}
            continue
        [mode] = modes
        assert (mode["enum"][-1], mode["default"]) == ("check", "all"), route
        assert not route.startswith("GET"), route
        checked, done = (operation["responses"].get(s, {}).get("content") for s in ("200", "201"))
        assert checked == (done or checked), route
    assert unchecked == set(NOT_CHECKED)


def test_a_receipt_may_be_missing_wherever_a_command_may_be_checked():
    """What is only checked is not in the journal. Planted bug: a receipt that is always there."""
    receipts = [
        shape["properties"]["receipt"]
        for document in PUBLISHED.values()
        for shape in document["components"]["schemas"].values()
        if "receipt" in shape.get("properties", {})
    ]
    assert len(receipts) > 30
    assert [one for one in receipts if {"type": "null"} not in one.get("anyOf", ())] == []


def test_every_pattern_is_one_that_other_languages_read_alike():
    """A page that checks what is typed refuses every unit where `\\z` means the letter z."""
    patterns = set(re.findall(r'"pattern": ("(?:[^"\\\\]|\\\\.)*")', json.dumps(PUBLISHED)))
    assert patterns
    assert not [p for p in map(json.loads, patterns) if re.search(r"\\[zZAG]|\(\?[^:=!]", p)]


def test_operation_ids_are_unique_over_all_parts():
    counted = Counter(operation["operationId"] for _, _, operation in OPERATIONS)
    assert [name for name, n in counted.items() if n > 1] == []


ASKED_BACK = {
    ("scoring", "ranking"): "/api/v1/cycles/{cycle_id}/consequences",
}
"""What a service reads of one that reads of it: by commands alone, and its answer asks nothing of
the one that asks (docs/decisions/0121), which the tests of the one that answers hold."""


def test_no_two_services_read_from_each_other_even_through_a_third():
    """But for what is named, of which no request can come back to where it began."""
    reads, back = {service: set[str]() for service in SERVICES}, {}
    for param in all_reads():
        service, read = param.values
        path = read.path.partition("?")[0]
        producer = str(service_for(path))
        if ASKED_BACK.get((service, producer)) == path:
            back[service, producer] = path
        else:
            reads[service].add(producer)
    assert back == ASKED_BACK
    assert TopologicalSorter(reads).prepare() is None  # raises CycleError on a circle


@pytest.mark.parametrize(("service", "read"), all_reads())
def test_consumers_read_only_what_producers_publish(service, read):
    path, _, asked = read.path.partition("?")
    producer = PUBLISHED[str(service_for(path))]
    verb = "post" if isinstance(read, Compute) else "get"
    operation = producer["paths"][path][verb]
    taken = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
    assert set(re.findall(r"(\w+)=", asked)) <= taken
    answer = operation["responses"]["200"]
    offered = answer["content"]["application/json"]["schema"]
    wanted = read.view.model_json_schema()
    if isinstance(read, ReadAll):
        offered = resolve(offered, producer)["properties"]["items"]["items"]
    assert lacking(wanted, offered, wanted.get("$defs", {}), producer) == []


ALL_COMPUTES = [param for param in all_reads() if isinstance(param.values[1], Compute)]


@pytest.mark.parametrize(("service", "compute"), ALL_COMPUTES)
def test_consumers_send_only_what_producers_take(service, compute):
    """A producer refuses fields that it does not know, and bodies that lack one it needs."""
    producer = PUBLISHED[str(service_for(compute.path))]
    body = producer["paths"][compute.path]["post"]["requestBody"]
    taken = body["content"]["application/json"]["schema"]
    sent = compute.asked.model_json_schema()
    own = producer["components"]["schemas"]
    sender = {"components": {"schemas": sent.get("$defs", {})}}
    assert lacking(taken, sent, own, sender) == []
    assert unknown(sent, taken, sender, producer) == []


@pytest.mark.parametrize(("service", "compute"), ALL_COMPUTES)
def test_what_only_computes_is_a_post_that_answers_at_once(service, compute):
    """What a command makes is 201; a POST that stores nothing is 200 and hands out no receipt."""
    producer = PUBLISHED[str(service_for(compute.path))]
    answers = producer["paths"][compute.path]["post"]["responses"]
    assert "201" not in answers
    answer = resolve(answers["200"]["content"]["application/json"]["schema"], producer)
    assert "receipt" not in answer["properties"]


def unknown(
    sent: dict[str, Any], taken: dict[str, Any], sender: Any, producer: Any, at: str = "$"
) -> list[str]:
    """List the fields that a consumer sends and the producer does not know."""
    sent, taken = resolve(sent, sender), resolve(taken, producer)
    if sent.get("type") == "array":
        return unknown(sent["items"], taken.get("items", {}), sender, producer, f"{at}[]")
    fields, known = sent.get("properties", {}), taken.get("properties", {})
    found = [f"{at}.{field}" for field in fields if field not in known]
    for field in fields.keys() & known.keys():
        found += unknown(fields[field], known[field], sender, producer, f"{at}.{field}")
    return found


def lacking(
    want: dict[str, Any], offer: dict[str, Any], own: dict[str, Any], producer: Any, at: str = "$"
) -> list[str]:
    """List what a consumer's `want` needs and the producer's `offer` does not promise."""
    if len(at) > 300:  # a tree that holds itself: every level is alike
        return []
    want = own[want["$ref"].rsplit("/", 1)[1]] if "$ref" in want else want
    offer = resolve(offer, producer)
    if offer.get("x-as-it-came"):  # a document of the caller's, which the other side judges
        return []
    if want.get("type") == "array":
        return lacking(want["items"], offer.get("items", {}), own, producer, f"{at}[]")
    if "properties" not in want:
        kinds, wants = kinds_of(offer, producer), kinds_of(want, {"components": {"schemas": own}})
        return [] if not wants or wants & kinds else [f"{at}: wants {wants}, is offered {kinds}"]
    found = [f"{at}.{f}" for f in want.get("required", []) if f not in offer.get("required", [])]
    for field, schema in want["properties"].items():
        if field in offer.get("properties", {}):
            found += lacking(schema, offer["properties"][field], own, producer, f"{at}.{field}")
    return found


def kinds_of(schema: dict[str, Any], document: Any) -> set[str]:
    kinds = {resolve(one, document).get("type", "any") for one in schema.get("anyOf", [schema])}
    return set() if "any" in kinds else kinds


def resolve(schema: dict[str, Any], document: Any) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    alternatives = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    return resolve(alternatives[0], document) if len(alternatives) == 1 else schema


def test_the_comparison_finds_a_renamed_field():
    """A test of the test: a consumer that needs a field the producer renamed is found."""
    want = {"properties": {"total": {"type": "string"}}, "required": ["total"]}
    offer = {"properties": {"sum": {"type": "string"}}, "required": ["sum"]}
    assert lacking(want, offer, {}, {}) == ["$.total"]


def test_the_comparison_leaves_a_document_that_is_passed_on_to_who_takes_it():
    want = {"properties": {"total": {"type": "string"}}, "required": ["total"]}
    assert lacking(want, {"type": "object", "x-as-it-came": True}, {}, {}) == []
    assert lacking(want, {"type": "object"}, {}, {}) == ["$.total"]


def test_the_comparison_finds_a_field_that_the_producer_refuses():
    """A test of the test: a consumer that still sends what the producer renamed is found."""
    sent = {"properties": {"values": {"type": "array", "items": {"properties": {"old": {}}}}}}
    taken = {"properties": {"values": {"type": "array", "items": {"properties": {"new": {}}}}}}
    assert unknown(sent, taken, {}, {}) == ["$.values[].old"]


def test_every_refusal_is_in_the_catalogue_with_a_remedy_in_both_languages():
    """Planted bugs: a refusal without a remedy; a type of two titles; one that nobody declares."""
    kinds, declared = problems.kinds(), problems.answered(whole_document())
    for kind, classes in kinds.items():
        assert {problems.said(each) for each in classes} == {problems.said(classes[0])}, kind
        _, en, zh, remedy_en, remedy_zh = problems.said(classes[0])
        for chinese in (zh, remedy_zh):
            assert re.search(r"[\u4e00-\u9fff]", chinese), kind
        for english in (en, remedy_en):
            assert english, kind
            assert not re.search(r"[\u4e00-\u9fff]", english), kind
    assert kinds.keys() - declared.keys() == problems.ELSEWHERE.keys()
    assert declared.keys() <= kinds.keys()


def test_every_kind_of_fault_is_in_the_catalogue_and_none_that_nobody_finds():
    """Planted bugs: a kind that is put together and of which nothing says what it comes to; one in
    the tables of the generator that the code has no more."""
    page, known = (ROOT / "docs" / "problems.md").read_text("utf-8"), faults.faults()
    listed = re.findall(r"^\| `([a-z_-]+)` \|", page, re.M)
    assert listed == [*known]
    assert len(known) > 200
    sources = [*ROOT.glob("services/*/src"), ROOT / "gateway/src", ROOT / "libs/chassis/src"]
    code = [ast.unparse(ast.parse(f.read_text("utf-8"))) for s in sources for f in s.rglob("*.py")]
    for written in (*faults.COMPUTED, *faults.HANDED_ON):
        assert any(written in each for each in code), f"{written} is in no code"
    seen = {fault for each in known.values() for fault in each if not fault.en or not fault.zh}
    assert seen == set()


def test_every_refusal_that_is_declared_names_its_types():
    """FastAPI itself declares a 422 wherever there is a parameter. Planted bug: that of a form."""
    nameless = [
        (route, status)
        for _, route, operation in OPERATIONS
        for status, answer in operation["responses"].items()
        if status[0] in "45" and not answer["x-problems"]
    ]
    assert nameless == []


def test_everything_in_the_document_has_words_in_both_languages():
    """Planted bug: leave out the words of one parameter, property, schema or value of a closed set;
    or of one operation in Chinese; the example of one answer."""
    words, document = catalogue.load(), whole_document()
    assert wording.lacking(document, words) == []
    for language in wording.LANGUAGES:
        wording.worded(document, words, language)
    assert wording.unused(words) == [], "words of nothing that is published"


def without_words(node: Any) -> Any:
    match node:
        case dict():
            told = {k: without_words(v) for k, v in node.items() if k not in WORDS}
            return {"scopes": sorted(told.pop("scopes"))} | told if "scopes" in told else told
        case list():
            return [without_words(each) for each in node]
    return node


def test_the_document_is_the_same_in_both_languages_but_for_its_words():
    """What is generated from one fits the other; what a tool finds in one it finds in both.

    Planted bug: share parameters by what is said of them in one language.
    """
    chinese, english = (json.loads(reference(language)) for language in ("zh", "en"))
    assert without_words(chinese) == without_words(english)
    assert [*chinese["components"]["parameters"]] == [*english["components"]["parameters"]]


def test_the_chinese_words_are_chinese_and_the_summaries_short():
    """Planted bug: an English word in the Chinese summary or description of an operation."""
    document = wording.worded(whole_document(), catalogue.load(), "zh")
    said = [tag["description"] for tag in document["tags"]]
    for operation in wording.operations(document):
        assert len(operation["summary"]) <= 20, operation["operationId"]
        said += [operation["summary"], operation["description"]]
        said += [parameter["description"] for parameter in operation["parameters"]]
    for schema in document["components"]["schemas"].values():
        said += [each["description"] for each in [schema, *schema.get("properties", {}).values()]]
    known = re.compile(r"`[^`]*`|next|JSON Schema|OpenAPI|HTTP")
    plain = [known.sub("", text) for text in said]
    assert [text for text in plain if re.search(r"[A-Za-z]", text)] == []
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in said)


def test_the_english_words_are_english():
    """Planted bug: a term in Chinese in the docstring of an endpoint or a model."""
    document = wording.worded(whole_document(), catalogue.load(), "en")
    said = [
        text
        for operation in wording.operations(document)
        for each in (operation, *operation["parameters"])
        for text in (each.get("summary", ""), each["description"])
    ]
    for schema in document["components"]["schemas"].values():
        said += [each["description"] for each in [schema, *schema.get("properties", {}).values()]]
    assert [text for text in said if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)] == []


def _examples(document: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for operation in wording.operations(document):
        places = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (each for place in places for each in place.get("content", {}).values()):
            if "example" in content:
                yield operation["operationId"], content["schema"], content["example"]


def test_every_example_is_as_its_schema_says():
    """Planted bugs: a field of an example that the schema does not know; one of another kind."""
    document = wording.worded(whole_document(), catalogue.load(), "en")
    schemas = {"components": document["components"]}
    told = list(_examples(document))
    wrong = [
        f"{name} {fault.json_path}: {fault.message[:200]}"
        for name, schema, example in told
        for fault in Draft202012Validator({**schema, **schemas}).iter_errors(example)
    ]
    assert wrong == [], "run `make examples`, or mend words/examples.yaml"
    assert len({name for name, _, _ in told}) > 80


def test_what_holds_everywhere_is_declared_everywhere():
    """Planted bug: do not add the language to the parameters of an operation."""
    for operation in wording.operations(whole_document()):
        headers = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
        statuses = {"429", "503", *({"401", "403"} if operation["x-roles"] != ["anyone"] else ())}
        name = operation["operationId"]
        assert "Accept-Language" in headers, name
        assert statuses <= operation["responses"].keys(), name


def test_what_the_document_names_can_be_sent_and_read_by_pages_of_other_origins():
    """Fails when a route takes or gives a header that no page of another origin could use."""
    sent, given = set(), set()
    for _, _, operation in OPERATIONS:
        named = operation.get("parameters", ())
        sent |= {each["name"].lower() for each in named if each["in"] == "header"}
        for answer in operation["responses"].values():
            given |= {name.lower() for name in answer.get("headers", ())}
    assert sent
    assert sent <= {*origins.ASKED_WITH.decode().split(", ")}
    assert given
    assert given <= {*origins.SHOWN.decode().split(", ")}
