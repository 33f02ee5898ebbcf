"""How far a command goes: `mode` says whether it is carried out or only checked.

A command that is only checked goes the same way and is refused alike; its transaction is rolled
back instead of committed (`chassis.db.commit`).
"""

from typing import Annotated, Literal

from fastapi import Query, Request

ALL, PARTIAL, CHECK = "all", "partial", "check"

Mode = Annotated[
    Literal["all", "check"],
    Query(
        description="`check` says what the command would do and what speaks against it, and keeps "
        "nothing: the answer has no receipt, and ids in it are of nothing that is there. No "
        "Idempotency-Key is wanted then."
    ),
]
"""The parameter of a command; its route adds it (`chassis.routes`)."""


def is_checked(request: Request) -> bool:
    """Say whether a command is only to be checked."""
    return request.query_params.get("mode") == CHECK


BatchMode = Annotated[
    Literal["all", "partial", "check"],
    Query(
        description="`all` keeps every row or, where one has a fault, none. `partial` keeps the "
        "rows without fault and says of the others what is wrong with them. `check` answers as "
        "`partial` would and keeps nothing: it has no receipt and wants no Idempotency-Key."
    ),
]
"""The parameter of a command about many rows; its endpoint takes it as `mode`."""
