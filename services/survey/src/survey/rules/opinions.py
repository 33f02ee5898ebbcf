"""Opinions (意见建议): what people say in their own words, and what becomes of it."""

from collections.abc import Iterator, Sequence, Set
from typing import Protocol

from chassis.refusals import Fault, Invalid
from survey.rules.batch import MALFORMED_OPINION, UNEXPECTED_GROUP, UNKNOWN_GROUP, UNKNOWN_UNIT
from survey.rules.definition import SurveyDefinition
from survey.rules.wordings import is_opinion


class OpinionsRejected(Invalid):
    """Some of the opinions cannot be taken; none was kept."""

    zh = "其中有不能接收的意见，全部未保存。"
    remedy = (
        "Mend or leave out the rows that `errors` names, and send the others again.",
        "请改正或去掉 `errors` 所指各行，然后重新报送。",
    )


class Opinion(Protocol):
    """An opinion as it comes alone."""

    @property
    def unit(self) -> str:
        """The unit that it is about."""

    @property
    def text(self) -> str:
        """What was said."""

    @property
    def group(self) -> str | None:
        """The respondent group of who said it."""


def check_opinions(
    definition: SurveyDefinition, units: Set[str], opinions: Sequence[Opinion]
) -> None:
    """Refuse opinions about units that the survey does not ask about, of groups that it does not
    have, or that say nothing; what was said is not repeated."""
    faults = list(_faults(definition, units, opinions))
    if faults:
        raise OpinionsRejected(
            f"There are {len(faults)} fault(s); nothing was stored.",
            f"有 {len(faults)} 处错误，未存入任何一行。",
            faults=faults,
        )


def _faults(
    definition: SurveyDefinition, units: Set[str], opinions: Sequence[Opinion]
) -> Iterator[Fault]:
    groups = {each.code for each in definition.groups}
    for row, each in enumerate(opinions):
        if each.unit not in units:
            yield UNKNOWN_UNIT.at("rows", row, "unit")
        if each.group is not None and each.group not in groups:
            yield (UNKNOWN_GROUP if groups else UNEXPECTED_GROUP).at("rows", row, "group")
        if not is_opinion(each.text):
            yield MALFORMED_OPINION.at("rows", row, "text")
