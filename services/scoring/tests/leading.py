"""The scheme with organisers and reviewers, entries in two categories, and marks from seats."""

import datetime as dt
from uuid import UUID

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
}
OTHER = VALUE | {"unit": "XQ02"}
OF_PARK = VALUE | {"unit": "YQ01", "indicator": "P01", "key": "value"}
SEATS = [
    {"seat": "1", "account": "zhang", "unit": "ZF01"},
    {"seat": "2", "account": "li", "unit": "ZF01"},
    {"seat": "3", "account": "wang", "unit": "XQ03"},
]
MARK = {"unit": "XQ01", "indicator": "C12", "kind": "panel_mark", "item": "1", "value": "80"}
LEADERS = {"COUNTY": "ZH40", "PARK": "ZH41", "PARTY": "XQ01"}


def with_leaders(document, **reviewed_by):
    """The scheme, led by ZH40, ZH41 and XQ01, with these indicators reviewed first."""

    def indicator(each):
        return each | {"reviewed_by": reviewed_by.get(each["code"])}

    def block(each):
        return each | {"indicators": [indicator(one) for one in each["indicators"]]}

    return document | {
        "categories": [
            each
            | {"organiser": LEADERS.get(each["code"], "ZH49")}
            | {"blocks": [block(one) for one in each["blocks"]]}
            for each in document["categories"]
        ]
    }


def source_of(document, code):
    """The unit that enters what an indicator takes."""
    return next(
        indicator["data_source_unit"]
        for category in document["categories"]
        for block in category["blocks"]
        for indicator in block["indicators"]
        if indicator["code"] == code
    )


def organiser(cycle, unit="ZH40", **who):
    return cycle.caller("organiser", unit=unit, **who)


def member(cycle, subject="zhang", unit="ZF01", **who):
    return cycle.caller("panel_member", unit=unit, subject=subject, **who)


async def give(cycle, *marks, by=None, state="submitted"):
    body = {"entries": list(marks), "state": state}
    return await cycle.post(by or member(cycle), "ledger-entries", body)


async def happened(cycle, entry_id: str, *moments: str) -> None:
    """Have the states of an entry be entered at these moments, step by step."""
    async with cycle.service.superuser.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for step, moment in enumerate(moments, 1):
            await connection.execute(
                "UPDATE ledger_entry_state SET entered_at = $3 WHERE entry_id = $1 AND step = $2",
                UUID(entry_id),
                step,
                dt.datetime.fromisoformat(f"{moment}+08:00"),
            )
