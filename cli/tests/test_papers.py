"""The papers of a played year, as files in a folder."""

from kaoping.papers import save_papers
from kaoping.results import Release


class Printer:
    """A client that gives every file, and remembers what it was asked for."""

    def __init__(self):
        self.asked = []

    def file(self, path, **query):
        self.asked.append((path, query))
        return f"{path} {query['format']}".encode()


def test_each_release_has_its_papers_in_the_folder(tmp_path):
    """Planted bugs: save them all under one name; forget the issuer of a notice."""
    ranking = {"category": "COUNTY", "edition": 4, "units": [{"unit": "XQ05"}, {"unit": "XQ01"}]}
    printer = Printer()
    folder = tmp_path / "new" / "papers"
    assert save_papers(printer, "c", {7: Release({}, ranking)}, folder) == 8
    assert {each.name for each in folder.iterdir()} == {
        *("COUNTY-list.pdf", "COUNTY-list.xlsx", "COUNTY-notice.pdf", "COUNTY-notice.docx"),
        *("COUNTY-committee-paper.pdf", "COUNTY-committee-paper.docx"),
        *("COUNTY-score-sheet-XQ05.pdf", "COUNTY-score-sheet-XQ05.xlsx"),
    }
    said = (folder / "COUNTY-score-sheet-XQ05.pdf").read_text("utf-8")
    assert said == "/cycles/c/releases/7/units/XQ05/score-sheet pdf"
    assert [query for path, query in printer.asked if "issued_by" in query] == [
        {"format": form, "issued_by": "绩效评估委员会办公室"} for form in ("pdf", "docx")
    ]
