"""Who enters anything for an indicator: what a permission to enter late is good for."""

from collections.abc import Iterator

from scoring.rules.scheme.document import OWN_UNIT, Category, Indicator, Scheme


def enterers(scheme: Scheme, indicator: str | None) -> frozenset[str]:
    """Return the units that enter values, events or marks for an indicator, and those about which
    the cards that count by it are; without an indicator, all that enter anything, own words
    included."""
    found = set[str]()
    for category in scheme.categories:
        known = category.indicators()
        for code in known if indicator is None else known.keys() & {indicator}:
            found.update(_enterers(scheme, category, known[code]))
        if indicator is None:
            found.update(category.units)  # every one reports its own progress
    return frozenset(found)


def _enterers(scheme: Scheme, category: Category, indicator: Indicator) -> Iterator[str]:
    source, cards = indicator.data_source_unit, scheme.duties.cards
    yield from category.units if source == OWN_UNIT else (source,)
    yield from indicator.findings_by
    if cards is not None and cards.indicator == indicator.code:
        yield from category.units
    compiled = scheme.compiled_of[category.code].get(indicator.code)
    forms = () if compiled is None else map(compiled.form_for, category.units)
    panels = {form.panel for form in forms if form is not None}
    for panel in scheme.panels:
        if panel.code in panels:
            yield from (seat.unit for seat in panel.seats)
