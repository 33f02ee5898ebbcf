"""Whole columns at once (按列计算): what the methods give one unit, for all units in a few steps.

Numbers are whole numbers over a common denominator, never floats, so every digit is that of the
path that explains; a test compares the two.
"""
