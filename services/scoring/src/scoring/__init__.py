"""Keeps the ledger and the claims, and computes what they are worth: what happened."""
