"""`python -m chassis.certificates FOLDER NAME…`: a private authority, and certificates of it.

In FOLDER are then `ca.pem`, `ca.key`, and `NAME.pem` and `NAME.key` for each name of a host, or
address. What is there stays, unless it ends within thirty days or `--renew` is given: the authority
stays the same then, so that nobody else has to be told. Keep `ca.key` away from the parts: who has
it can be each of them.
"""

import argparse
import ipaddress
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS, DAYS_OF_THE_AUTHORITY, SOON = 397, 3_650, 30
_SKEW = timedelta(minutes=5)
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make what is missing or ends soon, and say what was made."""
    parser = argparse.ArgumentParser(prog="python -m chassis.certificates")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--renew", action="store_true", help="also what does not end soon")
    asked = parser.parse_args(arguments)
    for made in make(asked.folder, asked.names, timedelta(days=asked.days), renew=asked.renew):
        sys.stdout.write(f"{made}\n")
    return 0


def make(folder: Path, names: Sequence[str], life: timedelta, *, renew: bool = False) -> list[Path]:
    """Make certificates that are missing or end soon, or all with `renew`; return what was made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _authority(folder)
    made: list[Path] = []
    for name in names:
        file = folder / f"{name}.pem"
        if renew or not file.exists() or _ends_soon(file):
            _write(file, _of_a_host(name, authority, life))
            made.append(file)
    return made


def _authority(folder: Path) -> Pair:
    file = folder / "ca.pem"
    if file.exists():
        key = load_pem_private_key(file.with_suffix(".key").read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{file.with_suffix('.key')} is no key of ours")
        return x509.load_pem_x509_certificate(file.read_bytes()), key
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("kaoping authority")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    certificate = (
        _begun(name, name, key.public_key(), timedelta(days=DAYS_OF_THE_AUTHORITY))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    _write(file, (certificate, key))
    return certificate, key


def _of_a_host(name: str, authority: Pair, life: timedelta) -> Pair:
    signed_by, signing = authority
    key = ec.generate_private_key(ec.SECP256R1())
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    certificate = (
        _begun(_named(name), signed_by.subject, key.public_key(), life)
        .add_extension(x509.SubjectAlternativeName([_general(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(issuer, critical=False)
        .sign(signing, SHA256())
    )
    return certificate, key


def _begun(
    name: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    begins = min(now - _SKEW, now + life - timedelta(seconds=1))
    return (
        x509.CertificateBuilder(issuer, name, public, x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(now + life)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(**wanted: bool) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in every})


def _ends_soon(file: Path) -> bool:
    ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    return ends - datetime.now(UTC) < timedelta(days=SOON)


def _write(file: Path, pair: Pair) -> None:
    """Put the key there first, and each file whole: a process that starts meanwhile reads a pair,
    or finds that the two do not belong together and says so."""
    certificate, key = pair
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for path, content, mode in (
        (file.with_suffix(".key"), text, 0o600),
        (file, certificate.public_bytes(Encoding.PEM), 0o644),
    ):
        half = path.with_name(f"{path.name}.half")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        half.rename(path)


if __name__ == "__main__":
    sys.exit(main())
