"""What a sample says of those who were not asked: estimates with their errors.

Floating numbers, which describe a score and never decide it. Means, ratios and totals by Taylor
linearisation, as Woodruff (1971) and Binder (1983) have it: the variance of an estimate is that of
the sum, over the units that were drawn, of what each contributes to it.
"""
