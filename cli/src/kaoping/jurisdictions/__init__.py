"""A jurisdiction as a whole: established, listed, and moved to another installation.

What is moved are the rows of five databases that are its own (`owning`), the files that these name,
its journals, and the checkpoints that vouch for them (`leaving`, `arriving`): one folder, which the
program in it verifies alone.
"""
