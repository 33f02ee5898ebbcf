"""Who may report which veto or demotion, for whom."""

from dataclasses import replace
from datetime import date

import pytest

from ranking.rules.reports import (
    Report,
    ReportRejected,
    VetoLimitReached,
    check_report,
    check_veto_limit,
    relations_of,
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
    relations = relations_of(reporters_of_vetoes(scheme), report("XQ09", code), unit)
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
