"""What is expected of the caller now (待办): the tasks of all services, put together."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.persons import is_among
from chassis.routes import Router
from chassis.tasks import Kind, Task, Tasks
from chassis.wire import OneOf, Outgoing
from gateway import emergencies, queries
from gateway.asking import Heard, Services
from gateway.documents import SERVICES, Reference
from gateway.rules.separation import AUDIT, SECURITY, SYSTEM
from gateway.separation import confirming, misheld
from gateway.webhooks import hosts, store

router = Router("/me/tasks", tags=["tasks"])

MOST_CYCLES = 10
"""Of how many cycles tasks are put together, unless it is said of which."""

_NEVER = dt.date.max

CONFIRM = Kind(
    "confirm-account",
    "POST /api/v1/accounts/{subject}/confirmation",
    "确认账户`{subject}`（{name}）的重要角色",
    "Confirm the powerful roles of the account {subject} ({name})",
    "/api/v1/accounts?state=pending",
)
CONFIRM_CHANGE = Kind(
    "confirm-account-change",
    "POST /api/v1/accounts/{subject}/changes/{version}/confirmation",
    "确认账户`{subject}`（{name}）的变更",
    "Confirm the change of the account {subject} ({name})",
    "/api/v1/accounts/{subject}/changes",
)
RESUME_WEBHOOK = Kind(
    "resume-webhook",
    "POST /api/v1/webhooks/{webhook_id}/resumption",
    "账户`{subject}`到主机`{host}`的推送已停用，排除故障后恢复",
    "Mend and resume the webhook of {subject} to {host}, which failed for too long",
    "/api/v1/webhooks?state=disabled",
)
CONFIRM_HOST = Kind(
    "confirm-webhook-host",
    "POST /api/v1/webhook-hosts/{host_id}/confirmation",
    "确认推送主机`{host}`（端口{port}）",
    "Confirm the webhook host {host}, port {port}",
    "/api/v1/webhook-hosts",
)
CONFIRM_SECRET = Kind(
    "confirm-secret",
    "POST /api/v1/accounts/{subject}/secrets/{number}/confirmation",
    "确认账户`{subject}`（{name}）的新密钥",
    "Confirm the new secret of the account {subject} ({name})",
    "/api/v1/accounts/{subject}/secrets",
)
CONFIRM_RESET = Kind(
    "confirm-account-reset",
    "POST /api/v1/accounts/{subject}/resets/{number}/confirmation",
    "确认账户`{subject}`（{name}）的重置",
    "Confirm the reset of the account {subject} ({name})",
    "/api/v1/accounts/{subject}/resets",
)
NAME = {
    SECURITY: Kind(
        "name-security-administrator",
        "POST /api/v1/accounts",
        "设立安全管理员账户，使三员分设",
        "Make an account of the security administrator, so that powers are apart",
        "/api/v1/accounts?role=security_administrator",
    ),
    AUDIT: Kind(
        "name-audit-administrator",
        "POST /api/v1/accounts",
        "设立审计管理员账户",
        "Make an account of the audit administrator",
        "/api/v1/accounts?role=audit_administrator",
    ),
}
MEND_HOLDER = Kind(
    "mend-account-holder",
    "POST /api/v1/accounts/{subject}/changes",
    "账户`{subject}`（{name}）的角色与其使用者不符（个人或系统客户端），请变更",
    "Change the account {subject} ({name}), whose roles a system may not hold, or a person",
    "/api/v1/accounts/{subject}",
)


REVIEW_GRANT = Kind(
    "review-emergency-grant",
    "POST /api/v1/emergency-grants/{grant_id}/review",
    "复核账户`{subject}`的应急授权（{right}）",
    "Review the emergency grant {right} of the account {subject}",
    "/api/v1/emergency-grants/{grant_id}",
)
WATCH_GRANT = Kind(
    "watch-emergency-grant",
    "POST /api/v1/emergency-grants/{grant_id}/end",
    "账户`{subject}`正在行使应急授权（{right}），不应继续的请予结束",
    "The account {subject} acts by the emergency grant {right}: end it where it should not go on",
    "/api/v1/emergency-grants/{grant_id}",
)


class OwnTask(Outgoing):
    """Something that the caller can do now and is expected to do, in Chinese and English.

    `count` says how many things wait, `about` which, by codes and names, first that of the `cycle`;
    `deadline` is null where there is none. It is done by `method` and `path`, the operation
    `operation_id` of the published document, which is null while the part that serves it does not
    say; `listed_at` lists what it is about. `cycle_id` is null where it is about no cycle.
    """

    service: str
    cycle_id: UUID | None
    cycle_name: str | None
    kind: str
    zh: str
    en: str
    count: int
    deadline: dt.date | None
    about: dict[str, str]
    operation_id: str | None
    method: Annotated[str, OneOf("GET", "POST", "PUT", "PATCH", "DELETE")]
    path: str
    listed_at: str | None


class TaskPart(Outgoing):
    """Whether a service said what it expects of the caller, in a cycle or besides all of them.

    Where it refused, `refusal` is the status; where it is null too, nothing was heard of it.
    """

    service: str
    cycle_id: UUID | None
    answered: bool
    refusal: int | None


class OwnTasks(Outgoing):
    """What is expected of the caller now, what is due first first; `more` tasks are not shown.

    Of a part that did not answer nothing is here. `cycles_left` counts the open cycles that were
    not asked about, because they are older than others.
    """

    tasks: list[OwnTask]
    more: int
    parts: list[TaskPart]
    cycles_left: int


class Cycle(NamedTuple):
    """A cycle that services are asked about."""

    cycle_id: UUID
    name: str


class Told(NamedTuple):
    """What a service said of its tasks, in a cycle or besides all of them."""

    service: str
    cycle: Cycle | None
    heard: Heard


@router.get("", response_model=OwnTasks)
async def list_own_tasks(
    request: Request,
    db: Snapshot,
    permit: Permit,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cycle_id: Annotated[UUID | None, Query(description="In this cycle alone.")] = None,
) -> Response:
    """List what all services expect of the caller now, of the newest open cycles or of one.

    A task is here when the caller could do it now: by role, relation, state, and as another person
    than the one whose work it is about.
    """
    permit.caller_with_scope()  # every part is asked with the caller's own token
    cycles, left, told = await _cycles(request, permit, cycle_id)
    asked = await asyncio.gather(
        *(_service(request, permit, service, cycles) for service in SERVICES if cycles)
    )
    told = [*told, *(each for parts in asked for each in parts)]
    ids = await _operations(request)
    found = [task for each in told for task in _tasks(each, ids)]
    found += await _accounts(request, db, permit, ids)
    found += await _grants(request, db, permit, ids)
    found += await _hosts(request, db, permit, ids)
    found += await _webhooks(request, db, permit, ids)
    found.sort(key=_due)
    own = OwnTasks(
        tasks=found[:limit],
        more=max(0, len(found) - limit),
        parts=[_part("gateway", None, Heard(document={})), *(_part(*each) for each in told)],
        cycles_left=left,
    )
    return document(own, request)


async def _cycles(
    request: Request, permit: Permission, only: UUID | None
) -> tuple[list[Cycle], int, list[Told]]:
    """Return the cycles to be asked about, how many more there are, and what was heard so far.

    Who names the cycles is silent is marked, and so is whoever is not asked for that.
    """
    at = "/api/v1/cycles?limit=200" if only is None else f"/api/v1/cycles/{only}"
    heard, besides = await asyncio.gather(
        _read(request, permit, "indicators", at),
        _read(request, permit, "indicators", "/api/v1/tasks/indicators"),
    )
    told = [Told("indicators", None, besides)]
    try:
        listed = heard.document["items"] if only is None else [heard.document]
        cycles = [Cycle(UUID(each["cycle_id"]), each["name"]) for each in listed if _is_open(each)]
    except (KeyError, TypeError, ValueError):
        silent = Heard(refusal=heard.refusal)
        return [], 0, [*told, *(Told(service, None, silent) for service in SERVICES)]
    return cycles[:MOST_CYCLES], max(0, len(cycles) - MOST_CYCLES), told


def _is_open(cycle: Mapping[str, Any]) -> bool:
    return bool(cycle["phase"] == "open")


async def _service(
    request: Request, permit: Permission, service: str, cycles: Sequence[Cycle]
) -> list[Told]:
    """Ask a service about each cycle; one that is silent about one is not asked about others."""
    told, silent = list[Told](), False
    for cycle in cycles:
        target = f"/api/v1/cycles/{cycle.cycle_id}/tasks/{service}"
        heard = Heard() if silent else await _read(request, permit, service, target)
        silent = not heard.answered and heard.refusal is None
        told.append(Told(service, cycle, heard))
    return told


async def _read(request: Request, permit: Permission, service: str, target: str) -> Heard:
    services: Services = request.app.state.services
    heard = await services.read(request, permit.caller.subject, service, target)
    if "/tasks/" not in target or not heard.answered:
        return heard
    try:
        return Heard(document=Tasks.model_validate(heard.document))
    except ValidationError:  # of another version: as good as none
        return Heard()


async def _operations(request: Request) -> Mapping[str, str]:
    reference: Reference = request.app.state.reference
    return await reference.operations()


def _tasks(told: Told, ids: Mapping[str, str]) -> Iterator[OwnTask]:
    tasks = told.heard.document.tasks if isinstance(told.heard.document, Tasks) else ()
    for task in tasks:
        yield _own(told.service, told.cycle, task, ids)


def _own(service: str, cycle: Cycle | None, task: Task, ids: Mapping[str, str]) -> OwnTask:
    shared = {name: getattr(task, name) for name in OwnTask.model_fields if hasattr(task, name)}
    # The same may wait in several cycles.
    shared["about"] = ({"cycle": cycle.name} if cycle else {}) | task.about
    return OwnTask(
        service=service,
        cycle_id=cycle and cycle.cycle_id,
        cycle_name=cycle and cycle.name,
        operation_id=ids.get(f"{task.method} {task.route}"),
        **shared,
    )


async def _accounts(
    request: Request, db: AsyncSession, permit: Permission, ids: Mapping[str, str]
) -> list[OwnTask]:
    """Return what another person than the caller has done to accounts with powerful roles, and what
    waits for a second one."""
    is_kept_here = request.app.state.standings is not None
    if not is_kept_here or permit.caller.roles.isdisjoint({SYSTEM, SECURITY}):
        return []
    own, phase = permit.caller.person, (await confirming(db, permit.caller.realm)).phase
    found = [
        kind.task({}, about)
        for kind, person, creator, about in await _waiting(db, permit.caller.realm)
        if kind.allowed(permit, phase=phase) and not is_among(own, (person, creator))
    ]
    found += [task async for task in _apart(db, permit)]
    return [_own("gateway", None, task, ids) for task in found]


async def _apart(db: AsyncSession, permit: Permission) -> AsyncIterator[Task]:
    """Yield what is to be done for powers to be apart: who is to be named, and accounts from before
    whose roles are not for such a holder."""
    if MEND_HOLDER.allowed(permit):
        for account in await misheld(db, permit.matrix, queries.is_of(permit.caller.realm)):
            yield MEND_HOLDER.task({}, {"subject": account.subject, "name": account.name})
    for role, kind in NAME.items():
        if kind.allowed(permit) and not await queries.holders(db, permit.caller.realm, {role}):
            yield kind.task({})


async def _waiting(
    db: AsyncSession, jurisdiction: str | None
) -> list[tuple[Kind, str, str | None, dict[str, str]]]:
    """Return what waits for a second person: the kind, whose account it is, and who has done it."""
    waiting: list[tuple[Kind, str, str | None, dict[str, str]]] = [
        (CONFIRM, row.person, row.created_by_person, {"subject": row.subject, "name": row.name})
        for row in await queries.pending_accounts(db, jurisdiction)
    ]
    for person, change in await queries.pending_changes(db, jurisdiction):
        about = {"subject": change.subject, "name": change.name, "version": str(change.version)}
        waiting.append((CONFIRM_CHANGE, person, change.changed_by_person, about))
    for account, secret in await queries.pending_secrets(db, jurisdiction):
        about = {"subject": account.subject, "name": account.name, "number": str(secret.number)}
        waiting.append((CONFIRM_SECRET, account.person, secret.made_by_person, about))
    for account, reset in await queries.pending_resets(db, jurisdiction):
        about = {"subject": account.subject, "name": account.name, "number": str(reset.number)}
        waiting.append((CONFIRM_RESET, account.person, reset.proposed_by_person, about))
    return waiting


async def _grants(
    request: Request, db: AsyncSession, permit: Permission, ids: Mapping[str, str]
) -> list[OwnTask]:
    """Return the rights that others than the caller took in an emergency: to be watched while they
    go on, to be reviewed when they are over."""
    kinds = {"going": WATCH_GRANT, "over": REVIEW_GRANT}
    if request.app.state.standings is None:
        return []
    if not any(kind.allowed(permit) for kind in kinds.values()):
        return []
    found = await emergencies.not_reviewed(db, permit.caller.realm)
    now = await queries.now(db)
    return [
        _own("gateway", None, kind.task({"grant_id": str(each.made.grant_id)}, about), ids)
        for each in found
        if not each.is_of(permit.caller.person)
        for kind in [kinds[each.known.state(now)]]
        if kind.allowed(permit)
        for about in [{"subject": each.made.subject, "right": each.made.right}]
    ]


async def _hosts(
    request: Request, db: AsyncSession, permit: Permission, ids: Mapping[str, str]
) -> list[OwnTask]:
    """Return the hosts for webhooks that another person than the caller has approved."""
    if request.app.state.standings is None:
        return []
    if not CONFIRM_HOST.allowed(permit, phase=(await confirming(db, permit.caller.realm)).phase):
        return []
    return [
        _own("gateway", None, CONFIRM_HOST.task({"host_id": str(host.host_id)}, about), ids)
        for host, *_ in await hosts.pending(db, permit.caller.realm)
        if not is_among(permit.caller.person, (host.approved_by_person,))
        for about in [{"host": host.host, "port": str(host.port)}]
    ]


async def _webhooks(
    request: Request, db: AsyncSession, permit: Permission, ids: Mapping[str, str]
) -> list[OwnTask]:
    """Return the webhooks that failed for too long: the caller's own, or all."""
    if request.app.state.standings is None:
        return []
    sees_all = RESUME_WEBHOOK.allowed(permit)
    whose = [queries.of_accounts(store.SUBJECT, permit.caller.realm)]
    whose += [] if sees_all else [permit.caller.subject == store.SUBJECT]
    told = [
        RESUME_WEBHOOK.task(
            {"webhook_id": str(each.webhook_id)},
            {"subject": each.subject, "host": store.host_of(each.url)},
        )
        for each in await store.disabled(db, *whose)
    ]
    return [_own("gateway", None, task, ids) for task in told]


def _due(task: OwnTask) -> tuple[dt.date, str, str]:
    """Return the key that sorts tasks: what is due first, then by kind; else as they were told."""
    return task.deadline or _NEVER, task.service, task.kind


def _part(service: str, cycle: Cycle | None, heard: Heard) -> TaskPart:
    return TaskPart(
        service=service,
        cycle_id=cycle and cycle.cycle_id,
        answered=heard.answered,
        refusal=heard.refusal,
    )
