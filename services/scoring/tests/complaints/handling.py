"""Complaints in tests: what is raised, who handles it, and how days pass."""

from dataclasses import dataclass
from typing import Any

PLACE = "complaints"
BODY = "ZH31"
TEXT = {"kind": "petition", "text": "门前道路积水多日，无人处理。"}
LEAD, SUPPORT = {"unit": "XQ01", "role": "lead"}, {"unit": "XQ02", "role": "support"}


@dataclass
class Complaints:
    """A cycle, and the people who have to do with its complaints."""

    cycle: Any

    def of(self, unit: str = "XQ01", **who: str):
        return self.cycle.caller("assessed_unit", unit=unit, **{"subject": f"of-{unit}"} | who)

    @property
    def body(self):
        """Somebody of the body that handles complaints about the office."""
        return self.cycle.caller("second_body", unit=BODY, subject="of-the-body")

    async def register(self, *changes: dict, by=None, query: str = "", **more: Any):
        rows = [TEXT | more | each for each in changes or ({},)]
        client = by or self.cycle.office
        return await self.cycle.post(client, f"{PLACE}{query}", {"complaints": rows})

    async def registered(self, **more: Any) -> str:
        answer = await self.register(**more)
        assert answer.status_code == 201, answer.text
        return answer.json()["rows"][0]["complaint_id"]

    async def read(self, complaint_id: str, by=None):
        client = by or self.cycle.office
        return await client.get(f"{self.cycle.path}/{PLACE}/{complaint_id}")

    async def now(self, complaint_id: str, by=None) -> dict:
        answer = await self.read(complaint_id, by)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def listed(self, by=None, **query: Any) -> list[str]:
        client = by or self.cycle.office
        answer = await client.get(f"{self.cycle.path}/{PLACE}", params=query)
        assert answer.status_code == 200, answer.text
        return [each["complaint_id"] for each in answer.json()["items"]]

    async def _move(self, client, where: str, complaint_id: str, move: str, reader, more: dict):
        step = more.pop("step", None) or (await self.now(complaint_id, reader))["step"]
        body = {"step": step, "move": move} | more
        return await self.cycle.post(client, f"{PLACE}/{complaint_id}/{where}", body)

    async def direct(self, complaint_id: str, move: str, *, by=None, reader=None, **more: Any):
        client = by or self.cycle.colleague
        return await self._move(client, "directions", complaint_id, move, reader, more)

    async def answer(self, complaint_id: str, move: str = "answer", *, by=None, **more: Any):
        more = {"text": "积水已排除，管网列入改造。"} | more
        return await self._move(by or self.of(), "answers", complaint_id, move, None, more)

    async def must(self, answer) -> dict:
        """Return what was answered to a move that is made."""
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def accepted(self, kind: str = "petition", about: tuple = (), **more: Any) -> str:
        complaint_id = await self.registered(**more)
        await self.must(await self.direct(complaint_id, "accept", kind=kind, about=[*about]))
        return complaint_id

    async def assigned(self, *units: dict, **more: Any) -> str:
        complaint_id = await self.accepted(**more)
        await self.must(await self.direct(complaint_id, "assign", units=[*units] or [LEAD]))
        return complaint_id

    async def answered(self, **more: Any) -> str:
        complaint_id = await self.assigned(**more)
        await self.must(await self.answer(complaint_id))
        return complaint_id


def codes(answer) -> set[str]:
    return {each["code"] for each in answer.json()["errors"]}
