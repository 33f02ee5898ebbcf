"""How large a sample has to be, and how far off it may be.

For the share of a population, and by default for one half, where the error is largest. All exact
decimals; the quantile of the normal distribution is rounded to six places first.
"""

from decimal import ROUND_CEILING, Decimal, localcontext

from survey.rules.estimates.intervals import quantile

HALF = Decimal("0.5")

CONFIDENCE = Decimal("0.95")
"""The confidence level that is used where none is named."""


def margin_of_error(
    sample: int,
    population: int | None = None,
    confidence: Decimal = CONFIDENCE,
    share: Decimal = HALF,
) -> Decimal | None:
    """Return the half width of the interval around a share, as a share; None without a sample.

    Where the population is known, a sample of all of it has no error.
    """
    if sample < 1:
        return None
    with localcontext(prec=28):
        variance = share * (1 - share) / sample
        if population is not None:
            left = max(population - sample, 0)
            variance *= Decimal(left) / max(population - 1, 1)
        return quantile(confidence) * variance.sqrt()


def needed_sample(
    margin: Decimal,
    population: int | None = None,
    confidence: Decimal = CONFIDENCE,
    share: Decimal = HALF,
) -> int:
    """Return the smallest sample whose margin of error is not larger than `margin`."""
    with localcontext(prec=28):
        size = quantile(confidence) ** 2 * share * (1 - share) / margin**2
        if population is not None:
            size = population * size / (population - 1 + size)
        return max(int(size.to_integral_value(ROUND_CEILING)), 1)
