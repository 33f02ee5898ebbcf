"""Write what is generated from code: every service's OpenAPI document, and docs/states.md.

`make contracts` runs it; `make check` fails when what is committed differs from its output.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from chassis.settings import Settings

ROOT = Path(__file__).parents[2]
SERVICES = ["indicators", "scoring", "survey", "ranking"]
PARTS = [*SERVICES, "gateway"]


def home_of(part: str) -> Path:
    """Return the folder of a service or of the gateway."""
    return ROOT / part if part == "gateway" else ROOT / "services" / part


def live_document(part: str) -> dict[str, Any]:
    """Return the OpenAPI document of a part as its code makes it now."""
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


def written(document: dict[str, Any]) -> str:
    """Return a document as it is committed."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def generated() -> Iterator[tuple[Path, str]]:
    """Give every generated file with its content."""
    for part in PARTS:
        yield home_of(part) / "openapi.json", written(live_document(part))
    from tests.contracts.states import page

    yield ROOT / "docs" / "states.md", page()


if __name__ == "__main__":
    for path, content in generated():
        path.write_text(content, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")  # noqa: T201 - a command line speaks by printing
