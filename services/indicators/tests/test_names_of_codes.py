"""Whatever stands by its code in a document of a cycle has its name in one document of names."""

UNITS = "/api/v1/units"


async def test_names_are_those_of_the_last_day_of_the_year(office, cycle, opened):
    """Planted bugs: today's names; a name that begins with the next year."""
    unit = {"code": "N1", "name": "体改办", "kind": "assessed", "valid_from": "2020-01-01"}
    assert (await office.post(UNITS, json={"units": [unit]})).status_code == 201
    for name, day in (("发改局", "2025-12-31"), ("经信局", "2026-01-01")):
        new = {"name": name, "kind": "legal", "valid_from": day}
        assert (await office.post(f"{UNITS}/N1/names", json=new)).status_code == 201

    told = (await office.get(f"{opened}/names")).json()
    assert (told["as_of"], told["version"]) == ("2025-12-31", 1)
    assert {each["code"]: each["name"] for each in told["units"]}["N1"] == "发改局"


async def test_every_code_of_the_scheme_has_its_name(office, opened, document):
    """Planted bug: indicators without the parts of a parent."""
    told = (await office.get(f"{opened}/names")).json()
    scheme = (await office.get(f"{opened}/scheme")).json()["scheme"]

    def walk(indicators):
        for each in indicators:
            yield each
            yield from walk(each["children"])

    def named(parts):
        return [
            {"code": each["code"], "name": each["name"], "name_en": each.get("name_en")}
            for each in parts
        ]

    assert told["categories"] == [
        named([each])[0]
        | {
            "subcategories": named(each["subcategories"]),
            "blocks": named(each["blocks"]),
            "indicators": named(i for block in each["blocks"] for i in walk(block["indicators"])),
        }
        for each in scheme["categories"]
    ]
    assert told["surveys"] == named(scheme["surveys"])
    assert told["vetoes"] == named(scheme["vetoes"]["items"])
    assert {"X1", "D1", "B02"} <= {each["code"] for each in told["units"]}


async def test_a_cycle_without_a_scheme_names_its_units(service, cycle):
    """Anybody signed in may read names, an assessed unit too."""
    async with service.caller("assessed_unit", unit="X1") as unit:
        answer = await unit.get(f"{cycle}/names")
        assert answer.status_code == 200
        told = answer.json()
        assert (told["version"], told["categories"], told["surveys"]) == (None, [], [])
        assert told["units"]
        again = await unit.get(f"{cycle}/names", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
