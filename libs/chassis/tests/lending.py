"""A small service about library loans: if the chassis serves this one, it knows no domain word."""

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar

import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from httpx import AsyncBaseTransport
from pydantic import Field

from chassis import journal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Attempted, RowsExist, Snapshot, Transaction, copy_rows, metadata
from chassis.journal import Receipt
from chassis.kept import document
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.pages import Page, PageQuery
from chassis.peers import Peer, PeerConnection, Read, View
from chassis.problems import documents
from chassis.refusals import Conflict, Fault, Invalid, pointer
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.service import create_service
from chassis.settings import Settings
from chassis.wire import Code, Exact, Incoming, Outgoing, Text

MATRIX = """
roles:
  librarian: {zh: 馆员, en: lends}
  reader: {zh: 读者, en: reads}
  auditor: {zh: 审计, en: audits}
exclusive: []
body_limits:
  POST /api/v1/loans/bulk: 8_000_000
routes:
  POST /api/v1/loans: [{role: librarian}]
  POST /api/v1/loans/bulk: [{role: librarian}]
  POST /api/v1/loans/each: [{role: librarian}]
  POST /api/v1/loans/tried: [{role: librarian}]
  POST /api/v1/loans/broken: [{role: librarian}]
  POST /api/v1/loans/hasty: [{role: librarian}]
  POST /api/v1/loans/slow: [{role: librarian}]
  POST /api/v1/loans/forgetful: [{role: reader, relation: own_book}]
  POST /api/v1/loans/snapshot: [{role: librarian}]
  POST /api/v1/loans/failing/{state}: [{role: librarian}]
  POST /api/v1/crash: [{role: librarian}]
  GET /api/v1/loans: [{role: librarian}, {role: reader, relation: own_book, phase: [open]}]
  GET /api/v1/shelf: [{role: any}]
  GET /api/v1/journals/lending/chains/{chain}: [{role: auditor}]
  GET /api/v1/journals/lending/chains/{chain}/verification: [{role: auditor}]
  GET /api/v1/journals/lending/receipts/{hash}: [{role: any}]
"""

tables = metadata()
loan = sa.Table(
    "loan",
    tables,
    sa.Column("book", sa.Text, primary_key=True),
    sa.Column("days", sa.Numeric),
    sa.Column("note", sa.Text),
)


class AlreadyLent(Conflict):
    """The book is already lent."""

    zh = "该书已借出。"


class TooLong(Invalid):
    """Some loans are too long."""

    zh = "有的借期过长。"


class NewLoan(Incoming):
    book: Code
    days: Exact
    note: Text | None = None
    copies: int = 1


class Bulk(Incoming):
    loans: list[NewLoan]


class Loans(IncomingBatch):
    ROWS: ClassVar = "loans"

    loans: Annotated[list[NewLoan], Field(min_length=1, max_length=1_000)]
    desk: Code | None = None


class LentOne(RowOutcome):
    book: str | None


class LentEach(BatchOutcome):
    rows: list[LentOne]


class Loan(Outgoing):
    book: str
    days: Exact


class Lent(Outgoing):
    loan: Loan
    receipt: Receipt | None


class Shelf(View, Outgoing):
    """What another service keeps."""

    label: str


class Shelves(Peer):
    shelf = Read("/api/v1/shelf/{n}", Shelf)


router = Router(tags=["loans"])


@router.post("/loans", status_code=201, responses=documents(AlreadyLent))
async def lend(new: NewLoan, db: Transaction, permit: Permit) -> Lent:
    known = await db.scalar(sa.select(loan.c.book).where(loan.c.book == new.book))
    if known:
        raise AlreadyLent(f"{new.book} is out.", f"{new.book} 已借出。", book=new.book)
    await db.execute(sa.insert(loan).values(**new.model_dump(exclude={"copies"})))
    body = {"book": new.book, "days": str(new.days)}
    receipt = await journal.record(db, chain="loans", caller=permit.caller, event="lent", body=body)
    return Lent(loan=Loan(book=new.book, days=new.days), receipt=receipt)


@router.post("/loans/bulk", status_code=201, responses=documents(AlreadyLent))
async def lend_many(new: Bulk, db: Transaction, permit: Permit) -> int:
    faults = [
        Fault(pointer("loans", i, "days"), "too-long", "Over 90 days.", "超过 90 天。")
        for i, one in enumerate(new.loans)
        if one.days > 90
    ]
    if faults:
        raise TooLong(f"{len(faults)} too long.", f"{len(faults)} 条过长。", faults=faults)
    try:
        rows = [(one.book, one.days) for one in new.loans]
        await copy_rows(db, loan, ["book", "days"], rows)
    except RowsExist:
        books = [one.book for one in new.loans]
        known = await db.scalar(sa.select(sa.func.count()).where(loan.c.book.in_(books)))
        raise AlreadyLent(f"{known} are out.", f"{known} 册已借出。", book=None) from None
    return len(new.loans)


@router.post("/loans/each", status_code=201, responses=documents(AlreadyLent, TooLong))
async def lend_each(new: Loans, db: Transaction, permit: Permit, rows: Rows) -> LentEach:
    """Lend each book that can be: two rules, one after the other, and each book once."""
    found = await db.execute(sa.select(loan.c.book, loan.c.days, loan.c.note))
    known = {book: (days, note) for book, days, note in found}
    there = [n for n, e in enumerate(new.loans) if known.get(e.book) == (e.days, e.note)]

    async def lend_them(left: Loans) -> Receipt | None:
        if left.desk == "closed":
            raise TooLong("It is closed.", "已闭馆。", faults=[Fault("/desk", "closed", "x", "x")])
        _check_loans(left.loans, known)
        values = [each.model_dump(exclude={"copies"}) for each in left.loans]
        await db.execute(sa.insert(loan), values)
        _check_days(left.loans)
        books = [each.book for each in left.loans]
        return await journal.record(
            db, chain="loans", caller=permit.caller, event="lent", body=books
        )

    rows.tell({"book": each.book} for each in new.loans)
    receipt = await rows.keep(rows.besides(new, there), lend_them)
    return LentEach(receipt=receipt, **rows.told(LentOne))


def _check_loans(loans: list[NewLoan], known: Mapping[str, object]) -> None:
    """Refuse what is out, what stands there twice, and notes that name a book that is not lent."""
    faults, seen = list[Fault](), set[str]()
    books = {*known, *(one.book for one in loans)}
    for i, one in enumerate(loans):
        at = pointer("loans", i, "book")
        if one.days > 90:
            faults.append(Fault(pointer("loans", i, "days"), "too-long", "x", "x"))
        if one.book in known:
            faults.append(Fault(at, "out", "x", "x"))
        if one.book in seen:
            faults.append(Fault(at, "twice", "x", "x", beside=True))
        if one.note is not None and one.note not in books:
            faults.append(Fault(pointer("loans", i, "note"), "alone", "x", "x"))
        seen.add(one.book)
    if faults:
        raise TooLong(f"{len(faults)}.", f"{len(faults)}。", faults=faults)


def _check_days(loans: list[NewLoan]) -> None:
    at = [pointer("loans", i, "days") for i, one in enumerate(loans) if one.days == 13]
    if at:
        faults = [Fault(each, "thirteen", "x", "x") for each in at]
        raise AlreadyLent("Not so.", "不可。", faults=faults)


@router.post("/loans/tried")
async def lend_or_try(new: NewLoan, attempt: Attempted, permit: Permit) -> str:
    """Lend a book; whoever only checks is told so, except of several copies, by mistake."""
    if attempt.checks and new.copies == 1:
        return "it can be lent"
    await attempt.db.execute(sa.insert(loan).values(**new.model_dump(exclude={"copies"})))
    return "lent"


@router.post("/loans/broken", status_code=201)
async def lend_with_a_commit_that_fails(db: Transaction, permit: Permit) -> str:
    """Leave a deferred foreign key broken, so that only the commit can notice."""
    await db.execute(sa.text("CREATE TEMP TABLE p (id int PRIMARY KEY)"))
    await db.execute(
        sa.text("CREATE TEMP TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)")
    )
    await db.execute(sa.text("INSERT INTO c VALUES (1)"))
    return "lent"


@router.post("/loans/hasty", status_code=201)
async def lend_and_commit(new: NewLoan, db: Transaction, permit: Permit) -> str:
    """Commit what the route is to commit."""
    await db.execute(sa.insert(loan).values(**new.model_dump(exclude={"copies"})))
    await db.commit()
    return "lent"


GATE = asyncio.Event()
"""Opened by a test once everything else that it waits for has happened."""


@router.post("/loans/slow", status_code=201)
async def lend_slowly(new: NewLoan, db: Transaction, permit: Permit) -> str:
    """Lend once the gate is opened, or nobody opens it."""
    await db.execute(sa.insert(loan).values(**new.model_dump(exclude={"copies"})))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(GATE.wait(), 20)
    return "lent"


@router.post("/loans/forgetful", status_code=201)
async def lend_without_asking(new: NewLoan, db: Transaction, permit: Permit) -> str:
    """Forget to ask whether the relation holds."""
    await db.execute(sa.insert(loan).values(**new.model_dump(exclude={"copies"})))
    return "lent"


@router.post("/loans/snapshot", status_code=201)
async def write_in_a_snapshot(db: Snapshot, permit: Permit) -> str:
    await db.execute(sa.text("INSERT INTO loan VALUES ('x', 1)"))
    return "lent"


@router.post("/loans/failing/{state}", status_code=201)
async def lend_while_the_database_fails(state: str, db: Transaction, permit: Permit) -> str:
    """Fail as the database would with this SQLSTATE; `cut` loses the connection."""
    await db.execute(sa.text("INSERT INTO loan VALUES ('failing', 1)"))
    if state == "cut":
        await db.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'a secret' USING ERRCODE = '{state}'; END $$"
    await db.execute(sa.text(raised))
    return "lent"


@router.post("/crash")
async def crash(new: NewLoan, permit: Permit) -> None:
    raise RuntimeError(f"a secret: {new.note}")


@router.get("/loans")
async def list_loans(page: PageQuery, db: Snapshot, permit: Permit) -> Page[Loan]:
    permit.require({"own_book"}, "closed")
    rows = await db.execute(
        sa.select(loan.c.book, loan.c.days)
        .where(loan.c.book > (page.after or ""))
        .order_by(loan.c.book)
        .limit(page.limit + 1)
    )
    found = [Loan.model_validate(row) for row in rows]
    return Page.of(found, page.limit, lambda one: one.book)


@router.get("/shelf", response_model=Shelf)
async def read_shelf(request: Request, permit: Permit) -> Response:
    shelf = await Shelves(request.app.state.peer_connection).shelf(n=1)
    return document(shelf, request)


def create_app(settings: Settings, transport: AsyncBaseTransport | None = None) -> FastAPI:
    return create_service("lending", settings, [router], transport=transport)


def matrix_in(folder: Path) -> Path:
    path = folder / "matrix.yaml"
    path.write_text(MATRIX, encoding="utf-8")
    return path


def line_of(app: FastAPI) -> PeerConnection:
    line: PeerConnection = app.state.peer_connection
    return line
