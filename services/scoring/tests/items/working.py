"""Supervised items in tests: what is registered, who moves it, and how days pass."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

PLACE = "supervised-items"
ITEM = {
    "kind": "instruction",
    "title": "城区内涝治理",
    "text": "请抓紧整治，按期报告。",
    "document_no": "市府办批〔2025〕7号",
    "meeting": "市政府常务会议第3次",
    "units": [
        {"unit": "XQ01", "role": "lead", "share": 60},
        {"unit": "XQ02", "role": "support", "share": 40},
    ],
    "within": 10,
}


@dataclass
class Items:
    """A cycle, and the people who have to do with its items."""

    cycle: Any

    def of(self, unit: str = "XQ01", **who: str):
        return self.cycle.caller("assessed_unit", unit=unit, **{"subject": f"of-{unit}"} | who)

    @property
    def leader(self):
        return self.cycle.caller("committee", subject="leader")

    async def register(self, *changes: dict, by=None, query: str = "", **more: Any):
        items = [ITEM | more | each for each in changes or ({},)]
        client = by or self.cycle.office
        return await self.cycle.post(client, f"{PLACE}{query}", {"items": items})

    async def registered(self, *changes: dict, **more: Any) -> list[str]:
        answer = await self.register(*changes, **more)
        assert answer.status_code == 201, answer.text
        return [each["item_id"] for each in answer.json()["rows"]]

    async def dispatch(self, *ids: str, by=None):
        body = {"item_ids": [*ids]}
        return await self.cycle.post(by or self.cycle.colleague, f"{PLACE}/dispatch", body)

    async def dispatched(self, **more: Any) -> str:
        [item_id] = await self.registered(**more)
        answer = await self.dispatch(item_id)
        assert answer.status_code == 200, answer.text
        return item_id

    async def handled(self, **more: Any) -> str:
        item_id = await self.dispatched(**more)
        assert (await self.answer(item_id, "sign")).status_code == 201
        return item_id

    async def replied(self, completion: int | None = None, **more: Any) -> str:
        item_id = await self.handled(**more)
        answer = await self.answer(item_id, "reply", text="已办结。", completion=completion)
        assert answer.status_code == 201, answer.text
        return item_id

    async def read(self, item_id: str, by=None, **query: str):
        client = by or self.cycle.office
        return await client.get(f"{self.cycle.path}/{PLACE}/{item_id}", params=query)

    async def now(self, item_id: str, **query: str) -> dict:
        answer = await self.read(item_id, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def listed(self, by=None, **query: Any) -> list[str]:
        client = by or self.cycle.office
        answer = await client.get(f"{self.cycle.path}/{PLACE}", params=query)
        assert answer.status_code == 200, answer.text
        return [each["item_id"] for each in answer.json()["items"]]

    async def _move(self, client, where: str, item_id: str, move: str, step, more: dict):
        if step is None:
            step = (await self.now(item_id))["step"]
        body = {"step": step, "move": move} | more
        return await self.cycle.post(client, f"{PLACE}/{item_id}/{where}", body)

    async def answer(self, item_id: str, move: str, *, by=None, step=None, **more: Any):
        return await self._move(by or self.of(), "answers", item_id, move, step, more)

    async def direct(self, item_id: str, move: str, *, by=None, step=None, **more: Any):
        client = by or self.cycle.colleague
        return await self._move(client, "directions", item_id, move, step, more)

    async def rule(self, item_id: str, move: str, *, by=None, step=None, **more: Any):
        return await self._move(by or self.leader, "ruling", item_id, move, step, more)


def faults(answer) -> set[tuple[str, str]]:
    """What a refusal names: pointers and codes."""
    return {(each["pointer"], each["code"]) for each in answer.json()["errors"]}


def codes(answer) -> set[str]:
    return {each["code"] for each in answer.json()["errors"]}


def later(today: str, days: int) -> str:
    """The day so many days after another."""
    return (dt.date.fromisoformat(today) + dt.timedelta(days=days)).isoformat()
