"""Who takes which step of the approval chain when, and what an edition must be for it.

Nobody has a part in two steps of an edition, under whichever account and in whosever place. Where
the office is barred from a category, the second body that the scheme names takes its steps.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from chassis import persons
from chassis.refusals import Conflict, Forbidden, Missing
from ranking.rules.chain import (
    PUBLICATION,
    USUAL,
    ChainStep,
    State,
    TakenStep,
    next_step,
    state_after,
)
from ranking.rules.interest import OFFICE, SECOND_BODY


class NoSuchStep(Missing):
    """The chain of this edition has no such step."""

    zh = "该版排名的审批链没有此步骤。"
    remedy = (
        "Look the steps up at `GET …/steps`.",
        "请在 `GET …/steps` 查看审批链的步骤。",
    )


class TakenAtSteps(Conflict):
    """The scheme has an approval chain of its own, whose steps are taken at `steps`."""

    zh = "方案另定审批链，其步骤通过 `steps` 办理。"
    remedy = (
        "Read the chain at `GET …/steps`, and take the step that is next at `POST …/steps`.",
        "请在 `GET …/steps` 查看审批链，并通过 `POST …/steps` 办理当前步骤。",
    )


class StepOutOfOrder(Conflict):
    """The ranking is not in the state that this step starts from."""

    zh = "排名不处于该步骤的起始状态。"
    remedy = (
        "Read the ranking and take the step that is next: merge, review, decision, publication, or "
        "those of the scheme's own chain at `GET …/steps`.",
        "请查看排名的状态，依次办理汇总、审核、审定、公布；方案另定审批链的，见 `GET …/steps`。",
    )


class RoleNotOfStep(Forbidden):
    """This step belongs to another role."""

    zh = "该步骤由其他角色办理。"
    remedy = (
        "Have the step taken by an account of the role that `detail` names.",
        "请由 `detail` 所指角色的账户办理。",
    )


class SamePersonTwice(Conflict):
    """One person may have a part in one step of the chain only, however often it comes back."""

    zh = "同一人在审批链中只能办理一个步骤。"
    remedy = (
        "Have the step taken by another person of that role.",
        "请由该角色的另一人办理。",
    )


class RankingOutdated(Conflict):
    """What this edition was computed from has changed since."""

    zh = "本版排名计算之后，所依据的内容有变化。"
    remedy = (
        "Compute a new edition of the ranking and take that through the chain.",
        "请重新计算一版排名，并对新版办理审批。",
    )


class SheetNotFedBack(Conflict):
    """The units have not been told how their scores came about."""

    zh = "得分表尚未反馈，不能进入审批。"
    remedy = (
        "Feed the score sheet back to the units first.",
        "请先向各单位反馈得分表。",
    )


class LedgerStillOpen(Conflict):
    """The marks were computed while entries could still come."""

    zh = "得分计算时台账尚未封存。"
    remedy = (
        "Seal the ledger, compute the score sheet again, feed it back, and compute the ranking "
        "from that.",
        "请先封存台账，重新计算得分表并反馈，再据此计算排名。",
    )


class NotHandedIn(Conflict):
    """The organiser has not handed the category in, or has to do so again."""

    zh = "组织单位尚未汇总上报该类别，或上报后又有变动。"
    remedy = (
        "Have the organiser hand the category in while the ledger is open; once it is sealed, say "
        "in `reason` why it is signed without.",
        "请组织单位在台账封存前汇总上报；已经封存的，在 `reason` 中说明未经上报而签署的理由。",
    )


class RankingOvertaken(Conflict):
    """A later edition of this category has been published."""

    zh = "该类别已公布更新版次的排名。"
    remedy = (
        "Use the edition that was published later.",
        "请以较晚公布的版次为准。",
    )


class ObjectionsOpen(Conflict):
    """Objections of the category's units are not decided, or upheld and not carried out."""

    zh = "该类别单位尚有异议未复核，或成立后未办理落实。"
    remedy = (
        "Have the objections decided and carried out, and rank again where that moves a score; or "
        "publish all the same with `despite_objections`.",
        "请先复核并办理落实；影响得分的，重新计算排名后再公布；确须先行公布的，附 "
        "`despite_objections`。",
    )


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of the chain: the state it starts from, the one it ends in, the role that takes it."""

    before: State
    after: State
    role: str


CHAIN: dict[str, Transition] = {
    "merge": Transition("ranked", "merged", "performance_office"),
    "review": Transition("merged", "reviewed", "committee"),
    "decision": Transition("reviewed", "approved", "standing_committee"),
    "publication": Transition("approved", "published", "performance_office"),
}
"""The usual chain and its publication, by the routes that take them."""

_PUBLICATION = ChainStep(PUBLICATION, "performance_office")

ROLES_ZH = {
    "performance_office": "绩效办",
    "second_body": "回避事项办理机构",
    "committee": "综合绩效评估委员会",
    "standing_committee": "市委常委会",
    "vice_mayor": "分管副市长",
}

STATE_ZH: dict[State, str] = {
    "ranked": "已排名",
    "merged": "已汇总",
    "reviewed": "已审核",
    "in_approval": "审批中",
    "approved": "已审定",
    "embargoed": "待公开",
    "published": "已公布",
}


def step_of(chain: Sequence[ChainStep], code: str) -> ChainStep:
    """Return a step of a chain, or its publication, by its code."""
    found = next((each for each in (*chain, _PUBLICATION) if each.code == code), None)
    if found is None:
        known = [each.code for each in chain]
        raise NoSuchStep(f"There is no step {code}.", f"没有步骤 {code}。", step=code, steps=known)
    return found


def role_of(step: str, *, recused: bool, chain: Sequence[ChainStep] = USUAL) -> str:
    """Return whose step it is; of a category from which the office is `recused`, the second body's
    instead of the office's."""
    role = step_of(chain, step).role
    return SECOND_BODY if recused and role == OFFICE else role


def check_role(step: str, role: str, roles: Collection[str]) -> None:
    """Refuse whoever has not the role of a step."""
    if role not in roles:
        raise RoleNotOfStep(
            f"The {step} is for the role {role}.",
            f"该步骤由{ROLES_ZH[role]}办理。",
            role=role,
        )


def advance(
    taken: Sequence[TakenStep],
    step: str,
    person: str,
    roles: frozenset[str],
    *,
    recused: bool = False,
    chain: Sequence[ChainStep] = USUAL,
) -> State:
    """Return the state that the step leads to, or refuse it.

    The role is judged first, then the order, then the person: whoever may not take the step at all
    does not learn from the answer how far the chain has come.
    """
    check_role(step, role_of(step, recused=recused, chain=chain), roles)
    check_order(taken, step, chain)
    check_person(taken, step, person)
    return state_after([*taken, TakenStep(step, person)], chain)


def check_order(taken: Sequence[TakenStep], step: str, chain: Sequence[ChainStep] = USUAL) -> None:
    """Refuse a step that is not the next one."""
    step_of(chain, step)
    if next_step(chain, taken) != step:
        state, needed = state_after(taken, chain), _before(step, chain)
        raise StepOutOfOrder(
            f"The ranking is {state}; the {step} needs it {needed}.",
            f"排名{STATE_ZH[state]}；该步骤要求{STATE_ZH[needed]}。",
            state=state,
            needed=needed,
        )


def _before(step: str, chain: Sequence[ChainStep]) -> State:
    codes = [each.code for each in chain]
    held = codes[: codes.index(step)] if step in codes else codes
    return state_after([TakenStep(each, "") for each in held], chain)


def check_person(taken: Sequence[TakenStep], step: str, *people: str) -> None:
    """Refuse people who had a part in another step of the edition: who took it, sent it back, typed
    its minutes, or in whose place that was done. Their own step they may take again."""
    for each in taken:
        for one in people:
            if each.step != step and persons.is_among(one, (each.person, each.behind)):
                raise SamePersonTwice(
                    f"The same person has taken the {each.step} of this ranking.",
                    "同一人已办理过该排名的其他步骤。",
                    taken=each.step,
                )


def refuse_another_chain(chain: Sequence[ChainStep], asked: Sequence[ChainStep] | None) -> None:
    """Refuse an edition whose chain is not the one that the scheme in force asks for."""
    if tuple(chain) != tuple(asked or USUAL):
        raise RankingOutdated(
            "The scheme in force asks for another approval chain: rank again.",
            "现行方案的审批链已有变化：请重新排名。",
            changed=["approval"],
        )


def refuse_own_chain(step: str, *, own: bool) -> None:
    """Refuse to take a step of the usual chain of an edition that has one of its scheme's own."""
    if own and step != PUBLICATION:
        raise TakenAtSteps("Take its steps at `steps`.", "请通过 `steps` 办理。", step=step)


def refuse_not_handed_in(*, handed_in: bool, explained: bool) -> None:
    """Refuse to sign what was not handed in, unless it is said why."""
    if not handed_in and not explained:
        raise NotHandedIn("The organiser has not handed it in.", "组织单位尚未汇总上报。")


def refuse_publication(step: str) -> None:
    """Refuse to publish as though that were a step: it has its own route."""
    if step == PUBLICATION:
        raise NoSuchStep(
            "It is published at `publication`.", "请通过 `publication` 公布。", step=step
        )


def refuse_outdated(computed_from: Mapping[str, str], reported: Mapping[str, str]) -> None:
    """Refuse an edition unless all that has been reported of its units by now is in it.

    `reported` are the present digests of the reports; `computed_from` are those of the edition.
    """
    changed = sorted(name for name, digest in reported.items() if computed_from[name] != digest)
    if changed:
        raise RankingOutdated(
            f"New {' and '.join(changed)} have come in: rank again.",
            "有新的报送，请重新排名。",
            changed=changed,
        )


def refuse_untold(edition: int, *, fed_back: bool) -> None:
    """Refuse marks of which the units were not told: nobody could have objected to them.

    How they came about is kept as it was told; so nobody explains them otherwise afterwards.
    """
    if not fed_back:
        raise SheetNotFedBack(
            f"Edition {edition} of the score sheet has not been fed back to the units.",
            f"第{edition}版得分表尚未反馈各单位。",
            score_sheet_edition=edition,
        )


def refuse_open_objections(number: int, *, despite: bool) -> None:
    """Refuse to publish in silence past objections that could still move what is published."""
    if number and not despite:
        raise ObjectionsOpen(
            f"{number} objection(s) of its units are open.",
            f"该类别单位尚有 {number} 件异议未了结。",
            open_objections=number,
        )


def refuse_unsettled(ledger_phases: Mapping[int, str]) -> None:
    """Refuse marks that more entries could still change, by the sheets' editions."""
    for edition, phase in sorted(ledger_phases.items()):
        if phase != "sealed":
            raise LedgerStillOpen(
                f"Edition {edition} of the score sheet is of an open ledger: seal it, compute a "
                "new sheet, and rank again.",
                f"第{edition}版得分表计算时台账未封存：请封存台账、重新计算得分表并重新排名。",
                score_sheet_edition=edition,
            )


def refuse_unscored(edition: int, changed: Sequence[str]) -> None:
    """Refuse to go on with a newest score sheet, of this edition, that no longer says how it is."""
    if changed:
        raise RankingOutdated(
            f"After edition {edition} of the score sheet {' and '.join(changed)} changed: compute "
            "a new sheet, and rank again.",
            f"第{edition}版得分表之后，所依据的内容有变化：请重新计算得分表并重新排名。",
            changed=list(changed),
            score_sheet_edition=edition,
        )


def refuse_changed(edition: int, changed: Collection[str]) -> None:
    """Refuse an edition that the newest score sheet, of this edition, ranks otherwise.

    `changed` are the units with other points, another place or another grade.
    """
    if changed:
        raise RankingOutdated(
            f"Edition {edition} of the score sheet gives {len(changed)} units another result: "
            "rank again.",
            f"按第{edition}版得分表，{len(changed)}个单位结果不同：请重新排名。",
            changed=["score_sheet"],
            score_sheet_edition=edition,
            units=sorted(changed),
        )


def refuse_overtaken(edition: int, published: int | None) -> None:
    """Refuse to publish an edition after a later one of its category, `published`, if any."""
    if published is not None and edition < published:
        raise RankingOvertaken(
            f"Edition {published} has been published; {edition} is older.",
            f"第{published}版已公布，第{edition}版更早。",
            published=published,
        )
