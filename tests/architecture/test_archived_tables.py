"""Every table of a year is in its archive, or is named with the reason why it is not."""

import scoring.app  # noqa: F401 - brings all tables
from scoring.queries.archive import ARCHIVED, NOT_ARCHIVED
from scoring.tables.base import Base


def test_every_table_of_a_year_is_archived_or_named_with_its_reason():
    """Planted bug: a new table that nobody has thought of."""
    of_a_year = {name for name, table in Base.metadata.tables.items() if "cycle_id" in table.c}
    forgotten = of_a_year - {*ARCHIVED, *NOT_ARCHIVED}
    assert not forgotten, (
        f"{sorted(forgotten)}: put them into ARCHIVED of scoring.queries.archive, each with the "
        "order of its rows and behind what it rests on, or into NOT_ARCHIVED with the reason."
    )
    assert {*ARCHIVED} | {*NOT_ARCHIVED} <= of_a_year
    assert ARCHIVED.keys().isdisjoint(NOT_ARCHIVED)


def test_a_table_comes_behind_those_it_rests_on():
    """Planted bug: moves restored before their items."""
    places = {name: n for n, name in enumerate(ARCHIVED)}
    for name in ARCHIVED:
        for key in Base.metadata.tables[name].foreign_keys:
            on = key.column.table.name
            if on in places and on != name:
                assert places[on] < places[name], (name, on)
