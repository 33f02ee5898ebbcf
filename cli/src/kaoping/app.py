"""The command `kaoping`: runs the system, plays a city's year, shows what was published.

What a command needs it imports itself: to be told the options nobody waits for a library.
"""

import os
import signal
import sys
import time
from contextlib import ExitStack, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from kaoping.card import Card, Credentials, card_file
from kaoping.faults import KaopingFault

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from kaoping.backups.archiving import Archiving
    from kaoping.backups.sealing import Key
    from kaoping.client import Client
    from kaoping.jurisdictions.leaving import Left
    from kaoping.plan import Plan
    from kaoping.system import System

T = TypeVar("T")

EXAMPLE = Path(__file__).parents[3] / "examples/yunchuan-2025"
COUNTY = Path(__file__).parents[3] / "examples/guixi-2025/county.yaml"

app = typer.Typer(
    help="综合绩效评估: comprehensive performance evaluation, from the scheme to the ranking.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Output(StrEnum):
    """How results are printed."""

    TABLE = "table"
    JSON = "json"


class Viewpoint(StrEnum):
    """Whose year is played: the city's, or that of a county which the city assesses."""

    CITY = "city"
    COUNTY = "county"


class Language(StrEnum):
    """The language of what is told."""

    EN = "en"
    ZH = "zh"


Spoken = Annotated[Language, typer.Option("--language", help="What faults are told in.")]
Version = Annotated[
    bool, typer.Option("--version", help="Print the version and end.", is_eager=True)
]
Var = Annotated[Path, typer.Option(help="Where the system keeps everything.")]
Directory = Annotated[
    Path,
    typer.Argument(
        help="scheme.yaml with units.csv, targets.csv, values.csv, answers.csv; or a city with "
        "county-year.yaml."
    ),
]
Gateway = Annotated[str, typer.Option(help="Address of a system that is not the one in --var.")]
Account = Annotated[str, typer.Option(help="An administrator of that system.")]
Secret = Annotated[str, typer.Option(envvar="KAOPING_SECRET", help="The account's secret.")]
VAR = Path("var")


@app.callback(invoke_without_command=True)
def about(version: Version = False) -> None:
    """Answer what is asked of the command itself."""
    if version:
        from importlib.metadata import version as installed

        print(f"kaoping {installed('kaoping')}")
        raise typer.Exit


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Port of the gateway; 0 takes a free one.")] = 8000,
    var: Var = VAR,
    instances: Annotated[
        int, typer.Option(min=1, max=16, help="Processes of each service and of the gateway.")
    ] = 1,
    archive: Annotated[
        Path | None,
        typer.Option(help="Folder of the backups: all changes are archived there, sealed."),
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The key of the backups.")] = None,
    tls: Annotated[
        Path | None,
        typer.Option(help="Certificates (`python -m chassis.certificates`): all parts speak TLS."),
    ] = None,
    language: Spoken = Language.EN,
    metrics_port: Annotated[
        int,
        typer.Option(help="First port of the metrics, one for each process; 0 takes free ones."),
    ] = 0,
    log_megabytes: Annotated[
        int, typer.Option(min=1, help="A file of the log is turned over at this size, or daily.")
    ] = 64,
    log_days: Annotated[
        int, typer.Option(help="For so many days logs are kept; 180 are the least.")
    ] = 183,
) -> None:
    """Run the system until Ctrl-C. What is stored stays until `kaoping reset`.

    Several processes of a service share its port, and limits on callers hold for all of them
    together. One that ends is replaced. Where its metrics are, `metrics.json` in --var says.
    """
    from rich.console import Console

    from kaoping.backups.faults import told_in
    from kaoping.log_files import Kept
    from kaoping.processes import SystemDown
    from kaoping.system import System

    notes = Console(stderr=True)
    system = System(
        var,
        port,
        instances=instances,
        archive=archive is not None,
        tls=tls,
        metrics_port=metrics_port,
        logs=Kept(size=log_megabytes * 1_000_000, days=log_days),
    )
    with told_in(chinese=language is Language.ZH):
        _require_own_places(var)
        archiving = _archiving(system, archive, key, notes.print)
    try:
        with notes.status("starting …"):
            system.start()
        if archiving is not None:
            archiving.begin()
        notes.print(f"[bold]{system.gateway_url}/console/[/]  (API: /docs; log: {system.log})")
        notes.print(f"The first account is in {card_file(var)}. Ctrl-C ends.")
        while system.running:
            time.sleep(0.5)
            system.heal()
            system.turn_logs()
        raise SystemDown(f"the services ended; see {system.log}")
    except KeyboardInterrupt:
        notes.print("ending …")
    finally:
        system.stop()
        if archiving is not None:
            archiving.end()


_PLACES = (
    "EVIDENCE_STORE",
    "COMPLAINT_KEYS",
    "LINKED_KEYS",
    "KEYS_DIR",
    "CHECKPOINTS",
    "DATABASE_SPREAD",
)


def _require_own_places(var: Path) -> None:
    """Refuse to pass over where somebody says that things are to be kept: all is kept in `var`,
    and what is not there no backup has."""
    from kaoping.backups.faults import BackupFault

    if told := [name for name in _PLACES if name in os.environ]:
        raise BackupFault(
            f"{', '.join(told)}: this system keeps everything in {var}, where its backups find it; "
            "unset it, or run the parts by themselves",
            f"{'、'.join(told)}：本系统的全部内容保存在 {var} 中，备份也只取自该处；请取消该设置，"
            "或自行部署各部分",
        )


def _archiving(
    system: "System", place: Path | None, key: Path | None, tell: "Callable[[str], None]"
) -> "Archiving | None":
    """Return what archives the changes of a system in a folder of backups, if that is wanted."""
    if place is None:
        return None
    from kaoping.backups.archiving import Archive, Archiving
    from kaoping.backups.faults import BackupFault
    from kaoping.backups.sealing import Key, require_apart, require_outside

    if key is None:
        raise BackupFault("an archive takes a --key", "归档须指定 --key")
    require_apart(key, (place, system.directory))
    require_outside(place, system.directory)
    return Archiving(Archive(place, system.directory, Key.read(key)), system.postgres, tell)


@app.command()
def restart(
    var: Var = VAR,
    language: Spoken = Language.EN,
) -> None:
    """Replace the processes of a running system one by one, while requests go on.

    They come back with the version, the certificates and the keys that are there now. A version
    with new migrations wants `kaoping up` anew, and says so.
    """
    from rich.console import Console

    from kaoping.restarting import restart as begun
    from kaoping.system import NAMES

    tell = Console(width=None if sys.stdout.isatty() else 150).print
    begun(var, [f"{name}.app" for name in NAMES], tell, chinese=language is Language.ZH)


@app.command()
def status(
    var: Var = VAR,
    language: Spoken = Language.EN,
) -> None:
    """Show how each process of a running system is; end with 1 where something is not well."""
    from rich.console import Console
    from rich.table import Table

    from kaoping import status as asked

    chinese = language is Language.ZH
    names = ("进程", "内存", "已运行", "状况") if chinese else ("process", "memory", "up", "state")
    table, well = Table(*names), True
    for told in asked.ask(var):
        lacking = told.lacks(chinese=chinese)
        well = well and not lacking
        state = "\n".join(lacking) or ("正常" if chinese else "well")
        figures = told.figures or {}
        table.add_row(told.process, asked.memory(figures), asked.age(figures), state)
    Console(width=None if sys.stdout.isatty() else 150).print(table)
    if not well:
        raise typer.Exit(1)


@app.command()
def demo(
    directory: Annotated[
        Path | None,
        typer.Argument(
            help="A city or a scheme with its tables; if not given, the year that comes with it.",
            show_default=False,
        ),
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option(help="Of that year, the category of this code alone.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="All of that year, day by day: 60,000 entries.")
    ] = False,
    papers: Annotated[
        Path | None,
        typer.Option(help="A folder for the papers of its releases.", show_default=False),
    ] = None,
    output: Annotated[Output, typer.Option(help="A table, or one document.")] = Output.TABLE,
    viewpoint: Annotated[
        Viewpoint,
        typer.Option("--as", help="county: what its city counts it for in November, in Chinese."),
    ] = Viewpoint.CITY,
    language: Annotated[
        Language | None,
        typer.Option("--language", help="What is told in; English, for a county Chinese."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave it running until Ctrl-C, with its accounts.")
    ] = False,
    before: Annotated[
        str | None,
        typer.Option(help="Play what comes before this step alone, such as 'score sheet'."),
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the gateway; 0 takes a free one.")] = 0,
) -> None:
    """Play a year in a system of its own, of which nothing is left afterwards.

    The year that comes with it is that of a city with 8 categories and 126 units, with a tenth of
    its entries. All of it takes some minutes: who owes something hands it in, in time and late,
    with 2,000 files; some is sent back, restated and reversed, and the office verifies it.
    """
    if viewpoint is Viewpoint.COUNTY:
        _refuse_parts((directory, category, whole, papers, keep, before))
        _show_county(output, language or Language.ZH)
        return
    plan = _read_plan(directory, category, whole=whole, chinese=language is Language.ZH)
    if before is not None and (papers or not keep):
        raise KaopingFault("--before is for a year that is kept (--keep), and has no papers yet")
    chinese, as_json = language is Language.ZH, output is Output.JSON
    if keep:
        _play_and_keep(plan, port, before, papers, chinese=chinese)
    else:
        _play_and_end(plan, papers, as_json=as_json)


def _read_plan(
    directory: Path | None, category: list[str] | None, *, whole: bool, chinese: bool
) -> "Plan":
    """Return the year of a directory, or the one that comes with the system."""
    from kaoping.playing import read_plan, read_whole

    if directory is None:
        return read_whole(EXAMPLE, category or [], daily=whole)
    if category or whole:
        option = "--category" if category else "--whole"
        raise KaopingFault(f"{option} is for the year that comes with it, and for no directory")
    return read_plan(directory, chinese=chinese)


def _play_and_end(plan: "Plan", papers: Path | None, *, as_json: bool) -> None:
    """Play a year in a system that ends with it, and print its results."""
    from kaoping.playing import play, show
    from kaoping.steps import Steps
    from kaoping.system import System

    with Steps() as steps, ExitStack() as ending:
        with steps.step("start"):
            system = ending.enter_context(System.temporary())
        played = play(plan, system.card, steps, papers)
        with steps.step("end"):
            ending.close()
    show(played.releases, played.document, steps, as_json=as_json)


def _play_and_keep(
    plan: "Plan", port: int, before: str | None, papers: Path | None, *, chinese: bool
) -> None:
    """Play a year, print who took part, and have its system run until Ctrl-C."""
    from kaoping.playing import play, play_before, show, show_accounts
    from kaoping.steps import Steps
    from kaoping.system import System

    with ExitStack() as ending:
        with Steps() as steps:
            with steps.step("start"):
                system = ending.enter_context(System.temporary(port=port))
            if before is not None:
                accounts = play_before(plan, system.card, steps, before)
            else:
                played = play(plan, system.card, steps, papers, kept=True)
                accounts = played.accounts
        if before is None:
            show(played.releases, played.document, steps, as_json=False)
        show_accounts(system.card, accounts, chinese=chinese)
        _run_on(system)


def _run_on(system: "System") -> None:
    """Have a system run until Ctrl-C."""
    try:
        while system.running:
            time.sleep(0.5)
            system.heal()
    except KeyboardInterrupt:
        return


def _refuse_parts(options: tuple[object, ...]) -> None:
    """Refuse what says which year is to be played, where there is one."""
    if any(options):
        raise KaopingFault("--as county plays the county that comes with the system, whole")


def _show_county(output: Output, language: Language) -> None:
    """Play a county's November and print what its head asks for."""
    from rich.console import Console

    from kaoping.county import play, read_county, tables
    from kaoping.exact import write_json
    from kaoping.people import People
    from kaoping.steps import Steps
    from kaoping.system import System

    with Steps() as steps, ExitStack() as ending:
        with steps.step("start"):
            system = ending.enter_context(System.temporary())
        with (
            steps.step("county"),
            system.card.client() as administrator,
            People(administrator, system.card.client) as people,
        ):
            november = play(read_county(COUNTY), people)
        with steps.step("end"):
            ending.close()
    if output is Output.JSON:
        told = {"decomposition": november.decomposition, "standings": november.standings}
        print(write_json(told, "  "))
        return
    out = Console(width=None if sys.stdout.isatty() else 150)  # a pipe has no width of its own
    for table in tables(november, chinese=language is Language.ZH):
        out.print(table)


@app.command()
def load(
    directory: Directory = EXAMPLE,
    var: Var = VAR,
    gateway: Gateway = "",
    account: Account = "admin",
    secret: Secret = "",
    again: Annotated[bool, typer.Option("--again", help="Though it is there already.")] = False,
    language: Spoken = Language.EN,
) -> None:
    """Play a year in a system that is running; it stays there.

    Of the tables only those are needed that the scheme has a use for.
    """
    from kaoping.playing import play, read_plan, refuse_loaded, show
    from kaoping.steps import Steps

    plan = read_plan(directory, chinese=language is Language.ZH)
    card = _card(var, gateway, account, secret)
    if not again:
        refuse_loaded(plan, card)
    with Steps() as steps:
        played = play(plan, card, steps)
    show(played.releases, played.document, steps, as_json=False)


@app.command()
def check(
    scheme: Annotated[
        Path, typer.Argument(help="A scheme, or a directory with scheme.yaml and its tables.")
    ],
    language: Spoken = Language.EN,
) -> None:
    """Name every fault of a scheme, and of the tables beside it; no system needs to run.

    What is in it and changes nothing is named as well. Ends with 1 where there are faults.
    """
    from rich.console import Console

    from kaoping import city as cities
    from kaoping.checking import told
    from kaoping.tables import look_over_all, read_tables, unread

    width = None if sys.stdout.isatty() else 150  # a pipe has no width of its own
    out, chinese = Console(width=width), language is Language.ZH
    document, found = look_over_all(scheme, chinese=chinese)
    for line in told(document, found, chinese):
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    if found["faults"]:
        raise typer.Exit(1)
    if scheme.is_dir() and not (scheme / cities.YEAR).is_file():  # a city is read whole already
        read_tables(scheme, chinese=chinese)
        for name in unread(scheme):
            out.print(f"未读取 {name}。" if chinese else f"Nothing is read from {name}.")
    said = "可以公布。" if chinese else "It can be published."
    out.print(f"{document['title']}: {said}", highlight=False, markup=False)


@app.command()
def cycles(
    var: Var = VAR,
    gateway: Gateway = "",
    account: Account = "admin",
    secret: Secret = "",
) -> None:
    """List the cycles, the latest assessment year first, with the ids that other commands take."""
    from kaoping.playing import show_cycles

    show_cycles(_card(var, gateway, account, secret))


@app.command()
def ranking(
    cycle: Annotated[
        str, typer.Option(help="Id of the cycle; the newest with a release if not given.")
    ] = "",
    var: Var = VAR,
    gateway: Gateway = "",
    account: Account = "admin",
    secret: Secret = "",
) -> None:
    """Show what has been published of a cycle: the latest release of each category."""
    from kaoping.playing import show_ranking

    show_ranking(_card(var, gateway, account, secret), cycle)


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


@app.command()
def journals(
    folder: Annotated[Path, typer.Argument(help="A new folder into which all is written.")],
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account of an auditor.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Write all journals and their signed checkpoints into a folder, and verify them there.

    The folder holds the program that verifies it, which needs Python and nothing else; receipts
    that were kept are put into `receipts` and verified with the rest. Ends with 1 where something
    was cut, altered or written anew.
    """
    from kaoping.client import Client
    from kaoping.journals import fetch
    from kaoping.verify_journals import remarks, verify

    url = gateway or Card.read(var).gateway_url
    with Client(url, Credentials(account, secret), language=language.value) as api:
        number = fetch(api, folder)
    found = verify(folder, None, {})
    chinese = language is Language.ZH
    print(f"{folder}：日志 {number} 条" if chinese else f"{folder}: {number} entries")
    for each in [*remarks(folder, None, {}), *found]:
        print(each)
    if found:
        raise typer.Exit(1)
    print("全部一致" if chinese else "OK")


Backups = Annotated[Path, typer.Argument(help="The folder of the backups, or one of them.")]
KeyFile = Annotated[
    Path,
    typer.Option("--key", help="The key of the backups, kept away from them and from --var."),
]


@app.command()
def backup(
    folder: Backups,
    key: Annotated[
        Path | None,
        typer.Option(help="The key of the backups, kept away from them and from --var."),
    ] = None,
    var: Var = VAR,
    new_key: Annotated[bool, typer.Option("--new-key", help="Draw the key first.")] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Of all backups in the folder keep so many.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Make none; hold the newest against what it says of itself."),
    ] = False,
    language: Spoken = Language.EN,
) -> None:
    """Back up the whole system while it runs; without its key a backup tells nothing.

    Databases as they are at one instant, evidence, keys, checkpoints. With `--check` and no key the
    files are compared alone; with the key they are opened as well.
    """
    from kaoping.backups.faults import BackupFault, told_in
    from kaoping.backups.making import make
    from kaoping.backups.sealing import Key, require_apart, require_outside

    chinese = language is Language.ZH
    with told_in(chinese=chinese):
        if key is not None:
            require_apart(key, (folder, var))
        if not check:
            require_outside(folder, var)
        drawn = Key.draw(key) if key and new_key else Key.read(key) if key else None
        if check:
            print(_compared(folder, drawn, chinese=chinese))
            return
        if drawn is None:
            raise BackupFault("a backup takes a --key", "备份须指定 --key")
        made = make(folder, var, drawn, keep)
        print(f"{made}：密钥 {drawn.name}" if chinese else f"{made}: key {drawn.name}")


def _compared(folder: Path, key: "Key | None", *, chinese: bool) -> str:
    """Hold a backup against what it says of itself, and return what came of it."""
    from kaoping.backups.checking import compared
    from kaoping.backups.manifest import chosen

    said = compared(one := chosen(folder), key)
    if chinese:
        told = "均与备份时一致" if key else "文件与备份时一致；未用密钥打开"
        return f"{one}：{told}（{said.made_at}）"
    told = "all as backed up" if key else "the files are as backed up; opened by no key"
    return f"{one}: {told} ({said.made_at})"


@app.command()
def restore(
    folder: Backups,
    key: KeyFile,
    reason: Annotated[str, typer.Option(help="Why; it stands in the signed text for ever.")],
    by: Annotated[list[str], typer.Option(help="Who says so; two people, so twice.")],
    var: Var = VAR,
    replace: Annotated[
        bool, typer.Option("--replace", help="Keep what is in --var beside it.")
    ] = False,
    until: Annotated[
        str, typer.Option(help="Do again what was archived until this instant, or to the `end`.")
    ] = "",
    language: Spoken = Language.EN,
) -> None:
    """Restore a system from its newest backup; two people say why, which is signed for ever.

    All of the backup is looked at before anything is written, and nothing is put in its place
    before the databases hold what the backup says. Then `kaoping up` starts it.
    """
    from kaoping.backups import restoring
    from kaoping.backups.faults import told_in
    from kaoping.backups.manifest import chosen
    from kaoping.backups.sealing import Key

    chinese = language is Language.ZH
    with told_in(chinese=chinese):
        said = restoring.Said(reason, by)
        instant = restoring.instant(until)
        one = chosen(folder, None if instant == "end" else instant)
        done = restoring.restore(one, var, Key.read(key), said, replace=replace, until=instant)
    number, _, digest = done.signed.partition(" ")
    if chinese:
        print(f"{one}：已恢复，达到第 {done.back_to} 个检查点（共 {done.of} 个）")
        print(f"第 {number} 个签署文本载明此次恢复：{digest}")
    else:
        print(f"{one}: restored; it reaches checkpoint {done.back_to} of {done.of}")
        print(f"text {number} says so, signed: {digest}")
    if done.aside is not None:
        print(f"原有内容在 {done.aside}" if chinese else f"what was there is in {done.aside}")


archive = typer.Typer(help="A year as one file: its record and evidence, and whether it is whole.")
app.add_typer(archive, name="archive")


@archive.command("fetch")
def fetch_archive(
    cycle: Annotated[str, typer.Argument(help="Id of the cycle.")],
    file: Annotated[Path, typer.Argument(help="Where the archive is written; nothing is yet.")],
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account of the office, or an auditor.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Write the ledger and the evidence of a year into one file, and compare it at once."""
    from kaoping.archives import digest_of, fetch, told_in_chinese
    from kaoping.client import Client

    url, chinese = gateway or Card.read(var).gateway_url, language is Language.ZH
    with (
        Client(url, Credentials(account, secret), language=language.value) as api,
        told_in_chinese() if chinese else nullcontext(),
    ):
        number = fetch(api, cycle, file)
    zh = f"{file}：共 {number} 个文件，均与归档时一致；摘要 {digest_of(file)}"
    en = f"{file}: {number} files, all as archived; digest {digest_of(file)}"
    print(zh if chinese else en)


@archive.command("package")
def package_cycle(
    cycle: Annotated[str, typer.Argument(help="Id of the cycle.")],
    file: Annotated[Path, typer.Argument(help="Where the package is written; nothing is yet.")],
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account of the office, or an auditor.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Write all that a year's releases rest on into one zip, with the program that verifies it."""
    from kaoping.client import Client
    from kaoping.cycle_packages import write

    url, chinese = gateway or Card.read(var).gateway_url, language is Language.ZH
    with Client(url, Credentials(account, secret), language=language.value) as api:
        digest = write(api, cycle, file)
    print(f"{file}：摘要 {digest}" if chinese else f"{file}: digest {digest}")


@archive.command("check")
def check_archive(
    file: Annotated[Path, typer.Argument(help="The archive.")],
    into: Annotated[
        Path | None, typer.Option(help="A new folder into which its files are written then.")
    ] = None,
    language: Spoken = Language.EN,
) -> None:
    """Compare an archive with its manifest, without any system; name the first file that differs.

    What is as it was archived can be read again: `--into` writes it into a folder.
    """
    from kaoping.archives import compared, told_in_chinese, unpack

    chinese = language is Language.ZH
    if into is not None and into.exists():
        raise KaopingFault(f"{into} 已存在" if chinese else f"{into} is there already")
    with told_in_chinese() if chinese else nullcontext():
        number = compared(file) if into is None else unpack(file, into)
    zh = f"{file}：共 {number} 个文件，均与归档时一致"
    print(zh if chinese else f"{file}: {number} files, all as archived")


ProposedCycle = Annotated[
    str, typer.Option("--cycle", help="Id of a cycle with its scheme and nothing else.")
]
ToldDigest = Annotated[
    str, typer.Option("--digest", help="Digest that was told when it was fetched.")
]


@archive.command("propose")
def propose_archive(
    file: Annotated[Path, typer.Argument(help="The archive of a sealed year.")],
    cycle: ProposedCycle,
    digest: ToldDigest,
    reason: Annotated[str, typer.Option(help="Why it is to be restored.")],
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account of the performance office.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Propose to restore an archived year; somebody else of the office restores it then."""
    from kaoping.archives import propose, told_in_chinese
    from kaoping.client import Client

    url = gateway or Card.read(var).gateway_url
    with (
        Client(url, Credentials(account, secret), language=language.value) as api,
        told_in_chinese() if language is Language.ZH else nullcontext(),
    ):
        told = propose(api, cycle, file, digest, reason)
    print(f"{file}: proposed as number {told['proposal_no']} by {told['proposed_by']}")


@archive.command("restore")
def restore_archive(
    file: Annotated[Path, typer.Argument(help="The archive of a sealed year.")],
    cycle: ProposedCycle,
    digest: ToldDigest,
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account of the performance office.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Restore an archived year into a cycle in which nothing has been recorded.

    Another person has proposed it by its digest before. The cycle's published scheme must be the
    archived one. Nothing is kept of what was altered.
    """
    from kaoping.archives import restore, told_in_chinese
    from kaoping.client import Client

    url = gateway or Card.read(var).gateway_url
    with (
        Client(url, Credentials(account, secret), language=language.value) as api,
        told_in_chinese() if language is Language.ZH else nullcontext(),
    ):
        told = restore(api, cycle, file, digest)
    rows = ", ".join(f"{number} {table}" for table, number in told["rows"].items() if number)
    print(f"{file}: restored {rows}, {told['contents']} contents")


province = typer.Typer(help="Results of many cities in one place, compared by one SQL text.")
app.add_typer(province, name="province")

Tables = Annotated[
    str, typer.Argument(help="A folder, or `s3://bucket/prefix` (credentials by `AWS_...`).")
]


class Engine(StrEnum):
    """What runs the queries."""

    DUCKDB = "duckdb"
    SPARK = "spark"


@province.command("collect")
def collect_year(
    store: Tables,
    cycle: Annotated[str, typer.Argument(help="Id of the cycle.")],
    record: Annotated[
        bool, typer.Option("--record", help="Also scores by indicator, surveys, entries.")
    ] = False,
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account that may read it.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Store what is released of a year as Parquet, in the place of what was stored of it before.

    With `--record` also what the release rests on, without persons, texts and evidence: for who
    may read the record, or nothing is stored.
    """
    from kaoping.client import Client
    from kaoping.province.collecting import collect
    from kaoping.province.store import Store

    url = gateway or Card.read(var).gateway_url
    with Client(url, Credentials(account, secret), language=language.value) as api:
        rows = collect(api, cycle, Store(store), record=record)
    for table, number in rows.items():
        print(f"{table}\t{number}")


@province.command("compare")
def compare_years(
    store: Tables,
    into: Annotated[Path, typer.Argument(help="Folder for the tables as CSV and their digests.")],
    engine: Annotated[Engine, typer.Option(help="What runs the queries.")] = Engine.DUCKDB,
) -> None:
    """Compare all stored years of all cities: units, categories, weights, ceilings, errors.

    Every engine gives the same digests.
    """
    from kaoping.province.engines import compare
    from kaoping.province.store import Store

    for name, told in compare(Store(store), engine.value, into).items():
        print(f"{name}\t{len(told.rows)}\t{told.digest}")


database = typer.Typer(help="Databases on a server of your own.")
app.add_typer(database, name="database")


class Spreadable(StrEnum):
    """A part whose database can lie on several machines."""

    INDICATORS = "indicators"
    SCORING = "scoring"
    SURVEY = "survey"
    RANKING = "ranking"


@database.command("distribute")
def distribute_database(
    part: Annotated[Spreadable, typer.Argument(help="Whose database it is.")],
    url: Annotated[
        str,
        typer.Option(envvar="DATABASE_URL", help="Where it is, for its owner, who migrates it."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say what would be done.")
    ] = False,
    language: Spoken = Language.EN,
) -> None:
    """Spread a database on a Citus cluster over its machines, each year on one of them.

    In one transaction, while the service stands still; what is spread already is left so, and
    rights and functions are given again. Nothing leads back but a backup.
    """
    from kaoping.distributing import distribute
    from kaoping.system import home

    chinese = language is Language.ZH
    steps = _of_cluster(distribute(part.value, url, home(part.value), check=check), language)
    for each in steps:
        print(each.told(chinese=chinese))
    if not steps:
        print(f"{part.value}：已按声明分布" if chinese else f"{part.value}: as it is to be")


def _of_cluster(work: "Coroutine[Any, Any, T]", language: Language) -> T:
    """Do something with a database on several machines; say in the language what is refused."""
    import asyncio

    from kaoping.distributing import NotSpreadable

    try:
        return asyncio.run(work)
    except NotSpreadable as fault:
        raise NotSpreadable(fault.zh, fault.zh) if language is Language.ZH else fault from None


@database.command("move")
def move_years(
    part: Annotated[Spreadable, typer.Argument(help="Whose database it is.")],
    url: Annotated[
        str,
        typer.Option(envvar="DATABASE_URL", help="Where it is, for its owner, who migrates it."),
    ],
    cycle: Annotated[
        str, typer.Option(help="Id of a cycle: its year, and what lies with it.")
    ] = "",
    to: Annotated[str, typer.Option(help="Where to, as host:port.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say what would be done.")
    ] = False,
    language: Spoken = Language.EN,
) -> None:
    """Move years of a database to another machine of its cluster while the service works.

    Without --cycle and --to, as many as have all machines hold alike, such as after one was added.
    """
    from kaoping.moving import move

    chinese = language is Language.ZH
    moves = _of_cluster(move(part.value, url, cycle=cycle, to=to, check=check), language)
    for each in moves:
        print(each.told(chinese=chinese))
    if not moves:
        print(f"{part.value}：无须移动" if chinese else f"{part.value}: nothing to move")


@database.command("point")
def name_restore_point(
    name: Annotated[str, typer.Argument(help="What the point is called; a new name each time.")],
    url: Annotated[
        str, typer.Option(envvar="DATABASE_URL", help="The first machine, for its superuser.")
    ],
    language: Spoken = Language.EN,
) -> None:
    """Name a point to which all machines of a cluster can be restored together.

    Commands wait for it, for less than a second as a rule.
    """
    from kaoping.points import name_point

    chinese = language is Language.ZH
    names = [each.value for each in Spreadable]
    machines = _of_cluster(name_point(name, url, names), language)
    told = "、".join(machines) if chinese else ", ".join(machines)
    print(f"{name}：{told}" if chinese else f"{name}: {told}")


jurisdiction = typer.Typer(
    help="Jurisdictions of one installation: established by two, listed, moved to another one."
)
app.add_typer(jurisdiction, name="jurisdiction")

Division = Annotated[str, typer.Argument(help="Its division code (GB/T 2260).")]
Administrator = Annotated[str, typer.Option(help="A system administrator of the installation.")]


def _administrator(
    var: Path, gateway: str, account: str, secret: str, language: Language
) -> "Client":
    """The API for an administrator: the one that is named, or the first one in `var`."""
    card = _card(var, gateway, account, secret)
    named = None if gateway or not secret else Credentials(account, secret)
    return card.client(named, language=language.value)


@jurisdiction.command("create")
def create_jurisdiction(
    code: Division,
    name_zh: Annotated[str, typer.Option(help="Its name in Chinese.")],
    name_en: Annotated[str, typer.Option(help="Its name in English.")],
    founded_on: Annotated[str, typer.Option(help="The day since when there is one.")],
    superior: Annotated[str, typer.Option(help="The code of the one above it.")] = "",
    var: Var = VAR,
    gateway: Gateway = "",
    account: Administrator = "admin",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Register a jurisdiction; another administrator confirms it (`confirm`)."""
    from kaoping.jurisdictions.establishing import register, told

    new = {"code": code, "name_zh": name_zh, "name_en": name_en, "founded_on": founded_on}
    with _administrator(var, gateway, account, secret, language) as api:
        register(api, new | {"superior": superior or None})
    print(told("registered", code, chinese=language is Language.ZH))


@jurisdiction.command("administrator")
def make_first_administrator(
    code: Division,
    name: Annotated[str, typer.Option(help="The name of the person.")],
    person: Annotated[str, typer.Option(help="The number of the person, if there is one.")] = "",
    var: Var = VAR,
    gateway: Gateway = "",
    account: Administrator = "admin",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Make the first administrator of a confirmed jurisdiction, whom another one confirms."""
    from kaoping.jurisdictions.establishing import make_administrator, told

    with _administrator(var, gateway, account, secret, language) as api:
        subject = make_administrator(api, code, person, name)
    print(told("made", subject, chinese=language is Language.ZH))


@jurisdiction.command("confirm")
def confirm_jurisdiction(
    code: Division,
    var: Var = VAR,
    gateway: Gateway = "",
    account: Administrator = "admin",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Confirm what another administrator has done: registered a jurisdiction, proposed to close it
    or another code for it, or made its first administrator, who then signs in once with the secret
    that is shown."""
    from kaoping.jurisdictions.establishing import confirm, told

    with _administrator(var, gateway, account, secret, language) as api:
        once = confirm(api, code)
    confirmed = told("confirmed", code, chinese=language is Language.ZH)
    print(confirmed if once is None else f"{code}.admin {once}")


@jurisdiction.command("list")
def list_jurisdictions(
    var: Var = VAR,
    gateway: Gateway = "",
    account: Administrator = "admin",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """List the jurisdictions that the account knows of, each with the one above it."""
    from rich.console import Console
    from rich.table import Table

    from kaoping.jurisdictions.establishing import listed

    chinese = language is Language.ZH
    table = Table(
        *(("代码", "名称", "上级", "状态") if chinese else ("code", "name", "above", "state"))
    )
    with _administrator(var, gateway, account, secret, language) as api:
        for row in listed(api, chinese=chinese):
            table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


@jurisdiction.command("close")
def close_jurisdiction(
    code: Division,
    reason: Annotated[str, typer.Option(help="Why; it stands in the journal for ever.")],
    var: Var = VAR,
    gateway: Gateway = "",
    account: Administrator = "admin",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Propose that everything of a jurisdiction is read and nothing changed from now on; another
    administrator confirms it (`confirm`)."""
    from kaoping.jurisdictions.establishing import close, told

    with _administrator(var, gateway, account, secret, language) as api:
        close(api, code, reason)
    print(told("closing", code, chinese=language is Language.ZH))


@jurisdiction.command("succeed")
def succeed_jurisdiction(
    code: Division,
    by: Annotated[str, typer.Option(help="The registered code that takes its place.")],
    on: Annotated[str, typer.Option(help="From which day on.")],
    document_no: Annotated[str, typer.Option(help="The document by which it does.")],
    var: Var = VAR,
    gateway: Gateway = "",
    account: Administrator = "admin",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Propose that another code takes the place of a jurisdiction's, under which years are begun
    from a day on; another administrator confirms it (`confirm`)."""
    from kaoping.jurisdictions.establishing import succeed, told

    new = {"succeeded_by": by, "effective_on": on, "document_no": document_no}
    with _administrator(var, gateway, account, secret, language) as api:
        succeed(api, code, new)
    print(told("succession", code, chinese=language is Language.ZH))


@jurisdiction.command("accounts")
def have_accounts_go_on(
    account: Annotated[str, typer.Option(help="A system administrator of the old code.")],
    successor: Annotated[str, typer.Option(help="A system administrator of the new code.")],
    secret: Secret = "",
    successor_secret: Annotated[
        str, typer.Option(envvar="KAOPING_SUCCESSOR_SECRET", help="The secret of that account.")
    ] = "",
    var: Var = VAR,
    gateway: Gateway = "",
    language: Spoken = Language.EN,
) -> None:
    """Make for each account of a jurisdiction one like it in that which has taken its place, with a
    secret that is shown once, or to be confirmed there; what cannot be made so is listed."""
    from kaoping.jurisdictions.going_on import go_on

    chinese = language is Language.ZH
    with (
        _administrator(var, gateway, account, secret, language) as before,
        _administrator(var, gateway, successor, successor_secret, language) as after,
    ):
        found = go_on(before, after, chinese=chinese)
    waits = "待确认" if chinese else "to be confirmed"
    for name, once in found.made:
        print(name, once or waits)
    for name, why in found.left:
        print(f"{name}：未创建（{why}）" if chinese else f"{name}: not made ({why})")


@jurisdiction.command("archive")
def archive_jurisdiction(
    code: Division,
    folder: Annotated[Path, typer.Argument(help="A new folder into which all is written.")],
    var: Var = VAR,
    language: Spoken = Language.EN,
) -> None:
    """Write all of a jurisdiction that is closed into a folder, as `export` does: what is kept
    verifies without any system."""
    from kaoping.backups.faults import told_in
    from kaoping.jurisdictions.leaving import leave

    with told_in(chinese=language is Language.ZH):
        left = leave(var, code, folder, closed=True)
    print(_moved(folder, left, chinese=language is Language.ZH))


@jurisdiction.command("export")
def export_jurisdiction(
    code: Division,
    folder: Annotated[Path, typer.Argument(help="A new folder into which all is written.")],
    var: Var = VAR,
    language: Spoken = Language.EN,
) -> None:
    """Write all that is a jurisdiction's into a folder: rows, files, journals and what vouches for
    them. What is in it, is as secret as the system.

    `python -I verify_journals.py FOLDER --of CODE` verifies it there, without any system.
    """
    from kaoping.backups.faults import told_in
    from kaoping.jurisdictions.leaving import leave

    with told_in(chinese=language is Language.ZH):
        left = leave(var, code, folder)
    print(_moved(folder, left, chinese=language is Language.ZH))


@jurisdiction.command("import")
def import_jurisdiction(
    folder: Annotated[Path, typer.Argument(help="What `export` wrote.")],
    var: Var = VAR,
    language: Spoken = Language.EN,
) -> None:
    """Add a jurisdiction that left another system to this one, where two people have registered it
    and nothing of it is yet. All ids stay; everything is verified before it is kept."""
    from kaoping.backups.faults import told_in
    from kaoping.jurisdictions.arriving import arrive

    with told_in(chinese=language is Language.ZH):
        left = arrive(folder, var)
    print(_moved(folder, left, chinese=language is Language.ZH))


def _moved(folder: Path, left: "Left", *, chinese: bool) -> str:
    if chinese:
        told = f"数据 {left.rows} 行，日志 {left.entries} 条，文件 {left.files} 个"
        lost = f"；已登记但文件缺失的佐证材料 {len(left.lost)} 个" if left.lost else ""
        return f"{folder}：{told}；摘要 {left.digest}{lost}"
    told = f"{left.rows} rows, {left.entries} entries of journals, {left.files} files"
    lost = f"; {len(left.lost)} contents of evidence were not there" if left.lost else ""
    return f"{folder}: {told}; digest {left.digest}{lost}"


survey = typer.Typer(help="What a survey centre does: hand in its own exports.")
app.add_typer(survey, name="survey")


@survey.command("load")
def load_survey(
    file: Annotated[Path, typer.Argument(help="The export, as CSV or JSON lines.")],
    survey_code: Annotated[str, typer.Option("--survey", help="Code of the survey.")],
    wave: Annotated[int, typer.Option(min=1, help="Number of the wave.")],
    mapping: Annotated[str, typer.Option(help="By which saved mapping it is read.")] = "",
    batch: Annotated[
        str, typer.Option(help="Number of the batch; made of the file's digest.")
    ] = "",
    cycle: Annotated[str, typer.Option(help="Id of the cycle; the newest that has it.")] = "",
    mode: Annotated[str, typer.Option(help="all, partial or check.")] = "all",
    client: Annotated[bool, typer.Option("--client", help="The account is a system's.")] = False,
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account of the survey centre.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Hand in an export as one batch, and show what became of its rows.

    The same file again has no effect. Where its rows are refused nothing of it is kept, unless
    `--mode partial` is asked for.
    """
    from kaoping.client import Client
    from kaoping.steps import Steps
    from kaoping.survey_files import FORMS, Handing, find_survey, hand_in, lines_of, packed

    url = gateway or Card.read(var).gateway_url
    who = Credentials(account, secret, "client" if client else "person")
    source = packed(file)
    number = batch or f"F-{source.digest[:16]}"
    with Client(url, who, language=language.value) as api, Steps() as steps:
        survey_id = find_survey(api, survey_code, cycle)
        what = Handing(survey_id, wave, mapping, number, mode, FORMS[file.suffix.lower()])
        with steps.step("send", source.size) as advance:
            sent = 0

            def so_far(at: int) -> None:
                nonlocal sent
                advance(at - sent)
                sent = at

            source.advance = so_far
            told = hand_in(api, source, what)
        path = f"/surveys/{survey_id}/waves/{wave}/reconciliation"
        counts = [] if mode == "check" else [*lines_of(api.get(path, batch_no=number))]
    names = ("sent", "stored", "unchanged", "refused")
    print(f"{number}: " + ", ".join(f"{name} {told[name]}" for name in names))
    for row in told["refused_rows"][:20]:
        print(f"  row {row['position']}: " + "; ".join(e["detail"] for e in row["errors"]))
    for line in counts:
        print(line)


@survey.command("withdraw")
def withdraw_survey_batch(
    batch: Annotated[str, typer.Option(help="Number of the batch.")],
    reason: Annotated[str, typer.Option(help="Why it was wrong.")],
    survey_code: Annotated[str, typer.Option("--survey", help="Code of the survey.")],
    wave: Annotated[int, typer.Option(min=1, help="Number of the wave.")],
    cycle: Annotated[str, typer.Option(help="Id of the cycle; the newest that has it.")] = "",
    client: Annotated[bool, typer.Option("--client", help="The account is a system's.")] = False,
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account of the survey centre.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Withdraw a batch that was wrong, before its wave closes; it counts nowhere then."""
    from kaoping.client import Client
    from kaoping.survey_files import find_survey, lines_of

    url = gateway or Card.read(var).gateway_url
    who = Credentials(account, secret, "client" if client else "person")
    with Client(url, who, language=language.value) as api:
        at = f"/surveys/{find_survey(api, survey_code, cycle)}/waves/{wave}"
        api.post(f"{at}/batches/{batch}/withdrawal", {"reason": reason})
        for line in lines_of(api.get(f"{at}/reconciliation", batch_no=batch)):
            print(line)


@survey.command("map")
def save_survey_mapping(
    name: Annotated[str, typer.Argument(help="Name of the mapping.")],
    file: Annotated[Path, typer.Argument(help="What each column is, as JSON.")],
    survey_code: Annotated[str, typer.Option("--survey", help="Code of the survey.")],
    cycle: Annotated[str, typer.Option(help="Id of the cycle; the newest that has it.")] = "",
    client: Annotated[bool, typer.Option("--client", help="The account is a system's.")] = False,
    var: Var = VAR,
    gateway: Gateway = "",
    account: Annotated[str, typer.Option(help="An account of the survey centre.")] = "",
    secret: Secret = "",
    language: Spoken = Language.EN,
) -> None:
    """Save what each column of the centre's exports is, as the next version of a mapping."""
    from kaoping.client import Client
    from kaoping.exact import read_json
    from kaoping.survey_files import find_survey

    url = gateway or Card.read(var).gateway_url
    who = Credentials(account, secret, "client" if client else "person")
    with Client(url, who, language=language.value) as api:
        survey_id = find_survey(api, survey_code, cycle)
        told = api.post(f"/surveys/{survey_id}/mappings/{name}", read_json(file.read_text("utf-8")))
    print(f"{name}: version {told['version']}")


def _card(var: Path, gateway: str, account: str, secret: str) -> Card:
    """How to reach the system: the one named, or the one that runs in `var`."""
    return Card(gateway, Credentials(account, secret)) if gateway else Card.read(var)


def main() -> None:
    """Run the command; a fault is told in plain words, and the exit status says so."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: in order
    try:
        app()
    except KaopingFault as fault:
        from rich.console import Console

        notes = Console(stderr=True)
        notes.print(f"[red]{type(fault).__name__}[/]: {fault}", highlight=False, soft_wrap=True)
        sys.exit(1)
