"""Who hands in what before a deadline, request by request: errands of people of many cities."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from random import Random
from typing import NamedTuple
from urllib.parse import quote

import orjson
from benchmarks.cities import City
from benchmarks.open_loop import OpenLoop, Person, Request
from benchmarks.rush import READS, Due, Owed, drawn

from kaoping.city.drawn_files import MEDIA_TYPES, content_of
from kaoping.exact import write_json
from kaoping.plan import COLLEAGUE, OFFICE, Document, EvidenceFile

CITIES = 100
"""What a share is of."""
PACE = 1.0
"""Seconds between two requests of one errand: whoever is late does not linger."""
KINDS = ("jpg", "jpg", "jpg", "png", "pdf", "xlsx")
"""What files are: as in the reference year."""

LOOKS = {
    "me": "/me",
    "cycles": "/cycles",
    "my tasks": "/me/tasks",
    "names": "{path}/names",
    "progress": "{path}/progress?by=unit&by=indicator&period={period}",
    "desk": "{path}/duties/desk",
    "entry form": "{path}/indicators/{indicator}/entry-form",
    "own evidence": "{path}/evidence",
    "own entries": "{path}/ledger-entries?indicator={indicator}&period={period}",
    "events": "/events?limit=100{after}",
    "tasks of the office": "/me/tasks",
    "entries that wait": "{path}/ledger-entries?state=submitted",
}
OF_THE_OFFICE = {"events": OFFICE, "tasks of the office": OFFICE, "entries that wait": COLLEAGUE}


class Errand(NamedTuple):
    """Somebody of a city hands in what is owed, beginning so many seconds into the stretch."""

    at: float
    city: City
    owed: Owed


def files() -> Iterator[EvidenceFile]:
    """Yield files that nobody has added yet."""
    for n in count(1):
        kind = KINDS[n % len(KINDS)]
        yield EvidenceFile(f"{n}.{kind}", kind, n)


@dataclass(frozen=True)
class Stretch:
    """The last seconds before the deadline, of a share of a hundred cities: all that is asked, or
    reads or commands alone."""

    name: str
    share: float
    seconds: int
    reads: bool = True
    commands: bool = True

    def errands(self, due: Due, piles: Sequence[tuple[City, Iterator[Owed]]]) -> list[Errand]:
        """Draw who comes when; nobody hands in the same twice, in whichever stretch."""
        random = Random(f"deadline {self.name}")  # noqa: S311 - nothing here is a secret
        minutes = self.seconds / 60
        number = round(due.coming(minutes) * len(due.owed) * CITIES * self.share)
        turns = cycle(piles)
        return [
            Errand(self.seconds - left * 60, city, owed)
            for left in drawn(number, minutes, random)
            for city, pile in [next(turns)]
            for owed in [next(pile)]
        ]

    def steps(self, owed: Owed) -> list[str]:
        """Return what of an errand is asked."""
        return [each for each in owed.steps() if (self.reads if each in READS else self.commands)]


def piles_of(cities: Sequence[City], due: Due) -> list[tuple[City, Iterator[Owed]]]:
    """Return what each city has to hand in, in an order of its own."""
    random = Random("piles")  # noqa: S311 - nothing here is a secret
    return [(city, iter(random.sample(due.owed, len(due.owed)))) for city in cities]


class Handing:
    """Hands in what errands say."""

    def __init__(
        self, origin: str, loop: OpenLoop, stretch: Stretch, files: Iterator[EvidenceFile]
    ) -> None:
        self._api, self._loop, self._stretch, self._files = origin + "/api/v1", loop, stretch, files
        self._keys = 0

    async def hand_in(self, errand: Errand) -> None:
        """Ask everything that belongs to an errand, each when it is due."""
        await self._loop.until(errand.at)
        times = defaultdict[str, list[float]](list)
        for n, kind in enumerate(self._stretch.steps(errand.owed)):
            times[kind].append(errand.at + n * PACE)
        async with asyncio.TaskGroup() as group:
            for kind in READS & times.keys():
                group.create_task(self._look(times[kind][0], kind, errand))
            files = [group.create_task(self._add(at, errand)) for at in times["evidence"]]
            ids = [found for file in files if (found := await file)]
            entered = await self._enter(errand, times, ids)
            if entered and times["verification"]:
                path, body = "ledger-entries/verification", {"entry_ids": entered}
                who = errand.city.people[COLLEAGUE]
                await self._give(times["verification"][0], "verification", errand, who, path, body)

    async def _look(self, at: float, kind: str, errand: Errand) -> None:
        city, owed = errand.city, errand.owed
        after = f"&after={quote(city.cursor)}" if city.cursor else ""
        told = {"path": city.path, "period": owed.period, "indicator": owed.indicator}
        who = city.people[OF_THE_OFFICE.get(kind, owed.who)]
        url = self._api + LOOKS[kind].format(after=after, **told)
        body = await self._loop.ask(at, Request(kind, "GET", url, who))
        if body and kind == "events":
            city.cursor = orjson.loads(body)["cursor"]

    async def _add(self, at: float, errand: Errand) -> str | None:
        file, who = next(self._files), errand.city.people[errand.owed.who]
        url = f"{self._api}{errand.city.path}/evidence?name={file.name}"
        kind, content = MEDIA_TYPES[file.kind], content_of(file)
        request = Request("evidence", "POST", url, who, content, kind, self._key())
        body = await self._loop.ask(at, request)
        return orjson.loads(body)["evidence_id"] if body else None

    async def _enter(
        self, errand: Errand, times: Mapping[str, list[float]], files: list[str]
    ) -> list[str]:
        """Enter what is owed, and hand it in; return the ids."""
        who, entries = errand.city.people[errand.owed.who], _backed(errand.owed.entries, files)
        path, found = "ledger-entries", list[bytes | None]()
        if at := times["entry"]:
            posts = (
                self._give(when, "entry", errand, who, path, {"entries": [each], "state": "draft"})
                for when, each in zip(at, entries, strict=True)
            )
            found = await asyncio.gather(*posts)
        elif at := times["batch"]:
            body = {"entries": entries, "state": "submitted"}
            check = times["check"][0]
            await self._give(check, "check", errand, who, f"{path}?mode=check", body)
            found = [await self._give(at[0], "batch", errand, who, path, body)]
        ids = [row["entry_id"] for body in found if body for row in orjson.loads(body)["rows"]]
        if ids and (at := times["submission"]):
            body = {"entry_ids": ids}
            await self._give(at[0], "submission", errand, who, f"{path}/submission", body)
        return ids

    async def _give(
        self, at: float, kind: str, errand: Errand, who: Person, path: str, body: Document
    ) -> bytes | None:
        url = f"{self._api}{errand.city.path}/{path}"
        content = write_json(body).encode()
        request = Request(kind, "POST", url, who, content, key=self._key())
        return await self._loop.ask(at, request)

    def _key(self) -> str:
        self._keys += 1
        return f"{self._stretch.name}-{self._keys:08}".replace(" ", "-")


def _backed(entries: Sequence[Document], files: list[str]) -> list[Document]:
    """Return entries with the files that they name by their ids."""
    names = list(dict.fromkeys(name for each in entries for name in each.get("evidence_ids", ())))
    ids = dict(zip(names, files, strict=False))
    return [
        {
            **each,
            "evidence_ids": [ids[name] for name in each.get("evidence_ids", ()) if name in ids],
        }
        for each in entries
    ]
