"""Ballots of named seats (领导评价, 互评): one from each, sealed until the urn is opened.

A ballot is sealed for the urn of its wave (RFC 9180, HPKE) when it is cast. What opens the urn is a
private key that the system has never seen before it is handed in; then all ballots are counted at
once, and nothing is kept of a single one.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from chassis.refusals import Conflict, Fault, Forbidden, Invalid, pointer
from survey.rules.counts import MEETING_COUNT, CountedAtMeetings
from survey.rules.definition import ANSWER, Question, SurveyDefinition
from survey.rules.satisfaction import Tally

BALLOTS = frozenset({"leader_evaluation", "peer_review"})
"""The modes in which ballots are cast from seats."""

PEER_REVIEW = "peer_review"


class SeatsRejected(Invalid):
    """The seats do not fit the survey; none was kept."""

    zh = "席位与调查不符，未保存。"
    remedy = ("Mend what `errors` names.", "请改正 `errors` 所指各处。")


class BallotRejected(Invalid):
    """The ballot does not fit the survey or the seat; it was not cast."""

    zh = "选票与调查或席位不符，未投出。"
    remedy = (
        "Mend what `errors` names, and leave out the own unit and whomever you do not judge.",
        "请改正 `errors` 所指各处；不得评价本单位，不评价的单位不列。",
    )


class NotByBallot(Conflict):
    """The survey is not one in which seats cast ballots."""

    zh = "本项调查不由席位投票。"
    remedy = (
        "Post the responses of this survey in batches, or the count of its meeting.",
        "请按批次上报本项调查的应答，或上报会议计票结果。",
    )


class NoSeat(Forbidden):
    """The caller holds no seat in this wave."""

    zh = "调用者在本轮没有席位。"
    remedy = (
        "Have the performance office enter the account in the list of seats before the wave opens, "
        "or give it a seat whose account cannot vote.",
        "请绩效办在本轮开放前将账户列入席位名单，或将无法投票的席位更换为该账户。",
    )


class BallotCast(Conflict):
    """A ballot has been cast from this seat; it cannot be taken back, and there is no second."""

    zh = "该席位已经投票，不能收回，也不能再投。"
    remedy = ("Nothing needs to be done.", "无需再作处理。")


class PersonHasVoted(Conflict):
    """This person has cast a ballot in this wave, by another account; there is no second."""

    zh = "同一人员已用另一账户在本轮投票，不能再投。"
    remedy = (
        "Have the performance office give this seat to the account of another person.",
        "请绩效办将该席位更换为另一人员的账户。",
    )


class SeatsFixed(Conflict):
    """Seats are named before the wave opens, all at once."""

    zh = "席位须在本轮开放前一次列出。"
    remedy = (
        "Replace whoever holds a seat; void the wave and repeat it for other seats.",
        "席位账户可以更换；如须增减席位，请将本轮作废重做。",
    )


class SeatsMissing(Conflict):
    """Nobody has named the seats of this wave: no ballot could be cast in it."""

    zh = "本轮尚未列出席位，无人可以投票。"
    remedy = (
        "Name the seats before the wave opens: afterwards none is added.",
        "请在开放本轮之前列出席位；开放后不能增加。",
    )


class UrnMissing(Conflict):
    """Nobody has set up the urn of this wave: ballots could not be sealed."""

    zh = "本轮尚未设立票箱，选票无法密封。"
    remedy = (
        "Have the supervising body set the urn up, with the public part of a key that it keeps.",
        "请监督单位设立票箱，并自行保管私钥。",
    )


class UrnThere(Conflict):
    """The wave has its urn, or ballots have been counted."""

    zh = "本轮已设立票箱，或已开箱计票。"
    remedy = ("Nothing needs to be done.", "无需再作处理。")


class WrongKey(Invalid):
    """This key is not the one that opens the urn."""

    zh = "该密钥不能打开本票箱。"
    remedy = (
        "Hand in the private key whose public part set the urn up.",
        "请提交设立票箱时所用公钥对应的私钥。",
    )


class UnusableKey(Invalid):
    """Nothing can be sealed for this key."""

    zh = "该密钥不能用于密封选票。"
    remedy = (
        "Make an X25519 key pair, and hand in its public part, 32 bytes in base64url.",
        "请生成 `X25519` 密钥对，并提交其公钥（32字节，`base64url` 编码）。",
    )


class UrnUnopened(Conflict):
    """The urn of this wave has not been opened: there is nothing to count."""

    zh = "本轮票箱尚未开启，无可计票。"
    remedy = (
        "Have the supervising body open it with its key, once the wave has stopped.",
        "请监督单位在本轮停止后用其私钥开箱。",
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat from which one ballot is cast: the account that holds it, and the unit, if it has one,
    about which it says nothing."""

    seat: str
    account: str
    unit: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a ballot says about one unit: an `answer`, or `answers` by question."""

    unit: str
    answer: str | None = None
    answers: Mapping[str, str] | None = None


def takes_responses(definition: SurveyDefinition) -> bool:
    """Say whether each answer comes in by itself, and not as a count or in an urn."""
    return definition.mode not in {MEETING_COUNT, *BALLOTS}


def refuse_responses(definition: SurveyDefinition) -> None:
    """Refuse responses where forms are counted at meetings, or ballots cast from seats."""
    if not takes_responses(definition):
        raise CountedAtMeetings("The survey takes no responses.", "该调查不收应答。")


def check_seats(
    definition: SurveyDefinition, units: AbstractSet[str], seats: Sequence[Seat]
) -> None:
    """Refuse seats that are there twice, or that do not fit the survey."""
    faults, known, held = list[Fault](), set[str](), set[str]()
    for row, each in enumerate(seats):
        if each.seat in known:
            en = "An earlier row has this seat."
            faults.append(_fault(("seats", row, "seat"), "seat-twice", "席位", en))
        if each.account in held:
            en = "An earlier seat is held by this account."
            faults.append(_fault(("seats", row, "account"), "account-twice", "账户", en))
        faults += _fits(definition, units, each, row)
        known.add(each.seat)
        held.add(each.account)
    if faults:
        raise SeatsRejected("See the faults.", "见各项错误。", faults=faults)


def check_holder(account: str, holders: AbstractSet[str]) -> None:
    """Refuse an account that holds a seat already."""
    if account in holders:
        en = "A seat is held by this account."
        fault = Fault("/account", "account-twice", en, "该账户已有席位。")
        raise SeatsRejected("See the faults.", "见各项错误。", faults=[fault])


def require_votable(*, seats: bool, urn: bool) -> None:
    """Refuse to open a wave in which nobody could cast a ballot."""
    if not seats:
        raise SeatsMissing("There are no seats.", "没有席位。")
    if not urn:
        raise UrnMissing("The wave has no urn.", "本轮没有票箱。")


def _fits(
    definition: SurveyDefinition, units: AbstractSet[str], seat: Seat, row: int
) -> Iterator[Fault]:
    if definition.mode == PEER_REVIEW and seat.unit not in units:
        yield Fault(
            pointer("seats", row, "unit"),
            "no-peer",
            "In a peer review a seat is of a unit that the survey asks about.",
            "互评的席位须属于本次调查所涉单位。",
        )
    if not definition.takes_group(seat.group):
        yield Fault(
            pointer("seats", row, "group"),
            "unknown-group",
            "A seat is of one of the survey's groups, if it has any.",
            "席位须属于本次调查的一类评议主体；不分类的不填。",
        )


def _fault(at: Sequence[str | int], code: str, what: str, en: str) -> Fault:
    return Fault(pointer(*at), code, en, f"前面的行已列同一{what}。")


def check_ballot(
    definition: SurveyDefinition,
    units: AbstractSet[str],
    own: AbstractSet[str],
    judgements: Sequence[Judgement],
) -> None:
    """Refuse a ballot about an own unit, about one twice, or with answers that there are not."""
    faults, seen = list[Fault](), set[str]()
    for row, each in enumerate(judgements):
        at = "judgements", row
        if each.unit in own:
            en = "Nobody judges the own unit."
            faults.append(Fault(pointer(*at, "unit"), "own-unit", en, "不得评价本单位。"))
        elif each.unit not in units:
            en = "The survey does not ask about this unit."
            zh = "该单位不在本次调查范围内。"
            faults.append(Fault(pointer(*at, "unit"), "unknown-unit", en, zh))
        if each.unit in seen:
            en = "An earlier row is about this unit."
            faults.append(Fault(pointer(*at, "unit"), "unit-twice", en, "前面的行已评价该单位。"))
        seen.add(each.unit)
        faults += faults_of_answers(definition, each, at)
    if faults:
        raise BallotRejected("See the faults.", "见各项错误。", faults=faults)


def given(judgement: Judgement) -> Mapping[str, str]:
    """Return what a judgement says, by question."""
    if judgement.answers is not None:
        return judgement.answers
    return {} if judgement.answer is None else {ANSWER: judgement.answer}


def faults_of_answers(
    definition: SurveyDefinition, judgement: Judgement, at: tuple[str | int, ...]
) -> Iterator[Fault]:
    """Yield what is wrong with what is said about one unit."""
    questions = {each.code: each for each in definition.asked}
    is_form = judgement.answers is not None
    if is_form != bool(definition.questions) or (is_form and judgement.answer is not None):
        yield Fault(
            pointer(*at),
            "answers-misplaced",
            "`answer` is for a survey with one question, `answers` for one that names several.",
            "只有一道题的用 `answer`，有多道题的用 `answers`。",
        )
        return
    said = given(judgement)
    if not questions.keys() >= said.keys():
        en = "There is an answer to a question that the survey does not have."
        zh = "其中有本次调查所没有的题目。"
        yield Fault(pointer(*at, "answers"), "unknown-question", en, zh)
    for code, question in questions.items():
        where = (*at, "answers", code) if is_form else (*at, "answer")
        if found := _answered(question, said):
            yield Fault(pointer(*where), *found)


def _answered(question: Question, said: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return what is wrong with the answer to a question: a word, and a sentence in two
    languages."""
    skip, answer = question.asked_if, said.get(question.code)
    if skip is not None and said.get(skip.question) not in skip.options:
        en, zh = (
            "By the answers before it this question is not asked.",
            "按前面的答案，该题不应询问。",
        )
        return None if answer is None else ("question-skipped", en, zh)
    if answer is None:
        return "question-unanswered", "This question has no answer.", "该题没有答案。"
    if all(answer != each.code for each in question.options):
        return "unknown-answer", "This is not an option of the question.", "答案不是该题的选项。"
    return None


def tallied(
    ballots: Iterable[tuple[str | None, Sequence[Judgement]]],
) -> Mapping[str, list[Tally]]:
    """Count ballots, each with the group of its seat: by unit, question, group and option."""
    counts = Counter[tuple[str, str, str | None, str]]()
    for group, judgements in ballots:
        for each in judgements:
            for question, option in given(each).items():
                counts[each.unit, question, group, option] += 1
    found = dict[str, list[Tally]]()
    for (unit, question, group, option), number in sorted(counts.items(), key=str):
        found.setdefault(unit, []).append(Tally("completed", group, option, number, question))
    return found


def raw_key(text: str) -> bytes | None:
    """Return the 32 bytes of a key in base64url, or None where they are not so many."""
    try:
        raw = base64.b64decode(f"{text}=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == 32 else None
