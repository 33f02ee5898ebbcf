"""Reviewing opinions (意见审核): proposed by one person, confirmed by another, then published."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Fault, Invalid
from survey.rules.batch import Finding


class OpinionVerdict(StrEnum):
    """What a review says of an opinion: it may be read, or not, or another one says the same."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"


class OpinionState(StrEnum):
    """How far an opinion is; a void one came in a batch, or from an interviewer, that counts no
    more, or in a wave that was voided."""

    QUARANTINED = "quarantined"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MERGED = "merged"
    VOID = "void"


class ReviewsRejected(Invalid):
    """Some of the reviews cannot be taken; none was kept."""

    zh = "其中有不能接收的审核意见，全部未保存。"
    remedy = (
        "Mend or leave out the rows that `errors` names, and send the others again.",
        "请改正或去掉 `errors` 所指各行，然后重新提交。",
    )


class OpinionsUnreviewed(Conflict):
    """Opinions of the wave have not been reviewed."""

    zh = "本轮尚有意见未审核完毕。"
    remedy = (
        "Review them, and have somebody else confirm it, before they are published.",
        "请先完成审核并由另一人确认，再行公布。",
    )


class OpinionsPublished(Conflict):
    """The opinions of the wave have been published before."""

    zh = "本轮意见已经公布。"
    remedy = (
        "Nothing needs to be done.",
        "无需再作处理。",
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """An opinion as it stands: its wave, whether it counts, and the newest review of it, with whose
    it is and whether somebody else has confirmed it."""

    wave: int
    counts: bool
    review_no: int = 0
    verdict: OpinionVerdict | None = None
    proposed_person: str | None = None
    merged_into: UUID | None = None
    confirmed: bool = False

    @property
    def state(self) -> OpinionState:
        """How far the opinion is."""
        if not self.counts:
            return OpinionState.VOID
        if self.verdict is None:
            return OpinionState.QUARANTINED
        return DECIDED[self.verdict] if self.confirmed else OpinionState.PROPOSED


DECIDED = {
    OpinionVerdict.ACCEPT: OpinionState.ACCEPTED,
    OpinionVerdict.REJECT: OpinionState.REJECTED,
    OpinionVerdict.MERGE: OpinionState.MERGED,
}
WAITING = frozenset({OpinionState.QUARANTINED, OpinionState.PROPOSED})


class ProposedReview(Protocol):
    """What somebody proposes to become of an opinion."""

    @property
    def opinion_id(self) -> UUID:
        """The opinion."""

    @property
    def verdict(self) -> OpinionVerdict:
        """What is to become of it."""

    @property
    def wording(self) -> str | None:
        """The text as it may be read, where it is not as it was said."""

    @property
    def reason(self) -> str | None:
        """Why."""

    @property
    def into(self) -> UUID | None:
        """The opinion that says the same."""


class NamedReview(Protocol):
    """A review that somebody confirms."""

    @property
    def opinion_id(self) -> UUID:
        """The opinion."""

    @property
    def review_no(self) -> int:
        """Which review of it."""


UNKNOWN_OPINION = Finding(
    "unknown-opinion", "The wave has no such opinion.", "本轮没有这一条意见。"
)
OPINION_VOID = Finding(
    "opinion-void",
    "The opinion is void: what it came with counts no more.",
    "该意见已随批次、访员或轮次作废。",
)
OPINIONDECIDED = Finding(
    "opinion-decided",
    "A review of this opinion has been confirmed.",
    "该意见的审核已经确认。",
)
OPINION_TWICE = Finding(
    "opinion-twice", "An earlier row is about this opinion.", "前面已有一行针对同一条意见。"
)
REASON_MISSING = Finding("reason-missing", "Say why it is rejected.", "不予采纳的，须说明理由。")
WORDING_UNEXPECTED = Finding(
    "wording-unexpected",
    "Only what is accepted has a wording.",
    "只有采纳的意见才有公开表述。",
)
INTO_MISSING = Finding(
    "into-missing", "Name the opinion that says the same.", "请指明并入哪一条意见。"
)
INTO_UNEXPECTED = Finding(
    "into-unexpected",
    "Only what is merged names another opinion.",
    "只有合并的意见才指明另一条。",
)
NO_SUCH_TARGET = Finding(
    "no-such-target",
    "It is merged into another opinion of the survey that counts and is, or may be, accepted.",
    "只能并入同一调查中有效且已采纳或待采纳的另一条意见。",
)
TARGET_NOT_ACCEPTED = Finding(
    "target-not-accepted",
    "The opinion that it is merged into has not been accepted.",
    "所并入的意见尚未采纳。",
)
ANOTHER_REVIEW = Finding(
    "another-review",
    "The newest review of this opinion has another number, or there is none.",
    "该意见最新的审核不是这一号，或尚无审核。",
)
SAME_PERSON = Finding(
    "same-person", "You proposed this: somebody else confirms it.", "该审核由您提出，应由他人确认。"
)


def check_reviews(
    wave: int, reviews: Sequence[ProposedReview], known: Mapping[UUID, Standing]
) -> None:
    """Refuse reviews of opinions that the wave does not have, that are void or decided, or that say
    what their verdict does not go with; `known` are all opinions of the survey that are named."""
    faults, seen = list[Fault](), set[UUID]()
    for row, each in enumerate(reviews):
        if found := _not_to_review(wave, each.opinion_id, known):
            faults.append(found.at("rows", row, "opinion_id"))
        if each.opinion_id in seen:
            faults.append(OPINION_TWICE.at("rows", row, "opinion_id", beside=True))
        seen.add(each.opinion_id)
        faults += (finding.at("rows", row, at) for at, finding in _unfit(each, known))
    _refuse(faults)


def check_confirmations(
    wave: int, named: Sequence[NamedReview], known: Mapping[UUID, Standing], person: str
) -> None:
    """Refuse to confirm what is void or decided, is not the newest review, or was proposed by the
    same person, and a merger into an opinion that is not accepted, nor by a row before."""
    faults, accepted = list[Fault](), _accepted(known)
    for row, each in enumerate(named):
        at, found = "opinion_id", _not_to_review(wave, each.opinion_id, known)
        of = known.get(each.opinion_id)
        if found is None and of is not None:
            at, found = _not_to_confirm(of, each.review_no, person, accepted)
            if found is None and of.verdict is OpinionVerdict.ACCEPT:
                accepted.add(each.opinion_id)
        if found is not None:
            faults.append(found.at("rows", row, at))
    faults += _named_twice([each.opinion_id for each in named])
    _refuse(faults)


def _named_twice(named: Sequence[UUID]) -> Iterator[Fault]:
    seen = set[UUID]()
    for row, each in enumerate(named):
        if each in seen:
            yield OPINION_TWICE.at("rows", row, "opinion_id", beside=True)
        seen.add(each)


def _accepted(known: Mapping[UUID, Standing]) -> set[UUID]:
    return {key for key, each in known.items() if each.state is OpinionState.ACCEPTED}


def _not_to_review(wave: int, opinion: UUID, known: Mapping[UUID, Standing]) -> Finding | None:
    of = known.get(opinion)
    if of is None or of.wave != wave:
        return UNKNOWN_OPINION
    if not of.counts:
        return OPINION_VOID
    return OPINIONDECIDED if of.confirmed else None


def _not_to_confirm(
    of: Standing, review_no: int, person: str, accepted: Iterable[UUID]
) -> tuple[str, Finding | None]:
    if of.review_no != review_no or of.verdict is None:
        return "review_no", ANOTHER_REVIEW
    if persons.is_same(of.proposed_person or "", person):
        return "review_no", SAME_PERSON
    if of.merged_into is not None and of.merged_into not in accepted:
        return "review_no", TARGET_NOT_ACCEPTED
    return "review_no", None


def _unfit(review: ProposedReview, known: Mapping[UUID, Standing]) -> Iterator[tuple[str, Finding]]:
    """Yield what a review says that does not go with its verdict, or lacks."""
    verdict = review.verdict
    if verdict is OpinionVerdict.REJECT and review.reason is None:
        yield "reason", REASON_MISSING
    if verdict is not OpinionVerdict.ACCEPT and review.wording is not None:
        yield "wording", WORDING_UNEXPECTED
    if verdict is not OpinionVerdict.MERGE:
        if review.into is not None:
            yield "into", INTO_UNEXPECTED
    elif review.into is None:
        yield "into", INTO_MISSING
    elif review.into == review.opinion_id or not _may_stand(known.get(review.into)):
        yield "into", NO_SUCH_TARGET


def _may_stand(target: Standing | None) -> bool:
    """Say whether others may be merged into an opinion: it is, or may still be, accepted."""
    return target is not None and target.state in {*WAITING, OpinionState.ACCEPTED}


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise ReviewsRejected(
            f"There are {len(faults)} fault(s); nothing was stored.",
            f"有 {len(faults)} 处错误，未存入任何一行。",
            faults=faults,
        )


def check_publication(states: Mapping[OpinionState, int], *, published: bool) -> None:
    """Refuse to publish the opinions of a wave twice, or while some of them wait for a review."""
    if published:
        raise OpinionsPublished("They are published.", "已经公布。")
    waiting = sum(states.get(each, 0) for each in WAITING)
    if waiting:
        raise OpinionsUnreviewed(
            f"{waiting} opinions wait.", f"有 {waiting} 条意见未审核完毕。", waiting=waiting
        )
