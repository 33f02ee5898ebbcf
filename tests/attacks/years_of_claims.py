"""What is done with claims and highlights of two years, held against their model."""

from decimal import Decimal
from uuid import uuid4

from hypothesis import strategies as st
from tests.attacks.told_claims import WORTH, YEARS, Filed, Ruling
from tests.attacks.two_years import CLAIMANTS, DECIDERS, OF, OFFICE, PEOPLE, UNIT, OfTwoYears

from service_testing.machines import step

SPELLINGS = (
    "省办〔2025〕{}号",
    "省办[2025]第0{}号",
    "省辦（２０２５）{}號文件",
    "省办〔二○二五〕{}\u200b号",
)
SHARES = [
    (Decimal("0.5"), Decimal("0.5")),
    (Decimal("0.25"), Decimal("0.6")),
    (Decimal("0.6"),) * 2,
]
AWARDS = ("sole", "listed", "listed", "listed", "another", "same", "same", "joint")


class OfClaims(OfTwoYears):
    """Hands claims in and decides about them, and lets them arrive in the year after."""

    new = st.tuples(
        st.sampled_from(YEARS),
        st.sampled_from(CLAIMANTS),
        st.sampled_from(["bonus", "bonus", "bonus", "bonus", "deduction"]),
        st.sampled_from([1, 1, 1, 2]),
        st.sampled_from(YEARS),
        st.sampled_from(["own", "own", "own", "X1"]),
        st.sampled_from([*WORTH]),
        st.sampled_from([None, 2025, 2026]),
        st.sampled_from(["E1", "E2", "E3"]),
    )

    who_files = st.sampled_from(["a", "v1", "own", "own", "own", "u1"])

    @step(several=st.lists(st.tuples(new, who_files, st.integers(0, 3)), min_size=1, max_size=4))
    def file(self, several):
        for each in several:
            self.file_one(*each)

    def file_one(self, one, who, n):
        year, unit, kind, paper, dated, holder, level, work, event = one
        self.touched.add(("claims", year))
        work = None if year == 2025 and work == 2026 else work
        who = OF[unit] if who == "own" else who
        person, own, role = PEOPLE[who]
        filed = Filed(
            f"N{len(self.claims.all)}", year, unit, (kind, paper, dated),
            f"单位{unit if holder == 'own' else holder}", level, work, event, person, own,
        )  # fmt: skip
        number = SPELLINGS[n].format(f"{self.at.number}9{paper}")
        may = year not in self.claims.sealed and (role == OFFICE or own == unit)
        body = {"claims": [self.told_as(filed, number)]}
        answer = self.send("scoring", who, year, "claims", body, may)
        if may:
            self.claims.all.append(filed)
            self.ids[filed] = answer.json()["rows"][0]["claim_id"]

    def told_as(self, filed, number):
        more = {"rule": "DED01"}
        if filed.kind == "bonus":
            more = {"level": filed.level, "authority": "省委省政府", "holder_name": filed.holder}
        return more | {
            "claim_no": filed.no,
            "unit": filed.unit,
            "kind": filed.kind,
            "document_no": number,
            "document_date": f"{filed.paper[2]}-{self.at.day}",
            "work_year": filed.work_year,
            "event_key": filed.event,
        }

    def one_claim(self, data):
        """Draw a claim, most often one that waits."""
        waiting = [each for each in self.claims.all if each.state == "handed_in"]
        return data.draw(st.sampled_from([*self.claims.all, *waiting, *waiting, *waiting]))

    @step(
        ready=lambda self: self.claims.all,
        who=st.sampled_from([*DECIDERS, "a", "b", "b"]),
        rejects=st.sampled_from([False, False, False, True]),
        reason=st.sampled_from([True, True, False]),
        award=st.sampled_from(AWARDS),
        item=st.sampled_from(["", "", "一等奖"]),
        against=st.sampled_from([None, None, None, "0.5", "1", "2.5"]),
    )
    def decide(self, data, who, rejects, reason, award, item, against):
        claim = self.one_claim(data)
        others = self.claims.others(claim)
        award = award if others or award in ("listed", "another") else "sole"
        item = "" if award == "sole" else item or ("二等奖" if award == "another" else "")
        other, shares = None, ()
        if award in ("same", "joint"):
            own = [claim, claim] if award == "same" else []
            other = data.draw(st.sampled_from([*others, *own]))
            shares = data.draw(st.sampled_from(SHARES)) if award == "joint" else ()
        points = None if against is None else Decimal(against)
        ruling = Ruling(rejects, reason, award, item, other, shares, points)
        self.rule_on(claim, who, ruling)

    @step(
        ready=lambda self: self.claims.all,
        who=st.sampled_from(["a", "b", *DECIDERS]),
        item=st.sampled_from(["", "", "一等奖"]),
    )
    def decide_as_some_may(self, data, who, item):
        """Make a decision that somebody may make, and that only who decides can keep from it."""
        claim = self.one_claim(data)
        others = self.claims.others(claim)
        tries = [
            Ruling(),
            Ruling(award="listed", item=item),
            Ruling(award="another", item="二等奖"),
        ]
        tries += [Ruling(award="same", item=item, other=each) for each in (claim, *others)]
        half = (Decimal("0.5"),) * 2
        tries += [Ruling(award="joint", other=each, shares=half) for each in others]
        can = [each for each in tries if self.claims.may_rule(claim, "nobody", None, each)]
        if can:
            self.rule_on(claim, who, data.draw(st.sampled_from(can)))

    def rule_on(self, claim, who, ruling):
        self.touched |= {("claims", year) for year in YEARS}
        person, unit, _ = PEOPLE[who]
        may = self.claims.may_rule(claim, person, unit, ruling)
        decision = {"claim_id": self.ids[claim], "decision": "rejected"}
        if not ruling.rejects:
            decision |= {"decision": "confirmed"} | self.award_of(claim, ruling)
        if ruling.reason:
            decision["reason"] = "已核对"
        path = "claims/confirmation"
        self.send("scoring", who, claim.year, path, {"decisions": [decision]}, may)
        if may:
            self.claims.rule(claim, person, ruling)

    def award_of(self, claim, ruling):
        points = {} if ruling.against is None else {"against": {"points": str(ruling.against)}}
        if ruling.award == "sole":
            return points
        kind = "another_award" if ruling.award == "another" else ruling.award
        award = {"kind": kind} | ({"item": ruling.item} if ruling.item else {})
        if kind == "same":
            award["counts"] = self.ids[ruling.other]
        if kind == "joint":
            given = zip((claim, ruling.other), ruling.shares, strict=True)
            award["shares"] = [{"claim_id": self.ids[c], "share": str(s)} for c, s in given]
        return points | {"award": award}

    @step(
        ready=lambda self: self.claims.all,
        who=st.sampled_from([*DECIDERS, "u1", "u2", "u3"]),
        document=st.booleans(),
    )
    def withdraw(self, data, who, document):
        claim, (person, unit, role) = self.one_claim(data), PEOPLE[who]
        self.touched |= {("claims", year) for year in YEARS}
        may = self.claims.may_withdraw(claim, person, unit, role == OFFICE, document)
        body = {"claim_ids": [self.ids[claim]], "reason": "有误"}
        body |= {"document_no": "撤〔2026〕1号"} if document else {}
        self.send("scoring", who, claim.year, "claims/withdrawal", body, may)
        if may:
            self.claims.withdraw(claim, person)

    @step(ready=lambda self: len(self.claims.all) > 4, year=st.sampled_from([2025, 2025, 2026]))
    def seal(self, year):
        self.touched |= {("claims", year), ("highlights", year)}
        may = year not in self.claims.sealed and not (year == 2026 and self.claims.to_come())
        asked = self.at.post("scoring", "a", year, "ledger/seal?mode=check", {})
        told = self.ask(asked).json()
        left = {name: told[name] for name in ("leaves", "seen") if name in told}
        body = left | {"accept_unscored": {"reason": "逾期未认定"}}
        self.send("scoring", "a", year, "ledger/seal", body, may)
        if may:
            self.claims.sealed.add(year)

    @step(ready=lambda self: 2025 in self.claims.sealed and not self.claims.fed_back)
    def feed_back(self):
        """What claims brought is settled with that."""
        edition = self.send("scoring", "a", 2025, "score-sheets", {}, True).json()["edition"]
        self.send("scoring", "a", 2025, f"score-sheets/{edition}/feedback", None, True)
        self.claims.fed_back = True

    @step(ready=lambda self: 2025 in self.claims.sealed, who=st.sampled_from(["a", "b", "u1"]))
    def arrive(self, who):
        self.touched.add(("claims", 2026))
        may = PEOPLE[who][2] == OFFICE and 2026 not in self.claims.sealed
        answer = self.send("scoring", who, 2026, "claims/arrivals", None, may)
        if not may:
            return
        coming = {self.ids[each]: each for each in self.claims.carried()}
        told = answer.json()
        assert {each["from_claim_id"] for each in told["arrived"]} == {*coming}
        assert told["waiting"] == []
        for each in told["arrived"]:
            was = coming[each["from_claim_id"]]
            here = Filed(
                each["claim_no"], 2026, was.unit, was.paper, was.holder, was.level,
                was.work_year or 2025, was.event, was.author, was.author_unit, came_from=was,
            )  # fmt: skip
            self.claims.all.append(here)
            self.ids[here] = each["claim_id"]

    def compare_claims(self, year):
        """Nor does an honour count twice over both years; what is carried arrived at most once."""
        found = {
            each["claim_id"]: each
            for each in self.read("scoring", year, "claims?limit=200")["items"]
        }
        mine = {self.ids[each]: each for each in self.claims.all if each.year == year}
        assert {*found} == {*mine}
        for claim_id, one in mine.items():
            each = found[claim_id]
            said = each["confirmation"] or dict.fromkeys(("award", "share", "against"))
            share, against = (said[n] and Decimal(said[n]) for n in ("share", "against"))
            assert (each["state"], share, against) == (one.state, one.share, one.against), each
            before = said.get("earlier_points")
            assert (None if before is None else Decimal(before)) == one.before, (one, each)
            assert (bool(share) and said["award"] == "listed") is one.listed, (one, each)
            came = each["carried_from"] and each["carried_from"]["claim_id"]
            assert came == (self.ids[one.came_from] if one.came_from else None)
            held = one.state == "handed_in" and any(o.is_live for o in self.claims.others(one))
            assert each["held"] is held
        assert self.claims.counts_twice() == []

    def teardown(self):
        """What units gain and lose in both years is what the model says."""
        for year in () if self.parted else YEARS:
            self.compare_claims(year)
            edition = self.send("scoring", "a", year, "score-sheets", {}, True).json()["edition"]
            sheet = self.read("scoring", year, f"score-sheets/{edition}")
            sums = dict[tuple, Decimal]()
            for each in sheet["claims"]:
                key = (each["unit"], each["kind"])
                sums[key] = sums.get(key, Decimal(0)) + Decimal(each["points"])
            assert {k: v for k, v in sums.items() if v} == self.claims.totals(year)


class OfHighlights(OfTwoYears):
    """Reports highlights and examines them."""

    def standing(self, year, unit):
        return sum(
            (one["year"], one["unit"]) == (year, unit) and one["state"] in ("reported", "accepted")
            for one in self.shown.values()
        )

    @step(
        ready=lambda self: len(self.shown) < 9,
        year=st.sampled_from(YEARS),
        unit=st.sampled_from(["X1", "X1", "X2"]),
    )
    def report(self, year, unit):
        self.touched.add(("highlights", year))
        sealed = year in self.claims.sealed
        if (year, unit) not in self.files and not sealed:
            answer = self.send(
                "scoring", OF[unit], year, "evidence?name=a.txt", None, True,
                content="亮点\n".encode(), headers={"Content-Type": "text/plain"},
            )  # fmt: skip
            self.files[year, unit] = answer.json()["evidence_id"]
        file = self.files.get((year, unit), str(uuid4()))
        may = not sealed and self.standing(year, unit) < 4
        body = {"title": "一窗通办", "text": "一个窗口受理。", "evidence_ids": [file]}
        answer = self.send("scoring", OF[unit], year, "highlights", body, may)
        if may:
            one = {"year": year, "unit": unit, "state": "reported", "publish": False}
            self.shown[answer.json()["highlight_id"]] = one

    @step(
        ready=lambda self: self.shown,
        who=st.sampled_from([*DECIDERS, "u1"]),
        to=st.sampled_from(["accepted", "accepted", "not_accepted", "taken_back"]),
        reason=st.booleans(),
        publish=st.booleans(),
    )
    def examine(self, data, who, to, reason, publish):
        highlight = data.draw(st.sampled_from([*self.shown]))
        one, (person, unit, role) = self.shown[highlight], PEOPLE[who]
        self.touched.add(("highlights", one["year"]))
        body, open_ = {"highlight_id": highlight}, one["year"] not in self.claims.sealed
        if to == "taken_back":
            may = open_ and role == UNIT and unit == one["unit"] and one["state"] == "reported"
            path, body, publish = "highlights/withdrawal", body | {"reason": "重报"}, False
        else:
            author = PEOPLE[OF[one["unit"]]][0]
            free = self.standing(one["year"], one["unit"]) < 4
            may = (
                open_ and role == OFFICE and person != author and unit != one["unit"]
                and (reason or (to == "accepted" and one["state"] == "reported"))
                and not (publish and to == "not_accepted")
                and one["state"] != "taken_back"
                and (one["state"], to) != ("not_accepted", "not_accepted")
                and (one["state"] != "not_accepted" or free)
            )  # fmt: skip
            path, body = "highlights/examination", body | {"decision": to, "publish": publish}
            body |= {"reason": "经核"} if reason else {}
        self.send("scoring", who, one["year"], path, body, may)
        if may:
            one |= {"state": to, "publish": publish}

    def compare_highlights(self, year):
        found = self.read("scoring", year, "highlights?limit=200")["items"]
        told = {one["highlight_id"]: (one["state"], one["publish"]) for one in found}
        mine = {i: (o["state"], o["publish"]) for i, o in self.shown.items() if o["year"] == year}
        assert told == mine
        for unit in CLAIMANTS:
            assert self.standing(year, unit) <= 4
