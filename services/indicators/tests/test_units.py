import pytest

UNITS = "/api/v1/units"
USCC = "91110000600037341L"


def unit(code, **more):
    return {
        "code": code,
        "name": f"单位{code}",
        "kind": "assessed",
        "valid_from": "2020-01-01",
    } | more


async def test_registered_units_are_read_with_their_names(office):
    answer = await office.post(UNITS, json={"units": [unit("R1", uscc=USCC), unit("R2")]})
    assert answer.status_code == 201
    assert [(row["code"], row["outcome"]) for row in answer.json()["rows"]] == [
        ("R1", "stored"),
        ("R2", "stored"),
    ]
    assert answer.json()["receipt"]["journal"] == "indicators"
    assert (await office.get(f"{UNITS}/R1")).json() == {
        "code": "R1",
        "name": "单位R1",
        "kind": "assessed",
        "uscc": USCC,
        "names": [
            {"name": "单位R1", "kind": "legal", "valid_from": "2020-01-01", "valid_to": None}
        ],
        "succeeds": [],
    }


@pytest.mark.usefixtures("untouched")
async def test_a_batch_with_one_bad_unit_registers_none(office, problem):
    """Fails when the units are stored before all of them have been checked."""
    batch = [unit("R3"), unit("X1"), unit("own_unit"), unit("R3", uscc="91110000600037341N")]
    answer = await office.post(UNITS, json={"units": batch})
    assert problem(answer) == (
        422,
        "units-refused",
        [
            ("/units/1/code", "registered-already"),
            ("/units/2/code", "reserved-code"),
            ("/units/3/uscc", "not-a-social-credit-code"),
            ("/units/3/code", "named-twice"),
        ],
    )


@pytest.mark.parametrize("field", ["kind", "valid_from", "code", "name"])
@pytest.mark.usefixtures("untouched")
async def test_a_unit_without_a_needed_field_is_refused(office, problem, field):
    answer = await office.post(UNITS, json={"units": [unit("R4") | {field: None}]})
    status, kind, ((pointer, _),) = problem(answer)
    assert (status, kind, pointer) == (422, "malformed-request", f"/units/0/{field}")


@pytest.mark.parametrize("role", ["assessed_unit", "data_source_unit", "auditor", "committee"])
@pytest.mark.usefixtures("untouched")
async def test_only_the_performance_office_registers_units(service, problem, role):
    """Fails when a row of the authorisation matrix is ignored."""
    async with service.caller(role, unit="X1") as caller:
        answer = await caller.post(UNITS, json={"units": [unit("R5")]})
    assert problem(answer)[:2] == (403, "not-allowed")


@pytest.mark.usefixtures("untouched")
async def test_whoever_has_not_signed_in_reads_no_units(service, problem):
    async with service.client({}) as nobody:
        assert problem(await nobody.get(UNITS))[:2] == (401, "not-signed-in")


async def test_pages_of_units_join_without_gap_or_overlap(service, every_page):
    """Fails when a page begins at, not after, the last key of the page before."""
    async with service.caller("assessed_unit", unit="X1") as reader:
        whole = [item["code"] for item in await every_page(reader, UNITS, limit=200)]
        paged = [item["code"] for item in await every_page(reader, UNITS, limit=3)]
    assert paged == sorted(whole) == whole


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"q": "旧称"}, ["FIND1"]),
        ({"q": "find"}, ["FIND1", "FIND2"]),
        ({"q": "find", "kind": "body"}, ["FIND2"]),
        ({"q": "_IND"}, []),
    ],
)
async def test_units_are_found_by_kind_and_by_part_of_a_code_or_of_any_name(office, query, codes):
    """Planted bugs: only the present name; a text that is read as a pattern; every kind."""
    await office.post(UNITS, json={"units": [unit("FIND1"), unit("FIND2", kind="body")]})
    former = {"name": "某旧称", "kind": "alias", "valid_from": "2020-01-01"}
    await office.post(f"{UNITS}/FIND1/names", json=former | {"valid_to": "2021-01-01"})
    answer = await office.get(UNITS, params=query)
    assert [each["code"] for each in answer.json()["items"]] == codes


async def test_a_new_legal_name_closes_the_former_one(office):
    """Fails when the former name is left open: an award would match two legal names."""
    await office.post(UNITS, json={"units": [unit("R6", name="市文化局")]})
    new = {"name": "市文化旅游局", "kind": "legal", "valid_from": "2024-03-01"}
    answer = await office.post(f"{UNITS}/R6/names", json=new)
    assert answer.status_code == 201
    assert answer.json()["receipt"]["chain"] == "units"
    read = (await office.get(f"{UNITS}/R6")).json()
    assert read["name"] == "市文化旅游局"
    assert [(n["name"], n["valid_from"], n["valid_to"]) for n in read["names"]] == [
        ("市文化局", "2020-01-01", "2024-03-01"),
        ("市文化旅游局", "2024-03-01", None),
    ]


async def test_a_name_of_the_future_is_not_the_present_one(office):
    await office.post(UNITS, json={"units": [unit("R7")]})
    new = {"name": "未来局", "kind": "legal", "valid_from": "2999-01-01"}
    assert (await office.post(f"{UNITS}/R7/names", json=new)).json()["name"] == "单位R7"


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("X1", {"valid_from": "2009-01-01"}, (409, "names-overlap")),
        (
            "X1",
            {"valid_from": "2020-01-01", "valid_to": "2020-01-01"},
            (422, "name-ends-too-early"),
        ),
        ("X9", {"valid_from": "2020-01-01"}, (404, "no-such-unit")),
        ("%00", {"valid_from": "2020-01-01"}, (422, "malformed-request")),
    ],
)
@pytest.mark.usefixtures("untouched")
async def test_a_name_that_cannot_be_is_refused(office, problem, path, name, expected):
    answer = await office.post(
        f"{UNITS}/{path}/names", json={"name": "新名", "kind": "legal"} | name
    )
    assert problem(answer)[:2] == expected


async def test_an_unknown_unit_is_not_found(office, problem):
    assert problem(await office.get(f"{UNITS}/nowhere"))[:2] == (404, "no-such-unit")


async def corrected(client, code, kind, **more):
    body = {"kind": kind, "reason": "登记有误"} | more
    return await client.post(f"{UNITS}/{code}/kind", json=body)


async def test_a_wrong_kind_is_corrected_before_a_published_scheme_names_the_unit(
    service, office, cycle, document, problem, untouched_after
):
    """In force wherever the kind is read; afterwards it stands, whatever the unit does there.

    Planted bugs: kept, and read nowhere; a scheme that was only saved bars it; only who is assessed
    is looked for; a code that stands there as something else bars it.
    """
    told = [unit("K1", kind="body"), unit("K2"), unit("C01", kind="body")]
    assert (await office.post(UNITS, json={"units": told})).status_code == 201
    changes = {"/categories/0/units/3": "K1", "/categories/0/organiser": "K2"}
    scheme = document(changes)
    versions = f"{cycle}/scheme-versions"
    assert (await office.post(versions, json={"scheme": scheme})).status_code == 201
    refused = await office.post(f"{versions}/1/publication")
    assert [code for _, code in problem(refused)[2]] == ["not-an-assessed-unit"]
    assert "POST /units/K1/kind" in refused.text
    etag = (await office.get(f"{UNITS}/K1")).headers["etag"]
    answer = await corrected(office, "K1", "assessed")
    assert (answer.status_code, answer.json()["kind"]) == (201, "assessed"), answer.text
    read = await office.get(f"{UNITS}/K1", headers={"If-None-Match": etag})
    assert (read.status_code, read.json()["kind"]) == (200, "assessed")
    listed = (await office.get(f"{UNITS}?kind=assessed&q=K1")).json()["items"]
    assert [each["code"] for each in listed] == ["K1"]
    same = {"units": [unit("K1")]}
    assert (await office.post(f"{UNITS}?mode=partial", json=same)).json()["unchanged"] == 1
    async with untouched_after():
        again = await corrected(office, "K1", "assessed")
        assert problem(again) == (409, "unit-of-that-kind", [])
        async with service.caller("assessed_unit", unit="K1") as own:
            assert (await corrected(own, "K1", "body")).status_code == 403
        assert (await corrected(office, "K9", "body")).status_code == 404
        assert (await corrected(office, "K1", "body", reason=None)).status_code == 422
    assert (await office.post(f"{versions}/1/publication")).status_code == 201
    async with untouched_after():
        for code, kind in (("K1", "body"), ("K2", "body")):
            assert problem(await corrected(office, code, kind)) == (409, "unit-in-use", [])
    assert (await corrected(office, "C01", "assessed")).status_code == 201
    async with service.caller("auditor") as auditor:
        chain = await auditor.get("/api/v1/journals/indicators/chains/units?limit=200")
    assert "unit.kind-corrected" in {each["event"] for each in chain.json()["items"]}
