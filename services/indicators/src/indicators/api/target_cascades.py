"""Targets that move because the superior moved its own (上级调整): which did, which have not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, cast
from uuid import UUID

from fastapi import Query, Request, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Exact, Outgoing, Text
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    scheme_in_force,
    settled_targets,
    target_causes,
    target_versions,
)
from indicators.rules.letters import agreed_indicators
from indicators.rules.scheme import Indicator, Scheme
from indicators.rules.target_moves import IN_FORCE, State
from indicators.tables import TargetCauseRow, TargetRow

router = Router("/cycles/{cycle_id}", tags=["targets"])


class CascadedTarget(Outgoing):
    """What was asked for by the superior's document, and the state that this came into."""

    unit: str
    indicator: str
    target: Exact | None
    baseline: Exact | None
    pledge: Exact | None
    version: int
    state: State


class UnmovedTarget(Outgoing):
    """A target in force for the same matter that the document has not moved."""

    unit: str
    indicator: str
    target: Exact | None
    baseline: Exact | None
    pledge: Exact | None
    version: int


class TargetCascade(Outgoing):
    """What became of one document of the superior for a matter, or for an indicator of none.

    What was `asked` for and is confirmed has moved; `unmoved` are the other targets in force that
    are about the same.
    """

    document_no: str
    matter: str | None
    indicator: str | None
    item: str | None
    asked: list[CascadedTarget]
    unmoved: list[UnmovedTarget]


class TargetCascades(Outgoing):
    """The documents of the superior by which targets were to move, each with what it has moved."""

    cycle_id: UUID
    cascades: list[TargetCascade]


class Subject(NamedTuple):
    """What targets of several units are about: a matter, or an indicator that is of none."""

    matter: str | None
    indicator: str | None
    item: str | None


@router.get(
    "/target-cascades",
    response_model=TargetCascades,
    responses=documents(NoSuchCycle, SchemeNotPublished, StoredDataAltered),
)
async def list_target_cascades(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    document_no: Annotated[Text | None, Query(description="By this document.")] = None,
) -> Response:
    """List by document of the superior the targets that were to move because of it, and those for
    the same matter that have not."""
    await find_cycle(db, cycle_id)
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    causes = await target_causes(db, cycle_id, document_no)
    units = {each.unit for each in causes}
    versions = await target_versions(db, cycle_id, units, None) if causes else ()
    settled = await settled_targets(db, cycle_id) if causes else ()
    in_force = [row for row in settled if row.state in IN_FORCE]
    told = [*_cascades(causes, versions, in_force, scheme)]
    return document(TargetCascades(cycle_id=cycle_id, cascades=told), request)


def _cascades(
    causes: Sequence[TargetCauseRow],
    versions: Iterable[TargetRow],
    in_force: Sequence[TargetRow],
    scheme: Scheme,
) -> Iterator[TargetCascade]:
    indicators = agreed_indicators(scheme)
    numbered = {(_key(row), row.version): row for row in versions}
    found: dict[tuple[str, Subject], list[TargetCauseRow]] = {}
    for cause in causes:
        found.setdefault((cause.document_no, _subject(cause, indicators)), []).append(cause)
    alike: dict[Subject, list[TargetRow]] = {}
    for row in in_force:
        alike.setdefault(_subject(row, indicators), []).append(row)
    for (document_no, subject), those in found.items():
        asked = [_asked(each, numbered) for each in those]
        pairs = zip(those, asked, strict=True)
        moved = {_key(cause) for cause, target in pairs if target.state in IN_FORCE}
        yield TargetCascade(
            document_no=document_no,
            **subject._asdict(),
            asked=asked,
            unmoved=[
                UnmovedTarget.model_validate(_values(row))
                for row in alike.get(subject, ())
                if _key(row) not in moved
            ],
        )


_Key = tuple[str, str, str]


def _key(row: TargetRow | TargetCauseRow) -> _Key:
    return row.unit, row.indicator, row.item


def _subject(
    row: TargetRow | TargetCauseRow, indicators: Mapping[str, Mapping[str, Indicator]]
) -> Subject:
    indicator = indicators.get(row.unit, {}).get(row.indicator)
    matter = None if indicator is None else indicator.matter
    return Subject(matter, row.indicator if matter is None else None, row.item or None)


def _asked(cause: TargetCauseRow, numbered: Mapping[tuple[_Key, int], TargetRow]) -> CascadedTarget:
    # The version after the one that was asked for says what became of it.
    asked = numbered[_key(cause), cause.version]
    after = numbered.get((_key(cause), cause.version + 1), asked)
    return CascadedTarget(**_values(asked), state=cast(State, after.state))


def _values(row: TargetRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in UnmovedTarget.model_fields}
