"""The console (控制台): pages for people in a browser, which ask the same API as everybody.

They are built from `console/` into this package, so that an installation needs no node. Each file
lies there a second time, compressed. No path is published, and none has a row in the
authorisation matrix: what the pages show, they are given by the API or refused.
"""

import hashlib
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from gateway.refusals import no_such_path
from gateway.rules.encodings import accepted

pages = APIRouter(include_in_schema=False)

BUILT = Path(__file__).parents[1] / "console"
_INDEX = "index.html"
_PACKED = ".gz"

# Nothing inline and nothing from elsewhere. Pictures: evidence from the API, and the code of a
# second factor, which comes as a data: URL. Frames: evidence that the service found to be a PDF,
# which the browser's own viewer shows beside an entry; a page made of blobs is never given to one.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-src blob:; frame-ancestors 'none'; object-src 'none'"
)
_GUARDED = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Vary": "Accept-Encoding",
}
# The name of an asset has the digest of what is in it: another build is another name.
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes | None
    kind: str
    etag: str


def _read(folder: Path) -> dict[str, _File]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != _PACKED:
            body, packed = path.read_bytes(), path.with_name(path.name + _PACKED)
            kind = "text/javascript" if path.suffix == ".js" else guess_type(path.name)[0]
            found[path.relative_to(folder).as_posix()] = _File(
                body,
                packed.read_bytes() if packed.is_file() else None,
                kind or "text/plain; charset=utf-8",
                f'"{hashlib.sha256(body).hexdigest()[:32]}"',
            )
    return found


# A few megabytes with their compressed forms, read once: whoever is asked for one of them does
# nothing but send it.
_FILES = _read(BUILT)


@pages.get("/")
async def lead_to_console() -> RedirectResponse:
    """Lead whoever types the bare address to the console."""
    return RedirectResponse("/console/", headers=_GUARDED)


@pages.get("/console")
async def lead_below() -> RedirectResponse:
    """Lead to where the pages are."""
    return RedirectResponse("/console/", headers=_GUARDED)


@pages.get("/console/{path:path}")
async def show_console(path: str, request: Request) -> Response:
    """Give a file of the console; every other path is one of its pages."""
    if path.startswith("assets/") and path not in _FILES:
        raise no_such_path(request.url.path)
    is_asset = path in _FILES and path != _INDEX
    file = _FILES[path if is_asset else _INDEX]
    headers = {**_GUARDED, "ETag": file.etag, "Cache-Control": _FOREVER if is_asset else "no-cache"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    packed = file.packed
    if packed is None or not accepted(request.headers.get("accept-encoding", "").encode()).gzip:
        return Response(file.body, media_type=file.kind, headers=headers)
    return Response(packed, media_type=file.kind, headers={**headers, "Content-Encoding": "gzip"})
