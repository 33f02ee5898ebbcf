"""Documents printed as PDF, byte for byte the same for the same data: a template of ours, and texts
that are data in it and never markup.

A process of its own sets each, within bounds of time, memory and pages, reads no file but fonts and
dies with what went wrong. It needs the extra `reports`; without it everything else works.
"""

import asyncio
import json
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, Literal

from fastapi.responses import Response

from chassis import printer
from chassis.problems import Responses
from chassis.refusals import Conflict, Unavailable

PDF = "application/pdf"

PDF_ANSWER: Responses = {
    200: {
        "description": "The document, as an attachment.",
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""How an answer is published that is a document."""

MOST_PAGES = 200
NOT_INSTALLED = "It lacks the extra `reports`.", "缺少 `reports` 组件。"

SECONDS = 30
"""How long a process may take before it is killed."""

at_once = asyncio.Semaphore(2)
"""Whoever makes a document takes one of these: many at a time would keep all others waiting."""


class PrintingNotInstalled(Unavailable):
    """Nothing is installed here that prints documents."""

    zh = "本系统未安装文件排版组件。"
    remedy = (
        "Have whoever runs the system install the extra `reports`; what the document says can be "
        "read as JSON meanwhile.",
        "请系统运维人员安装 `reports` 组件；其间可按 JSON 查看文件内容。",
    )


class PrintingFailed(Unavailable):
    """The document could not be printed within the time and memory that it is given."""

    zh = "文件未能在限定的时间和内存内排版完成。"
    remedy = (
        "Try again later; what the document says can be read as JSON meanwhile.",
        "请稍后重试；其间可按 JSON 查看文件内容。",
    )
    headers = {"Retry-After": "30"}  # noqa: RUF012 - never written to


class DocumentTooLong(Conflict):
    """The document would be longer than is printed."""

    zh = "文件篇幅超过可排版的上限。"
    remedy = (
        "Read what it says as JSON, or take a table as a workbook where there is one.",
        "请按 JSON 查看文件内容，或在可选时以电子表格下载。",
    )


async def printed(template: str, said: Mapping[str, Any], at: datetime, attached: str) -> bytes:
    """Return the PDF of a template in which `said` is `json(bytes(sys.inputs.data))` and `attached`
    the text `sys.inputs.attached`, made `at` that moment; the same arguments give the same bytes.
    """
    inputs = {"attached": attached, "most_pages": str(MOST_PAGES)}
    return await _set(template, said, at, "pdf", inputs)


async def printed_picture(template: str, said: Mapping[str, Any], at: datetime) -> bytes:
    """Return the PNG of a template of one page, in the same way."""
    return await _set(template, said, at, "png", {})


async def _set(
    template: str,
    said: Mapping[str, Any],
    at: datetime,
    form: Literal["pdf", "png"],
    inputs: Mapping[str, str],
) -> bytes:
    data = {**inputs, "data": json.dumps(shown(said), ensure_ascii=False)}
    told = {"template": template, "inputs": data, "at": int(at.timestamp()), "format": form}
    async with at_once:
        code, content = await _in_own_process(json.dumps(told).encode())
    if code == printer.NOT_INSTALLED:
        raise PrintingNotInstalled(*NOT_INSTALLED)
    if code == printer.TOO_LONG:
        en, zh = f"It has more than {MOST_PAGES} pages.", f"超过 {MOST_PAGES} 页。"
        raise DocumentTooLong(en, zh, most_pages=MOST_PAGES)
    if code != 0:
        raise PrintingFailed("It was given up.", "排版已中止。")
    return content


def pdf_answer(content: bytes, name: str) -> Response:
    """Return the answer that gives a PDF as an attachment of that plain name."""
    return attachment(content, f"{name}.pdf", PDF)


def attachment(content: bytes, file_name: str, media_type: str) -> Response:
    """Return the answer that gives a made document as an attachment of that plain name."""
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{file_name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers, media_type=media_type)


def shown(value: Any) -> Any:  # noqa: ANN401 - whatever holds texts
    """Return data with a box for each sign that cannot be seen, or turns a line around: a person
    signs what is on the paper."""
    if isinstance(value, str):
        return "".join(map(_sign, value))
    if isinstance(value, Mapping):
        return {name: shown(each) for name, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{e.name: shown(getattr(value, e.name)) for e in fields(value)})
    return type(value)(map(shown, value)) if isinstance(value, list | tuple) else value


def _sign(character: str) -> str:
    if character == "\n":
        return character
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    return "□" if hidden else character


async def _in_own_process(told: bytes) -> tuple[int, bytes]:
    """Return how a printing process ended, and what it wrote; it is gone afterwards."""
    # `-I`: neither the folder nor the environment of the service says what is imported.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", printer.__file__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"RAYON_NUM_THREADS": "1"},
        cwd="/",
    )
    try:
        async with asyncio.timeout(SECONDS):
            content, _ = await process.communicate(told)
    except TimeoutError:
        return -1, b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, content
