"""The papers of a year's releases, as files in a folder."""

from pathlib import Path

from kaoping.client import Client
from kaoping.results import Release

_OF_RELEASE = (("list", "pdf"), ("list", "xlsx"), ("notice", "pdf"), ("notice", "docx"))


def save_papers(client: Client, cycle_id: str, released: dict[int, Release], folder: Path) -> int:
    """Save of each release the list, the notice, the committee's paper and the score sheet of the
    first unit; return how many files that are."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = 0
    for number, release in released.items():
        code, at = release.ranking["category"], f"/cycles/{cycle_id}/releases/{number}"
        first, edition = release.ranking["units"][0]["unit"], release.ranking["edition"]
        wanted = [(f"{at}/{paper}", paper, form) for paper, form in _OF_RELEASE]
        wanted += [
            (f"/cycles/{cycle_id}/rankings/{edition}/committee-paper", "committee-paper", form)
            for form in ("pdf", "docx")
        ]
        wanted += [
            (f"{at}/units/{first}/score-sheet", f"score-sheet-{first}", form)
            for form in ("pdf", "xlsx")
        ]
        for path, name, form in wanted:
            query = {"format": form} | ({"issued_by": _ISSUER} if name == "notice" else {})
            (folder / f"{code}-{name}.{form}").write_bytes(client.file(path, **query))
            saved += 1
    return saved


_ISSUER = "绩效评估委员会办公室"
"""Who issues a notice that nobody issued yet."""
