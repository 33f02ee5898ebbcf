"""The survey schema. A respondent is an opaque token; there is no column for a phone number."""

from survey.tables import (
    counts,
    links,
    opinions,
    rectification,
    responses,
    samples,
    surveys,
    waves,
)
from survey.tables.base import Base

__all__ = [
    "Base",
    "counts",
    "links",
    "opinions",
    "rectification",
    "responses",
    "samples",
    "surveys",
    "waves",
]
