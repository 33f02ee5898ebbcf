"""Which rows are of a realm (`chassis.realms`), as conditions of SQL."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.realms import EVERY, SEPARATOR, ends_below, ends_of, ids_begin


def is_of(column: Any, realm: str | None) -> sa.ColumnElement[bool]:  # noqa: ANN401 - a column
    """Return the condition that a column of ids names parts of a realm, or of none."""
    version = sa.func.substr(sa.cast(column, sa.Text), 15, 1)
    if realm == EVERY:
        return sa.true()
    if realm is None:
        return version != "8"
    return sa.and_(column.between(*ends_of(realm)), version == "8")


def is_below(column: Any, realm: str) -> sa.ColumnElement[bool]:  # noqa: ANN401 - a column
    """Return the condition that a column of ids names parts of realms below one."""
    version = sa.func.substr(sa.cast(column, sa.Text), 15, 1)
    among = column.between(*ends_below(realm)), sa.not_(column.between(*ends_of(realm)))
    return sa.and_(*among, version == "8")


def is_chain_of(column: sa.ColumnElement[str], realm: str | None) -> sa.ColumnElement[bool]:
    """Return the condition that a column of chains of the journal names those of a realm."""
    if realm == EVERY:
        return sa.true()
    told = sa.func.substr(column, 15, 1) == "8", sa.func.length(column) == len(str(UUID(int=0)))
    if realm is None:
        return sa.not_(sa.or_(sa.func.strpos(column, SEPARATOR) > 0, sa.and_(*told)))
    named = sa.func.split_part(column, SEPARATOR, 2) == realm
    return sa.or_(named, sa.and_(sa.func.left(column, 11) == ids_begin(realm), *told))
