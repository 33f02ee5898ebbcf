"""The settings of this service: the usual ones, where evidence is kept, and who writes cards."""

from pydantic import SecretStr, field_validator

from chassis.settings import Settings as CommonSettings
from scoring.rules.evidence.scanner import Address


class Settings(CommonSettings):
    """Read from the environment once (`EVIDENCE_STORE`, …), then passed as a value."""

    evidence_store: str = "evidence"
    """Where evidence is kept: a folder, or `s3://bucket/prefix` of an S3-compatible store."""
    complaint_keys: str = "complaint-keys"
    """The folder of the keys of contacts, one file for each: outside the database, and not among
    what is kept for good, so that what is erased is erased."""
    tmpdir: str = ""
    """Where files that are sent lie until they are judged, without a name; usually the system's."""
    evidence_s3_endpoint: str = ""
    """The address of that store, where it is not Amazon's."""
    evidence_s3_region: str = "us-east-1"
    """Its region; most stores of one's own take any."""
    evidence_s3_access_key_id: str = ""
    """By which key the store is used."""
    evidence_s3_secret_access_key: SecretStr = SecretStr("")
    """The secret of that key."""
    evidence_scanner: str = ""
    """The malware scanner that files are shown to before they are kept, by the protocol of clamd:
    `tcp://host:3310` or `unix:/path/of/its/socket`. Empty: none."""

    @field_validator("evidence_scanner")
    @classmethod
    def _address(cls, value: str) -> str:
        Address.of(value)
        return value

    duty_account: str = ""
    """The client account, with the role `daily_round`, by which this service has written what
    follows from the record and the day; several, one of each jurisdiction, separated by commas.
    Empty where the office gives those commands."""
    duty_secret: SecretStr = SecretStr("")
    """The secret of that account, or of each of them in the same order, separated by commas."""
    duty_seconds: float = 3600.0
    """How long it waits before it looks again whether there is a card to write."""
