"""A scheme looked over on this machine: no system needs to run for it."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kaoping import city as cities
from kaoping.exact import read_yaml
from kaoping.faults import KaopingFault
from kaoping.plan import Document

MOST_TOLD = 100
"""After so many faults only their number is told."""

SCHEME = "scheme.yaml"


def read_scheme(path: Path) -> Document:
    """Return the scheme document of a file, or of the directory that holds it."""
    if path.is_dir() and (path / cities.YEAR).is_file():
        return cities.scheme_document(cities.read_city(path))
    file = path / SCHEME if path.is_dir() else path
    if not file.is_file():
        raise KaopingFault(f"there is no {file}")
    document = read_yaml(file)
    if not isinstance(document, dict):
        raise KaopingFault(f"{file} holds no scheme: a mapping of names to values is wanted")
    return document


def look_over(scheme: Document, units: Mapping[str, str] | None = None) -> Document:
    """Return what is found in a scheme, as the service that owns schemes finds it."""
    try:
        # By name: the command line can be installed without the services.
        module = importlib.import_module("indicators.api.scheme_faults")
    except ImportError as error:
        raise KaopingFault("checking needs the services: install kaoping[server]") from error
    look: Callable[..., Document] = module.look_over
    return look(scheme, units)


def told(scheme: Document, found: Document, chinese: bool) -> Iterator[str]:
    """Yield a line for each fault, or for each field without effect where there are no faults."""
    each = found["faults"] or found["without_effect"]
    for fault in each[:MOST_TOLD]:
        yield f"{_where(scheme, fault['pointer'])}: {fault['zh' if chinese else 'en']}"
    if len(each) > MOST_TOLD:
        rest = len(each) - MOST_TOLD
        yield f"…… 另有 {rest} 处" if chinese else f"… and {rest} more"


def _where(scheme: Document, pointer: str) -> str:
    """Return a JSON pointer, behind the codes that people know the place by."""
    codes = list[str]()
    here: Any = scheme
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        here = _below(here, name)
        if isinstance(here, dict) and isinstance(here.get("code"), str):
            codes.append(here["code"])
    return f"{' '.join(codes)} {pointer}".strip()


def _below(value: Any, name: str) -> Any:  # noqa: ANN401 - a document is anything
    if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
        return value[int(name)]
    return value.get(name) if isinstance(value, dict) else None
