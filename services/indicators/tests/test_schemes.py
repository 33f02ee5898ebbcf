import asyncio
import hashlib
import json

import asyncpg
import pytest
from pydantic import TypeAdapter

from chassis import journal
from indicators.rules.compiled import CompiledScheme, compile_scheme

FORMS = TypeAdapter(CompiledScheme)
FUNCTION = "/categories/0/blocks/0/indicators"


async def save(office, cycle, scheme, reason=None):
    return await office.post(f"{cycle}/scheme-versions", json={"scheme": scheme, "reason": reason})


async def publish(office, cycle, version):
    return await office.post(f"{cycle}/scheme-versions/{version}/publication")


async def test_a_saved_version_is_a_draft_with_its_reason_and_author(office, cycle, document):
    answer = await save(office, cycle, document())
    assert answer.status_code == 201, answer.text
    saved = answer.json()
    assert (saved["version"], saved["state"], saved["published_at"]) == (1, "draft", None)
    assert saved["saved_by"] == "performance_office@B01"
    assert saved["receipt"]["chain"] == cycle.rsplit("/", 1)[1]
    listed = (await office.get(f"{cycle}/scheme-versions")).json()
    told_once = {"receipt", "without_effect", "without_effect_count"}
    assert listed == {"items": [{k: saved[k] for k in saved if k not in told_once}], "next": None}


async def test_a_published_scheme_is_read_exact_and_complete(
    office, cycle, document, stored, schemes
):
    """Fails when defaults or digits are left to the reader."""
    await save(office, cycle, document())
    published = (await publish(office, cycle, 1)).json()
    read = (await office.get(f"{cycle}/scheme")).json()
    assert {k: read[k] for k in ("version", "digest", "published_at")} == {
        k: published[k] for k in ("version", "digest", "published_at")
    }
    assert read["scheme"] == schemes.dump_python(stored(), mode="json")


async def test_the_digest_is_that_of_the_canonical_scheme(office, opened):
    """Fails when the digest covers anything but what is read."""
    read = (await office.get(f"{opened}/scheme")).json()
    canonical = json.dumps(
        read["scheme"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert read["digest"] == hashlib.sha256(canonical.encode()).hexdigest()


async def test_the_compiled_form_stands_beside_the_scheme_with_a_digest_of_its_own(
    office, cycle, document, stored
):
    """Planted bugs: compile what was sent and not what is stored; publish without the digest."""
    saved = (await save(office, cycle, document())).json()
    published = (await publish(office, cycle, 1)).json()
    read = (await office.get(f"{cycle}/scheme")).json()
    assert read["compiled"] == FORMS.dump_python(compile_scheme(stored()), mode="json")
    assert read["compiled_digest"] == published["compiled_digest"] != saved["digest"]
    assert read["compiled_digest"] == journal.sha256(read["compiled"])
    assert read["digest"] == saved["digest"]


async def test_a_scheme_read_before_is_not_sent_again(office, opened):
    first = await office.get(f"{opened}/scheme")
    again = await office.get(f"{opened}/scheme", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_an_assessed_unit_reads_the_scheme_but_not_its_drafts(service, opened, problem):
    async with service.caller("assessed_unit", unit="X1") as caller:
        assert (await caller.get(f"{opened}/scheme")).status_code == 200
        for path in ("", "/1", "/1/differences"):
            answer = await caller.get(f"{opened}/scheme-versions{path}")
            assert problem(answer)[:2] == (403, "not-allowed")


# `untouched` stands last among the fixtures: what the others store is there before it looks.


async def test_a_faulty_scheme_is_refused_with_all_its_faults(
    office, cycle, document, problem, untouched
):
    changes = {f"{FUNCTION}/0/params/cap": 1, f"{FUNCTION}/6/params/step_ratio": "1.5"}
    answer = await save(office, cycle, document(changes))
    assert problem(answer) == (
        422,
        "scheme-faulty",
        [
            (f"/scheme{FUNCTION}/0/params/cap", "unknown-parameter"),
            (f"/scheme{FUNCTION}/6/params/step_ratio", "out-of-range"),
        ],
    )


async def test_a_scheme_of_another_shape_is_refused(office, cycle, document, problem, untouched):
    answer = await save(office, cycle, document({"/extra": 1, f"{FUNCTION}/0/method": "guess"}))
    assert problem(answer) == (
        422,
        "malformed-request",
        [
            (f"/scheme{FUNCTION}/0/method", "literal-error"),
            ("/scheme/extra", "unexpected-keyword-argument"),
        ],
    )


async def test_a_circle_of_scores_is_refused_when_the_scheme_is_saved(
    office, cycle, document, problem, untouched
):
    """Fails when a circle is found only at the publication, or not named."""
    circle = {}
    for place, other in ((0, "C02"), (1, "C01")):
        inputs = {"x": {"from": "rank", "indicator": other}}
        circle[f"{FUNCTION}/{place}/method"] = "expression"
        circle[f"{FUNCTION}/{place}/params"] = {
            "inputs": inputs,
            "formula": "10 - x",
            "result": "points",
        }
    answer = await save(office, cycle, document(circle))
    assert problem(answer) == (422, "scheme-faulty", [(f"/scheme{FUNCTION}/0", "score-circle")])
    assert "C01 → C02 → C01" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400000000", "0.1e-99999999", "[0.1]"])
async def test_a_number_that_is_none_is_refused(
    office, cycle, document, problem, untouched, number
):
    """Fails when a number of any size is written out before it is looked at."""
    body = json.dumps({"scheme": document({f"{FUNCTION}/0/params/cap_ratio": "HERE"})})
    answer = await office.post(
        f"{cycle}/scheme-versions",
        content=body.replace('"HERE"', number),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in {400, 422}
    assert problem(answer)[1] in {"not-json", "scheme-faulty"}


async def test_a_scheme_of_another_year_is_refused(office, cycle, document, problem, untouched):
    answer = await save(office, cycle, document({"/assessment_year": 2024}))
    assert problem(answer) == (
        422,
        "year-differs",
        [("/scheme/assessment_year", "year-differs")],
    )


async def test_a_scheme_that_does_not_add_up_is_not_published(
    office, cycle, document, problem, untouched_after
):
    """Fails when publication trusts what was saved."""
    await save(office, cycle, document({f"{FUNCTION}/0/points": "9.9"}))
    async with untouched_after():
        answer = await publish(office, cycle, 1)
    assert problem(answer) == (
        422,
        "scheme-unsound",
        [("/categories/0/blocks/0", "points-missing")],
    )
    assert answer.json()["detail"] == "COUNTY/function: 60.9 of 61, 0.1 missing."
    assert (await office.get(cycle)).json()["phase"] == "draft"
    assert problem(await office.get(f"{cycle}/scheme"))[:2] == (404, "scheme-not-published")


async def test_a_refusal_speaks_chinese_to_whoever_reads_chinese(office, cycle, document):
    await save(office, cycle, document({"/categories/0/total": "99.9"}))
    answer = await office.post(
        f"{cycle}/scheme-versions/1/publication", headers={"Accept-Language": "zh-CN"}
    )
    assert answer.json()["detail"] == "COUNTY：合计 100 分，应为 99.9 分，多 0.1 分。"
    assert answer.json()["title"] == "方案分值不符，或引用了不存在的对象。"


async def test_a_scheme_that_names_an_unregistered_unit_is_not_published(
    office, cycle, document, problem, untouched_after
):
    await save(office, cycle, document({f"{FUNCTION}/0/data_source_unit": "B99"}))
    async with untouched_after():
        answer = await publish(office, cycle, 1)
    assert problem(answer)[2] == [(f"{FUNCTION}/0/data_source_unit", "unknown-unit")]


async def test_a_change_of_a_published_scheme_needs_a_reason(
    office, opened, document, problem, untouched_after
):
    changed = document({"/categories/0/units/3": "X4"})
    async with untouched_after():
        answer = await save(office, opened, changed)
    assert problem(answer) == (422, "reason-missing", [("/reason", "reason-missing")])
    assert (await save(office, opened, changed, "新设单位")).json()["version"] == 2


async def test_a_draft_saved_without_a_reason_needs_one_after_another_was_published(
    office, cycle, document, problem
):
    await save(office, cycle, document())
    await save(office, cycle, document())
    assert (await publish(office, cycle, 1)).status_code == 201
    assert problem(await publish(office, cycle, 2))[:2] == (422, "reason-missing")


async def test_a_published_version_is_not_published_again(office, opened, problem, untouched_after):
    async with untouched_after():
        answer = await publish(office, opened, 1)
    assert problem(answer)[:2] == (409, "version-overtaken")


async def test_an_unknown_version_is_not_found(office, opened, problem):
    for path in ("/7", "/7/differences"):
        answer = await office.get(f"{opened}/scheme-versions{path}")
        assert problem(answer)[:2] == (404, "no-such-version")
    assert problem(await publish(office, opened, 7))[:2] == (404, "no-such-version")
    huge = await office.get(f"{opened}/scheme-versions/99999999999999999999")
    assert problem(huge)[:2] == (422, "malformed-request")


async def test_a_later_version_takes_the_place_of_the_former(office, opened, document):
    """Fails when the first published version stays in force."""
    await save(office, opened, document({"/title": "修订方案"}), "省级目标调整")
    await publish(office, opened, 2)
    read = (await office.get(f"{opened}/scheme")).json()
    assert (read["version"], read["scheme"]["title"]) == (2, "修订方案")
    first = (await office.get(f"{opened}/scheme-versions/1")).json()
    assert (first["state"], first["scheme"]["title"]) == ("published", "小城综合绩效评估方案")


async def test_differences_are_those_to_the_published_version_before(office, opened, document):
    """Fails when a version is compared with a draft, or with what is in force now."""
    points = {f"{FUNCTION}/0/points": "8", f"{FUNCTION}/7/points": "7"}
    await save(office, opened, document({f"{FUNCTION}/0/points": "1"}), "未公布的草稿")
    await save(office, opened, document(points), "省级目标调整")
    assert (await publish(office, opened, 3)).status_code == 201
    read = (await office.get(f"{opened}/scheme-versions/3/differences")).json()
    assert (read["version"], read["previous"], read["reason"]) == (3, 1, "省级目标调整")
    ((category),) = read["categories"]
    assert [
        (c["indicator"], c["field"], c["before"], c["after"], c["points_change"])
        for c in category["changes"]
    ] == [("C01", "points", "10", "8", "-2"), ("C08", "points", "5", "7", "2")]
    first = (await office.get(f"{opened}/scheme-versions/1/differences")).json()
    assert first["previous"] is None


async def test_versions_saved_at_once_are_numbered_one_after_the_other(office, cycle, document):
    """Fails when the cycle is not held while the next number is taken."""
    answers = await asyncio.gather(*(save(office, cycle, document()) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert sorted(answer.json()["version"] for answer in answers) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scheme_version SET digest = ''",
        "DELETE FROM scheme_version",
        "UPDATE compiled_scheme SET digest = ''",
        "DELETE FROM compiled_scheme",
        "UPDATE scheme_publication SET published_by = ''",
        "DELETE FROM scheme_publication",
        "TRUNCATE target",
        "UPDATE unit SET kind = 'body'",
        "UPDATE cycle SET assessment_year = 2024",
        "DELETE FROM unit_name",
    ],
)
async def test_the_service_itself_cannot_change_what_was_published(service, opened, statement):
    """Fails when a migration grants more than reading and adding."""
    connection = await asyncpg.connect(service.urls.app.replace("+asyncpg", ""), ssl=False)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_every_step_of_a_scheme_stands_in_the_journal(service, office, opened, document):
    await save(office, opened, document(), "复核")
    chain = f"/api/v1/journals/indicators/chains/{opened.rsplit('/', 1)[1]}"
    async with service.caller("auditor") as auditor:
        entries = (await auditor.get(chain)).json()["items"]
        verified = (await auditor.get(f"{chain}/verification")).json()
    assert [entry["event"] for entry in entries] == [
        "cycle.begun",
        "scheme.saved",
        "scheme.published",
        "scheme.saved",
    ]
    assert (verified["holds"], verified["length"]) == (True, 4)
    scheme = (await office.get(f"{opened}/scheme")).json()
    assert json.loads(entries[2]["body"]) == {
        "version": 1,
        "digest": scheme["digest"],
        "compiled_digest": scheme["compiled_digest"],
        "in_force_before": None,
    }
