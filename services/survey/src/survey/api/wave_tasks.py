"""What all tasks about waves of surveys have in common: how one is told, and who may propose."""

from collections.abc import Sequence

from chassis.authorisation import Permission
from chassis.refusals import Refusal
from chassis.tasks import Kind, Task
from survey.api.voidings import check_proposer
from survey.peers import Scheme
from survey.rules.abstention import SECOND_BODY
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

Waves = Sequence[tuple[SurveyRow, WaveRow]]
"""Waves, each with its survey."""


def task_of(kind: Kind, survey: SurveyRow, wave: int, count: int = 1, **more: str) -> Task:
    """Return a task about a wave of a survey."""
    place = {"cycle_id": str(survey.cycle_id)}
    about = {
        "survey": survey.code,
        "survey_name": survey.definition.name,
        "survey_id": str(survey.survey_id),
        "wave": str(wave),
        **more,
    }
    return kind.task(place, about, count)


def proposes(kind: Kind, scheme: Scheme, units: list[str], state: str, permit: Permission) -> bool:
    """Say whether the caller may give the command of a task about these units: the office may, or
    the body that the scheme names where the office is barred."""
    is_body = permit.caller.organisation in scheme.second_bodies(units)
    if not kind.allowed(permit, {SECOND_BODY} if is_body else (), state):
        return False
    try:
        check_proposer(scheme, units, permit.caller)
    except Refusal:
        return False
    return True
