"""What bodies are made of: strict going in, complete and exact coming out."""

import re
import unicodedata
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer
from pydantic.types import StringConstraints

# ASCII digits only: \d would also match full-width digits, which Decimal() accepts.
_is_number = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?").fullmatch
_PLAIN_DIGITS = "write plain digits, at most 18 before and 12 after the point"


class Incoming(BaseModel):
    """What a caller sends. Unknown fields are refused, so nothing can be assigned by stealth."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Outgoing(BaseModel):
    """What a caller gets. Fields have no defaults, so that `required` means something."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def plain(value: Decimal) -> str:
    """Return a decimal as digits, never with an exponent: ``Decimal("1E+2")`` -> ``"100"``."""
    return format(value, "f")


def _written_plainly(value: Any) -> Any:  # noqa: ANN401 - a validator sees anything
    if isinstance(value, Decimal):  # first: an answer holds a hundred thousand of them
        # The exponent first: written out, 1e999999999 would be a gigabyte of zeros.
        if not (value.is_finite() and abs(value.adjusted()) < 40 and _is_number(plain(value))):
            raise ValueError(_PLAIN_DIGITS)
        return value
    if isinstance(value, bool):
        raise ValueError("a number is wanted")
    if isinstance(value, str | int):
        if not _is_number(str(value)):
            raise ValueError(_PLAIN_DIGITS)
        return Decimal(value)
    if isinstance(value, float):
        raise ValueError("a binary float is not exact")
    return value


Exact = Annotated[
    Decimal,
    BeforeValidator(_written_plainly),
    PlainSerializer(plain, return_type=str, when_used="json"),
]
"""A decimal, digit for digit: a JSON string or number going in, a string coming out."""


def _clean(text: str) -> str:
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} and c not in "\n\t" for c in text):
        raise ValueError("control characters are not allowed")
    return unicodedata.normalize("NFC", text)


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_clean),
]
"""A line or paragraph for people: 1 to 2,000 characters, NFC, no control characters."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$")]
"""A short name for programs: letters, digits, `_`, `.` and `-`, 1 to 64 of them."""
