"""The way of a year's rankings to their releases (审批): handed in, signed, merged, reviewed, sent
back once, shown to everybody, decided, released at an instant, and corrected once after that."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple, Protocol

from kaoping.city.approved import DECISION, MERGE, REVIEW, SIGNATURE, Marked
from kaoping.client import Refused
from kaoping.people import (
    COMMITTEE,
    COMMITTEE_CLERK,
    STANDING_CLERK,
    STANDING_COMMITTEE,
    VICE_MAYOR,
    VICE_MAYOR_DEPUTY,
    People,
)
from kaoping.plan import COLLEAGUE, OFFICE, Document, Plan

CHINA = dt.timezone(dt.timedelta(hours=8))
EVERYBODY = "everybody"
"""Who objects without an account."""


class Days(Protocol):
    """A clock that days can pass on."""

    def now(self) -> dt.datetime:
        """Return how late it is."""

    def begin(self, day: dt.date) -> None:
        """Let a day begin."""


class Objected(NamedTuple):
    """An objection to a notice: who filed it, about which unit, by which number."""

    filed_by: str
    about: str
    reference: str


class Correction(NamedTuple):
    """A correction of the sealed record on the way: of which unit, what its entry says instead."""

    unit: str
    indicator: str
    said: Document
    correction_id: str
    sheet: int


@dataclass
class Approving:
    """What is done about the rankings of a cycle that is at `path`, and what came of it.

    `rank` computes a category anew, feeds the score sheet back and returns its number and the
    edition. Without `days` none pass: nothing is shown first, and releases are brought forward.
    `sheets` and `editions` are by category, newest last; `refused` are the codes of what could not
    be done yet.
    """

    path: str
    plan: Plan
    people: People
    rank: Callable[[str], tuple[int, int]]
    days: Days | None = None
    marked: Marked | None = None
    editions: dict[str, list[int]] = field(default_factory=dict)
    releases: dict[str, list[int]] = field(default_factory=dict)
    notices: dict[int, Document] = field(default_factory=dict)
    objected: list[Objected] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    refused: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    not_handed_in: list[str] = field(default_factory=list)
    instant: dt.datetime | None = None
    delegation: int = 0

    def hand_in(self, done: Callable[[int], None]) -> None:
        """Organisers hand in their categories; whose own unit competes may not."""
        for each in self.plan.scheme["categories"]:
            if each["code"] not in self.plan.categories:
                continue
            done(1)
            if each["organiser"] is None or each["organiser"] in each["units"]:
                self.not_handed_in.append(each["code"])
                continue
            path = f"{self.path}/categories/{each['code']}/hand-in"
            self.people[each["organiser"]].post(path, {"reason": "已核对，缺项按方案处理"})

    def delegate(self) -> None:
        """The vice mayor lets a deputy sign for a while."""
        body = {
            "delegate": self.people.subjects[VICE_MAYOR_DEPUTY],
            "role": "vice_mayor",
            "steps": [SIGNATURE],
            "until": (self._now() + dt.timedelta(days=365)).date().isoformat(),
            "document_no": "云政办〔2026〕2号",
        }
        answer = self.people[VICE_MAYOR].post(f"{self.path}/delegations", body)
        self.delegation = int(answer["delegation"]["number"])

    def _now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) if self.days is None else self.days.now()

    def approve(self, rankings: dict[str, int], done: Callable[[int], None]) -> None:
        """Take every ranking to its release, one of them sent back once, and one computed anew
        because an objection to its notice was upheld.

        A correction has every edition computed anew that is not published yet: the others are
        decided before.
        """
        self.delegate()
        self.editions = {code: [edition] for code, edition in rankings.items()}
        first = next(iter(rankings))
        for code in rankings:
            self.to_review(code, done, is_returned=code == first)
        self._show([*rankings])
        marked = self.marked if self.days is not None else None
        if marked is not None:
            self._object(marked)
            self._try_to_decide(marked.category)
        self._pass_notices()
        for code in rankings:
            if marked is None or code != marked.category:
                self._finish(code, done)
        if marked is not None:
            self._try_to_decide(marked.category)
            self._answer(marked)
            self._try_to_decide(marked.category)
            self._anew(marked)
            self.to_review(marked.category, done)
            self._show([marked.category])
            self._pass_notices()
            self._finish(marked.category, done)
        self._pass_embargo()

    def _finish(self, code: str, done: Callable[[int], None], **more: object) -> None:
        self._meet(code, DECISION)
        self._release(code, **more)
        done(1)

    def to_review(
        self, code: str, done: Callable[[int], None], *, is_returned: bool = False
    ) -> None:
        """Have the newest edition of a category signed, merged and reviewed."""
        self._sign(code)
        self._merge(code)
        if is_returned:
            self._meet(code, REVIEW, back_to=SIGNATURE)
            self._try(code, MERGE, OFFICE, {"document_nos": ["云绩〔2026〕9号"]})
            self._sign(code)
            self._merge(code)
        self._meet(code, REVIEW)
        done(1)

    def _newest(self, code: str) -> str:
        return f"{self.path}/rankings/{self.editions[code][-1]}"

    def _sign(self, code: str) -> None:
        """Sign what was handed in; of every second category by the deputy."""
        body: Document = {"step": SIGNATURE}
        who = VICE_MAYOR
        if self.plan.categories.index(code) % 2:
            told = {"delegation": self.delegation, "reason": "受托签署，汇总上报表已由委托人核对"}
            who, body = VICE_MAYOR_DEPUTY, {**body, **told}
        self.people[who].post(f"{self._newest(code)}/steps", body)

    def _merge(self, code: str) -> None:
        body = {"step": MERGE, "document_nos": [f"云绩〔2026〕{self.editions[code][-1]}号"]}
        self.people[OFFICE].post(f"{self._newest(code)}/steps", body)

    def _meet(self, code: str, step: str, back_to: str | None = None) -> None:
        """Have two persons type what a meeting decided; whose unit competes is recused."""
        body = {
            "step": step,
            "minutes_no": f"{step}〔2026〕{self.editions[code][-1]}号",
            "meeting": self.meeting(code, step),
        }
        if back_to is not None:
            body |= {"word": "sent_back", "sent_back_to": back_to, "reason": "一处汇总口径有误"}
        for who in CLERKS[step]:
            self.people[who].post(f"{self._newest(code)}/steps", body)

    def meeting(self, code: str, step: str) -> Document:
        """Return the minutes of a meeting about a category: one of those who may vote is away, and
        one abstains."""
        asked = _of_code(self.plan.scheme["approval"]["steps"], step)
        units = _of_code(self.plan.scheme["categories"], code)["units"]
        out = [each["code"] for each in asked["members"] if each["unit"] in units]
        free = [each["code"] for each in asked["members"] if each["code"] not in out]
        there = free[:-1] if len(free) > asked["at_least"] else free
        abstain = int(len(there) > asked["at_least"])
        return {
            "held_on": "2026-03-05",
            "present": there,
            "recused": [{"member": each, "reason": "所在单位参评"} for each in out],
            "votes_for": len(there) - abstain,
            "votes_against": 0,
            "votes_abstained": abstain,
        }

    def _try(self, code: str, step: str, who: str, more: Document) -> None:
        """Do what cannot be done yet, and keep by which codes it was refused."""
        try:
            self.people[who].post(f"{self._newest(code)}/steps", {"step": step, **more})
        except Refused as refusal:
            self.refused.append((f"{code} {step}", refusal.codes))

    def _show(self, codes: Sequence[str]) -> None:
        """Open the notices of categories."""
        for code in codes if self.days is not None else ():
            told = self.people[OFFICE].post(f"{self._newest(code)}/notice", {})["notice"]
            self.notices[self.editions[code][-1]] = told

    def _pass_notices(self) -> None:
        """Let the notices that were opened end."""
        if self.days is not None:
            last = max(each["closes_on"] for each in self.notices.values())
            self.days.begin(dt.date.fromisoformat(last) + dt.timedelta(days=1))

    def _object(self, marked: Marked) -> None:
        """Two units and somebody without an account object to a notice: one unit is right."""
        notice = self.notices[self.editions[marked.category][-1]]
        lists = _lists(notice)
        order = list(chain.from_iterable(lists))
        right = self._undervalued(marked, [unit for unit in order if unit not in lists[0]] or order)
        wrong = next(unit for unit in reversed(order) if unit != right)
        path = f"notices/{notice['notice']}/objections"
        body: Document = {"text": "等次与实际不符。"}
        for unit in (right, wrong):
            told = self.people[unit].post(f"{self.path}/{path}", {**body, "about": unit})
            self.objected.append(Objected(unit, unit, told["objection"]["reference"]))
        body["about"] = order[0]
        told = self.people[OFFICE].post_openly(f"/public{self.path}/{path}", body)
        self.objected.append(Objected(EVERYBODY, order[0], told["reference"]))

    def _answer(self, marked: Marked) -> None:
        """Answer them: for the first the record is corrected, the others are rejected."""
        notice = self.notices[self.editions[marked.category][-1]]["notice"]
        correction = self._correct(marked, self.objected[0].about, marked.best, "云考评〔2026〕3号")
        for n, each in enumerate(self.objected):
            body: Document = {"references": [each.reference], "text": "经核实。"}
            body |= (
                {"outcome": "rejected"} if n else {"outcome": "upheld", "corrections": [correction]}
            )
            self.people[COLLEAGUE].post(f"{self.path}/notices/{notice}/answers", body)

    def _try_to_decide(self, code: str) -> None:
        said = {"minutes_no": "x", "meeting": self.meeting(code, DECISION)}
        self._try(code, DECISION, STANDING_COMMITTEE, said)

    def _entry(self, marked: Marked, unit: str) -> Document:
        asked = {"unit": unit, "indicator": marked.indicator, "state": "locked"}
        [found] = self.people[OFFICE].get(f"{self.path}/ledger-entries", **asked)["items"]
        entry: Document = found
        return entry

    def _undervalued(self, marked: Marked, units: Sequence[str]) -> str:
        """Return the first of some units whose entry does not earn the most."""
        edition = self.editions[marked.category][-1]
        ranking = self.people[OFFICE].get(f"{self.path}/rankings/{edition}")
        at = f"{self.path}/score-sheets/{ranking['score_sheet_edition']}"
        scores = {
            each["unit"]: score["score"]
            for each in self.people[OFFICE].get(at)["units"]
            for score in each["indicator_scores"]
            if score["indicator"] == marked.indicator
        }
        best = max(scores.values())
        return next(unit for unit in units if scores[unit] < best)

    def _correct(self, marked: Marked, unit: str, said: Document, number: str) -> str:
        """Have a correction of the entry of a unit proposed and approved; return its id."""
        answer = self.people[OFFICE].post(
            f"{self.path}/corrections",
            {
                "origin": "audit",
                "issuer": "云川市审计局",
                "document_no": number,
                "document_date": "2026-03-04",
                "reason": "复核原始凭证",
                "what": "replaces",
                "corrects": self._entry(marked, unit)["entry_id"],
                **said,
            },
        )
        correction_id = str(answer["correction"]["correction_id"])
        at = f"{self.path}/corrections/{correction_id}/decision"
        self.people[COMMITTEE].post(at, {"decision": "approved"})
        self.corrections.append(Correction(unit, marked.indicator, said, correction_id, 0))
        return correction_id

    def _anew(self, marked: Marked) -> None:
        """Compute a category anew from the corrected record."""
        sheet, edition = self.rank(marked.category)
        self.editions[marked.category].append(edition)
        self.corrections[-1] = self.corrections[-1]._replace(sheet=sheet)

    def _release(self, code: str, **more: object) -> None:
        """Publish the newest edition of a category; nobody sees it before an instant, unless it is
        brought forward."""
        now = self._now()
        if self.instant is None or self.instant <= now:
            self.instant = (now + dt.timedelta(days=30)).astimezone(dt.UTC).replace(microsecond=0)
        at = self.instant.isoformat().replace("+00:00", "Z")
        path, body = f"{self._newest(code)}/publication", {"publish_at": at, **more}
        number = self.people[COLLEAGUE].post(path, body)["manifest"]["release"]
        self.releases.setdefault(code, []).append(number)
        if self.days is None:
            path = f"{self.path}/releases/{number}/embargo"
            self.people[COLLEAGUE].post(path, {"reason": "大会提前召开"})

    def _pass_embargo(self) -> None:
        if self.days is not None and self.instant is not None:
            self.days.begin(self.instant.astimezone(CHINA).date() + dt.timedelta(days=1))

    def correct(self, done: Callable[[int], None]) -> None:
        """After the release an audit finds that a unit was rated too well: the whole way again, to
        a release that says what it corrects."""
        marked = self.marked
        if marked is None:
            return
        found = self.people[OFFICE].get(
            f"{self.path}/releases/{self.releases[marked.category][-1]}"
        )["document"]["units"]
        best = [each["unit"] for each in found if each["grade"] == found[0]["grade"]]
        before = {each.unit for each in self.corrections}
        overrated = next(unit for unit in reversed(best) if unit not in before)
        self._correct(marked, overrated, marked.worst, "云审〔2026〕7号")
        self._anew(marked)
        self.to_review(marked.category, done)
        self._show([marked.category])
        self._pass_notices()
        note = {"zh": "审计发现一项数据虚高，等次相应更正。", "en": "An audit corrected a value."}
        self._finish(marked.category, done, correction=note)
        self._pass_embargo()


def _of_code(found: Sequence[Document], code: str) -> Document:
    return next(each for each in found if each["code"] == code)


def _lists(notice: Document) -> list[list[str]]:
    """Return the units of a notice grade by grade."""
    return [[each["unit"] for each in line["units"]] for line in notice["lists"]]


CLERKS = {
    REVIEW: (COMMITTEE, COMMITTEE_CLERK),
    DECISION: (STANDING_COMMITTEE, STANDING_CLERK),
}
"""Who types the minutes of a meeting, and who types them again."""
