"""Responsibility letters as documents (PDF): what was frozen, who signed it, and how it is checked.

Whether a letter still holds is no part of it: a version with its signatures is the same bytes
whenever it is asked for.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.printing import (
    PDF_ANSWER,
    DocumentTooLong,
    PrintingFailed,
    PrintingNotInstalled,
    pdf_answer,
    printed,
)
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code
from indicators.api.letter_contents import AgreedPlan
from indicators.api.letters import NoSuchLetter
from indicators.api.target_versions import whose
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    letter_signatures,
    letters_of,
    work_plans,
)
from indicators.rules.letters import Side
from indicators.tables import LetterSignatureRow, ResponsibilityLetterRow

router = Router("/cycles/{cycle_id}/letters", tags=["targets"])

_TEMPLATE = Path(__file__).with_name("letter.typ").read_text("utf-8")
_BEIJING = dt.timezone(dt.timedelta(hours=8))
_NOTHING = "—"
_SIDES: Sequence[tuple[Side, str]] = (("office", "下达方"), ("unit", "承担方"))

_PRINTED = documents(
    NoSuchLetter,
    NoSuchCycle,
    SchemeNotPublished,
    StoredDataAltered,
    PrintingNotInstalled,
    PrintingFailed,
    DocumentTooLong,
)


@router.get("/{unit}/document", response_class=Response, responses={**_PRINTED, **PDF_ANSWER})
async def print_letter(
    cycle_id: UUID,
    unit: Code,
    db: Snapshot,
    permit: Permit,
    version: Annotated[
        int | None, Query(ge=1, le=1_000_000_000, description="This version, else the latest.")
    ] = None,
) -> Response:
    """Give a version of a unit's responsibility letter as a PDF: parties, targets, the work plan as
    it was when the letter was drawn up, signatures with their times, and the digest in full.

    The same version with the same signatures is the same bytes. What the digest is of is attached
    to the document, so that it can be checked without the system.
    """
    await find_cycle(db, cycle_id)
    await whose(db, cycle_id, permit, unit)
    row = await _version(db, cycle_id, unit, version)
    signed = await letter_signatures(db, cycle_id, [unit])
    signatures = [each for each in signed if each.version == row.version]
    plans = await _plans(db, row)
    await db.close()  # nobody's snapshot waits for a printer
    last = max([row.drawn_at, *(each.signed_at for each in signatures)])
    content = await printed(
        _TEMPLATE,
        said_of(row, signatures, plans),
        at=last,
        attached=journal.canonical(row.content).decode(),
    )
    return pdf_answer(content, f"letter-{unit}-{row.version}")


class Plan(NamedTuple):
    """A version of a plan as it is printed; `said` is what is divided, as it is stored."""

    indicator: str
    item: str | None
    version: int
    said: Mapping[str, Any]


async def _plans(db: AsyncSession, row: ResponsibilityLetterRow) -> list[Plan]:
    """Return the plans of a letter; beside one from before they were a part of it those that stood
    when it was drawn up."""
    if "plans" not in row.content:
        stood = await work_plans(db, row.cycle_id, [row.unit])
        before = [each for each in stood if each.set_at < row.drawn_at]
        return [Plan(each.indicator, each.item or None, each.version, each.plan) for each in before]
    signed = [AgreedPlan.model_validate(each) for each in row.content["plans"]]
    return [Plan(each.indicator, each.item, each.version, _as_stored(each)) for each in signed]


def _as_stored(plan: AgreedPlan) -> dict[str, Any]:
    said = plan.model_dump(mode="json")
    parts = ("months", "persons", "measures")
    return {name: [[*each.values()] for each in said[name]] for name in parts} | {
        "combine": plan.combine
    }


_SIGNED = "以下任务分解为拟定本版时承担方的工作计划，属于签署内容。"
_NOT_SIGNED = "以下为拟定本版时承担方的工作计划，不属于签署内容。"


async def _version(
    db: AsyncSession, cycle_id: UUID, unit: str, version: int | None
) -> ResponsibilityLetterRow:
    """Return a version of a unit's letter, the latest where none is named."""
    rows = await letters_of(db, cycle_id, unit)
    found = next((each for each in rows[::-1] if version in (None, each.version)), None)
    if found is None:
        en, zh = f"{unit} has none.", f"{unit} 没有目标责任书。"
        if version is not None:
            en, zh = f"{unit} has no version {version}.", f"{unit} 没有第 {version} 版。"
        raise NoSuchLetter(en, zh)
    return found


def said_of(
    row: ResponsibilityLetterRow,
    signatures: Iterable[LetterSignatureRow],
    plans: Iterable[Plan],
) -> dict[str, Any]:
    """Return what stands on the paper: every text of it, for the template to arrange."""
    said = row.content
    planned = _planned(said["targets"], plans)
    titles = iter("二三四" if planned else "二三")
    return {
        "title": f"{said['assessment_year']}年度目标责任书",
        "number": f"{row.unit}　第 {row.version} 版　{_moment(row.drawn_at)} 拟定",
        "digest": row.digest,
        "parties": [
            ["下达方：", "绩效管理机构（签署账户见文末）"],
            ["承担方：", f"{said['name']}（{row.unit}）"],
        ],
        "preamble": f"根据{said['assessment_year']}年度实施方案第 {said['scheme_version']} 版，"
        f"双方确认承担方本年度目标如下，共 {len(said['targets'])} 项。",
        "targets": _targets(said["targets"]),
        "terms": f"目标须调整的，最迟于{_day(said['deadline'])}提出；"
        "目标调整后另拟一版并重新签署，本版及其签署保留不变。",
        "plans_title": f"{next(titles)}、任务分解" if planned else "",
        "plans_note": _SIGNED if "plans" in said else _NOT_SIGNED,
        "plans": planned,
        "signatures": _signatures(f"{next(titles)}、签署", signatures),
        "checking": f"{next(titles)}、查验",
        "where": f"/api/v1/cycles/{row.cycle_id}/letters/{row.unit}",
        "scheme_digest": said["scheme_digest"],
    }


def _targets(targets: Sequence[dict[str, Any]]) -> dict[str, Any]:
    heads = ["序号", "指标", "分项", "计量单位", "分值", "基数", "自报数", "目标值"]
    names = ("item", "measure", "points", "baseline", "pledge", "target")
    rows = [
        [str(n), f"{each['name']}（{each['indicator']}）", *(_shown(each[name]) for name in names)]
        for n, each in enumerate(targets, 1)
    ]
    return {"title": "一、目标", "heads": heads, "rows": rows}


def _shown(value: str | None) -> str:
    return _NOTHING if value is None else value


def _planned(targets: Iterable[dict[str, Any]], plans: Iterable[Plan]) -> list[dict[str, Any]]:
    """Return the latest of the plans of each target that the letter names, in its order."""
    latest = {(each.indicator, each.item): each for each in plans}
    found = []
    for each in targets:
        plan = latest.get((each["indicator"], each["item"]))
        if plan is None:
            continue
        item = f"，分项 {each['item']}" if each["item"] else ""
        title = f"{each['name']}（{each['indicator']}{item}），计划第 {plan.version} 版"
        heads = ["类别", "月份或措施", "责任人", "数值或期限"]
        found.append({"title": title, "heads": heads, "rows": [*_divided(plan.said)]})
    return found


def _divided(plan: Mapping[str, Any]) -> Iterable[list[str]]:
    months = "月份" if plan["combine"] == "sum" else "截至"
    yield from ([months, month, _NOTHING, value] for month, value in plan["months"])
    yield from (["人员", _NOTHING, person, value] for person, value in plan["persons"])
    yield from (["措施", action, person, _day(due)] for action, person, due in plan["measures"])


def _signatures(title: str, signatures: Iterable[LetterSignatureRow]) -> dict[str, Any]:
    by_side = {each.side: each for each in signatures}
    rows = [
        [name, each.signed_by, _moment(each.signed_at)]
        if (each := by_side.get(side))
        else [name, _NOTHING, "尚未签署"]
        for side, name in _SIDES
    ]
    return {"title": title, "heads": ["签署方", "签署账户", "签署时间（北京时间）"], "rows": rows}


def _moment(at: dt.datetime) -> str:
    here = at.astimezone(_BEIJING)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M:%S}"


def _day(day: str) -> str:
    read = dt.date.fromisoformat(day)
    return f"{read.year}年{read.month}月{read.day}日"
