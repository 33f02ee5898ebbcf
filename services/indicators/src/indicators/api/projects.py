"""Projects (重点项目) of units, whose nodes are milestones of the ledger."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import insert

from chassis import journal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Outgoing, Text
from indicators.api.target_versions import MISSING, Item, whose
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    project_versions,
    scheme_in_force,
)
from indicators.rules.projects import Project, ProjectsFaulty, check_projects
from indicators.tables import ProjectRow

router = Router("/cycles/{cycle_id}/projects", tags=["targets"])


class NewNode(Incoming):
    """A node of a project: the item of the milestone indicator that it is, and its day."""

    item: Item
    due: dt.date


class NewProject(Incoming):
    """A project: who leads it, which units take part, when it starts and is complete, and which
    milestones of the leading unit are its nodes."""

    project: Code
    name: Text
    leader: Text
    lead_unit: Code
    units: list[Code] = Field(default=[], max_length=200)
    indicator: Code
    starts_on: dt.date
    completes_on: dt.date
    nodes: list[NewNode] = Field(min_length=1, max_length=100)

    def exact(self) -> Project:
        """Return the project as the rules know it."""
        return Project(
            self.project,
            self.lead_unit,
            self.units,
            self.indicator,
            self.starts_on,
            self.completes_on,
            [(each.item, each.due) for each in self.nodes],
        )


class NewProjects(IncomingBatch):
    """A batch of projects."""

    ROWS: ClassVar = "projects"

    projects: list[NewProject] = Field(min_length=1, max_length=200)


class MovedProject(RowOutcome):
    """What became of a project: the version that it added, null where it added none."""

    version: int | None


class ProjectsMoved(BatchOutcome):
    """What became of a batch of projects, row by row in its order."""

    rows: list[MovedProject]


class ProjectNode(Outgoing):
    """A node of a project: the item of the milestone indicator that it is, and its day."""

    item: str
    due: dt.date


class ProjectVersion(Outgoing):
    """One version of a project; the one with the highest number is the project.

    It has no state of its own: `entries_at` lists the entries of the ledger about its milestones,
    and what they say of an `item` is how far the node is.
    """

    project: str
    version: int
    name: str
    leader: str
    lead_unit: str
    units: list[str]
    indicator: str
    starts_on: dt.date
    completes_on: dt.date
    nodes: list[ProjectNode]
    entries_at: str
    set_by: str
    set_at: dt.datetime


class Projects(Outgoing):
    """Projects, by their codes."""

    cycle_id: UUID
    projects: list[ProjectVersion]


class Added(NamedTuple):
    """The versions that a command added, and the receipt of the journal."""

    versions: Sequence[int]
    receipt: Receipt | None


@router.post("", status_code=201, responses=documents(ProjectsFaulty, *MISSING))
async def set_projects(
    cycle_id: UUID, new: NewProjects, db: Transaction, permit: Permit, rows: Rows
) -> ProjectsMoved:
    """Keep projects as further versions: those that the caller's own unit leads, or any by the
    office.

    A node is of one project alone. What stands just so is `unchanged`.
    """
    cycle = await find_cycle(db, cycle_id, alone=True)
    caller, leads = permit.caller, {each.lead_unit for each in new.projects}
    own = {"own_unit"} if leads == {caller.organisation} else set[str]()
    permit.require(relations=own, phase=cycle.phase)
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    latest = {row.project: row for row in await project_versions(db, cycle_id)}
    known = {code: NewProject.model_validate(row.content).exact() for code, row in latest.items()}
    unit = None if permit.allows((), cycle.phase) else caller.organisation

    async def keep(batch: NewProjects) -> Added:
        check_projects([each.exact() for each in batch.projects], scheme, known, unit)
        by = {"set_by": caller.subject, "set_by_person": caller.person}
        added = [{"cycle_id": cycle_id, **_stored(each, latest), **by} for each in batch.projects]
        await db.execute(insert(ProjectRow), added)
        told = [{"unit": e.lead_unit, "project": e.project} for e in batch.projects]
        receipt = await journal.record(
            db,
            chain=str(cycle_id),
            caller=caller,
            event="projects.set",
            body={"projects": told},
        )
        return Added([each["version"] for each in added], receipt)

    there = [n for n, each in enumerate(new.projects) if _stands(each, latest)]
    versions, receipt = await rows.keep(rows.besides(new, there), keep) or Added((), None)
    rows.tell({"version": each} for each in versions)
    return ProjectsMoved(receipt=receipt, **rows.told(MovedProject))


@router.get(
    "",
    response_model=Projects,
    responses=documents(NoSuchCycle, SchemeNotPublished, StoredDataAltered),
)
async def list_projects(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    unit: Code | None = None,
    former: Annotated[bool, Query(description="Also the versions before the latest.")] = False,
) -> Response:
    """List projects that a unit leads or takes part in, or all, each with where the entries of its
    nodes are.

    An assessed unit gets its own.
    """
    await find_cycle(db, cycle_id)
    units = await whose(db, cycle_id, permit, unit)
    versions = await project_versions(db, cycle_id)
    asked = versions if former else [*{row.project: row for row in versions}.values()]
    told = [_shown(row) for row in asked if units is None or units & _concerned(row)]
    return document(Projects(cycle_id=cycle_id, projects=told), request)


def _concerned(row: ProjectRow) -> frozenset[str]:
    return frozenset({row.content["lead_unit"], *row.content["units"]})


def _stored(new: NewProject, latest: Mapping[str, ProjectRow]) -> dict[str, Any]:
    before = latest.get(new.project)
    return {
        "project": new.project,
        "version": 1 if before is None else before.version + 1,
        "content": new.model_dump(mode="json"),
    }


def _stands(new: NewProject, latest: Mapping[str, ProjectRow]) -> bool:
    before = latest.get(new.project)
    return before is not None and before.content == new.model_dump(mode="json")


def _shown(row: ProjectRow) -> ProjectVersion:
    about = {
        "unit": row.content["lead_unit"],
        "indicator": row.content["indicator"],
        "kind": "milestone",
    }
    return ProjectVersion(
        **NewProject.model_validate(row.content).model_dump(),
        version=row.version,
        entries_at=f"/api/v1/cycles/{row.cycle_id}/ledger-entries?{urlencode(about)}",
        set_by=row.set_by,
        set_at=row.set_at,
    )
