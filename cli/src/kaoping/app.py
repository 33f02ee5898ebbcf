"""The command `kaoping`: runs the system, plays a city's year, shows what was published."""

import signal
import sys
import time
from contextlib import ExitStack
from enum import StrEnum
from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kaoping import city as cities
from kaoping.card import Card, card_file
from kaoping.client import Client, Credentials
from kaoping.exact import write_json
from kaoping.faults import KaopingFault
from kaoping.people import OFFICE, People
from kaoping.results import Document, Release, read_document, table_of_cycles
from kaoping.steps import Steps
from kaoping.year import Year, loaded_before

EXAMPLE = Path(__file__).parents[3] / "examples/yunchuan-2025"

app = typer.Typer(
    help="综合绩效评估: comprehensive performance evaluation, from the scheme to the ranking.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
told = Console(stderr=True)
out = Console(width=None if sys.stdout.isatty() else 150)  # a pipe has no width of its own


class Output(StrEnum):
    """How results are printed."""

    TABLE = "table"
    JSON = "json"


Version = Annotated[
    bool, typer.Option("--version", help="Print the version and end.", is_eager=True)
]
Var = Annotated[Path, typer.Option(help="Where the system keeps everything.")]
City = Annotated[Path, typer.Argument(help="A city: scheme.yaml and county-year.yaml.")]
Gateway = Annotated[str, typer.Option(help="Address of a system that is not the one in --var.")]
Account = Annotated[str, typer.Option(help="An administrator of that system.")]
Secret = Annotated[str, typer.Option(envvar="KAOPING_SECRET", help="The account's secret.")]
VAR = Path("var")


@app.callback(invoke_without_command=True)
def about(version: Version = False) -> None:
    """Answer what is asked of the command itself."""
    if version:
        print(f"kaoping {installed('kaoping')}")
        raise typer.Exit


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Port of the gateway; 0 takes a free one.")] = 8000,
    var: Var = VAR,
) -> None:
    """Run the system until Ctrl-C. What is stored stays until `kaoping reset`."""
    from kaoping.processes import SystemDown
    from kaoping.system import System

    system = System(var, port)
    try:
        with told.status("starting …"):
            system.start()
        told.print(f"[bold]{system.gateway_url}/docs[/]  (log: {system.log})")
        told.print(f"The first account is in {card_file(var)}. Ctrl-C ends.")
        while system.running:
            time.sleep(0.5)
            system.heal()
        raise SystemDown(f"the services ended; see {system.log}")
    except KeyboardInterrupt:
        told.print("ending …")
    finally:
        system.stop()


@app.command()
def demo(
    directory: City = EXAMPLE,
    output: Annotated[Output, typer.Option(help="A table, or one document.")] = Output.TABLE,
) -> None:
    """Play a city's year in a system of its own, of which nothing is left afterwards."""
    from kaoping.system import System

    city = cities.read_city(directory)
    with Steps() as steps, ExitStack() as ending:
        with steps.step("start"):
            system = ending.enter_context(System.temporary())
        release, document = _play(city, system.card, steps)
        with steps.step("end"):
            ending.close()
    _print(release, document, steps, output)


@app.command()
def load(
    directory: City = EXAMPLE,
    var: Var = VAR,
    gateway: Gateway = "",
    account: Account = "admin",
    secret: Secret = "",
    again: Annotated[bool, typer.Option("--again", help="Though it is there already.")] = False,
) -> None:
    """Play a city's year in a system that is running; it stays there."""
    city, card = cities.read_city(directory), _card(var, gateway, account, secret)
    if not again:
        _refuse_loaded(city, card)
    with Steps() as steps:
        release, document = _play(city, card, steps)
    _print(release, document, steps, Output.TABLE)


@app.command()
def cycles(
    var: Var = VAR,
    gateway: Gateway = "",
    account: Account = "admin",
    secret: Secret = "",
) -> None:
    """List the cycles, the latest assessment year first, with the ids that other commands take."""
    with _card(var, gateway, account, secret).client() as client:
        out.print(table_of_cycles(client.pages("/cycles")))


@app.command()
def ranking(
    cycle: Annotated[str, typer.Option(help="Id of the cycle; the newest if not given.")] = "",
    var: Var = VAR,
    gateway: Gateway = "",
    account: Account = "admin",
    secret: Secret = "",
) -> None:
    """Show what has been published of a cycle: the latest release of each category."""
    with _card(var, gateway, account, secret).client() as client:
        cycle = cycle or _newest_cycle(client)
        latest = {r["category"]: r["release"] for r in client.pages(f"/cycles/{cycle}/releases")}
        for release in latest.values():
            out.print(Release.read(client, cycle, release).table())
    if not latest:
        raise KaopingFault(f"nothing has been published of cycle {cycle}")


@app.command()
def reset(
    var: Var = VAR,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything that a system has stored."""
    from kaoping.system import System

    if not var.exists():
        raise KaopingFault(f"there is nothing in {var}")
    if not yes:
        typer.confirm(f"Delete everything in {var.absolute()}?", abort=True)
    System(var).remove()


def _card(var: Path, gateway: str, account: str, secret: str) -> Card:
    """How to reach the system: the one named, or the one that runs in `var`."""
    return Card(gateway, Credentials(account, secret)) if gateway else Card.read(var)


def _play(city: cities.City, card: Card, steps: Steps) -> tuple[Release, Document]:
    """Play the year and read its results back."""
    with card.client() as administrator, People(administrator, card.client) as people:
        year = Year(city, people, steps)
        year.play()
        with steps.step("results"):
            office = people[OFFICE]
            release = Release.read(office, year.cycle_id, year.release)
            survey = cities.surveyed(city)
            return release, read_document(office, year.cycle_id, release, survey)


def _print(release: Release, document: Document, steps: Steps, output: Output) -> None:
    if output is Output.JSON:
        print(write_json({**document, "seconds": steps.seconds}, "  "))
        return
    out.print(release.table())
    for claim in document["claims"]:
        out.print(f"{claim['id']:>4}  {claim['decision']:<36} {claim['points']}")
    spent = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in steps.seconds.items())
    out.print(f"{spent}; together {steps.total_seconds:.1f} s")


def _newest_cycle(client: Client) -> str:
    newest = next(iter(client.pages("/cycles")), None)
    if newest is None:
        raise KaopingFault("there is no cycle yet")
    return str(newest["cycle_id"])


def _refuse_loaded(city: cities.City, card: Card) -> None:
    """Refuse to play a year a second time unasked: it would be another cycle, not a newer state."""
    with card.client() as client:
        known = loaded_before(client, city)
    if known is not None:
        raise KaopingFault(
            f"{known['name']} is loaded already, as cycle {known['cycle_id']}; "
            "--again loads it once more, as a cycle of its own"
        )


def main() -> None:
    """Run the command; a fault is told in plain words, and the exit status says so."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: in order
    try:
        app()
    except KaopingFault as fault:
        told.print(f"[red]{type(fault).__name__}[/]: {fault}", highlight=False)
        sys.exit(1)
