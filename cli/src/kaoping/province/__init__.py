"""Results of many cities in one place: collected as Parquet, and compared by one SQL text.

What a query reads is a handful of flat tables (`tables`), which `collecting` makes of what an
account may read of a year, and `store` keeps in a folder or an S3-compatible store. `engines` runs
the texts in `queries/`, which DuckDB, Spark and PostgreSQL understand alike.
"""
