"""The people of a year: who takes part, under which account, with which roles."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from kaoping.card import Credentials
from kaoping.client import ApiFault, Client, Refused
from kaoping.plan import COLLEAGUE, OFFICE, Plan
from kaoping.voting import BALLOTS, KEEPER, MEETING, seats_of, second_of

COMMITTEE = "committee"
STANDING_COMMITTEE = "standing-committee"
COMMITTEE_CLERK, STANDING_CLERK = "committee-clerk", "standing-committee-clerk"
"""Who types minutes a second time."""
VICE_MAYOR, VICE_MAYOR_DEPUTY = "vice-mayor", "vice-mayor-deputy"
"""The vice mayor in charge, and who may sign in that place without any part of an own."""
SUPERVISION = "supervision"

OFFICES = {
    OFFICE: ("绩效办", "performance_office"),
    COLLEAGUE: ("绩效办第二人", "performance_office"),
    COMMITTEE: ("综合绩效评估委员会", "committee"),
    STANDING_COMMITTEE: ("市委常委会", "standing_committee"),
}

ON_THE_WAY = {
    COMMITTEE_CLERK: ("委员会会议记录员", "committee"),
    STANDING_CLERK: ("常委会会议记录员", "standing_committee"),
    VICE_MAYOR: ("分管副市长", "vice_mayor"),
    VICE_MAYOR_DEPUTY: ("受托秘书长", "panel_member"),
}
"""Who takes part besides where a scheme has a chain of its own."""


@dataclass(frozen=True)
class Person:
    """Somebody who takes part: under the code of a unit, or under the name of an office.

    Whoever has a seat of a panel goes by the account that the scheme gives it (`seated`), who
    supervises by that of the unit's supervision.
    """

    subject: str
    name: str
    roles: tuple[str, ...]
    unit: str | None
    seated: bool = False

    @property
    def known_as(self) -> str:
        """What the year calls this person."""
        if self.seated or self.unit is None or self.roles == (SUPERVISION,):
            return self.subject
        return self.unit


def cast(plan: Plan) -> list[Person]:
    """Everybody whom the year needs, with no more roles than they need."""
    roles: dict[str, set[str]] = defaultdict(set)
    for code, role in _roles(plan):
        roles[code].add(role)
    names = {unit["code"]: unit["name"] for unit in plan.units}
    offices = _offices(plan)
    units = [
        Person(code.lower(), names[code], tuple(sorted(roles[code])), code)
        for code in sorted(roles)
    ]
    judges = [
        Person(account, account, ("panel_member",), unit, seated=True)
        for account, unit in plan.seats.items()
        if account in plan.entries
    ]
    bodies = [
        Person(supervision_of(unit), names[unit], (SUPERVISION,), unit)
        for unit in sorted({unit for wave in plan.waves for unit in plan.attested_by(wave.survey)})
    ]
    return offices + units + judges + bodies + list(_voting(plan, names))


def _offices(plan: Plan) -> list[Person]:
    """Return those who act for no unit."""
    named = OFFICES | (ON_THE_WAY if plan.scheme.get("approval") else {})
    return [Person(subject, zh, (role,), None) for subject, (zh, role) in named.items()]


def _voting(plan: Plan, names: Mapping[str, str]) -> Iterator[Person]:
    """Yield who holds a seat from which ballots are cast, who keeps the key of their urn, and who
    counts the forms of meetings second."""
    voters, seconds = dict[str, Person](), dict[str, Person]()
    for wave in plan.waves:
        survey = plan.survey(wave.survey)
        if survey["mode"] in BALLOTS:
            for seat in seats_of(survey, wave.rows):
                account = seat.account
                voters[account] = Person(
                    account, account, ("panel_member",), seat.unit, seated=True
                )
        elif survey["mode"] == MEETING:
            unit = survey["collector"]
            subject = second_of(unit)
            seconds[subject] = Person(subject, names[unit], ("survey_centre",), unit, seated=True)
    yield from (*voters.values(), *seconds.values())
    if voters:
        yield Person(KEEPER, "票箱监督员", (SUPERVISION,), None)


def supervision_of(unit: str) -> str:
    """Return the account of a unit that supervises; it has no other role, and so is one by
    itself."""
    return f"{SUPERVISION}-{unit.lower()}"


def _roles(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the code of every unit that does something in the year, with the role it does it in."""
    yield from _entering(plan)
    yield from ((reviewer, "data_source_unit") for reviewer in plan.reviewers)
    bonus = (claim["unit"] for claim in plan.claims if claim["kind"] == "bonus")
    yield from ((unit, "assessed_unit") for unit in bonus)
    yield from _moving(plan)
    yield from _on_the_way(plan)
    for _, _, responsible in plan.vetoes:
        yield from zip(responsible[:1], ["responsible_body"], strict=False)
    collectors = {survey["code"]: survey["collector"] for survey in plan.scheme.get("surveys", [])}
    for wave in plan.waves:
        if plan.survey(wave.survey)["mode"] not in BALLOTS:
            yield collectors[wave.survey], "survey_centre"


def _moving(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield who moves targets, projects or highlights and is not of an office."""
    yield from ((move.who, move.role) for move in plan.moves if move.role)


def _on_the_way(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield who hands a category in, and the units that may object to what is proposed, where a
    scheme has a chain of its own."""
    for each in plan.scheme["categories"] if plan.scheme.get("approval") else ():
        if each["code"] in plan.categories:
            if each["organiser"] is not None:
                yield each["organiser"], "organiser"
            yield from ((unit, "assessed_unit") for unit in each["units"])


def _entering(plan: Plan) -> Iterator[tuple[str, str]]:
    for poster in plan.entries.keys() - plan.seats.keys():
        for own in {entry["unit"] == poster for entry in plan.entries[poster]}:
            yield poster, "assessed_unit" if own else "data_source_unit"


class People:
    """The people of a year, each with a client of their own."""

    def __init__(self, administrator: Client, open_client: Callable[[Credentials], Client]) -> None:
        self._administrator = administrator
        self._open = open_client
        self._clients: dict[str, Client] = {}
        self.invited: list[tuple[Person, Credentials]] = []
        """Who has been given an account, and how they sign in."""
        self.subjects: dict[str, str] = {}
        """Under which account each of them signs in."""
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.close()

    def invite(self, persons: list[Person]) -> None:
        """Have accounts made for all of them; secrets are shown once and kept in memory only."""
        for credentials, person in zip(self._accounts(persons), persons, strict=True):
            client = self._closing.enter_context(self._open(credentials))
            self._clients[person.known_as] = client
            self.subjects[person.known_as] = credentials.name
            self.invited.append((person, credentials))

    def __getitem__(self, who: str) -> Client:
        return self._clients[who]

    def __contains__(self, who: str) -> bool:
        return who in self._clients

    def _accounts(self, persons: list[Person]) -> list[Credentials]:
        """Make the accounts, under other names when these are taken or their secrets got lost."""
        begins = self._begins
        for suffix in ("", *(f"-{n}" for n in range(2, 100))):
            named = [replace(each, subject=begins + each.subject + suffix) for each in persons]
            made = self._make(named)
            if made is not None and all(account["secret"] for account in made):
                return [Credentials(account["subject"], account["secret"]) for account in made]
        raise ApiFault("The accounts of a year were made a hundred times already.")

    @cached_property
    def _begins(self) -> str:
        """With what the names of accounts begin: those of a jurisdiction with its code."""
        jurisdiction = self._administrator.get("/me").get("jurisdiction")
        return f"{jurisdiction}." if jurisdiction else ""

    def _make(self, persons: list[Person]) -> list[dict[str, Any]] | None:
        """Make the accounts and return them; None where one of the names is taken."""
        try:
            answer = self._administrator.post("/accounts", _new_accounts(persons))
        except Refused as refusal:
            if not refusal.is_only("subject-taken"):
                raise
            return None
        made: list[dict[str, Any]] = answer["accounts"]
        if waiting := [a["subject"] for a in made if a.get("state") == "pending"]:
            raise ApiFault(
                "These accounts wait for a second administrator to confirm them, and nobody "
                f"signs in to them before: {', '.join(waiting)}"
            )
        return made


def _new_accounts(persons: list[Person]) -> dict[str, Any]:
    return {
        "accounts": [
            {
                "subject": person.subject,
                "kind": "person",
                "name": person.name,
                "unit": person.unit,
                "roles": list(person.roles),
            }
            for person in persons
        ]
    }
