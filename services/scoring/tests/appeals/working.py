"""Objections in tests: what units object to, who decides, and how far it went."""

from dataclasses import dataclass, field
from typing import Any

PLACE = "objections"
LEVELS = ("performance_office", "committee", "standing_committee")


def value_of(unit: str, value: str = "104") -> dict:
    told = {"unit": unit, "indicator": "C01", "kind": "measured_value", "key": "actual"}
    return told | {"period": "2025", "value": value}


@dataclass
class Appeals:
    """A cycle, and the people who have to do with objections."""

    cycle: Any
    entries: list[str] = field(default_factory=list)

    def of(self, unit: str = "XQ01", **who: str):
        return self.cycle.caller("assessed_unit", unit=unit, **{"subject": f"of-{unit}"} | who)

    def decider(self, level: int = 1, **who: Any):
        """Somebody who decides at a level and had no part in anything."""
        return self.cycle.caller(LEVELS[level - 1], **{"subject": f"decider-{level}"} | who)

    async def feed_back(self) -> None:
        """Have values entered by ZH02, verified by the office, scored and fed back."""
        if not self.entries:
            self.entries = await self.cycle.enter(value_of("XQ01"), value_of("XQ02", "102"))
            await self.cycle.verify(all_submitted=True)
        edition = await self.cycle.score()
        answer = await self.cycle.post(self.cycle.office, f"score-sheets/{edition}/feedback")
        assert answer.status_code == 201, answer.text

    async def file(self, *, by=None, **more: Any):
        body = {"about": "mark", "indicator": "C01", "asks": "105", "text": "漏计一项。"} | more
        body = {name: each for name, each in body.items() if each is not None}
        return await self.cycle.post(by or self.of(), PLACE, body)

    async def filed(self, **more: Any) -> str:
        answer = await self.file(**more)
        assert answer.status_code == 201, answer.text
        return answer.json()["objection_id"]

    async def listed(self, by=None, **query: Any) -> list[dict]:
        client = by or self.cycle.office
        answer = await client.get(f"{self.cycle.path}/{PLACE}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def now(self, objection_id: str) -> dict:
        [found] = await self.listed(objection_id=objection_id)
        return found

    async def _move(self, client, where: str, objection_id: str, move: str, step, more: dict):
        if step is None:
            step = (await self.now(objection_id))["step"]
        body = {"step": step, "move": move, "text": "见说明。"} | more
        return await self.cycle.post(client, f"{PLACE}/{objection_id}/{where}", body)

    async def answer(self, objection_id: str, move: str, *, by=None, step=None, **more: Any):
        return await self._move(by or self.of(), "answers", objection_id, move, step, more)

    async def decide(self, objection_id: str, move: str, *, by=None, step=None, **more: Any):
        client = by or self.decider()
        more = {"stands": "105"} | more if move.startswith("uphold") else more
        return await self._move(client, "decisions", objection_id, move, step, more)

    async def carry_out(self, objection_id: str, by_what: str | None, *, by=None, **more: Any):
        client, more = by or self.cycle.office, {"carried_out_by": by_what} | more
        return await self.decide(objection_id, "carry_out", by=client, **more)

    async def upload(self, unit: str = "XQ01", name: str = "a.txt") -> str:
        path, headers = f"{self.cycle.path}/evidence?name={name}", {"Content-Type": "text/plain"}
        content = f"说明 {unit} {name}\n".encode()
        answer = await self.of(unit).post(path, content=content, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()["evidence_id"]


def codes(answer) -> set[str]:
    """What a refusal names."""
    return {each["code"] for each in answer.json()["errors"]}
