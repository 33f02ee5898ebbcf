"""What vetoes do beyond this year's grade, over HTTP and by the rules: next year, titles, the term
of office, the last day for reports, and a count for everybody."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ranking.rules.reports import Report, ReportRejected
from ranking.rules.scheme import Scheme, VetoItem, VetoTerm
from ranking.rules.vetoes import (
    NO_VETOES,
    CountingVeto,
    EarlierVetoes,
    TermVeto,
    check_day,
    vetoes_of,
)

STEPS = ("merge", "review", "decision", "publication")
OFFICE = {"role": "performance_office"}
VETO = {
    "unit": "XQ05",
    "code": "V02",
    "document_no": "云应急〔2026〕1号",
    "decided_on": "2026-02-10",
}
ITEMS = (
    VetoItem("V1", (), years=2),
    VetoItem("V2", (), scope="title", title="文明单位"),
    VetoItem("V3", (), report_by=date(2026, 2, 28)),
)


@pytest.fixture
def of_2026(scheme: Scheme) -> Scheme:
    """Give a scheme of 2026 with vetoes of every kind, in a term since 2024."""
    policy = replace(scheme.vetoes, items=ITEMS, term=VetoTerm(2024, 2))
    return replace(scheme, vetoes=policy, assessment_year=2026)


def report(code: str, state: str = "confirmed", expires_on: date | None = None) -> Report:
    day = date(2026, 2, 10)
    return Report("X1", code, "文〔2026〕1号", day, None, state, None, expires_on)


def last(expires_on: date | None = None, year: int = 2025, *, lasts: bool = True) -> CountingVeto:
    return CountingVeto("V1", "all", year, None, lasts, expires_on)


@pytest.mark.parametrize(
    ("of_last_year", "counts"),
    [
        (last(), True),
        (last(lasts=False), False),
        (last(year=2024), False),  # this year and the next, and no third
        (last(date(2026, 1, 1)), True),
        (last(date(2025, 12, 31)), False),
    ],
)
def test_a_veto_of_last_year_counts_while_it_lasts(of_2026, of_last_year, counts):
    """Planted bugs: carry one of two years ago on; leave out the first day of the year."""
    found = vetoes_of(of_2026, [], EarlierVetoes((of_last_year,)))
    assert found.capping == (["V1"] if counts else [])
    told = [each.code for each in found.told(2026)]
    assert told == (["veto_of_earlier_year"] if counts else [])


def test_a_veto_of_a_title_caps_no_grade_and_names_the_title(of_2026):
    """Planted bug: cap by whatever was reported."""
    found = vetoes_of(of_2026, [report("V2")], NO_VETOES)
    assert found.capping == []
    [reason] = found.told(2026)
    assert (reason.code, reason.params) == ("title_barred", {"veto": "V2", "title": "文明单位"})
    assert found.in_term == ()


@pytest.mark.parametrize("state", ["reported", "lifted"])
def test_what_does_not_count_is_no_veto_of_the_term(of_2026, state):
    """Planted bug: count vetoes that were lifted."""
    found = vetoes_of(of_2026, [report("V1", state)], NO_VETOES)
    assert (found.counting, found.in_term) == ((), ())


@pytest.mark.parametrize(
    ("before", "own", "removal"),
    [
        ([], ["V1"], None),
        ([TermVeto(2025, "V3")], ["V1"], ["V3 2025", "V1 2026"]),
        ([TermVeto(2023, "V3")], ["V1"], None),  # before the term began
        ([TermVeto(2024, "V3"), TermVeto(2025, "V1")], [], ["V3 2024", "V1 2025"]),
        ([], ["V1", "V3"], ["V1 2026", "V3 2026"]),
        ([TermVeto(2025, "V3")], ["V2"], None),  # a title is no removal
    ],
)
def test_two_vetoes_in_a_term_propose_a_removal_with_their_years(of_2026, before, own, removal):
    """Planted bugs: count those before the term; count last year's twice."""
    earlier = EarlierVetoes((last(),) if TermVeto(2025, "V1") in before else (), tuple(before))
    found = vetoes_of(of_2026, [report(code) for code in own], earlier)
    told = [r.params["vetoes"] for r in found.told(2026) if r.code == "removal_proposed"]
    assert told == ([] if removal is None else [removal])


def test_without_a_term_nothing_is_counted(of_2026):
    scheme = replace(of_2026, vetoes=replace(of_2026.vetoes, term=None))
    found = vetoes_of(scheme, [report("V1")], EarlierVetoes((), (TermVeto(2025, "V1"),)))
    assert (found.in_term, found.told(2026)) == ((), [])


@pytest.mark.parametrize(
    ("code", "today", "late_reason", "expires_on", "faults"),
    [
        ("V3", date(2026, 2, 28), None, None, []),
        ("V3", date(2026, 3, 1), None, None, [("/late_reason", "reported-late")]),
        ("V3", date(2026, 3, 1), "事后查实", None, []),
        ("V3", date(2026, 2, 28), "事后查实", None, [("/late_reason", "not-late")]),
        ("V1", date(2026, 3, 1), "事后查实", None, [("/late_reason", "not-late")]),
        ("V1", date(2026, 3, 1), None, date(2026, 2, 10), []),
        ("V1", date(2026, 3, 1), None, date(2026, 2, 9),
         [("/expires_on", "expires-before-decided")]),
        ("V3", date(2026, 3, 1), None, date(2026, 2, 9),
         [("/expires_on", "expires-before-decided"), ("/expires_on", "ends-nothing"),
          ("/late_reason", "reported-late")]),
        ("V2", date(2026, 3, 1), None, date(2026, 12, 9), []),
        ("V3", date(2026, 2, 28), None, date(2026, 12, 9), [("/expires_on", "ends-nothing")]),
    ],
)  # fmt: skip
def test_a_veto_comes_in_time_or_says_why_not(
    of_2026, code, today, late_reason, expires_on, faults
):
    """Planted bugs: the last day is one day too late; a day is taken on which nothing ends."""
    named = []
    try:
        check_day(of_2026, report(code, expires_on=expires_on), late_reason, today)
    except ReportRejected as refused:
        named = [(each.pointer, each.code) for each in refused.faults]
    assert named == faults


@pytest.fixture
def by_scheme(peers, monkeypatch):
    """Let the scheme say more of its vetoes: the year, and what is to be merged into its items."""

    def change(year: int, policy: dict[str, object], **items: dict[str, object]) -> None:
        vetoes = peers.scheme["vetoes"]
        merged = [each | items.get(each["code"], {}) for each in vetoes["items"]]
        changed = vetoes | policy | {"items": merged}
        monkeypatch.setattr(
            peers, "scheme", peers.scheme | {"vetoes": changed, "assessment_year": year}
        )

    return change


async def line(cycle, edition, unit="XQ05"):
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    return ranking, next(one for one in ranking["units"] if one["unit"] == unit)


def seen(answer):
    return answer.status_code, answer.json()["type"]


async def test_last_years_release_caps_this_years_grade(cycle, another_cycle, by_scheme):
    """Planted bugs: leave last year out of the digests, or out of what a step is held against."""
    last_year = another_cycle()
    by_scheme(2025, {"term": {"began": 2024, "removal_at": 2}}, V02={"years": 2})
    number = await last_year.report("/vetoes", VETO)
    edition = await last_year.rank()
    told = {"previous_cycle": str(last_year.cycle_id), "term": {"began": 2024, "removal_at": 2}}
    by_scheme(2026, told, V02={"years": 2})
    async with cycle.unchanged():
        early = await cycle.post("/rankings", {"category": "COUNTY"}, **OFFICE)
    assert seen(early) == (409, "previous-ranking-missing")
    by_scheme(2025, {"previous_cycle": None})
    await last_year.take(edition, *STEPS)
    by_scheme(2026, told)

    first = await cycle.rank()
    ranking, unit = await line(cycle, first)
    assert unit["grade"] == "qualified"
    assert [each["code"] for each in unit["reasons"]] == ["capped_by_veto", "veto_of_earlier_year"]
    veto = {"code": "V02", "scope": "all", "year": 2025, "title": None, "next_year": True}
    assert unit["vetoes"] == [veto | {"expires_on": None}]
    assert unit["vetoes_in_term"] == [{"year": 2025, "code": "V02"}]
    assert len(ranking["digests"]["previous_vetoes"]) == 64
    assert (await cycle.take(first, "merge")).status_code == 201

    again = await cycle.report("/vetoes", VETO | {"document_no": "云应急〔2026〕9号"})
    _, unit = await line(cycle, await cycle.rank())
    [removal] = [each for each in unit["reasons"] if each["code"] == "removal_proposed"]
    assert removal["params"]["vetoes"] == ["V02 2025", "V02 2026"]
    assert removal["zh"] == "任期内被一票否决2次（V02 2025、V02 2026），达到2次，建议调整或免去职务"

    by_scheme(2025, {"previous_cycle": None})
    lifting = {"reason": "申诉成立", "document_no": "云考委〔2026〕7号"}
    for of, veto_no in ((last_year, number), (cycle, again)):
        await of.post(f"/vetoes/{veto_no}/lifting", lifting, **OFFICE)
        await of.confirm("/vetoes", veto_no, of="lifting")
    await last_year.take(await last_year.rank(), *STEPS)
    by_scheme(2026, told)
    _, unit = await line(cycle, await cycle.rank())
    assert (unit["grade"], "vetoes" in unit, "vetoes_in_term" in unit) == (
        "excellent",
        False,
        False,
    )


async def test_an_edition_is_not_passed_on_when_last_year_was_corrected(
    cycle, another_cycle, by_scheme
):
    """Planted bug: hold a step against this year's reports alone."""
    last_year = another_cycle()
    by_scheme(2025, {}, V02={"years": 2})
    await last_year.take(await last_year.rank(), *STEPS)
    by_scheme(2026, {"previous_cycle": str(last_year.cycle_id)}, V02={"years": 2})
    edition = await cycle.rank()
    by_scheme(2025, {"previous_cycle": None})
    await last_year.report("/vetoes", VETO)
    await last_year.take(await last_year.rank(), *STEPS)
    by_scheme(2026, {"previous_cycle": str(last_year.cycle_id)})
    async with cycle.unchanged():
        stale = await cycle.post(f"/rankings/{edition}/merge", **OFFICE, subject="merge")
    assert seen(stale) == (409, "ranking-outdated")


async def test_a_veto_found_after_publication_makes_a_release_that_replaces_the_former(cycle):
    """Planted bug: change what was released."""
    await cycle.take(await cycle.rank(), *STEPS)
    before = (await cycle.get("/releases/1", "auditor")).json()
    assert "vetoes" not in next(e for e in before["document"]["units"] if e["unit"] == "XQ05")
    await cycle.report("/vetoes", VETO)
    assert (await cycle.get("/releases/1", "auditor")).json() == before
    second = (await cycle.take(await cycle.rank(), *STEPS)).json()
    assert (second["manifest"]["release"], second["manifest"]["predecessor"]) == (2, 1)
    now = (await cycle.get("/releases/2", "auditor")).json()
    unit = next(each for each in now["document"]["units"] if each["unit"] == "XQ05")
    assert (unit["grade"], unit["vetoes"][0]["code"]) == ("qualified", "V02")
    assert (await cycle.get("/releases/1", "auditor")).json() == before


async def test_a_late_report_says_why_and_who_decided_is_kept(cycle, by_scheme):
    """Planted bugs: take the day from the report; keep nothing of who decided."""
    by_scheme(2026, {}, V02={"report_by": "2026-02-28", "years": 2})
    async with cycle.unchanged():
        answer = await cycle.post("/vetoes", VETO, **OFFICE)
    assert [each["code"] for each in answer.json()["errors"]] == ["reported-late"]
    told = {
        "decided_by": "云川市安全生产委员会",
        "late_reason": "事后查实",
        "expires_on": "2027-06-30",
    }
    answer = await cycle.post("/vetoes", VETO | told, **OFFICE)
    assert answer.status_code == 201
    [listed] = (await cycle.get("/vetoes", "auditor")).json()["items"]
    assert told.items() <= listed.items()
    tomorrow = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - any day to come
    by_scheme(2026, {}, V02={"report_by": tomorrow})
    async with cycle.unchanged():
        answer = await cycle.post("/vetoes", VETO | {"late_reason": "事后查实"}, **OFFICE)
    assert [each["code"] for each in answer.json()["errors"]] == ["not-late"]


async def test_everybody_reads_how_many_vetoes_were_released_and_nothing_before(cycle, by_scheme):
    """Planted bugs: count reports that no release tells; count an older release too; count last
    year's; leave out a kind that goes by another name."""
    title = {"scope": "title", "title": "文明单位", "hidden": True, "basis": "云发〔2025〕3号"}
    by_scheme(2026, {"limit": 3}, V01=title)

    async def counted(role="assessed_unit"):
        answer = await cycle.get("/veto-counts", role)
        assert answer.status_code == 200
        return answer.json()

    before = await counted()
    assert (before["units"], before["categories"]) == (0, [])
    await cycle.report("/vetoes", VETO)
    await cycle.report("/vetoes", VETO | {"code": "V01", "document_no": "2"})
    edition = await cycle.rank()
    assert await counted() == before
    await cycle.take(edition, *STEPS)
    await cycle.take(await cycle.rank(), *STEPS)
    told = await counted()
    assert (told["limit"], told["kinds"], told["hidden_kinds"]) == (3, before["kinds"], 1)
    assert (told["units"], told["categories"]) == (1, ["COUNTY"])
    units = {each["code"]: each["units"] for each in told["vetoes"]}
    assert {code: n for code, n in units.items() if n} == {"V01": 1, "V02": 1}
    hidden = next(each for each in told["vetoes"] if each["code"] == "V01")
    assert hidden == {"code": "V01", "units": 1} | {
        k: title[k] for k in ("basis", "scope", "hidden")
    }
    by_scheme(2027, {})
    assert (await counted())["units"] == 0
