"""A survey centre's own export, handed in from the terminal: packed, sent, reconciled."""

import gzip
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kaoping.client import Client
from kaoping.faults import KaopingFault

_PIECE = 1 << 16
FORMS = {".csv": "text/csv", ".ndjson": "application/x-ndjson", ".jsonl": "application/x-ndjson"}
"""What a file is, by the ending of its name."""


class NoSuchSurvey(KaopingFault):
    """The cycle has no survey of this code, or is not known."""


@dataclass
class PackedFile:
    """A file as it is sent: packed the same way each time, so that the same file is the same
    command. It can be read again for another attempt, and tells how far it is."""

    file: IO[bytes]
    size: int
    digest: str
    advance: Callable[[int], None] = lambda _: None

    def __iter__(self) -> Iterator[bytes]:
        """Yield it from the beginning."""
        self.file.seek(0)
        while piece := self.file.read(_PIECE):
            self.advance(self.file.tell())
            yield piece


def packed(source: Path) -> PackedFile:
    """Return a file as it is sent, with the SHA-256 of what it was before it was packed."""
    if source.suffix.lower() not in FORMS:
        raise KaopingFault(f"{source.name}: the name ends in one of {', '.join(FORMS)}")
    digest, file = hashlib.sha256(), tempfile.TemporaryFile()  # noqa: SIM115 - sent later
    try:
        with source.open("rb") as whole, gzip.GzipFile("", "wb", 6, file, mtime=0) as packer:
            while piece := whole.read(_PIECE):
                digest.update(piece)
                packer.write(piece)
    except OSError as error:
        raise KaopingFault(f"{source} cannot be read: {error.strerror}") from None
    return PackedFile(file, file.tell(), digest.hexdigest())


def find_survey(client: Client, code: str, cycle: str) -> str:
    """Return the id of a survey by its code, of the newest cycle unless one is named."""
    years = sorted(client.pages("/cycles"), key=lambda each: -each["assessment_year"])
    for cycle_id in [cycle] if cycle else [each["cycle_id"] for each in years]:
        for each in client.get(f"/cycles/{cycle_id}/surveys", code=code)["surveys"]:
            return str(each["survey_id"])
    raise NoSuchSurvey(f"there is no survey {code}")


@dataclass(frozen=True)
class Handing:
    """Which file goes where, and how it is read."""

    survey_id: str
    wave: int
    mapping: str
    batch_no: str
    mode: str
    media_type: str


def hand_in(client: Client, file: PackedFile, what: Handing) -> Any:  # noqa: ANN401 - a document
    """Send a file as one batch; the same file again has no effect, and is answered as before."""
    query = {"batch_no": what.batch_no, "mode": what.mode, "control_totals.digest": file.digest}
    query |= {"mapping": what.mapping} if what.mapping else {}
    # Of the file and of where it goes: nobody has to remember what was sent.
    said = "\n".join([file.digest, what.survey_id, str(what.wave), *map(str, query.items())])
    headers = {
        "Content-Type": what.media_type,
        "Content-Encoding": "gzip",
        "Idempotency-Key": hashlib.sha256(said.encode()).hexdigest(),
    }
    path = f"/surveys/{what.survey_id}/waves/{what.wave}/files"
    return client.send_file(path, file, query, headers)


_COUNTS = ("sent", "stored", "unchanged", "refused", "withdrawn")


def lines_of(told: Any) -> Iterator[str]:  # noqa: ANN401 - the reconciliation as it came
    """Yield a reconciliation as people read it: batch by batch, then by unit and outcome."""
    rows: list[tuple[str, ...]] = [("", *_COUNTS)]
    rows += [_row(f"batch {each['batch_no']}", each) for each in told["batches"]]
    rows += [
        _row(f"{each['unit'] or '?'} {each['outcome'] or '?'}", each) for each in told["counts"]
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *counts in rows:
        cells = [each.rjust(width) for each, width in zip(counts, widths[1:], strict=True)]
        yield "  ".join([first.ljust(widths[0]), *cells])


def _row(what: str, of: Any) -> tuple[str, ...]:  # noqa: ANN401 - counts by name
    return what, *(str(of[name]) for name in _COUNTS)
