"""Composes totals, ranks, grades, has them approved and publishes them: what follows."""
