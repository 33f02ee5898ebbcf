"""The scoring schema. Facts are added and never changed; only a ledger's phase is."""

from scoring.tables import (
    adoptions,
    checks,
    claims,
    complaint_contacts,
    complaints,
    duties,
    evidence,
    explanation,
    highlights,
    items,
    ledger,
    parked,
    periods,
    self_evaluations,
    sheet,
    signatures,
    stages,
)
from scoring.tables.base import Base

__all__ = [
    "Base",
    "adoptions",
    "checks",
    "claims",
    "complaint_contacts",
    "complaints",
    "duties",
    "evidence",
    "explanation",
    "highlights",
    "items",
    "ledger",
    "parked",
    "periods",
    "self_evaluations",
    "sheet",
    "signatures",
    "stages",
]
