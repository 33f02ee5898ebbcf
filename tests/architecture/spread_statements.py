"""Which statements touch tables that lie where their cycle lies, without saying which cycle.

Of such a statement every machine is asked, and of some a cluster can answer nothing. A statement is
read as text: each table that it names has to be bound to a cycle, by `cycle_id = …`, wherever else
the other side of the equation comes from.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

HIDDEN = "says the cycle as a text, or several"
NOT_SAID = "does not say the cycle"
VOLATILE = "computes a changed value where the rows lie"

_SPACE = re.compile(r"\s+")
_NO_ALIAS = (
    "where|on|set|left|join|inner|cross|order|group|limit|using|values|select|for|union|returning"
    "|full|right|default|having|offset"
)
_ONE = (
    r"\"?(?P<table>[a-z_]+)\"?(?!\s*\.)"
    rf"(?:\s+(?:AS\s+)?(?!(?:{_NO_ALIAS})\b)\"?(?P<alias>[a-z_0-9]+)\"?)?"
)
_NAMED = tuple(
    re.compile(before + r"\s+(?:ONLY\s+)?(?:public\.)?" + _ONE, re.IGNORECASE)
    for before in (
        r"\b(FROM|JOIN|UPDATE|USING|INTO)",
        r"\bFROM\s+\"?[a-z_]+\"?(?:\s+(?:AS\s+)?[a-z_0-9]+)?(,)",
    )
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


def _found(text: str, tables: Collection[str]) -> list[re.Match[str]]:
    return [each for of in _NAMED for each in of.finditer(text) if each["table"] in tables]


def _faults(text: str, columns: Mapping[str, str]) -> Iterator[Fault | None]:
    found = _found(text, columns)
    is_alone = len({each["table"] for each in found}) == 1
    for each in found:
        table, column = each["table"], columns[each["table"]]
        after = text[each.end("table") :].partition(")")[0]
        if each[1].upper() == "INTO":
            yield None if column in after else Fault(table, NOT_SAID)
            continue
        # Without the name of a table it is that of the one that stands there alone.
        bare = rf"(?<![.\w\"])\"?{column}\"?"
        named = rf"\b\"?{each['alias'] or table}\"?\.\"?{column}\"?"
        of = rf"(?:{named}|{bare})" if is_alone else named
        if re.search(rf"{bare} = (?!ANY\b)(?!ALL\b)", after):
            continue
        yield _bound(text, table, of, column)


def _bound(text: str, table: str, of: str, column: str) -> Fault | None:
    said = rf"{of} = (?!ANY\b)(?!ALL\b)|= {of}(?!::text)(?![\w.(])|\bUSING \([^)]*\b{column}\b"
    if re.search(said, text, re.IGNORECASE):
        return None
    hidden = rf"{of}::text|CAST\({of} AS|{of} = ANY|{of} IN \("
    return Fault(table, HIDDEN if re.search(hidden, text, re.IGNORECASE) else NOT_SAID)
