"""All journals and their checkpoints in one folder, with the program that verifies them alone."""

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kaoping import verify_journals
from kaoping.client import Client, Refused
from kaoping.faults import KaopingFault

PARTS = ("gateway", "indicators", "ranking", "scoring", "survey")
_PAGE, _FORBIDDEN = 200, 403


def fetch(api: Client, folder: Path) -> int:
    """Write every chain of every journal and all checkpoints into a new folder; return how many
    entries there are. The account is an auditor's.

    Checkpoints come first: what is recorded meanwhile goes on after them.
    """
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        told = f"{folder} 已存在" if api.language == "zh" else f"{folder} is there already"
        raise KaopingFault(told) from None
    (folder / "receipts").mkdir()
    shutil.copyfile(verify_journals.__file__, folder / Path(verify_journals.__file__).name)
    _checkpoints(api, folder / "checkpoints")
    return sum(_journal(api, part, folder / "journals" / part) for part in PARTS)


def _checkpoints(api: Client, folder: Path) -> None:
    folder.mkdir()
    keys = api.get("/checkpoints/latest")["keys"]
    (folder / "keys.json").write_text(json.dumps({"keys": keys}), "utf-8")
    for each in api.pages(f"/checkpoints?limit={_PAGE}"):
        try:
            whole = api.get(f"/checkpoints/{each['number']}")
        except Refused as refusal:  # they tell of all jurisdictions: an auditor of one has none
            if refusal.status != _FORBIDDEN:
                raise
            return
        (folder / f"{each['number']:08d}.jws").write_text(whole["signed"], "utf-8")


def _journal(api: Client, part: str, folder: Path) -> int:
    folder.mkdir(parents=True)
    path, written = f"/journals/{part}", 0
    for head in api.pages(f"{path}/heads?limit={_PAGE}"):
        name = quote(head["chain"], safe="")
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for entry in api.pages(f"{path}/chains/{name}?limit={_PAGE}"):
                file.write(_line(entry))
                written += 1
    return written


def _line(entry: Any) -> str:  # noqa: ANN401 - a document
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
