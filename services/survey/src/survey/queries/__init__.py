"""The questions to the database that more than one resource asks, or that deserve a name."""
