"""How the database is to look for rows in one transaction, whatever it guesses of their number.

Of a ledger that nobody has analysed yet a handful of rows is guessed. Each statement goes by the
indexes that are made for it, and none collects, sorts or reads through what may be a million.
"""

from chassis.db import Driver


def _switched(to: str, *names: str) -> str:
    return ", ".join(f"set_config('{name}', '{to}', true)" for name in names)


_COLLECTING = ("enable_bitmapscan", "enable_seqscan")

BY_INDEX = f"SELECT {_switched('off', *_COLLECTING)}"
"""Rows are looked up by an index, one by one."""

IN_ORDER = f"SELECT {_switched('off', *_COLLECTING, 'enable_sort')}"
"""Rows are taken from an index in its order, and not sorted."""

_AS_KEPT = f"{IN_ORDER}, {_switched('force_generic_plan', 'plan_cache_mode')}"


def in_order_as_kept(driver: Driver) -> str:
    """Return how the same is had by a plan that is made once for each connection; of several
    machines one is chosen by what is asked, and it is planned for that."""
    return IN_ORDER if driver.is_spread else _AS_KEPT


AS_ALWAYS = f"SELECT {_switched('on', *_COLLECTING, 'enable_sort')}"
"""The database chooses again."""
