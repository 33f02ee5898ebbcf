"""A scheme in which units report themselves, and a card costs points."""

CARDS = {"indicator": "C15", "yellow": "yellow", "red": "red"}
COUNTED = {"duties": {"cards": {"indicator": "C03", "yellow": "overdue", "red": "overdue"}}}
"""What a scheme says of duties whose cards count; those of units that nobody scores by C03 stay
cards alone."""

OWN = ("XQ01", "XQ02")
"""The units of the scheme."""


def with_cards(document, **duties):
    """The scheme of two counties that report C03 each month themselves, whose cards cost 0.1 and
    0.2 of the 6 points of C15."""

    def indicator(each):
        if each["code"] == "C03":
            return each | {"data_source_unit": "own_unit"}
        if each["code"] == "C15":
            events = {"per_event": {"yellow": "0.1", "red": "0.2"}}
            return each | {"params": events, "frequency": "per_event"}
        return each

    def block(each):
        return each | {"indicators": [indicator(one) for one in each["indicators"]]}

    county = document["categories"][0]
    blocks = [block(each) for each in county["blocks"]]
    policy = {"cards": CARDS} | duties
    return document | {
        "categories": [county | {"units": [*OWN], "blocks": blocks}],
        "duties": policy,
    }


def exempt_but(document, *codes):
    """The indicators of the scheme that owe nothing by a deadline, because others do."""
    county = document["categories"][0]
    known = (one["code"] for block in county["blocks"] for one in _all(block["indicators"]))
    return [code for code in known if code not in codes]


def _all(indicators):
    for each in indicators:
        yield each
        yield from _all(each.get("children", ()))
