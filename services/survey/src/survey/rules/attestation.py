"""What supervising bodies say of a stopped wave (监督见证): that they attest it, or object.

The scheme names the bodies. Each says it once of what it examined: the wave as it was stopped, with
the batches that it had then. When the wave is reopened, or what it holds is another, what was said
before lapses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.refusals import Conflict


class Verdict(StrEnum):
    """What a supervising body says of a wave."""

    ATTESTED = "attested"
    OBJECTED = "objected"


@dataclass(frozen=True, slots=True)
class Examined:
    """What is examined: a wave as it was stopped, by the digest of what it holds."""

    stop_no: int
    content_digest: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a body said of what it examined, and the human being who said it."""

    body: str
    verdict: Verdict
    examined: Examined
    person: str


class NotAttested(Conflict):
    """Supervising bodies have not attested the wave, or object to it."""

    zh = "监督单位尚未见证本轮调查，或有异议。"
    remedy = (
        "Wait for the bodies that are named; where one objects, reopen the wave or propose to void "
        "it.",
        "请等待所列监督单位见证；有异议的，请重新开放本轮或提请作废。",
    )


class AttestedBefore(Conflict):
    """The body has said what it says of the wave as it was stopped."""

    zh = "该监督单位对本次停止的轮次已经作出结论。"
    remedy = (
        "Nothing needs to be done; another verdict can be given once the wave was reopened and "
        "stopped anew.",
        "无需再作处理；本轮重新开放并再次停止后方可另作结论。",
    )


class ContentChanged(Conflict):
    """The wave is not what the body examined: it holds something else by now."""

    zh = "本轮调查的内容与所审查的不一致。"
    remedy = (
        "Read the attestations of the wave again, examine it as it is now, and name its "
        "`content_digest`.",
        "请重新读取本轮的见证情况，按现有内容审查后填写其 `content_digest`。",
    )


def standing(said: Iterable[Said], examined: Examined) -> Mapping[str, Verdict]:
    """Return by body what was said of just this; the rest has lapsed."""
    return {each.body: each.verdict for each in said if each.examined == examined}


def speakers(said: Iterable[Said], examined: Examined) -> list[str]:
    """Return the human beings who said something of just this, for whichever body."""
    return [each.person for each in said if each.examined == examined]


def missing(bodies: Sequence[str], verdicts: Mapping[str, Verdict]) -> list[str]:
    """Return the bodies of the scheme that have said nothing yet."""
    return [body for body in bodies if body not in verdicts]


def objecting(bodies: Sequence[str], verdicts: Mapping[str, Verdict]) -> list[str]:
    """Return the bodies of the scheme that object."""
    return [body for body in bodies if verdicts.get(body) is Verdict.OBJECTED]


def check_verdict(
    body: str, named: str, said: Iterable[Said], examined: Examined, wave: int
) -> None:
    """Refuse a verdict on what the wave does not hold any more, or a second one of a body."""
    if named != examined.content_digest:
        raise ContentChanged(
            f"Wave {wave} holds {examined.content_digest}.",
            f"第{wave}轮现有内容的摘要为 {examined.content_digest}。",
            content_digest=examined.content_digest,
        )
    if body in standing(said, examined):
        raise AttestedBefore(
            f"{body} has given its verdict on wave {wave}.",
            f"{body}对第{wave}轮已经作出结论。",
        )


def require_attested(bodies: Sequence[str], said: Iterable[Said], examined: Examined) -> None:
    """Refuse to close a wave while a body of the scheme is missing, or objects."""
    verdicts = standing(said, examined)
    absent, against = missing(bodies, verdicts), objecting(bodies, verdicts)
    if absent or against:
        raise NotAttested(
            f"Missing: {', '.join(absent) or 'none'}; objecting: {', '.join(against) or 'none'}.",
            f"尚未见证：{'、'.join(absent) or '无'}；有异议：{'、'.join(against) or '无'}。",
            missing=absent,
            objecting=against,
        )
