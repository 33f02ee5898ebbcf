"""The survey schema. A respondent is an opaque token; there is no column for a phone number."""

from survey.tables import counts, opinions, rectification, responses, samples, surveys, waves
from survey.tables.base import Base

__all__ = [
    "Base",
    "counts",
    "opinions",
    "rectification",
    "responses",
    "samples",
    "surveys",
    "waves",
]
from survey.tables import links

__all__ = ["Base", "counts", "links", "opinions", "responses", "samples", "surveys", "waves"]
