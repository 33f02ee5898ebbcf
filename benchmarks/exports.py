"""35,490 rows as files: whole requests, beside bare writers of the same cells in the same run.

The bare writers have all rows in memory, ready, and do nothing but write them to a file.
"""

import asyncio
import csv
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
import xlsxwriter  # type: ignore[import-untyped]
from benchmarks.category import INDICATORS, UNITS
from benchmarks.made_up import made_up
from benchmarks.measuring import Spent, heading, say, say_both
from benchmarks.service import Loaded, Refused, loaded

from chassis.row_files import FileFormat, fits_in_excel

TIMES = 3

SECONDS = 1.0
"""How long a file of marks may take as CSV or JSON lines; as Excel x1.5 of bare xlsxwriter."""

Rows = Sequence[dict[str, str | None]]


def bare_csv(rows: Rows) -> None:
    """Write ready rows as CSV."""
    with tempfile.TemporaryFile("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        writer.writerows(row.values() for row in rows)


def bare_ndjson(rows: Rows) -> None:
    """Write ready rows as JSON lines."""
    with tempfile.TemporaryFile() as file:
        for row in rows:
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def bare_xlsx(rows: Rows) -> None:
    """Write ready rows by xlsxwriter, row after row: the same texts, numbers and number formats."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet, shapes = (
            book.add_worksheet(),
            [
                book.add_format({"num_format": f"0.{'0' * places}" if places else "0"})
                for places in range(16)
            ],
        )
        for at, name in enumerate(rows[0]):
            sheet.write_string(0, at, name)
        for line, row in enumerate(rows, 1):
            for at, (name, value) in enumerate(row.items()):
                if value is None:
                    continue
                if name in _NUMBERS and fits_in_excel(value):
                    shape = shapes[len(value.partition(".")[2])]
                    sheet.write_number(line, at, float(value), shape)
                else:
                    sheet.write_string(line, at, value)
        book.close()


_NUMBERS = frozenset({"points", "score", "excess", "value"})

BARE: dict[FileFormat, Callable[[Rows], None]] = {
    "csv": bare_csv,
    "ndjson": bare_ndjson,
    "xlsx": bare_xlsx,
}
FILES = {"marks": "score-sheets/latest/marks", "ledger entries": "ledger-entries/export"}


async def ask(service: Loaded, what: str, form: FileFormat) -> bytes:
    """Ask for a file by a whole request, and return all of it."""
    path = f"{service.path}/{FILES[what]}"
    answer = await service.client.get(path, params={"format": form}, timeout=120)
    if answer.status_code != 200:
        raise Refused(answer.text)
    return answer.content


@dataclass(frozen=True, slots=True)
class Compared:
    """What a file takes by a whole request, and by a bare writer, and its bytes."""

    what: str
    form: FileFormat
    ours: Spent
    bare: Spent
    size: int

    def say(self) -> None:
        """Print it."""
        name = f"{self.what} as {self.form}"
        say_both(name, self.ours, self.bare, f"of a bare writer; {self.size / 1e6:.1f} MB")
        if self.form != "xlsx":
            say(name, self.ours.wall, SECONDS, "of what it may")


async def compared() -> list[Compared]:
    """Compare whole requests with bare writers of the same cells, in turns."""
    found = list[Compared]()
    async with loaded(made_up(UNITS, INDICATORS)) as service:
        await service.compute()
        for what in FILES:
            rows = list(map(orjson.loads, (await ask(service, what, "ndjson")).splitlines()))
            assert len(rows) == UNITS * INDICATORS
            found += [await _compare(service, what, form, rows) for form in BARE]
    return found


async def _compare(service: Loaded, what: str, form: FileFormat, rows: Rows) -> Compared:
    size = len(await ask(service, what, form))
    ours, theirs = list[Spent](), list[Spent]()
    for _ in range(TIMES):
        ours.append(await service.spent(ask(service, what, form)))
        theirs.append(await service.spent(asyncio.to_thread(BARE[form], rows)))
    return Compared(what, form, Spent.median(ours), Spent.median(theirs), size)


def measure() -> None:
    """Measure the files of marks and of ledger entries in each form."""
    heading(f"{UNITS} units × {INDICATORS} indicators as files")
    for each in asyncio.run(compared()):
        each.say()


if __name__ == "__main__":
    measure()
