"""A county's November: what its city counts it for, who owns that, and where points are open."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

from kaoping.client import Client
from kaoping.exact import read_yaml
from kaoping.people import OFFICES, People, Person
from kaoping.plan import OFFICE, Document

SHOWN = 12
"""How many of the units and indicators a table shows of which it gives the first."""


class Texts(NamedTuple):
    """What the tables say in one language."""

    title: str
    whole: str
    owners: str
    missing: str
    losers: str
    to_win: str
    columns: Mapping[str, str]
    nothing_missing: str
    nobody: str


ZH = Texts(
    "{superior}考核本县 {points} 分：已得 {won}，已丢 {lost}，可争取 {open}，不明 {unreported}",
    "市里考我们什么、得丢多少、谁牵头",
    "{units} 个责任单位，按板块",
    "还缺什么",
    "谁承担丢分（前 {shown} 个）",
    "哪里还能争取（前 {shown} 项）",
    {
        "code": "代码", "name": "指标", "points": "分值", "won": "已得", "lost": "已丢",
        "open": "可争取", "lead": "牵头单位", "supports": "协办", "unit": "单位",
        "caused": "由其造成", "unreported": "不明", "block": "板块", "units": "单位数",
        "what": "事项", "contact": "联系人", "basis": "依据",
    },
    "没有",
    "无（{why}）",
)  # fmt: skip
EN = Texts(
    "{superior} counts us for {points}: won {won}, lost {lost}, open {open}, unknown {unreported}",
    "What the city counts us for, won and lost, and who leads it",
    "{units} units that answer for it, by block",
    "What is missing",
    "Who is charged with what is lost (the first {shown})",
    "Where points can still be won (the first {shown})",
    {
        "code": "Code", "name": "Indicator", "points": "Points", "won": "Won", "lost": "Lost",
        "open": "Open", "lead": "Lead", "supports": "Support", "unit": "Unit",
        "caused": "Caused", "unreported": "Unknown", "block": "Block", "units": "Units",
        "what": "What", "contact": "Contact", "basis": "Basis",
    },
    "nothing",
    "none ({why})",
)  # fmt: skip


class November(NamedTuple):
    """What the API says of the county: the decomposition, how it stands, and the units' names."""

    decomposition: Document
    standings: Document
    names: Mapping[str, str]


def read_county(file: Path) -> Document:
    """Return a county as people write it: units, decomposition, standings."""
    county: Document = read_yaml(file)
    return county


def play(county: Mapping[str, Any], people: People) -> November:
    """Have the office register the units, decompose the city's scheme and report how it stands, and
    read that back."""
    people.invite([Person(OFFICE, OFFICES[OFFICE][0], (OFFICES[OFFICE][1],), None)])
    office = people[OFFICE]
    year = county["cycle"]["assessment_year"]
    units = [
        {**each, "kind": "assessed", "valid_from": f"{year - 5}-01-01"} for each in county["units"]
    ]
    office.post("/units", {"units": units})
    cycle = f"/cycles/{office.post('/cycles', county['cycle'])['cycle_id']}"
    office.post(f"{cycle}/decomposition", county["decomposition"])
    office.post(f"{cycle}/superior-standings", {"standings": county["standings"]})
    return read_november(office, cycle, county)


def read_november(office: Client, cycle: str, county: Mapping[str, Any]) -> November:
    """Read what the API says of the county now."""
    names = {each["code"]: each["name"] for each in county["units"]}
    decomposition = office.get(f"{cycle}/decomposition")
    return November(decomposition, office.get(f"{cycle}/superior-standings"), names)


def tables(november: November, *, chinese: bool) -> Iterator[Table]:
    """Yield the tables that answer what a county's head asks in November."""
    texts = ZH if chinese else EN
    yield _whole(november, texts)
    yield _owners(november, texts)
    yield _missing(november, texts)
    yield _losers(november, texts)
    yield _to_win(november, texts)


def missing(november: November, *, chinese: bool) -> list[str]:
    """Return what nobody has said yet, or nobody owns."""
    found = []
    for each in november.standings["indicators"]:
        about = f"{each['indicator']} {each['name']} ({each['points']})"
        if each["state"] != "known":
            found.append(f"{about}：情况不明" if chinese else f"{about}: nothing is known")
        if each["lead"] is None:
            why = each["unowned"]
            zh, en = f"{about}：没有责任单位（{why}）", f"{about}: nobody owns it ({why})"
            found.append(zh if chinese else en)
    for unit in november.decomposition["units"]:
        if unit["kind"] == "body":
            told = november.names[unit["unit"]]
            found.append(f"{told}：不由本县管理" if chinese else f"{told}: outside our control")
    return found


def _table(title: str, names: Sequence[str], texts: Texts) -> Table:
    table = Table(title=title)
    for name in names:
        number = name in (
            "points",
            "won",
            "lost",
            "open",
            "caused",
            "unreported",
            "units",
            "supports",
        )
        table.add_column(texts.columns[name], justify="right" if number else "left")
    return table


def _whole(november: November, texts: Texts) -> Table:
    told = november.standings
    title = texts.title.format(superior=told["superior"], **told["totals"])
    names = ("code", "name", "points", "won", "lost", "open", "lead", "supports")
    table = _table(f"{title}\n{texts.whole}", names, texts)
    for each in told["indicators"]:
        shares = november.decomposition["shares"]
        own = [share for share in shares if share["indicator"] == each["indicator"]]
        lead = november.names.get(each["lead"]) or texts.nobody.format(why=each["unowned"])
        numbers = (_shown(each[name]) for name in ("points", "won", "lost", "open"))
        supports = str(sum(share["role"] == "support" for share in own))
        table.add_row(each["indicator"], each["name"], *numbers, lead, supports)
    return table


def _owners(november: November, texts: Texts) -> Table:
    told = november.decomposition
    title = texts.owners.format(units=len(told["units"]))
    table = _table(title, ("block", "points", "units"), texts)
    for each in told["blocks"]:
        table.add_row(each["block"], _shown(each["points"]), str(each["units"]))
    return table


def _missing(november: November, texts: Texts) -> Table:
    table = _table(texts.missing, ("what",), texts)
    for each in missing(november, chinese=texts is ZH) or [texts.nothing_missing]:
        table.add_row(each)
    return table


def _losers(november: November, texts: Texts) -> Table:
    names = ("unit", "points", "lost", "caused", "open", "contact")
    table = _table(texts.losers.format(shown=SHOWN), names, texts)
    contacts = {e["unit"]: e["contact"] for e in november.decomposition["units"]}
    for each in november.standings["units"][:SHOWN]:
        numbers = (_shown(each[name]) for name in names[1:-1])
        table.add_row(november.names[each["unit"]], *numbers, contacts[each["unit"]])
    return table


def _to_win(november: November, texts: Texts) -> Table:
    names = ("code", "name", "open", "lead", "contact", "basis")
    table = _table(texts.to_win.format(shown=SHOWN), names, texts)
    contacts = {e["unit"]: e["contact"] for e in november.decomposition["units"]}
    known = [each for each in november.standings["indicators"] if each["open"] is not None]
    known.sort(key=lambda each: (-Decimal(each["open"]), each["indicator"]))
    for each in known[:SHOWN]:
        lead = november.names.get(each["lead"], "")
        contact = contacts.get(each["lead"], "")
        row = (each["indicator"], each["name"], _shown(each["open"]), lead, contact, each["basis"])
        table.add_row(*row)
    return table


def _shown(number: object) -> str:
    return "-" if number is None else str(number)
