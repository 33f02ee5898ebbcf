"""Which statements touch tables that lie where their cycle lies, without saying which cycle.

Of such a statement every machine is asked, and of some a cluster can answer nothing. A statement is
read as text: each table that it names has to be bound to a cycle, by `cycle_id = …`, wherever else
the other side of the equation comes from.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

HIDDEN = "hides the cycle from the planner"
NOT_SAID = "does not say the cycle"
VOLATILE = "computes a changed value where the rows lie"

_SPACE = re.compile(r"\s+")
_NO_ALIAS = (
    "where|on|set|left|join|inner|cross|order|group|limit|using|values|select|for|union|returning"
    "|full|right|default|having|offset"
)
_NAMED = re.compile(
    r"(?:\b(FROM|JOIN|UPDATE|USING|INTO)|(,))\s+(?:ONLY\s+)?(?:public\.)?\"?(?P<table>[a-z_]+)\"?"
    rf"(?:\s+(?:AS\s+)?(?!(?:{_NO_ALIAS})\b)\"?(?P<alias>[a-z_0-9]+)\"?)?",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\bUPDATE (?:ONLY )?(?:public\.)?\"?(?P<table>[a-z_]+)\"?(?P<given> .*?)(?: WHERE |$)",
    re.IGNORECASE,
)
_VOLATILE = re.compile(r"\b(clock_timestamp|gen_random_uuid|random|nextval)\(")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A table in a statement, and what is missing of it."""

    table: str
    what: str


def faults(statement: str, columns: Mapping[str, str]) -> set[Fault]:
    """Name what a statement does not say of the tables that are spread by these `columns`."""
    text = _SPACE.sub(" ", statement)
    found = {each for each in _faults(text, columns) if each is not None}
    for each in _UPDATED.finditer(text):
        if each["table"] in columns and _VOLATILE.search(each["given"]):
            found.add(Fault(each["table"], VOLATILE))
    return found


def _named(text: str, tables: Collection[str]) -> set[str]:
    return {each["table"] for each in _NAMED.finditer(text) if each["table"] in tables}


def _faults(text: str, columns: Mapping[str, str]) -> Iterator[Fault | None]:
    for each in _NAMED.finditer(text):
        table = each["table"]
        if table not in columns:
            continue
        column, alias = columns[table], each["alias"] or table
        if (each[1] or "").upper() == "INTO":
            given = text[each.end("table") :].partition(")")[0]
            yield None if column in given else Fault(table, NOT_SAID)
            continue
        yield _bound(text, table, alias, column, len(_named(text, columns)) == 1)


def _bound(text: str, table: str, alias: str, column: str, alone: bool) -> Fault | None:
    of = rf"\b\"?{alias}\"?\.\"?{column}\"?"
    if alone:
        of = rf"(?:{of}|(?<![.\w\"])\"?{column}\"?)"
    said = rf"{of} = (?!ANY\b)(?!ALL\b)|= {of}(?!::text)(?![\w.(])|\bUSING \([^)]*\b{column}\b"
    if re.search(said, text, re.IGNORECASE):
        return None
    hidden = rf"{of}::text|CAST\({of} AS|= ANY|\bIN \("
    return Fault(table, HIDDEN if re.search(hidden, text, re.IGNORECASE) else NOT_SAID)
