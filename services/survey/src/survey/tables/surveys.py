"""Surveys, the units they ask about, questionnaires, and what the columns of files are."""

import datetime as dt

from sqlalchemy import (
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Document
from survey.rules.definition import SurveyDefinition
from survey.rules.export_mapping import ExportMapping
from survey.rules.questionnaires import Wording
from survey.tables.base import Base, InSurvey, now, refers_to


class SurveyRow(InSurvey, Base):
    """A survey of one cycle, with what the published scheme said of it when it was created."""

    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("cycle_id", "code"), Index(None, "survey_id"))

    code: Mapped[str] = mapped_column(Text)
    scheme_version: Mapped[int]
    scheme_digest: Mapped[str] = mapped_column(Text)
    definition: Mapped[SurveyDefinition] = mapped_column(Document(SurveyDefinition))


class SurveyUnitRow(InSurvey, Base):
    """A unit that the survey asks about."""

    __tablename__ = "survey_unit"
    __table_args__ = (refers_to("survey"),)

    unit: Mapped[str] = mapped_column(Text, primary_key=True)


class ExportMappingRow(InSurvey, Base):
    """One version of what the columns of a collector's own files are; later ones replace it."""

    __tablename__ = "export_mapping"
    __table_args__ = (refers_to("survey"),)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    document: Mapped[ExportMapping] = mapped_column(Document(ExportMapping))
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[dt.datetime] = now()


class QuestionnaireRow(InSurvey, Base):
    """A version of what the people of a survey are asked, word for word, by language."""

    __tablename__ = "questionnaire"
    __table_args__ = (refers_to("survey"),)

    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[Wording]] = mapped_column(Document(list[Wording]))
    entered_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[dt.datetime] = now()
