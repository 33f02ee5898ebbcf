"""What is decided about the findings of a wave: keep the answers, or void an interviewer's."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from chassis.refusals import Conflict, Fault, Invalid, pointer
from survey.rules.screens.counts import About
from survey.rules.screens.findings import Sign

_MOST_NAMED = 200


class ScreenVerdict(StrEnum):
    """What a finding leads to. A whole wave is voided by the voiding of waves."""

    KEEP = "keep"
    VOID_INTERVIEWER = "void_interviewer"


class Found(NamedTuple):
    """A finding by its name and its counts: when these change, it is another one."""

    screen: str
    about: About
    subject: str
    observed: str
    of: int

    @property
    def name(self) -> tuple[str, str, str]:
        """What tells findings of one wave apart."""
        return self.screen, self.about, self.subject


class FindingsUndecided(Conflict):
    """Nobody has decided what the findings of the wave's screens lead to."""

    zh = "本轮调查的疑点筛查线索尚未处理。"
    remedy = (
        "Have the findings decided on, or send `undecided_findings_because` to close the wave all "
        "the same.",
        "请先对各条线索作出决定；如仍须关闭本轮，请填写 `undecided_findings_because`。",
    )


class ScreenDecisionRejected(Invalid):
    """The decision does not fit the findings or the interviews of this wave."""

    zh = "该决定与本轮的筛查线索或访问记录不符。"
    remedy = (
        "Name findings as the list of them has them, and an interviewer and units with answers in "
        "the wave.",
        "请按筛查线索清单填写线索，并填写本轮中有答卷的访员和单位。",
    )


def found(finding: Sign) -> Found:
    """Return what is decided about."""
    return Found(finding.screen, finding.about, finding.subject, finding.observed, finding.of)


def check_screen_decision(
    verdict: ScreenVerdict,
    named: Sequence[tuple[str, str, str]],
    findings: Mapping[tuple[str, str, str], Sign],
    voided: tuple[str | None, Sequence[str]],
    asked: Collection[tuple[str, str | None]],
) -> None:
    """Refuse a decision about what was not found, or that voids nothing or what is not there.

    `voided` are the interviewer and the units, none of which means all; `asked` are the pairs of
    unit and interviewer with answers in the wave.
    """
    faults = [
        Fault(
            pointer("findings", place),
            "unknown-finding",
            "The wave has no such finding.",
            "本轮没有这条线索。",
        )
        for place, name in enumerate(named)
        if name not in findings
    ]
    faults += _faults_in(verdict, *voided, asked)
    if faults:
        raise ScreenDecisionRejected(
            f"The decision has {len(faults)} fault(s).",
            f"该决定有 {len(faults)} 处错误。",
            faults=faults,
        )


def _faults_in(
    verdict: ScreenVerdict,
    interviewer: str | None,
    units: Sequence[str],
    asked: Collection[tuple[str, str | None]],
) -> Iterator[Fault]:
    if verdict is ScreenVerdict.KEEP:
        named = {"interviewer": interviewer, "units": units}
        for field in (name for name, value in named.items() if value):
            yield Fault(
                pointer(field),
                "nothing-to-void",
                "Whoever keeps all answers names nobody.",
                "保留全部答卷的，不填写此项。",
            )
    elif interviewer is None:
        yield Fault(
            pointer("interviewer"),
            "interviewer-missing",
            "Name the interviewer whose answers are void.",
            "请填写其答卷不予计入的访员。",
        )
    else:
        for place in _without_answers(interviewer, units, asked):
            yield Fault(
                place,
                "no-answers",
                "There are no answers that this interviewer brought in.",
                "该访员在此没有答卷。",
            )


def _without_answers(
    interviewer: str, units: Sequence[str], asked: Collection[tuple[str, str | None]]
) -> list[str]:
    there = {unit for unit, each in asked if each == interviewer}
    if not there:
        return [pointer("interviewer")]
    return [pointer("units", place) for place, each in enumerate(units) if each not in there]


def undecided(findings: Iterable[Sign], decided: Collection[Found]) -> list[Sign]:
    """Return the findings about which no decision is in force, as they are now."""
    return [each for each in findings if found(each) not in decided]


def refuse_undecided_findings(findings: Sequence[Sign], because: str | None) -> None:
    """Refuse to close a wave with findings that nobody decided on, unless it is said why."""
    if not findings or because is not None:
        return
    first = ", ".join(f"{each.subject} {each.screen}" for each in findings[:10])
    first_zh = "、".join(f"`{each.subject}` `{each.screen}`" for each in findings[:10])
    raise FindingsUndecided(
        f"{len(findings)} finding(s): {first}.",
        f"共 {len(findings)} 条线索：{first_zh}。",
        findings=[
            {"screen": each.screen, "about": each.about, "subject": each.subject}
            for each in findings[:_MOST_NAMED]
        ],
    )
