"""Whether the units of accounts are registered: asked of the service that keeps them, and told.

Accounts are made before units as well as after them, and a sign-in asks nobody: a unit that is not
registered refuses no account, and whoever keeps accounts is told of it.
"""

import asyncio
from collections.abc import Collection
from typing import Any
from urllib.parse import quote

from fastapi import Request

from gateway.asking import Services
from gateway.refusals import ServiceDown

_AT_ONCE = 8
_PAGE = 200
_MOST_PAGES = 500
_MISSING = 404


async def registered(request: Request, who: str, units: Collection[str | None]) -> dict[str, bool]:
    """Say of each of these units whether it is registered; of one of which nothing was heard
    nothing is said."""
    services: Services = request.app.state.services
    turns = asyncio.Semaphore(_AT_ONCE)

    async def ask(unit: str) -> bool | None:
        async with turns:
            target = f"/api/v1/units/{quote(unit, safe='')}"
            heard = await services.read(request, who, "indicators", target)
        return True if heard.answered else (False if heard.refusal == _MISSING else None)

    named = sorted({unit for unit in units if unit is not None})
    found = zip(named, await asyncio.gather(*map(ask, named)), strict=True)
    return {unit: is_there for unit, is_there in found if is_there is not None}


async def all_registered(request: Request, who: str) -> list[str]:
    """Return the codes of all registered units; refuse where the service does not tell them."""
    services: Services = request.app.state.services
    found, after = list[str](), ""
    for _ in range(_MOST_PAGES):
        target = f"/api/v1/units?limit={_PAGE}" + (
            f"&after={quote(after, safe='')}" if after else ""
        )
        page = (await services.read(request, who, "indicators", target)).document
        if not isinstance(page, dict) or not isinstance(page.get("items"), list):
            break
        found += [code for each in page["items"] if isinstance(code := _code(each), str)]
        after = page.get("next") or ""
        if not after:
            return found
    raise ServiceDown("The units could not be read.", "无法读取单位清单。")


def _code(unit: Any) -> object:  # noqa: ANN401 - JSON
    return unit.get("code") if isinstance(unit, dict) else None
