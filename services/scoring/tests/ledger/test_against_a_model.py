"""A ledger against a model of it: whatever is entered, handed in, decided, closed or taken out, in
any order, both say the same."""

from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from service_testing import trials
from service_testing.machines import AskingMachine, run_machine

WRITERS = {"wang": "ZH01", "zhao": "ZH01", "qian": "ZH02", "sun": "ZH02"}
"""People of the two data source units: events of C03, and the value of C01."""
DECIDERS = ("office", "colleague", "wang", "qian", "its author")
"""Who decides in the performance office; writers have an account there besides."""
UNITS, MONTHS = ("XQ01", "XQ02"), ("2025-03", "2025-04", "2025-07")
PERIODS = (*MONTHS, "2025Q1", "2025H1")
HELD = ("submitted", "verified")
SEALED_AFTER = 9
"""With so many entries a ledger may be sealed: what comes then is refused."""


@dataclass(frozen=True)
class One:
    """An entry of the model. `gone` is what it takes out once it is verified."""

    no: int
    unit: str
    indicator: str
    kind: str
    key: str
    period: str
    day: str | None
    value: str
    author: str
    state: str
    gone: int | None = None
    late: int | None = None
    evidence: frozenset[int] = frozenset()

    @property
    def author_unit(self) -> str:
        return WRITERS[self.author]

    @property
    def is_zero(self) -> bool:
        return self.key == "zero_report"


@dataclass
class Model:
    """What a ledger has to hold, by its own account of the rules."""

    entries: dict[int, One] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    leaves: list[tuple[str, str, str | None]] = field(default_factory=list)
    sealed: bool = False

    def taken_out(self, no: int) -> bool:
        """Whether something was handed in that takes an entry out, and may still do so."""
        return any(each.gone == no and each.state != "withdrawn" for each in self.entries.values())

    def standing(self, without: frozenset[int], *, decided: bool = False) -> list[One]:
        """The entries that another is held against; where it is decided, those that count."""
        states = ("verified",) if decided else HELD
        leaving = {
            each.gone
            for each in self.entries.values()
            if each.kind == "reversal" and each.state in states
        }
        return [
            each
            for each in self.entries.values()
            if each.state in states
            and each.kind != "reversal"
            and each.no not in leaving
            and each.no not in without
        ]

    def clashes(self, new: One, *, decided: bool = False) -> bool:
        """Whether an entry is about what another is about already."""
        if new.kind == "reversal":
            return False
        without = frozenset({new.no, *([] if new.gone is None else [new.gone])})
        for each in self.standing(without, decided=decided):
            if (each.unit, each.indicator) != (new.unit, new.indicator):
                continue
            if new.kind == "measured_value" or is_contradicted(new, each):
                return True
        return False

    def admits(self, *about: One) -> tuple[bool, int | None]:
        """Whether something is let in, and by which permission."""
        used = list[int]()
        for one in about:
            found = [each for each in self.closed if within(one.period, each)]
            days = [each for each in self.closed if one.day and within(one.day[:7], each)]
            if not found and not days:
                continue
            of_period = self.leave(one, lambda period, o=one: within(o.period, period))
            of_day = self.leave(
                one, lambda period, o=one: bool(o.day) and within(o.day[:7], period)
            )
            needed = [leave for wanted, leave in ((found, of_period), (days, of_day)) if wanted]
            if None in needed:
                return False, None
            used += needed
        return True, used[0] if used else None

    def leave(self, one: One, is_about) -> int | None:
        for number, (period, unit, indicator) in enumerate(self.leaves, 1):
            if unit == one.author_unit and indicator in (None, one.indicator) and is_about(period):
                return number
        return None


def is_contradicted(new: One, other: One) -> bool:
    """Whether one of two reports says that nothing happened, when the other says what did; or the
    new one says again that nothing did."""
    if new.is_zero and other.is_zero:
        return months(new.period) <= months(other.period)
    is_one_zero = new.is_zero or other.is_zero
    return is_one_zero and bool(months(new.period) & months(other.period))


def lies_outside(one: One) -> bool:
    """Whether an event did not happen in the period that it is reported for."""
    return one.day is not None and int(one.day[5:7]) not in months(one.period)


def within(period: str, other: str) -> bool:
    return months(period) <= months(other) and bool(months(period))


def months(period: str) -> set[int]:
    match period[4:]:
        case "":
            return set(range(1, 13))
        case "Q1":
            return {1, 2, 3}
        case "H1":
            return set(range(1, 7))
        case month:
            return {int(month[1:])}


DECIDING = {
    "data": st.data(),
    "who": st.sampled_from(DECIDERS),
    "to": st.sampled_from(["verified", "returned"]),
}


class Ledger(AskingMachine):
    """One ledger over HTTP, beside its model."""

    @initialize()
    def begin(self) -> None:
        self.cycle = type(self).world()
        self.model, self.ids = Model(), dict[int, str]()
        self.files = list[tuple[str, str]]()

    def writer(self, who: str):
        return self.cycle.source(WRITERS[who], subject=who)

    def decider(self, who: str):
        return self.cycle.caller("performance_office", subject=f"{who}-of-the-office", person=who)

    def post(self, client, path: str, body):
        return self.told(path, self.ask(self.cycle.post(client, path, body)))

    def agrees(self, answer, status: int) -> None:
        """The status is the one that the model says; of a sealed ledger any refusal will do."""
        if self.model.sealed and status != 200:
            assert 400 <= answer.status_code < 500, answer.text
        else:
            assert answer.status_code == status, answer.text

    def one(self, data, *states: str) -> One | None:
        """Draw an entry in one of some states, or any."""
        found = [e for e in self.model.entries.values() if not states or e.state in states]
        return data.draw(st.sampled_from(found)) if found else None

    def somebody(self, data, one: One) -> str:
        """Draw a writer, most often of the unit that wrote an entry."""
        own = [who for who, unit in WRITERS.items() if unit == one.author_unit]
        return data.draw(st.sampled_from([*WRITERS, *own, *own, *own]))

    def keep(self, one: One, entry_id: str) -> None:
        self.model.entries[one.no], self.ids[one.no] = one, entry_id

    def move(self, one: One, state: str, **more) -> None:
        self.model.entries[one.no] = replace(self.model.entries[one.no], state=state, **more)

    def drawn(self, who: str, unit: str, month: str, what: str, state: str) -> One:
        no = len(self.model.entries)
        if WRITERS[who] == "ZH02":
            told = ("C01", "measured_value", "actual", "2025", None, "104")
        elif what == "zero":
            told = ("C03", "event", "zero_report", month, None, "0")
        else:
            period = "2025" if what == "event of the year" else month
            told = ("C03", "event", "overdue", period, f"{month}-09", "1")
        return One(no, unit, *told, who, state)

    def body(self, one: One) -> dict:
        told = {name: getattr(one, name) for name in ("unit", "indicator", "kind", "key")}
        return told | {"period": one.period, "value": one.value, "occurred_on": one.day}

    new = st.tuples(
        st.sampled_from(sorted(WRITERS)),
        st.sampled_from(UNITS),
        st.sampled_from(MONTHS),
        st.sampled_from(["event", "event", "event of the year", "zero"]),
        st.sampled_from(["submitted", "submitted", "draft"]),
    )

    def expected(self, one: One, *about: One) -> tuple[int, int | None]:
        """Which status an entry that comes in gets, and the permission by which it does."""
        if self.model.sealed:
            return 409, None
        fits, leave = self.model.admits(one, *about)
        fits = fits and not lies_outside(one)
        clashes = one.state != "draft" and self.model.clashes(one)
        return (201 if fits and not clashes else 422), leave

    @rule(several=st.lists(new, min_size=1, max_size=4))
    def enter(self, several) -> None:
        for each in several:
            self.enter_one(*each)

    def enter_one(self, who: str, unit: str, month: str, what: str, state: str) -> None:
        one = self.drawn(who, unit, month, what, state)
        status, leave = self.expected(one)
        answer = self.post(
            self.writer(who), "ledger-entries", {"entries": [self.body(one)], "state": state}
        )
        self.agrees(answer, status)
        if status == 201:
            self.keep(replace(one, late=leave), answer.json()["rows"][0]["entry_id"])

    @rule(data=st.data())
    def hand_in(self, data) -> None:
        if (one := self.one(data, "draft", "returned") or self.one(data)) is None:
            return
        who = self.somebody(data, one)
        fits, leave = self.model.admits(*self.about(one))
        can = (
            one.author_unit == WRITERS[who]
            and one.state in ("draft", "returned")
            and not self.model.clashes(one)
            and fits
            and not self.model.sealed
        )
        path = "ledger-entries/submission"
        answer = self.post(self.writer(who), path, {"entry_ids": [self.ids[one.no]]})
        self.agrees(answer, (200 if can else 409))
        if can:
            self.move(one, "submitted", late=one.late or leave)

    def about(self, one: One) -> list[One]:
        return [one] if one.gone is None else [one, self.model.entries[one.gone]]

    @rule(data=st.data())
    def withdraw(self, data) -> None:
        if (one := self.one(data, "draft", "returned") or self.one(data)) is None:
            return
        who = self.somebody(data, one)
        is_own = one.author_unit == WRITERS[who]
        can = (
            is_own
            and one.state in ("draft", "returned")
            and one.kind != "reversal"
            and not self.model.sealed
        )
        path = f"ledger-entries/{self.ids[one.no]}/withdrawal"
        answer = self.post(self.writer(who), path, {"reason": "错 x"})
        refused = 409 if is_own or self.model.sealed else 404
        self.agrees(answer, (200 if can else refused))
        if can:
            self.move(one, "withdrawn")

    @rule(
        data=st.data(), who=st.sampled_from(DECIDERS), to=st.sampled_from(["verified", "returned"])
    )
    def decide(self, data, who, to) -> None:
        if (one := self.one(data, "submitted")) is None:
            return
        self.decide_about(one, who, to)

    @rule(
        data=st.data(), who=st.sampled_from(DECIDERS), to=st.sampled_from(["verified", "returned"])
    )
    def decide_about_any(self, data, who, to) -> None:
        if (one := self.one(data)) is None:
            return
        self.decide_about(one, who, to)

    def decide_about(self, one: One, who: str, to: str) -> None:
        who = one.author if who == "its author" else who
        is_author = who in {each.author for each in self.about(one)}
        can = one.state == "submitted" and not is_author and not self.model.sealed
        body = {"entry_ids": [self.ids[one.no]]}
        if to == "verified":
            can = can and not self.model.clashes(one, decided=True)
        else:
            body["reason"] = "有误 x"
        path = "verification" if to == "verified" else "return"
        answer = self.post(self.decider(who), f"ledger-entries/{path}", body)
        self.agrees(answer, (200 if can else 409))
        if can:
            self.move(one, to)
            if to == "verified" and one.gone is not None:
                self.move(self.model.entries[one.gone], "voided")

    @rule(data=st.data())
    def reverse(self, data) -> None:
        if (one := self.one(data, "verified") or self.one(data)) is None:
            return
        who = self.somebody(data, one)
        is_own = one.author_unit == WRITERS[who]
        fits, leave = self.model.admits(replace(one, author=who))
        can = (
            is_own
            and one.state == "verified"
            and one.kind != "reversal"
            and not self.model.taken_out(one.no)
            and fits
            and not self.model.sealed
        )
        path = f"ledger-entries/{self.ids[one.no]}/reversal"
        answer = self.post(self.writer(who), path, {"reason": "重复 x"})
        refused = 409 if is_own or self.model.sealed else 404
        self.agrees(answer, (201 if can else refused))
        if can:
            gone = {"no": len(self.model.entries), "gone": one.no, "kind": "reversal"}
            told = gone | {"author": who, "state": "submitted", "late": leave}
            new = replace(one, **told, evidence=frozenset())
            self.keep(new, answer.json()["entry_id"])

    @rule(data=st.data(), month=st.sampled_from(MONTHS))
    def restate(self, data, month) -> None:
        if (one := self.one(data, "verified")) is None or one.is_zero:
            return
        who = self.somebody(data, one)
        is_own = one.author_unit == WRITERS[who]
        day = f"{month}-10" if one.day else None
        value = "2" if one.day else "99"
        new = replace(
            one, no=len(self.model.entries), gone=one.no, day=day, value=value, author=who,
            state="submitted", late=None, evidence=frozenset(),
        )  # fmt: skip
        status, leave = self.expected(new, one)
        if not self.model.sealed:
            if not is_own:
                status = 404
            elif (
                one.kind == "reversal"
                or self.model.taken_out(one.no)
                or (one.value, one.day) == (value, day)
            ):
                status = 409
        body = {"value": value, "occurred_on": day, "reason": "修订 x"}
        path = f"ledger-entries/{self.ids[one.no]}/restatement"
        answer = self.post(self.writer(who), path, body)
        self.agrees(answer, status)
        if status == 201:
            self.keep(replace(new, late=leave), answer.json()["entry_id"])

    @precondition(lambda self: len(self.model.entries) > 3 * len(self.model.closed))
    @rule(period=st.sampled_from(PERIODS))
    def close(self, period) -> None:
        answer = self.post(self.cycle.office, f"periods/{period}/closing", None)
        closed = any(within(period, each) for each in self.model.closed)
        status = 409 if closed or self.model.sealed else 201
        self.agrees(answer, status)
        if status == 201:
            self.model.closed.append(period)

    @precondition(lambda self: len(self.model.leaves) < len(self.model.closed))
    @rule(
        period=st.sampled_from(PERIODS),
        unit=st.sampled_from(["ZH01", "ZH02"]),
        indicator=st.sampled_from([None, "C03"]),
    )
    def permit(self, period, unit, indicator) -> None:
        leave = {"period": period, "unit": unit, "indicator": indicator, "until": "2099-01-01"}
        leave |= {"reason": "晚到 x", "document_no": "云考办〔2026〕5号"}
        answer = self.post(self.cycle.office, "period-permissions", leave)
        closed = any(within(period, each) for each in self.model.closed)
        status = 201 if closed and not self.model.sealed else 409
        if (unit, indicator) == ("ZH02", "C03") and not self.model.sealed:
            status = 422  # it enters C01 alone
        self.agrees(answer, status)
        if status == 201:
            self.model.leaves.append((period, unit, indicator))
            assert answer.json()["permission_no"] == len(self.model.leaves)

    @rule(who=st.sampled_from(sorted(WRITERS)), text=st.sampled_from(["甲 a", "乙 b"]))
    def add_file(self, who, text) -> None:
        asking = self.writer(who).post(
            f"{self.cycle.path}/evidence?name=a.txt",
            content=f"{text}\n".encode(),
            headers={"Content-Type": "text/plain", "Idempotency-Key": str(uuid4())},
        )
        answer = self.ask(asking)
        self.agrees(answer, (409 if self.model.sealed else 201))
        if not self.model.sealed:
            self.files.append((answer.json()["evidence_id"], WRITERS[who]))

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def name_file(self, data) -> None:
        if (one := self.one(data)) is None:
            return
        who = self.somebody(data, one)
        file = data.draw(st.integers(0, len(self.files) - 1))
        evidence_id, owner = self.files[file]
        is_own = one.author_unit == WRITERS[who]
        path = f"ledger-entries/{self.ids[one.no]}/evidence"
        answer = self.post(self.writer(who), path, {"evidence_ids": [evidence_id]})
        can = is_own and owner == WRITERS[who] and not self.model.sealed
        refused = 404 if not is_own and not self.model.sealed else 409
        self.agrees(answer, (200 if can else refused))
        if can:
            assert answer.json()["added"] == (file not in one.evidence)
            self.move(one, one.state, evidence=one.evidence | {file})

    @precondition(lambda self: len(self.model.entries) > SEALED_AFTER)
    @rule()
    def seal(self) -> None:
        """Nobody seals while something waits, nor twice; have it returned, and seal."""
        waiting = [each for each in self.model.entries.values() if each.state == "submitted"]
        if waiting or self.model.sealed:
            refused = self.post(self.cycle.office, "ledger/seal", {"leaves": {}})
            assert refused.status_code == 409, refused.text
        if self.model.sealed:
            return
        for each in waiting:
            self.decide_about(each, "office", "returned")
        told = self.ask(self.cycle.post(self.cycle.office, "ledger/seal?mode=check", None)).json()
        body = {"leaves": told["leaves"], "seen": told["seen"]}
        # With months that nobody reported as free of events, the indicator has no score to rest on.
        idle = sum(
            (each.indicator, each.kind, each.state) == ("C03", "event", "verified")
            for each in self.model.entries.values()
        )
        assert told["unscored"] == ({"not_read": idle} if idle else {})
        if idle:
            self.agrees(self.post(self.cycle.office, "ledger/seal", body), 409)
            body |= {"accept_unscored": {"reason": "零报告不全，不计分。"}}
        answer = self.post(self.cycle.office, "ledger/seal", body)
        self.agrees(answer, 200)
        self.model.sealed = True

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "model"):
            return
        found = self.ask(self.cycle.office.get(f"{self.cycle.path}/ledger-entries?limit=200"))
        told = {each["entry_id"]: each for each in found.json()["items"]}
        assert {*told} == {*self.ids.values()}
        for no, one in self.model.entries.items():
            each = told[self.ids[no]]
            state = "locked" if self.model.sealed and one.state == "verified" else one.state
            assert (each["state"], each["author"]) == (state, one.author)
            assert each["occurred_on"] == (None if one.kind == "reversal" else one.day)
            taken = each["reverses"] or each["restates"]
            assert taken == (None if one.gone is None else self.ids[one.gone])
        if self.model.leaves:
            path = f"{self.cycle.path}/period-permissions"
            leaves = self.ask(self.cycle.office.get(path)).json()["items"]
            late = {each["permission_no"]: set(each["late_entries"]) for each in leaves}
            for number in range(1, len(self.model.leaves) + 1):
                expected = {
                    self.ids[no] for no, one in self.model.entries.items() if one.late == number
                }
                assert late[number] == expected

    def teardown(self) -> None:
        """Of every entry that names files, the files are told."""
        for no, one in self.model.entries.items() if hasattr(self, "model") else ():
            if one.evidence:
                path = f"{self.cycle.path}/ledger-entries/{self.ids[no]}"
                shown = self.ask(self.cycle.office.get(path)).json()["evidence"]
                files = {self.files[each][0] for each in one.evidence}
                assert {each["evidence_id"] for each in shown} == files


@pytest.mark.prove
async def test_a_ledger_and_its_model_say_the_same(new_cycle):
    """5,000 steps in the long form. Planted bugs: let an author verify, which the short form sees
    too; let something be reversed twice."""
    tally = await run_machine(Ledger, new_cycle, (15, 30), (100, 50), "OneLedger")
    kinds = ("ledger-entries", "submission", "verification", "return", "reversal", "restatement")
    wanted = {*kinds, "withdrawal", "closing", "period-permissions", "evidence", "seal"}
    expected = {f"{each} {what}" for each in wanted for what in ("kept", "refused")}
    if trials(0, 1):
        assert {*tally} == expected, tally
