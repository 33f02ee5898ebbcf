"""The API reference: one document of all parts, and a page to read it that needs no other host."""

from importlib.resources import as_file, files
from pathlib import Path
from string import Template
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from chassis.problems import documents, language_of
from chassis.routes import ASKED_WRONGLY, TAGGED, CommandRoute
from gateway.documents import PartDown, Reference

router = APIRouter(route_class=CommandRoute)
pages = APIRouter(include_in_schema=False)
"""What people see in a browser; no published path, and no row in the authorisation matrix."""

# swagger-ui sets style attributes and draws its icons from data: URLs; scripts come from us only.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_PAGE = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_ON_PAGE = {
    "zh": {"title": "考评系统接口", "switch": "English", "other": "en"},
    "en": {"title": "Kaoping API", "switch": "中文", "other": "zh"},
}
_PAGES = Path(__file__).parents[1] / "pages"


_ANSWERS = TAGGED | documents(PartDown, *ASKED_WRONGLY)


@router.get("/api/v1/openapi.json", tags=["reference"], responses=_ANSWERS)
async def read_reference(request: Request) -> dict[str, Any]:
    """Give the OpenAPI document of the whole system, with the roles that may ask (`x-roles`).

    `Accept-Language` says in which language; the document in each has an ETag of its own.
    """
    reference: Reference = request.app.state.reference
    language = language_of(request.headers.get("accept-language", ""))
    body, etag = await reference.current(language)
    headers = {
        "ETag": etag,
        "Cache-Control": "public, no-cache",
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)  # type: ignore[return-value]
    return Response(body, media_type="application/json", headers=headers)  # type: ignore[return-value]


@pages.get("/docs")
async def show_reference(request: Request) -> Response:
    """Show the reference as a page, in the language of the link that was followed, or of the
    browser."""
    asked = request.query_params.get("language")
    accepted = language_of(request.headers.get("accept-language", ""))
    language = asked if asked in _ON_PAGE else accepted
    page = Template((_PAGES / "index.html").read_text("utf-8"))
    headers = {**_PAGE, "Content-Language": language, "Vary": "Accept-Language"}
    body = page.substitute(_ON_PAGE[language], language=language)
    return Response(body, media_type="text/html", headers=headers)


@pages.get("/docs/start.js")
async def start_reference() -> FileResponse:
    """Give the script that starts the page."""
    return FileResponse(_PAGES / "start.js", headers=_PAGE)


def assets() -> StaticFiles:
    """Return the files of swagger-ui, as fastapi-offline brings them along."""
    with as_file(files("fastapi_offline") / "static") as folder:
        return StaticFiles(directory=folder)
