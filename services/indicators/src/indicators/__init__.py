"""Keeps units, cycles, schemes and targets: what is measured."""
