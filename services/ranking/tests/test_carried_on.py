"""Vetoes and bans are carried on by whoever goes on from the unit, under whichever code."""

import json
from dataclasses import replace
from datetime import date

import pytest

from ranking.package.verify import unpacked, verify
from ranking.rules.consequences import Ban, carried_bans
from ranking.rules.lineage import Forebear, Lineage, Succession, concerning, forebears
from ranking.rules.scheme import VetoTerm
from ranking.rules.vetoes import CountingVeto, EarlierVetoes, TermVeto, carried_on, vetoes_of

STEPS = ("merge", "review", "decision", "publication")
OFFICE = {"role": "performance_office"}
VETO = {
    "unit": "XQ05",
    "code": "V02",
    "document_no": "云应急〔2026〕1号",
    "decided_on": "2026-02-10",
}


def went(unit: str, predecessor: str, day: str = "2026-03-01") -> Succession:
    return Succession(unit, predecessor, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("released", "present", "successions", "sources"),
    [
        ("N", "N", (), "N"),
        ("P", "N", (went("N", "P"),), "P"),
        ("P", "N", (went("M", "P"), went("N", "M")), "P"),  # twice in the year
        ("PQ", "N", (went("N", "P"), went("N", "Q")), "PQ"),  # two became one
        ("NP", "N", (went("N", "P"),), "NP"),  # one took the other in
        ("P", "NM", (went("N", "P"), went("M", "P")), "P"),  # a part of it
        ("P", "NP", (went("N", "P"),), "P"),  # split off from what is left
        ("P", "N", (), ""),
        ("P", "N", (went("N", "Q"),), ""),
        # The first and the last day of the two years.
        ("P", "N", (went("N", "P", "2026-01-01"),), "P"),
        ("P", "N", (went("N", "P", "2026-12-31"),), "P"),
        ("P", "N", (went("N", "P", "2027-01-01"),), ""),
        ("P", "N", (went("N", "P", "2025-01-01"),), "P"),
        ("P", "N", (went("N", "P", "2024-12-31"),), ""),
        # In last year already: taken in by one that was released too, and nothing is left of it.
        ("NP", "N", (went("N", "P", "2025-06-01"),), "NP"),
        # Split off then, and both were told of, each for itself.
        ("NP", "NP", (went("N", "P", "2025-06-01"),), "N"),
    ],
)
def test_whom_a_unit_goes_on_from(released, present, successions, sources):
    """Planted bugs: follow a succession backwards; the last one alone; one of another year; one of
    last year although both were released and are there."""
    lineage = Lineage(2026, {*released}, {*present}, successions)
    assert lineage.sources("N") == [*sources]


def veto(**more: object) -> CountingVeto:
    return CountingVeto("V1", "all", 2025, next_year=True, **more)


def test_vetoes_are_carried_on_each_once_with_whose_they_were(scheme):
    """Planted bugs: lose whose it was on the second succession; count what two predecessors carried
    of a third twice; call a unit's own former veto another's."""
    told = {
        "P": EarlierVetoes((veto(),), (TermVeto(2024, "V3", "O"), TermVeto(2025, "V1"))),
        "Q": EarlierVetoes((), (TermVeto(2024, "V3", "O"), TermVeto(2024, "V3", "N"))),
    }
    lineage = Lineage(2026, {"P", "Q"}, {"N"}, (went("N", "P"), went("N", "Q")))
    found = carried_on(told, lineage)["N"]
    assert found.vetoes == (veto(of_unit="P"),)
    terms = {TermVeto(2024, "V3", "O"), TermVeto(2025, "V1", "P"), TermVeto(2024, "V3")}
    assert ({*found.in_term}, len(found.in_term)) == (terms, 3)
    assert carried_on(told, Lineage(2026, {"P"}, {"N"}))["N"].unknown


def test_of_what_is_known_of_successions_only_that_of_the_units_and_years_is_told():
    """Planted bug: tell of all units, so that another category's change makes an edition false."""
    known = [went("N", "M"), went("M", "P", "2025-01-01")]
    known += [went("X", "Y"), went("N", "O", "2027-01-01")]
    assert [each.told[:2] for each in concerning(["N"], known, 2026)] == [["M", "P"], ["N", "M"]]


@pytest.mark.parametrize(
    ("began", "present", "stands"),
    [("2026-02-01", "NP", True), ("2026-03-02", "NP", False), ("2026-03-02", "N", True)],
)
def test_a_ban_is_carried_on_by_who_left_under_it(began, present, stands):
    """What was decided about the rest of a unit after somebody was split off is not theirs.

    Planted bugs: carry on every ban; none."""
    ban = Ban("P", date.fromisoformat(began), date(2027, 2, 28))
    found = [*carried_bans("N", [ban], [Forebear("P", date(2026, 3, 1))], {*present})]
    assert [(each.unit, each.of_unit) for each in found] == ([("N", "P")] if stands else [])


def test_forebears_are_found_through_all_successions_until_a_day():
    """Planted bug: the direct ones alone."""
    known = [went("N", "M"), went("M", "P", "2025-01-01"), went("N", "Q", "2026-08-01")]
    found = {each.unit: each.left_on for each in forebears("N", known, date(2026, 7, 31))}
    assert found == {"M": date(2026, 3, 1), "P": date(2025, 1, 1)}


@pytest.fixture
def renamed(peers, monkeypatch):
    """Have last year's unit OLD5 go on as XQ05, and give what sets the year that is ranked."""
    monkeypatch.setitem(
        peers.succeeds, "XQ05", [{"predecessor": "OLD5", "effective_on": "2026-01-01"}]
    )
    scheme, sheets = peers.scheme, peers.sheet_units
    last_scheme = json.loads(json.dumps(scheme).replace("XQ05", "OLD5"))
    last_sheets = json.loads(json.dumps(sheets).replace("XQ05", "OLD5"))

    def of(year: int, **policy: object) -> None:
        chosen = last_scheme if year == 2025 else scheme
        items = [each | {"years": 2} for each in chosen["vetoes"]["items"]]
        vetoes = chosen["vetoes"] | {"items": items, "term": {"began": 2024, "removal_at": 2}}
        told = chosen | {"vetoes": vetoes | policy, "assessment_year": year}
        monkeypatch.setattr(peers, "scheme", told)
        monkeypatch.setattr(peers, "sheet_units", last_sheets if year == 2025 else sheets)

    monkeypatch.setattr(peers, "sound", True)
    return of


async def test_last_years_veto_follows_to_the_unit_of_another_code(cycle, another_cycle, renamed):
    """In the grade, the term, the titles that it bars and the package, which verifies; and a
    register of units that says otherwise by now makes the edition outdated.

    Planted bugs: look last year up by code; leave successions out of the digests; the package
    without them; a title that is barred by code."""
    last_year = another_cycle()
    renamed(2025)
    await last_year.report("/vetoes", VETO | {"unit": "OLD5"})
    await last_year.take(await last_year.rank(), *STEPS)
    renamed(2026, previous_cycle=str(last_year.cycle_id))

    edition = await cycle.rank()
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    unit = next(each for each in ranking["units"] if each["unit"] == "XQ05")
    assert unit["grade"] == "qualified"
    [counting], [in_term] = unit["vetoes"], unit["vetoes_in_term"]
    assert (counting["of_unit"], counting["year"]) == ("OLD5", 2025)
    assert in_term == {"year": 2025, "code": "V02", "of_unit": "OLD5"}
    reason = next(each for each in unit["reasons"] if each["code"] == "veto_of_predecessor")
    assert reason["zh"] == "所承继单位OLD5的2025年一票否决V02本年度仍然有效"
    assert len(ranking["digests"]["successions"]) == 64
    others = [e["reasons"] for e in ranking["units"] if e["unit"] != "XQ05"]
    assert not any(r["code"] == "lineage_unknown" for each in others for r in each)

    await cycle.take(edition, *STEPS)
    package = (await cycle.get("/releases/1/package", "auditor")).content
    assert verify(package) == []
    files, _ = unpacked(package)
    assert json.loads(files["successions.json"]) == [["XQ05", "OLD5", "2026-01-01"]]


async def test_an_edition_is_outdated_once_the_register_says_who_goes_on_from_whom(
    cycle, another_cycle, renamed, peers, monkeypatch
):
    """Until then whose vetoes count is unknown, and said so. Planted bugs: ask the register when it
    is ranked and not before a step; take unknown for none in silence."""
    last_year = another_cycle()
    renamed(2025)
    await last_year.report("/vetoes", VETO | {"unit": "OLD5"})
    await last_year.take(await last_year.rank(), *STEPS)
    renamed(2026, previous_cycle=str(last_year.cycle_id))
    there = peers.succeeds["XQ05"]
    monkeypatch.setitem(peers.succeeds, "XQ05", [])
    edition = await cycle.rank()
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    unit = next(each for each in ranking["units"] if each["unit"] == "XQ05")
    assert [each["code"] for each in unit["reasons"]].count("lineage_unknown") == 1
    assert "vetoes" not in unit
    monkeypatch.setitem(peers.succeeds, "XQ05", there)
    async with cycle.unchanged():
        stale = await cycle.post(f"/rankings/{edition}/merge", **OFFICE, subject="merge")
    assert (stale.status_code, stale.json()["type"]) == (409, "ranking-outdated")


def test_two_vetoes_of_a_term_may_be_of_two_units(scheme):
    """Planted bug: name the vetoes without the unit that had them."""
    policy = replace(scheme.vetoes, term=VetoTerm(2024, 2))
    earlier = EarlierVetoes((), (TermVeto(2025, "V1", "P"), TermVeto(2025, "V1", "Q")))
    found = vetoes_of(replace(scheme, vetoes=policy, assessment_year=2026), [], earlier)
    [removal] = found.told(2026)
    assert removal.params["vetoes"] == ["V1 2025 P", "V1 2025 Q"]
