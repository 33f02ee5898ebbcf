"""Control totals: what a collector counted before sending, held against what came."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from chassis.refusals import Fault
from survey.rules.batch import COUNT_MISMATCH, UNKNOWN_QUESTION, Finding
from survey.rules.definition import ANSWER, SurveyDefinition

SUM_MISMATCH = Finding(
    "sum-mismatch",
    "The control total differs from the sum of the scores of the answers to this question.",
    "控制总数与该题答案分值之和不符。",
)
DIGEST_MISMATCH = Finding(
    "digest-mismatch",
    "The digest differs from that of what came.",
    "摘要与收到内容的摘要不符。",
)


@dataclass(frozen=True, slots=True)
class Announced:
    """What was counted before sending: how many rows, by question the sum of the scores of its
    answers, and the SHA-256; None and nothing where it was not said."""

    count: int | None = None
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    digest: str | None = None


class AnswersGiven:
    """How often each answer was given to each question, in rows as they came."""

    def __init__(self, definition: SurveyDefinition) -> None:
        self._definition = definition
        self._given = Counter[tuple[str, str]]()

    def add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Count the answers of more rows."""
        if not self._definition.questions:
            self._given.update((ANSWER, each) for each in columns["answer"] if each is not None)
            return
        given = (each.items() for each in columns["answers"] if each is not None)
        self._given.update(chain.from_iterable(given))

    def sums(self) -> dict[str, Decimal]:
        """Return the sum of the scores of the answers to each question; what carries no score
        adds nothing."""
        return {
            question.code: sum(
                (
                    option.score * self._given[question.code, option.code]
                    for option in question.options
                    if option.score is not None
                ),
                Decimal(0),
            )
            for question in self._definition.asked
        }


def faults_of_totals(
    announced: Announced, count: int, sums: Mapping[str, Decimal], digest: str | None
) -> list[Fault]:
    """Return what was announced and is not so, one by one."""
    at, found = "control_totals", list[Fault]()
    if announced.count is not None and announced.count != count:
        found.append(COUNT_MISMATCH.at(at, "count"))
    for question, told in announced.sums.items():
        if question not in sums:
            found.append(UNKNOWN_QUESTION.at(at, "sums", question))
        elif told != sums[question]:
            found.append(SUM_MISMATCH.at(at, "sums", question))
    if announced.digest is not None and announced.digest != digest:
        found.append(DIGEST_MISMATCH.at(at, "digest"))
    return found
