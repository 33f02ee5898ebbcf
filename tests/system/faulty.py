"""A part that can be told to hang and to fail, for whoever tries what is to be done then."""

import time
from importlib import import_module

from fastapi import FastAPI


def create_app() -> FastAPI:
    """Return the app of `ranking` with two paths more, which no gateway leads to."""
    app: FastAPI = import_module("ranking.app").create_app()

    async def hang() -> None:
        """Let nothing else go on."""
        time.sleep(60)  # noqa: ASYNC251 - that is the fault

    async def fail() -> None:
        """Meet with something that nobody foresaw."""
        raise RuntimeError("of a value that stands in no log")

    app.add_api_route("/faulty/hang", hang)
    app.add_api_route("/faulty/fail", fail)
    return app
