"""Which rows are of a realm (`chassis.realms`), as conditions of SQL."""

from typing import Any

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


OF_REALM = (
    "(CASE WHEN length({chain}) = 36 AND substr({chain}, 15, 1) = '8'"
    " THEN starts_with({chain}, {begin})"
    f" ELSE split_part({{chain}}, '{SEPARATOR}', 2) = {{realm}} END)"
)
"""The condition that a chain of the journal is of a realm, or of none: part of a question that asks
with what `told_of` returns."""


def told_of(realm: str | None) -> tuple[str, str]:
    """Return what stands for `realm` and `begin` in `OF_REALM`."""
    return (realm, ids_begin(realm)) if realm else ("", "no id begins so")


def is_chain_of(
    column: sa.ColumnElement[str], realm: str | None
) -> sa.ColumnElement[bool] | sa.TextClause:
    """Return the condition that a column of chains of the journal names those of a realm."""
    if realm == EVERY:
        return sa.true()
    asked = sa.text(OF_REALM.format(chain=column, realm=":realm", begin=":begin"))
    told, begin = told_of(realm)
    return asked.bindparams(realm=told, begin=begin)
