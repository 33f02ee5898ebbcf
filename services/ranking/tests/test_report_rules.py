"""Who may report which veto or demotion, for whom."""

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from ranking.rules.reports import (
    MOVES,
    OwnReport,
    Part,
    ReasonMissing,
    Report,
    ReportNotOpen,
    ReportRejected,
    ReportState,
    ReportsUndecided,
    VetoLimitReached,
    check_report,
    check_second_person,
    check_veto_limit,
    decided,
    lifting,
    refuse_undecided,
    relations_of,
    remarks,
    reporters_of_demotions,
    reporters_of_vetoes,
)
from ranking.rules.scheme import Scheme


def report(unit: str, code: str) -> Report:
    return Report(unit, code, "No. 1", date(2026, 2, 10), None)


@pytest.mark.parametrize(
    ("unit", "code", "faults"),
    [
        ("XQ09", "V02", []),
        ("XQ99", "V02", ["/unit"]),
        ("XQ09", "V99", ["/code"]),
        ("XQ99", "DM02", ["/code", "/unit"]),
    ],
)
def test_code_and_unit_must_both_be_of_the_scheme(
    unit: str, code: str, faults: list[str], scheme: Scheme
) -> None:
    try:
        check_report(scheme, reporters_of_vetoes(scheme), report(unit, code))
        found = []
    except ReportRejected as refusal:
        found = [fault.pointer for fault in refusal.faults]
    assert found == faults


def test_only_demotions_by_an_event_are_reported(scheme: Scheme) -> None:
    assert reporters_of_demotions(scheme) == {"DM02": ("ZF04",)}


@pytest.mark.parametrize(
    ("code", "unit", "responsible"),
    [("V02", "ZH11", True), ("V02", "ZH12", False), ("V02", None, False), ("V01", "ZH11", False)],
)
def test_a_unit_is_responsible_for_the_vetoes_that_name_it(
    code: str, unit: str | None, responsible: bool, scheme: Scheme
) -> None:
    relations = relations_of(reporters_of_vetoes(scheme), code, unit)
    assert relations == (frozenset({"responsible"}) if responsible else frozenset())


@pytest.mark.parametrize(
    ("limit", "used", "code", "refused"),
    [
        (2, {"V01"}, "V02", False),
        (2, {"V01", "V02"}, "V02", False),
        (2, {"V01", "V02"}, "V03", True),
        (0, set(), "V01", True),
        (None, {"V01", "V02"}, "V03", False),
    ],
)
def test_a_cycle_knows_at_most_so_many_kinds_of_veto(
    limit: int | None, used: set[str], code: str, refused: bool, scheme: Scheme
) -> None:
    limited = replace(scheme, vetoes=replace(scheme.vetoes, limit=limit))
    try:
        check_veto_limit(limited, used, code)
        assert not refused
    except VetoLimitReached:
        assert refused


STATES: tuple[ReportState, ...] = get_args(ReportState)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("of", get_args(Part))
def test_another_person_decides_on_what_is_open_only(state: ReportState, of: Part) -> None:
    """Planted bug: let a confirmation of the lifting pass for one of the report."""
    possible = {
        ("reported", "report"): "confirmed refused",
        ("lifting", "lifting"): "lifted confirmed",
    }
    if (state, of) in possible:
        becomes = [decided(state, of, confirmed=yes) for yes in (True, False)]
        assert becomes == possible[state, of].split()
        assert all((state, one) in MOVES for one in becomes)
        return
    with pytest.raises(ReportNotOpen):
        decided(state, of, confirmed=True)


@pytest.mark.parametrize("state", STATES)
def test_only_what_counts_is_lifted(state: ReportState) -> None:
    if state == "confirmed":
        assert lifting(state) == "lifting"
        return
    with pytest.raises(ReportNotOpen):
        lifting(state)


def test_nobody_confirms_what_the_same_person_asked_for() -> None:
    check_second_person("Li", "Wang", confirmed=True, reason=None)
    with pytest.raises(OwnReport):
        check_second_person("Li", "Li", confirmed=True, reason=None)
    with pytest.raises(ReasonMissing):
        check_second_person("Li", "Wang", confirmed=False, reason=None)


@pytest.mark.parametrize(
    ("state", "counts"),
    [("reported", False), ("confirmed", True), ("lifting", True), ("lifted", False)],
)
def test_a_report_counts_from_its_confirmation_until_its_lifting_is_confirmed(
    state: ReportState, counts: bool
) -> None:
    told = replace(report("XQ09", "V02"), state=state)
    assert told.counts is counts
    assert (remarks("veto", [told]) == []) is (state == "confirmed")


def test_open_reports_stop_a_category_and_are_named() -> None:
    told = report("XQ09", "V02")
    refuse_undecided({"veto": [told, replace(told, state="lifted")]})
    for state in ("reported", "lifting"):
        with pytest.raises(ReportsUndecided) as refused:
            refuse_undecided({"veto": [told], "demotion": [replace(told, state=state)]})
        assert refused.value.facts["reports"] == ["demotion V02/XQ09"]
