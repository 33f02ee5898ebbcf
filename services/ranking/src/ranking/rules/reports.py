"""Vetoes and demotions as they are reported: who may, for whom, and for what."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import date

from chassis.refusals import Conflict, Fault, Invalid
from ranking.rules.scheme import Scheme


class ReportRejected(Invalid):
    """The scheme does not know what is reported."""

    zh = "所报送的内容不在方案之内。"


class VetoLimitReached(Conflict):
    """The scheme allows no further kind of veto."""

    zh = "一票否决事项的种类已达到方案规定的上限。"


@dataclass(frozen=True, slots=True)
class Report:
    """A veto or demotion of one unit, with the document that decided it."""

    unit: str
    code: str
    document_no: str
    decided_on: date
    note: str | None


def reporters_of_vetoes(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Return the responsible units of every veto."""
    return {item.code: item.responsible_units for item in scheme.vetoes.items}


def reporters_of_demotions(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Return the responsible units of every demotion that an event causes.

    A demotion by weak indicators is read off the score sheet; nobody reports it.
    """
    return {rule.code: rule.responsible_units for rule in scheme.demotions if rule.event}


def check_report(scheme: Scheme, reporters: Collection[str], report: Report) -> None:
    """Refuse a report whose code or unit the scheme does not know; name both faults at once."""
    faults = []
    if report.code not in reporters:
        known = ", ".join(reporters)
        faults.append(
            Fault(
                "/code",
                "unknown-code",
                f"What can be reported: {known or 'nothing'}.",
                f"可以报送的事项：{known or '无'}。",
            )
        )
    if not any(report.unit in category.units for category in scheme.categories):
        faults.append(
            Fault(
                "/unit",
                "unknown-unit",
                f"{report.unit} is not assessed in this cycle.",
                f"{report.unit}不是本评估年度的被评估单位。",
            )
        )
    if faults:
        raise ReportRejected(
            f"{len(faults)} fault(s) in the report.", f"报送有{len(faults)}处错误。", faults=faults
        )


def relations_of(
    reporters: Mapping[str, Collection[str]], report: Report, unit: str | None
) -> frozenset[str]:
    """Return `responsible` when the caller's unit may report this code."""
    return frozenset({"responsible"} if unit in reporters[report.code] else ())


def check_veto_limit(scheme: Scheme, used: Set[str], code: str) -> None:
    """Refuse a veto of a further kind when the cycle has used as many kinds as it may.

    The limit is on what may veto, not on how many units are vetoed: it stops new kinds that come
    in with later versions of a scheme, not the second unit that has the same accident.
    """
    limit = scheme.vetoes.limit
    kinds = used | {code}
    if limit is not None and code not in used and len(kinds) > limit:
        raise VetoLimitReached(
            f"At most {limit} kinds of veto; in use: {', '.join(sorted(used))}.",
            f"最多{limit}种一票否决事项；已使用：{'、'.join(sorted(used))}。",
            limit=limit,
        )
