"""Write what is generated from code: every service's OpenAPI document, docs/states.md and
other pages.

`make contracts` runs it; `make check` fails when what is committed differs from its output.
"""

import json
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.contracts import clients

from chassis import authorisation
from chassis.settings import Settings
from gateway.documents import whole

ROOT = Path(__file__).parents[2]
SERVICES = ["indicators", "scoring", "survey", "ranking"]
PARTS = [*SERVICES, "gateway"]


def home_of(part: str) -> Path:
    """Return the folder of a service or of the gateway."""
    return ROOT / part if part == "gateway" else ROOT / "services" / part


@cache
def live_document(part: str) -> dict[str, Any]:
    """Return the OpenAPI document of a part as its code makes it now, made once."""
    settings = import_module(f"{part}.settings").Settings.model_validate(
        {
            "database_url": "postgresql+asyncpg://nowhere/nothing",
            "authorisation_file": ROOT / "gateway" / "authorisation.yaml",
        }
    )
    assert isinstance(settings, Settings)
    app = import_module(f"{part}.app")
    made = app.create_api(settings) if part == "gateway" else app.create_app(settings)
    document: dict[str, Any] = json.loads(json.dumps(made.openapi()))
    return document


@cache
def committed_document(part: str) -> dict[str, Any]:
    """Return the OpenAPI document of a part as it is committed: a test holds it against its code,
    so that the others need not make it anew."""
    document: dict[str, Any] = json.loads((home_of(part) / "openapi.json").read_text("utf-8"))
    return document


def written(document: dict[str, Any]) -> str:
    """Return a document as it is committed."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def reference(language: str) -> bytes:
    """Return the document of all parts in a language, as it is read from outside."""
    from gateway.documents import written as as_read

    return as_read(whole_document(), language)[0]


def _published(part: str) -> str:
    return written(live_document(part))


def _states() -> str:
    from tests.contracts.states import page

    return page()


def whole_document(
    document: Callable[[str], dict[str, Any]] = live_document,
) -> dict[str, Any]:
    """Return the merged document of all parts as their code makes it now, or as `document` gives
    them, without words."""
    settings = import_module("gateway.settings").Settings.model_construct(
        identity="embedded", token_issuer="https://here"
    )
    matrix = authorisation.load(ROOT / "gateway" / "authorisation.yaml")
    return whole({part: document(part) for part in PARTS}, matrix, settings)


def _problems() -> str:
    from tests.contracts.problems import page

    return page(whole_document())


def _events() -> str:
    from tests.contracts.events import page

    return page(authorisation.load(ROOT / "gateway" / "authorisation.yaml"))


def _event_words() -> str:
    from tests.contracts.events import words

    return words()


def _licences() -> str:
    from deploy.components import licence_page

    return licence_page()


def _limits() -> str:
    from tests.architecture import limits

    return limits.page()


def _client(write: Callable[[dict[str, Any]], str]) -> str:
    return write(json.loads(reference("en")))


CLIENTS = ROOT / "clients"
CONSOLE = ROOT / "console"
GENERATED: dict[Path, Callable[[], str]] = {
    **{home_of(part) / "openapi.json": partial(_published, part) for part in PARTS},
    ROOT / "docs" / "states.md": _states,
    CONSOLE / "src" / "words" / "events.json": _event_words,
    ROOT / "docs" / "problems.md": _problems,
    ROOT / "docs" / "events.md": _events,
    ROOT / "docs" / "licences.md": _licences,
    ROOT / "docs" / "limits.md": _limits,
    CLIENTS / "python/src/kaoping_client/models.py": partial(_client, clients.python_models),
    CLIENTS / "python/src/kaoping_client/operations.py": partial(
        _client, clients.python_operations
    ),
    CLIENTS / "typescript/src/operations.ts": partial(_client, clients.typescript),
}
"""Every generated file, and what makes its content."""


if __name__ == "__main__":
    for path, content in GENERATED.items():
        path.write_text(content(), encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")  # noqa: T201 - a command line speaks by printing
