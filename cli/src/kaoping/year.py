"""An evaluation year, played as the people involved would: each step by whoever does it in life."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import groupby
from operator import itemgetter

from kaoping.agreeing import Agreeing
from kaoping.approving import Approving, Days
from kaoping.city.approved import corrected
from kaoping.claiming import Claiming
from kaoping.client import Client
from kaoping.evidence import Evidence
from kaoping.faults import KaopingFault
from kaoping.following import Following
from kaoping.people import COMMITTEE, STANDING_COMMITTEE, People, cast, supervision_of
from kaoping.plan import COLLEAGUE, OFFICE, Document, Plan, Wave, in_parts
from kaoping.record import Record
from kaoping.steps import Advance, Steps
from kaoping.voting import BALLOTS, KEEPER, MEETING, Voting, count_of, second_of

ENTRIES_AT_ONCE = 200
TARGETS_AT_ONCE = 10_000
CALLS_AT_ONCE = 1000
OPINIONS_AT_ONCE = 500
UNITS_AT_ONCE = 100
LONG_OPEN = "2199-12-31"
"""A year is played after it: what is done about targets in time is done before the scheme is
published once more, with the deadline that has passed by then."""
EXAMINED = "抽查录音和原始记录，未见异常"


@dataclass
class Year:
    """One cycle from the registration of its units to the published rankings.

    `rankings` and `releases` are numbers by the category. Where `days` can pass, what is proposed
    is shown to everybody before it is decided, if the scheme says so.
    """

    plan: Plan
    people: People
    steps: Steps
    cycle_id: str = ""
    entry_ids: list[str] = field(default_factory=list)
    sheet: int = 0
    rankings: dict[str, int] = field(default_factory=dict)
    releases: dict[str, int] = field(default_factory=dict)
    days: Days | None = None

    def play(self, before: str | None = None) -> None:
        """Do everything, in the order in which a year goes; or what comes before a step."""
        plan = self.plan
        count = sum(map(len, plan.entries.values()))
        calls = sum(len(wave.rows) for wave in plan.waves)
        steps: list[tuple[str, int, Callable[[Advance], None]]] = [
            ("accounts", 1, self.invite),
            ("units", len(plan.units), self.register_units),
            ("earlier year", int(plan.earlier is not None), self.settle_earlier),
            ("scheme", 1, self.publish_scheme),
            ("targets", 1, self.agree_targets),
            *self._agreed("revisions", "projects"),
            ("evidence", len(plan.evidence), lambda done: self.evidence.add(done)),
            *self._keeping(count),
            ("survey", calls, self.ask),
            *self._agreed("highlights"),
            ("claims", len(plan.claims), lambda done: self.claiming.hand_in(done)),
            ("confirmation", len(plan.claims), lambda done: self.claiming.examine(done)),
            ("vetoes", len(plan.vetoes), self.report_vetoes),
            *self._to_releases(),
        ]
        names = [name for name, _, _ in steps]
        if before is not None and before not in names:
            raise KaopingFault(f"there is no step {before!r}; there are: {', '.join(names)}")
        for name, total, do in steps[: None if before is None else names.index(before)]:
            if not total:
                continue
            with self.steps.step(name, total) as done:
                do(done)

    def _to_releases(self) -> list[tuple[str, int, Callable[[Advance], None]]]:
        """Return how results are computed, approved and published, and what they lead to."""
        count = len(self.plan.categories)
        has_way = bool(self.plan.scheme.get("approval"))
        return [
            ("hand-in", count * has_way, lambda done: self.approving.hand_in(done)),
            ("score sheet", 1, self.score),
            ("ranking", count, self.rank),
            ("approval", (2 if has_way else 4) * count, self.approve),
            ("consequences", count * has_way, self.lead_on),
            ("correction", int(has_way), self.correct),
        ]

    def _agreed(self, *parts: str) -> list[tuple[str, int, Callable[[Advance], None]]]:
        """Return the steps about targets, projects or highlights."""
        counts = Counter(move.part for move in self.plan.moves)
        return [(part, counts[part], partial(self._agree, part)) for part in parts]

    def _agree(self, part: str, done: Advance) -> None:
        self.agreeing.play(part, done)

    def _keeping(self, count: int) -> list[tuple[str, int, Callable[[Advance], None]]]:
        """Return how the ledger is kept: day by day, or everything at once."""
        if not self.plan.acts:
            return [
                ("ledger", count, self.post_entries),
                ("verification", count, self.verify_entries),
            ]
        return [
            ("ledger", len(self.plan.acts), lambda done: self.record.play(done)),
            ("duty cards", 1, lambda done: self.record.write_cards(done)),
        ]

    @cached_property
    def record(self) -> Record:
        """The ledger of the cycle as it is kept day by day, once there is a cycle."""
        return Record(self.path, self.plan, self.people, self.evidence)

    @cached_property
    def evidence(self) -> Evidence:
        """The files of the cycle, once there is one."""
        return Evidence(self.path, self.plan, self.people)

    @cached_property
    def agreeing(self) -> Agreeing:
        """Targets, projects and highlights of the cycle, once there is one."""
        return Agreeing(self.path, self.plan, self.people, self.evidence, self._publish)

    @cached_property
    def claiming(self) -> Claiming:
        """The claims of the cycle, once there is one."""
        earlier = self.before.claiming.ids if self.before else {}
        about = (self.path, self.cycle_id, self.plan, self.people, self.evidence)
        return Claiming(*about, earlier=earlier)

    @cached_property
    def before(self) -> "Year | None":
        """The earlier year on which claims look back, where there is one."""
        earlier = self.plan.earlier
        return None if earlier is None else Year(earlier, self.people, Steps())

    @property
    def path(self) -> str:
        """Where everything of the cycle is."""
        return f"/cycles/{self.cycle_id}"

    def invite(self, _: Advance) -> None:
        """The administrator makes an account for everybody who takes part."""
        self.people.invite(cast(self.plan))

    def register_units(self, done: Advance) -> None:
        """The performance office registers the units that are not registered yet."""
        office = self.people[OFFICE]
        known = {unit["code"]: unit["name"] for unit in office.pages("/units")}
        wanted, renamed = self.plan.units, self.plan.renamed
        for unit in wanted:
            code, later = unit["code"], renamed.get(unit["code"], (None, None))[0]
            if (name := known.get(code, unit["name"])) not in {unit["name"], later}:
                raise KaopingFault(f"{code} is registered as {name}, not as {unit['name']}")
        missing = [unit for unit in wanted if unit["code"] not in known]
        for some in in_parts(missing, UNITS_AT_ONCE):
            office.post("/units", {"units": some})
            done(len(some))
        self._rename({unit["code"]: unit["name"] for unit in wanted} | known)

    def _rename(self, names: Mapping[str, str]) -> None:
        """Have units bear their new names that do not yet."""
        for unit, (name, day) in self.plan.renamed.items():
            if names[unit] != name:
                body = {"name": name, "kind": "legal", "valid_from": day}
                self.people[OFFICE].post(f"/units/{unit}/names", body)

    def settle_earlier(self, done: Advance) -> None:
        """What was claimed in an earlier year is confirmed, scored and fed back."""
        if (before := self.before) is not None:
            before.publish_scheme(done)
            before.claiming.hand_in(_unseen)
            before.claiming.examine(_unseen)
            before.score(done)

    def publish_scheme(self, _: Advance) -> None:
        """The performance office opens the cycle and publishes its scheme."""
        self.cycle_id = self.people[OFFICE].post("/cycles", self.plan.cycle)["cycle_id"]
        is_moved = any(move.does == "close" for move in self.plan.moves)
        self._publish(LONG_OPEN if is_moved else None)

    def _publish(self, deadline: str | None = None) -> None:
        """Publish the scheme; with a deadline for moving targets of its own."""
        office, scheme = self.people[OFFICE], self._seated()
        body: Document = {"scheme": scheme}
        if deadline is not None:
            calendar = [
                {**step, "date": deadline} if step["step"] == "target_revision_deadline" else step
                for step in scheme["calendar"]
            ]
            body = {"scheme": {**scheme, "calendar": calendar}}
        elif self.plan.moves:
            body["reason"] = "目标调整已经截止"
        version = office.post(f"{self.path}/scheme-versions", body)["version"]
        office.post(f"{self.path}/scheme-versions/{version}/publication")

    def _seated(self) -> Document:
        """Return the scheme with seats for the accounts as they could be made: a name may have
        been taken, when the same year is played again."""
        scheme = self.plan.scheme
        if not scheme.get("panels"):
            return scheme
        names = self.people.subjects
        panels = [
            {
                **panel,
                "seats": [
                    {**seat, "account": names.get(seat["account"], seat["account"])}
                    for seat in panel["seats"]
                ],
            }
            for panel in scheme["panels"]
        ]
        return {**scheme, "panels": panels}

    def agree_targets(self, _: Advance) -> None:
        """The performance office issues the targets that were approved; where the deadline has
        passed, because the year is played afterwards, another person of it confirms."""
        pending = 0
        for some in in_parts(self.plan.targets, TARGETS_AT_ONCE):
            body = {"targets": some, "reason": "年度目标补录"}
            pending += self.people[OFFICE].post(f"{self.path}/targets", body)["pending"]
        if pending:
            confirm_targets(self.people[COLLEAGUE], self.path)

    def post_entries(self, done: Advance) -> None:
        """Every data source unit submits what it measured, counted, graded or marked."""
        for poster, posted in self.plan.entries.items():
            for some in in_parts(posted, ENTRIES_AT_ONCE):
                body = {"entries": some, "state": "submitted"}
                answer = self.people[poster].post(f"{self.path}/ledger-entries", body)
                self.entry_ids += [entry["entry_id"] for entry in answer["rows"]]
                done(len(some))

    def verify_entries(self, done: Advance) -> None:
        """Somebody of the performance office, and not an author, verifies every entry, after whom
        the scheme names to review it first."""
        for reviewer in self.plan.reviewers:
            path = f"{self.path}/ledger-entries/checking"
            self.people[reviewer].post(path, {"all_submitted": True})
        for some in in_parts(self.entry_ids, ENTRIES_AT_ONCE):
            path = f"{self.path}/ledger-entries/verification"
            self.people[COLLEAGUE].post(path, {"entry_ids": some})
            done(len(some))

    def ask(self, done: Advance) -> None:
        """The survey centre hands in every wave, between its opening and its stop, or ballots are
        cast, or forms counted; whom the scheme names for it attests it before it closes."""
        surveys = dict[str, Document]()
        for wave in self.plan.waves:
            if wave.survey not in surveys:
                body = {"code": wave.survey}
                surveys[wave.survey] = self.people[OFFICE].post(f"{self.path}/surveys", body)
            self._hand_in(wave, surveys[wave.survey], done)

    def _hand_in(self, wave: Wave, survey: Document, done: Advance) -> None:
        office = self.people[OFFICE]
        path = f"/surveys/{survey['survey_id']}/waves/{wave.number}"
        told, voting = self.plan.survey(wave.survey), None
        if told["mode"] in BALLOTS:
            voting = Voting(path, told, wave.rows)
            voting.prepare(office, self.people[KEEPER], self.people.subjects)
        office.post(f"{path}/opening")
        if voting:
            self._cast(voting, done)
        elif told["mode"] == MEETING:
            self._count_twice(wave, survey["collector"], path, done)
        else:
            self._post_calls(wave, survey["collector"], path, done)
        self._post_opinions(wave, survey["collector"], path)
        office.post(f"{path}/stopping")
        if voting:
            voting.open(self.people[KEEPER])
        self._close(path)
        if wave.opinions:
            self._publish_opinions(f"{path}/opinions", wave.opinions)

    def _cast(self, voting: Voting, done: Advance) -> None:
        """Whoever holds a seat casts its ballot, of which nobody knows what it says."""
        for account, path, ballot in voting.ballots():
            self.people[account].post(path, ballot)
            done(len(ballot["judgements"]))

    def _count_twice(self, wave: Wave, collector: str, path: str, done: Advance) -> None:
        """Two people of the collector count the forms of a meeting."""
        if not wave.rows:
            return
        count, number = count_of(wave.rows), f"M{wave.number}"
        self.people[collector].post(f"{path}/meeting-counts", {**count, "count_no": number})
        second = self.people[second_of(collector)]
        second.post(f"{path}/meeting-counts/{number}/confirmation", count)
        done(len(wave.rows))

    def _post_calls(self, wave: Wave, collector: str, path: str, done: Advance) -> None:
        for n, rows in enumerate(in_parts(wave.rows, CALLS_AT_ONCE), 1):
            body = {
                "batch_no": f"W{wave.number}-{n:03}",
                "control_totals": {"count": len(rows)},
                "rows": rows,
            }
            self.people[collector].post(f"{path}/batches", body)
            done(len(rows))

    def _post_opinions(self, wave: Wave, collector: str, path: str) -> None:
        for n, opinions in enumerate(in_parts(wave.opinions, OPINIONS_AT_ONCE), 1):
            rows = [
                {"unit": o["unit"], "text": o["opinion"], "channel": o["channel"]} for o in opinions
            ]
            body = {"batch_no": f"O{wave.number}-{n:03}", "rows": rows}
            self.people[collector].post(f"{path}/opinions", body)

    def _close(self, path: str) -> None:
        """Whom the scheme names attests a wave that has stopped, and the office closes it."""
        office = self.people[OFFICE]
        examined = office.get(f"{path}/attestations")
        for body in examined["missing"]:
            said = {"verdict": "attested", "content_digest": examined["content_digest"]}
            self.people[supervision_of(body)].post(
                f"{path}/attestations", {**said, "reason": EXAMINED}
            )
        office.post(f"{path}/closing")

    def _publish_opinions(self, path: str, opinions: list[Document]) -> None:
        """One of the office reviews what was said as the table has it, another confirms it, and it
        is published."""
        office, ids = self.people[OFFICE], defaultdict[tuple[str, str], list[str]](list)
        for each in office.pages(path):
            ids[each["unit"], each["text"]].append(each["opinion_id"])
        reviews = [
            {
                "opinion_id": ids[each["unit"], each["opinion"]].pop(),
                "verdict": "reject" if each["wording"] is None else "accept",
                "wording": each["wording"],
                "reason": each["reason"],
            }
            for each in opinions
        ]
        for some in in_parts(reviews, OPINIONS_AT_ONCE):
            office.post(f"{path}/reviews", {"rows": some})
            rows = [{"opinion_id": each["opinion_id"], "review_no": 1} for each in some]
            self.people[COLLEAGUE].post(f"{path}/confirmations", {"rows": rows})
        office.post(f"{path}/publication")

    def report_vetoes(self, done: Advance) -> None:
        """The bodies that the scheme names report vetoes, the office does where it names none;
        another person of the office confirms each."""
        for unit, veto, responsible in self.plan.vetoes:
            report = {
                "unit": unit,
                "code": veto,
                "document_no": f"{veto}/{unit}/{self.plan.assessment_year}",
                "decided_on": f"{self.plan.assessment_year}-12-31",
                "note": None,
            }
            told = self.people[[*responsible, OFFICE][0]].post(f"{self.path}/vetoes", report)
            path = f"{self.path}/vetoes/{told['veto']['number']}/confirmation"
            word = {"of": "report", "decision": "confirm", "reason": None}
            self.people[COLLEAGUE].post(path, word)
            done(1)

    def score(self, _: Advance) -> None:
        """The performance office seals the ledger, has the score sheet computed, and feeds it back
        to the units."""
        office = self.people[OFFICE]
        preview = office.post(f"{self.path}/ledger/seal?mode=check")
        seal = {"leaves": {}, "seen": preview["seen"]}
        if preview["unscored"]:
            seal["accept_unscored"] = {"reason": "演示年度：未计分的事项不再处理"}
        office.post(f"{self.path}/ledger/seal", seal)
        body = {"categories": self.plan.categories}
        self.sheet = office.post(f"{self.path}/score-sheets", body)["edition"]
        office.post(f"{self.path}/score-sheets/{self.sheet}/feedback", None)

    def rank(self, done: Advance) -> None:
        """The performance office has the categories ranked."""
        for category in self.plan.categories:
            body = {"category": category, "score_sheet_edition": self.sheet}
            answer = self.people[OFFICE].post(f"{self.path}/rankings", body)
            self.rankings[category] = answer["ranking"]["edition"]
            done(1)

    @cached_property
    def approving(self) -> Approving:
        """The way of the rankings by the scheme's own chain, once there is a cycle."""
        marked = corrected(self.plan)
        return Approving(self.path, self.plan, self.people, self._anew, self.days, marked)

    @cached_property
    def following(self) -> Following:
        """What the releases lead to."""
        return Following(self.path, self.people)

    def _anew(self, category: str) -> tuple[int, int]:
        """Compute a category anew; return the number of the score sheet and of the ranking."""
        office = self.people[OFFICE]
        edition = office.post(f"{self.path}/score-sheets", {"categories": [category]})["edition"]
        office.post(f"{self.path}/score-sheets/{edition}/feedback", None)
        body = {"category": category, "score_sheet_edition": edition}
        self.rankings[category] = office.post(f"{self.path}/rankings", body)["ranking"]["edition"]
        return edition, self.rankings[category]

    def lead_on(self, done: Advance) -> None:
        """What the releases lead to is proposed and decided."""
        self.following.play(self.releases, self._led, done)

    @property
    def _led(self) -> str:
        """The category of which everything that follows is decided: the one that is corrected."""
        marked = self.approving.marked
        return marked.category if marked else self.plan.categories[0]

    def correct(self, done: Advance) -> None:
        """One category is corrected after its release, and what its grades led to with it."""
        self.approving.correct(done)
        newest = self.approving.releases[self._led][-1]
        if newest != self.releases[self._led]:
            self.releases[self._led] = newest
            self.following.follow(newest)

    def approve(self, done: Advance) -> None:
        """The rankings go the way of the scheme; of the usual one nobody takes two steps."""
        if self.plan.scheme.get("approval"):
            self.approving.approve(dict(self.rankings), done)
            self.releases = {code: of[-1] for code, of in self.approving.releases.items()}
            return
        chain = [
            (OFFICE, "merge"),
            (COMMITTEE, "review"),
            (STANDING_COMMITTEE, "decision"),
            (COLLEAGUE, "publication"),
        ]
        for category, ranking in self.rankings.items():
            again = {"correction": {"zh": "重新公布。"}} if category in self.releases else {}
            for who, step in chain:
                body = again if step == "publication" else {}
                answer = self.people[who].post(f"{self.path}/rankings/{ranking}/{step}", body)
                done(1)
            self.releases[category] = answer["manifest"]["release"]


def _unseen(_: int) -> None:
    """Tell nobody how far it is."""


def loaded_before(client: Client, plan: Plan) -> Document | None:
    """Return the cycle of this year that the system holds already, if there is one."""
    wanted = plan.cycle
    for known in client.pages("/cycles"):
        if all(known[name] == value for name, value in wanted.items()):
            found: Document = known
            return found
    return None


def confirm_targets(confirmer: Client, path: str) -> None:
    """Confirm every target of a cycle that awaits another person.

    What a unit has for one indicator is confirmed at once: once the deadline has passed, another
    item would dilute those that are in force already.
    """
    versions = confirmer.get(f"{path}/targets/history")["versions"]
    latest = {(each["unit"], each["indicator"], each["item"]): each for each in versions}
    word = {"decision": "confirm", "reason": None}
    pending = [
        {name: each[name] for name in ("unit", "indicator", "item", "version")} | word
        for each in latest.values()
        if each["state"].endswith("_pending")
    ]
    together = groupby(sorted(pending, key=_unit_and_indicator), _unit_and_indicator)
    some = list[Document]()
    for _, of_one in together:
        decisions = list(of_one)
        if some and len(some) + len(decisions) > ENTRIES_AT_ONCE:
            confirmer.post(f"{path}/target-confirmations", {"decisions": some})
            some = []
        some += decisions
    if some:
        confirmer.post(f"{path}/target-confirmations", {"decisions": some})


_unit_and_indicator = itemgetter("unit", "indicator")
