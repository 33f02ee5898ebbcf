"""Backups of a whole system: made while it works, held against what they say, and restored."""
