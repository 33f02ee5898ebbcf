"""Jurisdictions of one installation, established as in life: registered by two administrators, each
with a first administrator of its own, who makes all other accounts."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from tests.system.harness import Installation

from kaoping.card import Credentials
from kaoping.client import Client

SECRET = "a-secret-that-is-long-enough"
SYSTEM = "system_administrator"

Accounts = Mapping[str, tuple[str | None, Sequence[str], str]]
"""By the name that the year has for somebody: unit, roles, whether a person or a client."""


class Founders:
    """The two administrators of an installation without whom no jurisdiction is established."""

    def __init__(self, installation: Installation, stack: ExitStack) -> None:
        self._installation, self._stack = installation, stack
        self.first = self._client(installation.administrator)
        told = {"subject": "deputy", "kind": "person", "name": "x", "roles": [SYSTEM]}
        self.first.post("/accounts", {"accounts": [told | {"secret": SECRET}]})
        self.second = self._client(Credentials("deputy", SECRET))

    def establish(self, code: str, superior: str | None = None) -> Client:
        """Register a jurisdiction; return a client of its first administrator."""
        told = {"code": code, "name_zh": f"辖区{code}", "name_en": code, "superior": superior}
        self.first.post("/jurisdictions", told | {"founded_on": "1949-10-01"})
        self.second.post(f"/jurisdictions/{code}/confirmation")
        subject = f"{code}.admin"
        account = {"subject": subject, "kind": "person", "name": "x", "roles": [SYSTEM]}
        self.first.post("/accounts", {"accounts": [account | {"jurisdiction": code}]})
        once = self.second.post(f"/accounts/{subject}/confirmation")["secret"]
        with self._installation.client(Credentials(subject, once)) as begun:
            begun.post("/me/password", {"current": once, "new": SECRET})
        return self._client(Credentials(subject, SECRET))

    def people(self, code: str, administrator: Client, accounts: Accounts) -> dict[str, Client]:
        """Have accounts made in a jurisdiction; return a client of each by its name in the year."""
        told = [
            {"subject": f"{code}.{who}", "kind": kind, "name": who, "person": who, "unit": unit}
            | {"roles": [*roles], "secret": SECRET}
            for who, (unit, roles, kind) in accounts.items()
        ]
        administrator.post("/accounts", {"accounts": told})
        return {
            who: self._client(Credentials(f"{code}.{who}", SECRET, kind))
            for who, (_, _, kind) in accounts.items()
        }

    def notary(self) -> Client:
        """Return a client of an auditor who is of no jurisdiction, and has checkpoints made."""
        told = {"subject": "notary", "kind": "person", "name": "x", "roles": ["auditor"]}
        self.first.post("/accounts", {"accounts": [told]})
        once = self.second.post("/accounts/notary/confirmation")["secret"]
        with self._installation.client(Credentials("notary", once)) as begun:
            begun.post("/me/password", {"current": once, "new": SECRET})
        return self._client(Credentials("notary", SECRET))

    def _client(self, credentials: Credentials) -> Client:
        return self._stack.enter_context(self._installation.client(credentials))
