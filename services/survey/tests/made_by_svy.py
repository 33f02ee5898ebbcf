"""Makes `published/svy.csv`: means and errors as svy 0.35.0 (PyPI) has them of a drawn sample.

svy brings polars, pyarrow and scipy, 560 MB: what it says is kept here, and it is in no environment
of ours. The table is made anew by

    uv run --no-project --with svy==0.35.0 services/survey/tests/made_by_svy.py
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

TABLE = Path(__file__).parent / "published" / "svy.csv"
UNITS, STRATA, CLUSTERS, EACH = 50, 4, 8, 25
"""40,000 respondents: of each unit 4 strata, of each of these 8 clusters of 25."""


class Drawn(NamedTuple):
    """A respondent: of which unit, stratum and cluster, from how many clusters and people of the
    stratum, by which weight, and what was answered."""

    unit: int
    stratum: int
    cluster: int
    clusters: int
    people: int
    weight: float
    answer: float


def respondents() -> Iterator[Drawn]:
    """Draw the sample, always the same: clusters lean one way, weights differ within them."""
    draw = Random(20_261_128)  # noqa: S311 - to be the same each time
    for unit in range(UNITS):
        for stratum in range(STRATA):
            clusters, people = draw.randrange(9, 60), draw.randrange(240, 4_000)
            for cluster in range(CLUSTERS):
                leaning = draw.randrange(-15, 16)
                for _ in range(EACH):
                    answer = min(max(70 + unit // 3 + leaning + draw.randrange(-40, 41), 0), 100)
                    weight = draw.randrange(50, 400) / 64
                    yield Drawn(unit, stratum, cluster, clusters, people, weight, answer)


def main() -> None:
    """Write what svy says of each unit, where clusters were drawn, and where respondents were."""
    import polars
    import svy

    rows = [
        (f"{e.unit}/{e.stratum}", f"{e.unit}/{e.stratum}/{e.cluster}", *e) for e in respondents()
    ]
    frame = polars.DataFrame(rows, schema=["s", "c", *Drawn._fields], orient="row")
    designs = {
        "clusters": svy.Design(stratum="s", psu="c", wgt="weight", pop_size="clusters"),
        "respondents": svy.Design(stratum="s", wgt="weight", pop_size="people"),
        "endless": svy.Design(stratum="s", psu="c", wgt="weight"),
    }
    with TABLE.open("w", encoding="utf-8") as file:
        file.write("drawn,unit,mean,se\n")
        for name, design in designs.items():
            found = svy.Sample(frame, design).estimation.mean("answer", by="unit")
            for each in sorted(found.estimates, key=lambda each: each.by_level):
                file.write(f"{name},{each.by_level[0]},{each.est!r},{each.se!r}\n")


if __name__ == "__main__":
    main()
