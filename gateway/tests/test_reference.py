"""The API document of the whole system, and the page that shows it."""

import asyncio
import re

import httpx
import pytest

from gateway.app import create_api

REFERENCE = "/api/v1/openapi.json"


def part(service, name="Thing"):
    path = {"survey": "/api/v1/surveys/{survey_id}/waves/{wave}"}.get(
        service, f"/api/v1/journals/{service}/receipts/{{hash}}"
    )
    ref = {"$ref": f"#/components/schemas/{name}"}
    answer = {"description": "", "content": {"application/json": {"schema": ref}}}
    operation = {"operationId": f"read_{service}", "responses": {"200": answer}}
    schema = {"title": name, "type": "object", "properties": {service: {"type": "string"}}}
    return {
        "openapi": "3.1.0",
        "paths": {path: {"get": operation}},
        "components": {"schemas": {name: schema}},
    }


def answering(service, asked):
    def answer(request):
        asked.append((service, request.url.path))
        return httpx.Response(200, json=part(service))

    return httpx.MockTransport(answer)


SERVICES = ["indicators", "ranking", "scoring", "survey"]


@pytest.fixture(scope="module")
async def asked():
    return []


@pytest.fixture(scope="module")
async def reference_door(run_gateway, asked):
    return await run_gateway({name: answering(name, asked) for name in SERVICES})


async def test_one_document_holds_the_paths_of_all_parts(reference_door, asked):
    async with reference_door.client() as client:
        answer = await client.get(REFERENCE)
        again = await client.get(REFERENCE, headers={"If-None-Match": answer.headers["etag"]})
    whole = answer.json()
    assert whole["openapi"].startswith("3.1")
    assert {"/oauth/token", "/api/v1/accounts", "/api/v1/surveys/{survey_id}/waves/{wave}"} <= set(
        whole["paths"]
    )
    assert {"ScoringThing", "SurveyThing"} <= set(whole["components"]["schemas"])
    assert again.status_code == 304
    assert asked == [(name, "/openapi.json") for name in SERVICES]  # asked once, then kept


async def test_an_operation_names_the_roles_of_the_matrix(reference_door):
    async with reference_door.client() as client:
        paths = (await client.get(REFERENCE)).json()["paths"]
    wave = paths["/api/v1/surveys/{survey_id}/waves/{wave}"]["get"]
    roles = ["performance_office", "survey_centre", "committee", "auditor", "supervision"]
    assert wave["x-roles"] == roles
    assert wave["security"] == [{"oauth2": []}, {"bearer": []}]
    assert paths["/oauth/token"]["post"]["x-roles"] == ["anyone"]
    assert paths["/oauth/token"]["post"]["security"] == []


async def test_an_operation_names_what_the_door_may_answer_before_its_service(reference_door):
    async with reference_door.client() as client:
        document = (await client.get(REFERENCE)).json()
    for path, item in document["paths"].items():
        for operation in item.values():
            for status in ("429", "503", "504"):
                answer = resolved(document, operation["responses"][status])
                assert list(answer["content"]) == ["application/problem+json"], path
                assert (status == "504") == ("Retry-After" not in answer.get("headers", {}))
    answer = resolved(document, operation["responses"]["503"])
    assert "`service-down`" in answer["description"]


def resolved(document, node):
    """Return what a node stands for, if it is a pointer."""
    for step in node.get("$ref", "").split("/")[1:]:
        document = document[step]
    return document if "$ref" in node else node


async def test_the_document_is_told_in_the_language_asked_for(reference_door):
    """Planted bug: keep one document for all languages."""
    told = {}
    async with reference_door.client() as client:
        for language in ("en", "zh", "en"):
            answer = await client.get(REFERENCE, headers={"Accept-Language": language})
            assert answer.headers["content-language"] == language
            assert "accept-language" in answer.headers["vary"].lower()
            told[language] = (answer.headers["etag"], answer.json())
        seen = {"If-None-Match": told["en"][0], "Accept-Language": "zh"}
        assert (await client.get(REFERENCE, headers=seen)).status_code == 200
    summaries = {
        lang: doc["paths"]["/api/v1/me"]["get"]["summary"] for lang, (_, doc) in told.items()
    }
    assert summaries == {"en": "Read who the caller is", "zh": "查看本人信息"}
    assert told["en"][0] != told["zh"][0]


@pytest.mark.parametrize(
    "path", [f"{REFERENCE}?x=1", "/.well-known/jwks.json?x=1", "/api/v1/me?as=somebody"]
)
async def test_the_gateways_own_routes_refuse_an_unknown_query(door, path):
    async with door.client(door.token("auditor")) as client:
        assert (await client.get(path)).json()["type"] == "query-not-understood"


async def test_every_pointer_in_the_document_leads_somewhere(reference_door):
    async with reference_door.client() as client:
        answer = await client.get(REFERENCE)
    known = {(kind, name) for kind, named in answer.json()["components"].items() for name in named}
    assert set(re.findall(r'"#/components/([^/"]+)/([^"]+)"', answer.text)) <= known


async def test_a_document_without_one_of_its_parts_is_not_given(run_gateway):
    """Fails when a part that is down is left out in silence."""
    down = httpx.MockTransport(lambda request: httpx.Response(500))
    door = await run_gateway({"survey": down, "indicators": answering("indicators", [])})
    async with door.client() as client:
        answer = await client.get(REFERENCE)
    assert (answer.status_code, answer.json()["type"]) == (503, "part-down")


class Faltering:
    """A part that breaks off as often as is said, before it answers."""

    def __init__(self, failures=0):
        self.failures, self.asked, self.hangs = failures, 0, asyncio.Event()
        self.hangs.set()

    async def __call__(self, request):
        self.asked += 1
        await self.hangs.wait()
        if self.failures:
            self.failures -= 1
            raise httpx.ConnectError("busy")
        return httpx.Response(200, json=part("survey"))


def behind(survey):
    others = {name: answering(name, []) for name in SERVICES if name != "survey"}
    return others | {"survey": httpx.MockTransport(survey)}


async def test_a_part_that_starts_late_is_waited_for(run_gateway):
    """Planted bug: ask it once."""
    survey = Faltering(failures=3)
    door = await run_gateway(behind(survey), reference_patience=60)
    async with door.client() as client:
        answer = await client.get(REFERENCE)
    assert (answer.status_code, survey.asked) == (200, 4)


async def test_a_document_that_was_put_together_is_kept_while_a_part_is_down(run_gateway):
    """Planted bug: refuse what was given a minute ago."""
    survey = Faltering()
    door = await run_gateway(behind(survey), reference_seconds=0)
    async with door.client() as client:
        first = await client.get(REFERENCE)
        survey.failures = 1
        again = await client.get(REFERENCE)
        assert survey.asked == 2
    assert (again.status_code, again.headers["etag"]) == (200, first.headers["etag"])


async def test_who_waits_no_longer_takes_nothing_from_the_others(run_gateway):
    """Planted bug: put it together within the request, which is cancelled at its limit."""
    survey = Faltering()
    survey.hangs.clear()
    door = await run_gateway(behind(survey), time_limit=0.2)
    async with door.client() as client:
        while not survey.asked:  # the first one may not get as far, however long it has
            assert (await client.get(REFERENCE)).status_code == 504
        survey.hangs.set()
        # However much else there is to do: it goes on meanwhile, and is soon there.
        while (answer := await client.get(REFERENCE)).status_code == 504:
            pass
    assert (answer.status_code, survey.asked) == (200, 1)


async def test_with_an_outside_provider_the_document_says_where_to_sign_in(run_gateway):
    door = await run_gateway(
        {name: answering(name, []) for name in SERVICES},
        identity="openid",
        jwks_url="http://idp.example/jwks",
        token_issuer="https://idp.example",
    )
    async with door.client() as client:
        schemes = (await client.get(REFERENCE)).json()["components"]["securitySchemes"]
    discovery = "https://idp.example/.well-known/openid-configuration"
    assert schemes["openid"] == {"type": "openIdConnect", "openIdConnectUrl": discovery}
    assert "oauth2" not in schemes


async def test_the_page_loads_everything_from_ourselves(door):
    """Fails when the page names another host, or a script stands in the page itself."""
    async with door.client() as client:
        page = await client.get("/docs")
        parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        answers = {part: await client.get(f"/{part}") for part in parts}
    assert len(parts) == 5
    assert not any("//" in part for part in parts)
    assert {answer.status_code for answer in answers.values()} == {200}
    assert "http" not in answers["docs/start.js"].text
    assert not re.search(r"<script(?![^>]*src=)|style=|onload=", page.text)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; script-src 'self';")
    assert "http" not in policy


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [("", "en", "en"), ("", "fr", "zh"), ("?language=zh", "en", "zh"), ("?language=x", "en", "en")],
)
async def test_the_page_is_in_the_language_that_is_asked_for(door, asked, accepted, language):
    """Planted bugs: the language of the browser before that of the link; one `lang` for all."""
    async with door.client() as client:
        page = await client.get(f"/docs{asked}", headers={"Accept-Language": accepted})
    assert (page.headers["content-language"], page.headers["vary"]) == (language, "Accept-Language")
    assert f'<html lang="{language}">' in page.text
    assert f'href="docs?language={"en" if language == "zh" else "zh"}"' in page.text


@pytest.mark.parametrize("path", ["/docs/assets/../settings.py", "/docs/nothing", "/docs/assets/x"])
async def test_nothing_else_is_served_from_there(door, path):
    async with door.client() as client:
        assert (await client.get(path)).status_code == 404


async def test_the_gateways_own_document_needs_no_database(settings_for):
    settings, _ = settings_for()
    own = create_api(settings).openapi()
    assert {
        "/oauth/token",
        "/.well-known/jwks.json",
        "/api/v1/accounts",
        "/api/v1/me",
        "/api/v1/openapi.json",
    } <= set(own["paths"])
    assert not any(path.startswith(("/docs", "/health")) for path in own["paths"])
