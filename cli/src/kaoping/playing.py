"""A year from its files into a running system, and what came of it onto the screen."""

import sys
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from kaoping import city as cities
from kaoping.card import Card, Credentials
from kaoping.city.approved import with_way
from kaoping.client import Client
from kaoping.exact import write_json
from kaoping.faults import KaopingFault
from kaoping.papers import save_papers
from kaoping.people import People, Person
from kaoping.plan import OFFICE, Plan
from kaoping.results import Document, Release, read_document, table_of_cycles
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.way import way_of
from kaoping.year import Year, loaded_before

AUDITOR = "auditor"
CLAIMS_SHOWN = 100
"""How many claims are shown one by one; of more it is counted how they were decided."""

out = Console(width=None if sys.stdout.isatty() else 150)  # a pipe has no width of its own


def read_plan(directory: Path, *, chinese: bool) -> Plan:
    """Return what a directory tells: a city's year as people write it, or a scheme with tables."""
    if (directory / cities.YEAR).is_file():
        return cities.plan_of(cities.read_city(directory))
    return read_tables(directory, chinese=chinese)


def read_whole(directory: Path, categories: Collection[str], *, daily: bool = False) -> Plan:
    """Return a year of all categories of a city, or of some of them; the full one, day by day, or
    one with a tenth of its entries."""
    city = cities.read_city(directory)
    known = [each["code"] for each in city.scheme["categories"]]
    if unknown := [code for code in categories if code not in known]:
        told = f"{', '.join(unknown)}: there is no such category; there are {', '.join(known)}"
        raise KaopingFault(told)
    if daily:
        return with_way(cities.daily_plan(city, categories), noticed=False)
    plan = cities.whole_plan(city)
    plan = cities.of_categories(plan, categories) if categories else plan
    return with_way(plan, noticed=False)


def shown_to_everybody(plan: Plan) -> Plan:
    """Return a year whose releases are read without an account, unless its scheme says who reads
    them: whoever looks at it finds the pages for the public filled."""
    if "publication" in plan.scheme:
        return plan
    shown = {"grades": True, "ranks": True, "scores": True, "blocks": True, "highlights": True}
    return replace(plan, scheme={**plan.scheme, "publication": {"public": shown}})


class Account(NamedTuple):
    """How somebody of a year signs in, with which roles, and for which unit if for one."""

    name: str
    unit: str | None
    roles: tuple[str, ...]
    credentials: Credentials


def play_before(plan: Plan, card: Card, steps: Steps, before: str) -> list[Account]:
    """Play what comes before a step of a year; return whoever takes part."""
    with card.client() as administrator, People(administrator, card.client) as people:
        Year(shown_to_everybody(plan), people, steps).play(before)
        return _accounts(people, kept=True)


def _accounts(people: People, *, kept: bool) -> list[Account]:
    """Return who takes part, and an auditor besides where others shall look at the year after it:
    no year needs one."""
    if kept:
        people.invite([Person(AUDITOR, "审计", (AUDITOR,), None)])
    return [Account(person.name, person.unit, person.roles, how) for person, how in people.invited]


def show_accounts(card: Card, accounts: Iterable[Account], *, chinese: bool) -> None:
    """Print where a system that goes on running is, and one account of each role."""
    names = ("角色", "账户", "姓名", "密码") if chinese else ("role", "account", "name", "secret")
    table = Table(*names)
    first = card.administrator
    table.add_row("system_administrator", first.name, "", first.secret)
    told = set[str]()
    for each in accounts:
        if new := [role for role in each.roles if role not in told]:
            told.update(new)
            table.add_row(", ".join(new), each.credentials.name, each.name, each.credentials.secret)
    out.print(table)
    out.print(f"{card.gateway_url}/console/", highlight=False)
    out.print("按 Ctrl-C 结束，不留数据。" if chinese else "Ctrl-C ends it, and nothing is left.")


class Played(NamedTuple):
    """What came of a year, and who took part."""

    releases: list[Release]
    document: Document
    accounts: list[Account]


def play(
    plan: Plan, card: Card, steps: Steps, papers: Path | None = None, *, kept: bool = False
) -> Played:
    """Play the year and read its results back; save its papers, where a folder is given."""
    with card.client() as administrator, People(administrator, card.client) as people:
        year = Year(shown_to_everybody(plan) if kept else plan, people, steps)
        year.play()
        with steps.step("results"):
            office = people[OFFICE]
            numbers = year.releases.values()
            released = {n: Release.read(office, year.cycle_id, n) for n in numbers}
            releases = [*released.values()]
            surveys = {wave.survey for wave in plan.waves}
            document = read_document(office, year.cycle_id, releases, surveys)
            if way := way_of(year):
                document["way"] = way
        if papers is not None:
            with steps.step("papers"):
                save_papers(office, year.cycle_id, released, papers)
        return Played(releases, document, _accounts(people, kept=kept))


def show(releases: list[Release], document: Document, steps: Steps, *, as_json: bool) -> None:
    """Print what came of a year: tables, or one JSON document."""
    if as_json:
        print(write_json({**document, "seconds": steps.seconds}, "  "))
        return
    for release in releases:
        out.print(release.table())
    claims = document["claims"]
    for claim in claims if len(claims) <= CLAIMS_SHOWN else ():
        out.print(f"{claim['id']:>4}  {claim['decision']:<36} {claim['points']}")
    if len(claims) > CLAIMS_SHOWN:
        for decision, count in Counter(claim["decision"] for claim in claims).most_common():
            out.print(f"{count:>4}  {decision}")
    for line in document.get("way", ()):
        out.print(line["zh"])
        out.print(line["en"])
    spent = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in steps.seconds.items())
    out.print(f"{spent}; together {steps.total_seconds:.1f} s")


def show_cycles(card: Card) -> None:
    """Print the cycles of a system."""
    with card.client() as client:
        out.print(table_of_cycles(client.pages("/cycles")))


def show_ranking(card: Card, cycle: str) -> None:
    """Print the latest release of each category of a cycle; of the newest that has released
    something if none is named."""
    with card.client() as client:
        cycle, latest = latest_releases(client, cycle)
        for release in latest.values():
            out.print(Release.read(client, cycle, release).table())


def latest_releases(client: Client, cycle: str = "") -> tuple[str, dict[str, int]]:
    """Return a cycle and its latest release of each category; if none is named the newest cycle
    that has one, since next year's is there long before it releases anything."""
    cycles = [cycle] if cycle else [each["cycle_id"] for each in client.pages("/cycles")]
    for each in cycles:
        released = client.pages(f"/cycles/{each}/releases")
        if latest := {one["category"]: one["release"] for one in released}:
            return each, latest
    if not cycles:
        raise KaopingFault("there is no cycle yet")
    raise KaopingFault(f"nothing has been published of cycle {', '.join(cycles[:3])}")


def refuse_loaded(plan: Plan, card: Card) -> None:
    """Refuse to play a year a second time unasked: it would be another cycle, not a newer state."""
    with card.client() as client:
        known = loaded_before(client, plan)
    if known is not None:
        raise KaopingFault(
            f"{known['name']} is loaded already, as cycle {known['cycle_id']}; "
            "--again loads it once more, as a cycle of its own"
        )
