"""Two years of one division: who works on them, the services at work, and the machine that asks."""

from copy import deepcopy
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant
from tests.attacks.told_claims import CAP, COST, WORTH, YEARS, Claims, Filed
from tests.attacks.told_targets import SMALL, Letter, Told

from service_testing.machines import AskingMachine

OFFICE, UNIT = "performance_office", "assessed_unit"
PEOPLE = {
    "a": ("A", None, OFFICE),
    "a2": ("A", None, OFFICE),  # the same human being
    "b": ("B", None, OFFICE),
    "c": ("C", "X1", OFFICE),  # belongs to a unit that is assessed
    "v1": ("U1", None, OFFICE),  # who acts for X1, under another account
    "o": ("O", "B01", "organiser"),
    "u1": ("U1", "X1", UNIT),
    "u2": ("U2", "X2", UNIT),
    "u3": ("U3", "X3", UNIT),
}
DECIDERS = ("a", "a2", "b", "c", "v1")
UNITS, INDICATORS = ("X1", "X2"), ("C01", "C03A")
CLAIMANTS = (*UNITS, "X3")
OF = {"X1": "u1", "X2": "u2", "X3": "u3"}
_numbers = count(1)


def scheme_of(year, **changes):
    """The small scheme as it is of a year, with bonus of two levels."""
    bonus = [
        {"code": f"BON{n}", "level": level, "points": str(points), "authorities": ["省委省政府"]}
        for n, (level, points) in enumerate(WORTH.items())
    ]
    rules = {
        "window": {"opens": f"{year}-01-01", "closes": f"{year}-12-31"},
        "carry_over": "once",
        "bonus": {
            "rules": bonus,
            "same_event": "highest",
            "cap_total": str(CAP),
            "requires": ["holder_match", "document"],
        },
        "deductions": {
            "rules": [{"code": "DED01", "name": "通报批评", "points": str(COST)}],
            "same_event": "highest",
        },
    }
    told = {"assessment_year": year, "code": f"SM-{year}", "adjustments": rules}
    return SMALL | told | changes


class TwoServices:
    """Indicators and scoring at work, which know each other, and the cycles of two years."""

    def __init__(self, city, scoring):
        self.city, self.scoring, self.number = city, scoring, next(_numbers)
        self.clients = {
            (service.name, who): service.caller(role, unit=unit, subject=who, person=person)
            for service in (city, scoring)
            for who, (person, unit, role) in PEOPLE.items()
        }
        self.cycles, self.versions = dict[int, str](), dict.fromkeys(YEARS, 0)
        self.day = f"{self.number // 28 % 12 + 1:02}-{self.number % 28 + 1:02}"

    async def begin(self, across):
        self.across = across
        for year in YEARS:
            new = {
                "name": f"{year}年度",
                "jurisdiction": f"43{self.number // 50 + 1:02}{self.number % 50 + 21:02}",
            }
            answer = await self.clients["indicators", "a"].post(
                "/api/v1/cycles", json=new | {"assessment_year": year}
            )
            assert answer.status_code == 201, answer.text
            self.cycles[year] = answer.json()["cycle_id"]
            await self.publish(year)

    async def publish(self, year, **steps):
        """Publish the year's scheme with other steps; how it looks at the year before stays."""
        scheme = deepcopy(scheme_of(year, **steps))
        for kind in ("bonus", "deductions") if year == YEARS[1] else ():
            scheme["adjustments"][kind]["across_years"] = self.across
        self.versions[year] += 1
        version = self.versions[year]
        body = {"scheme": scheme} | ({"reason": "修改"} if version > 1 else {})
        for path, sent in (("", body), (f"/{version}/publication", None)):
            answer = await self.post("indicators", "a", year, f"scheme-versions{path}", sent)
            assert answer.status_code == 201, answer.text

    async def post(self, service, who, year, path, body, **more):
        place = f"/api/v1/cycles/{self.cycles[year]}/{path}"
        sent = more if body is None else {"json": body}
        answer = await self.clients[service, who].post(place, **sent)
        assert answer.status_code < 500, answer.text
        return answer

    async def get(self, service, year, path, who="a"):
        answer = await self.clients[service, who].get(f"/api/v1/cycles/{self.cycles[year]}/{path}")
        assert answer.status_code == 200, answer.text
        return answer


class OfTwoYears(AskingMachine):
    """Asks in two years over HTTP, and knows what the models say of them."""

    parted = True
    """Whether an answer was another than the model's: then nothing more is compared."""

    @initialize(
        about=st.sampled_from(["claims", "targets", "everything"]),
        across=st.sampled_from(["each_year", "once", "excess"]),
    )
    def begin(self, about, across):
        self.about = about
        self.at = type(self).world()
        self.ask(self.at.begin(across))
        keys = [(year, unit, code) for year in YEARS for unit in UNITS for code in INDICATORS]
        self.targets = {key: Told(less_is_better=key[2] == "C03A") for key in keys}
        self.moved, self.in_force = dict.fromkeys(keys, 0), dict[tuple, int]()
        self.letters = {(year, unit): list[Letter]() for year in YEARS for unit in UNITS}
        self.claims, self.ids = Claims(across), dict[Filed, str]()
        self.shown, self.files = dict[str, dict](), dict[tuple, str]()
        self.past, self.touched = set[int](), set[tuple]()

    def send(self, service, who, year, path, body, may, **more):
        """Post; the answer is a success if the model says so, else a refusal."""
        answer = self.ask(self.at.post(service, who, year, path, body, **more))
        self.told(path, answer)
        self.parted = answer.is_success is not bool(may)
        assert not self.parted, (answer.status_code, answer.text, may)
        return answer

    @invariant()
    def both_say_the_same(self):
        for what, year in sorted(getattr(self, "touched", ())):
            getattr(self, f"compare_{what}")(year)
        self.touched = set[tuple]()

    def read(self, service, year, path):
        return self.ask(self.at.get(service, year, path)).json()
