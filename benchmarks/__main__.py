"""What `make bench` measures: ratios within one run, because machines differ and are shared.

`python -m benchmarks category` measures one of them alone.
"""

import sys

from benchmarks import (
    all_steps,
    aside,
    category,
    composite_index,
    console,
    deadline,
    earlier_cycles,
    exports,
    growth,
    million,
    orders,
    posting,
    reference_city,
    requests,
    sizes,
    start,
    surveys,
    years,
)

MEASURES = {
    "category": category.measure,
    "index": composite_index.measure,
    "steps": all_steps.measure,
    "growth": growth.measure,
    "orders": orders.measure,
    "cycles": earlier_cycles.measure,
    "city": reference_city.measure,
    "exports": exports.measure,
    "requests": requests.measure,
    "posting": posting.measure,
    "surveys": surveys.measure,
    "aside": aside.measure,
    "deadline-short": deadline.measure,
    "start": start.measure,
    "console": console.measure,
    "million-short": million.measure_short,
    "years-short": years.measure,
}
ALONE = {
    "million": million.measure,
    "years": years.measure_long,
    "deadline": deadline.measure_long,
    "sizes": sizes.measure,
}
"""What is measured when it is named: it takes half an hour."""


def main() -> None:
    """Run the measures that are named, or all of them."""
    for name in sys.argv[1:] or MEASURES:
        (MEASURES | ALONE)[name]()


if __name__ == "__main__":
    main()
