"""Which tables of a database lie on several machines (Citus), and where a new one is to lie.

A table that a revision makes by `op.create_table` lies with the rows that it refers to: it is
spread by the column that refers to the one by which those are. Any other is made on the first
machine, until whoever spreads the database says otherwise. On one machine none of this happens.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, ForeignKeyConstraint, Table, event
from sqlalchemy.schema import AddConstraint

from chassis.recording import IS_CLUSTER, SPREAD

IS_PASSED_ON = "is passed on"
"""Whether what a connection sends is passed on to other machines, in its `info`."""


def spread(connection: Connection) -> frozenset[str]:
    """Return the tables whose rows lie on several machines: none, unless a database is a cluster's
    (`IS_CLUSTER`)."""
    if not connection.scalar(sa.text(IS_CLUSTER)):
        return frozenset()
    return frozenset(connection.scalars(sa.text(SPREAD)))


@contextmanager
def placed(connection: Connection) -> Iterator[None]:
    """Have each table that is made meanwhile lie with those to which it refers."""
    if not spread(connection):
        yield
        return
    # One shard after the other, over one connection: what follows sees what was made before.
    connection.execute(sa.text("SET citus.multi_shard_modify_mode = 'sequential'"))
    connection.commit()
    connection.info[IS_PASSED_ON] = True
    event.listen(Table, "before_create", _leave_bonds)
    event.listen(Table, "after_create", _place)
    try:
        yield
    finally:
        event.remove(Table, "before_create", _leave_bonds)
        event.remove(Table, "after_create", _place)


def _leave_bonds(table: Table, *_: object, **__: object) -> None:
    """Leave foreign keys out while the table is made: from one machine none leads to several."""
    for each in table.foreign_key_constraints:
        each.use_alter = True


def _place(table: Table, connection: Connection, **_: object) -> None:
    columns = {row[0]: row[1] for row in connection.execute(sa.text(_COLUMNS))}
    for each in _bonds(table):
        if column := _column(each, columns):
            asked = {"name": table.name, "column": column, "beside": _referred(each)}
            connection.execute(sa.text(_SPREAD_OUT), asked)
            break
    for each in _bonds(table):
        connection.execute(AddConstraint(each))


def _bonds(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(table.foreign_key_constraints, key=lambda each: str(each.name))


def _referred(bond: ForeignKeyConstraint) -> str:
    return str(bond.elements[0].target_fullname).rpartition(".")[0]


def _column(bond: ForeignKeyConstraint, columns: Mapping[str, Any]) -> str | None:
    """Return the column of a bond that refers to the one by which the other table is spread."""
    where = columns.get(_referred(bond))
    for column, element in zip(bond.columns, bond.elements, strict=True):
        if str(element.target_fullname).rpartition(".")[2] == where:
            return str(column.name)
    return None


NUMBERS = """
    DO $$ BEGIN
      EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I',
        regexp_replace(current_user, '_owner$', ''));
    END $$
    """
"""Lets the service be given numbers: there they are drawn as by whoever adds a row."""
_COLUMNS = """
    SELECT c.relname, column_to_column_name(d.logicalrelid, d.partkey)
    FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid
    WHERE c.relnamespace = 'public'::regnamespace AND d.partmethod = 'h'
    """
_SPREAD_OUT = "SELECT create_distributed_table(:name, :column, colocate_with => :beside)"
