"""That a read is on record when it is answered, and is not answered when it cannot be."""

import json
from typing import Any

import httpx

from chassis.scopes import READS
from service_testing import Running


async def logged(service: Running) -> list[dict[str, Any]]:
    """Return who read what of a service, in their order: the entries with what they say."""
    question = "SELECT subject, event, body FROM journal_entry WHERE chain = $1 ORDER BY seq"
    found = await service.sql(question, READS)
    return [
        {"subject": each["subject"], "event": each["event"], **json.loads(each["body"])}
        for each in found
    ]


async def both_ways(
    service: Running, client: httpx.AsyncClient, url: str
) -> tuple[httpx.Response, list[dict[str, Any]], httpx.Response]:
    """Return what reading `url` is answered with, the entries that it added to the log, and the
    answer where the log cannot be written; raise `AssertionError` where that added one too."""
    before = len(await logged(service))
    answer = await client.get(url)
    added = (await logged(service))[before:]
    async with service.full("journal_entry", f"NEW.chain = '{READS}'"):
        unlogged = await client.get(url)
    if len(await logged(service)) != before + len(added):
        raise AssertionError("there is an entry of what could not be logged")
    return answer, added, unlogged
