"""Ballots of seats and counts of meetings, as the people concerned hand them in (投票, 会议计票).

The tables say how many gave which answer about a unit. Whoever has a seat is dealt one answer about
each unit but the own one; the forms of a meeting are counted as they are told, by two people.
"""

import base64
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kaoping.client import Client
from kaoping.faults import KaopingFault
from kaoping.plan import Document

BALLOTS = frozenset({"leader_evaluation", "peer_review"})
PEERS = "peer_review"
MEETING = "meeting_count"
KEEPER = "urn-keeper"
"""Who makes the keys of all urns, keeps them, and hands each in when its wave has stopped."""


@dataclass(frozen=True)
class Seat:
    """A seat, the name of who holds it, the unit about which it says nothing, and its group."""

    seat: str
    account: str
    unit: str | None
    group: str | None


def seats_of(survey: Document, rows: Sequence[Document]) -> list[Seat]:
    """Return the seats from which so many answers can come: among peers one of each unit, among
    leaders as many as answered about one unit."""
    name = survey["code"].lower()
    if survey["mode"] == PEERS:
        units = sorted({row["unit"] for row in rows})
        return [Seat(unit, f"{name}-{unit.lower()}", unit, None) for unit in units]
    most = defaultdict[str | None, int](int)
    for (group, _), number in Counter((row["group"], row["unit"]) for row in rows).items():
        most[group] = max(most[group], number)
    places = [(group, n) for group in sorted(most, key=str) for n in range(most[group])]
    return [
        Seat(f"S-{n:03}", f"{name}-{n:03}", None, group) for n, (group, _) in enumerate(places, 1)
    ]


def dealt(seats: Sequence[Seat], rows: Sequence[Document]) -> dict[Seat, list[Document]]:
    """Return what each seat says, so that all of them together say what the rows say."""
    said = defaultdict[Seat, list[Document]](list)
    answers = defaultdict[tuple[str, str | None], list[Document]](list)
    for row in rows:
        answers[row["unit"], row["group"]].append(row)
    for (unit, group), given in sorted(answers.items(), key=str):
        free = [seat for seat in seats if seat.unit != unit and seat.group == group]
        if len(given) > len(free):
            raise KaopingFault(f"{unit}: {len(given)} answers, and {len(free)} seats may judge it")
        for seat, row in zip(free, given, strict=False):
            said[seat].append(_judgement(row))
    return said


def _judgement(row: Document) -> Document:
    return {"unit": row["unit"], **{k: row[k] for k in ("answer", "answers") if k in row}}


class Voting:
    """One wave of ballots: seats and an urn, then ballots, then the key."""

    def __init__(self, path: str, survey: Document, rows: Sequence[Document]) -> None:
        self._path = path
        self._seats = seats_of(survey, rows)
        self._said = dealt(self._seats, rows)
        self._key = X25519PrivateKey.generate()

    def prepare(self, office: Client, keeper: Client, accounts: Mapping[str, str]) -> None:
        """Have the office name the seats, and whoever keeps the key set up the urn."""
        seats = [
            {
                "seat": each.seat,
                "account": accounts[each.account],
                "unit": each.unit,
                "group": each.group,
            }
            for each in self._seats
        ]
        office.post(f"{self._path}/seats", {"seats": seats})
        public = self._key.public_key().public_bytes_raw()
        keeper.post(f"{self._path}/urn", {"public_key": _text(public)})

    def ballots(self) -> Iterator[tuple[str, str, Document]]:
        """Yield by who holds a seat where its ballot is cast, and what it says."""
        for seat, judgements in self._said.items():
            ballot = {"judgements": judgements, "blinding": secrets.token_urlsafe(24)}
            yield seat.account, f"{self._path}/ballot", ballot

    def open(self, keeper: Client) -> None:
        """Hand in the key of the urn, whose wave has stopped."""
        private = _text(self._key.private_bytes_raw())
        keeper.post(f"{self._path}/urn/opening", {"private_key": private})


def count_of(rows: Sequence[Document]) -> Document:
    """Return the count of one meeting at which so many forms were filled in; whoever says nothing
    of a unit leaves it blank."""
    forms = max(Counter(row["unit"] for row in rows).values())
    votes = list[Document]()
    for unit in sorted({row["unit"] for row in rows}):
        about = [row for row in rows if row["unit"] == unit]
        for question, options in sorted(_counted(about).items()):
            blank = forms - sum(options.values())
            votes.append({"unit": unit, "question": question, "options": options, "blank": blank})
    numbers = {"entitled": forms, "issued": forms, "returned": forms, "spoiled": 0}
    return {"group": rows[0]["group"], **numbers, "votes": votes}


def _counted(rows: Iterable[Document]) -> dict[str, Counter[str]]:
    counts = defaultdict[str, Counter[str]](Counter)
    for row in rows:
        for question, option in row.get("answers", {"answer": row.get("answer")}).items():
            counts[question][option] += 1
    return counts


def second_of(collector: str) -> str:
    """Return the account of whoever counts second for a collector."""
    return f"{collector.lower()}-second"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
