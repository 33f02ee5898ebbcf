"""A PostgreSQL server of our own: found, initialised, started, provisioned, stopped, removed.

It listens on 127.0.0.1 only, with SCRAM passwords, and changes nothing on the machine but its own
directory. Everything here blocks and may be called with or without a running event loop.
"""

from postgres_supervisor.binaries import PostgresUnavailable, find_binaries
from postgres_supervisor.copies import copied, recover, unpack, version
from postgres_supervisor.databases import Urls, clone, drop, provision
from postgres_supervisor.server import Postgres

__all__ = [
    "Postgres",
    "PostgresUnavailable",
    "Urls",
    "clone",
    "copied",
    "drop",
    "find_binaries",
    "provision",
    "recover",
    "unpack",
    "version",
]
