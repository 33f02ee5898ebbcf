"""Hostile requests on letters, requests to revise, work plans, projects and highlights."""

import asyncio

import pytest

TARGET = {"unit": "X1", "indicator": "C01"}
WHY = {"reason": "洪涝灾害", "document_no": "县府〔2025〕9号"}
PROJECT = {
    "project": "P1", "name": "北环路", "leader": "甲", "lead_unit": "X1", "units": [],
    "indicator": "C04", "starts_on": "2025-03-01", "completes_on": "2025-11-30",
    "nodes": [{"item": "路基", "due": "2025-06-30"}],
}  # fmt: skip
HIGHLIGHT = {"title": "一窗通办", "text": "一个窗口受理。"}


class Year:
    """The first of two years, in which X1 has a target."""

    def __init__(self, at):
        self.at = at

    async def post(self, who, path, body, service="indicators", **more):
        return await self.at.post(service, who, 2025, path, body, **more)

    async def kept(self, *asked, **more):
        answer = await self.post(*asked, **more)
        assert answer.is_success, answer.text
        return answer.json()

    async def revise(self, value, version):
        """Ask for another value, as the office does; return the word of another person."""
        body = {"targets": [TARGET | {"target": value}], "approved_by": "分管市领导"} | WHY
        await self.kept("a", "target-revisions", body)
        word = TARGET | {"version": version + 1, "decision": "confirm"}
        return self.post("b", "target-confirmations", {"decisions": [word]})

    async def waiting(self, number):
        """Wait until so many statements of the service wait for one another."""
        asked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        asked += " AND datname = current_database()"
        while len(await self.at.city.sql(asked)) < number:
            pass


@pytest.fixture
async def year(two_services):
    at = two_services()
    await at.begin("each_year")
    year = Year(at)
    await year.kept("a", "targets", {"targets": [TARGET | {"target": "100"}]})
    return year


async def test_nobody_signs_a_letter_whose_target_moves_at_the_same_moment(year):
    """What moves it has done all but write its entry in the journal when somebody signs.

    Planted bug: read whether a letter is outdated before the cycle is held.
    """
    [letter] = (await year.kept("a", "letters", {"units": ["X1"]}))["letters"]
    row = {"unit": "X1", "version": 1, "digest": letter["digest"], "side": "unit"}
    moves = await year.revise("50", 1)
    async with year.at.city.superuser.acquire() as held, held.transaction():
        chain = year.at.cycles[2025]
        await held.execute("SELECT 1 FROM journal_head WHERE chain = $1 FOR UPDATE", chain)
        moving = asyncio.create_task(moves)
        await year.waiting(1)
        signing = asyncio.create_task(year.post("u1", "letter-signatures", {"signatures": [row]}))
        await year.waiting(2)
    assert (await moving).status_code == 201
    signed = await signing
    assert signed.status_code == 409, signed.text
    assert [each["code"] for each in signed.json()["errors"]] == ["outdated"]


async def test_of_requests_and_words_on_them_at_once_one_is_taken(year):
    """Planted bug: read where a target stands before the cycle is held."""
    at_once = [
        year.post("u1", "target-revision-requests", {"targets": [TARGET | {"target": v}]} | WHY)
        for v in ("70", "71", "72", "73")
    ]
    answers = await asyncio.gather(*at_once)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 3
    named = TARGET | {"version": 2}
    says, back = "target-revision-request-decisions", "target-revision-request-withdrawals"
    words = ({"decision": "support"}, {"decision": "refuse", "reason": "x"})
    at_once = [year.post("o", says, {"decisions": [named | word]}) for word in words * 2]
    at_once += [year.post("u1", back, {"targets": [named]})]
    answers = await asyncio.gather(*at_once)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 4


UNSEEN = ["\u200b", "\u3164\u2060", "\u115f \u3164", "\ufe0f", "\u2800", "\u202e\u200d"]


@pytest.mark.parametrize("unseen", UNSEEN)
async def test_what_nobody_can_see_is_no_reason_no_name_and_no_text(year, unseen):
    """Planted bug: take away what is white alone."""
    plan = TARGET | {"measures": [{"action": unseen, "person": "甲", "due": "2025-04-30"}]}
    one = {"targets": [TARGET | {"target": "70"}]}
    asked = [
        ("u1", "target-revision-requests", one | WHY | {"reason": unseen}),
        ("u1", "target-revision-requests", one | WHY | {"document_no": unseen}),
        ("u1", "work-plans", {"plans": [plan]}),
        ("u1", "projects", {"projects": [PROJECT | {"leader": unseen}]}),
    ]
    for who, path, body in asked:
        answer = await year.post(who, path, body)
        assert (answer.status_code, answer.json()["type"]) == (422, "malformed-request")
    for name in HIGHLIGHT:
        body = HIGHLIGHT | {"evidence_ids": [year.at.cycles[2025]], name: unseen}
        answer = await year.post("u1", "highlights", body, service="scoring")
        assert [each["pointer"] for each in answer.json()["errors"]] == [f"/{name}"]


@pytest.mark.parametrize("path", ["work-plans", "projects", "letters", "letter-signatures"])
async def test_what_is_no_text_or_too_much_of_it_is_refused(year, path):
    """Lone surrogates, a hundred thousand rows, and a number with a million digits."""
    family = {"work-plans": "plans", "letter-signatures": "signatures", "letters": "units"}
    name = family.get(path, path).encode()
    for rows in (b'"\\ud800"', b'"X1",' * 99_999 + b'"X1"', b"1" * 900_000, b"[" * 90_000):
        body = b'{"' + name + b'": [' + rows + b"]}"
        headers = {"Content-Type": "application/json"}
        who = "u1" if path == "work-plans" else "a"
        answer = await year.post(who, path, None, content=body, headers=headers)
        assert answer.status_code in (400, 413, 422), answer.text
        assert len(answer.content) < 20_000
