"""Certificates made for one run of the tests: a root of our own, and what it signed or did not."""

from __future__ import annotations

import atexit
import functools
import ipaddress
import shutil
import ssl
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAMES = ("good", "wrong_host", "expired", "self_signed")


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hostile-tls-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def _root() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    return _signed(key, "Tests' root", None, key, days=30, authority=True), key


def _signed(
    key: ec.EllipticCurvePrivateKey, name: str, issuer: x509.Certificate | None, by: ec.EllipticCurvePrivateKey,
    days: int, authority: bool = False, names: tuple[x509.GeneralName, ...] = (),
) -> x509.Certificate:  # fmt: skip
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if authority:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        made = made.add_extension(usage, critical=True)
    if names:
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(by, hashes.SHA256())


@functools.cache
def root_file() -> str:
    """A file for ``SSL_CERT_FILE``: with it, "good" is in order, and "wrong_host" and "expired" are what they say."""
    path = _folder() / "root.pem"
    path.write_bytes(_root()[0].public_bytes(serialization.Encoding.PEM))
    return str(path)


@functools.cache
def context(name: str) -> ssl.SSLContext:
    """What a server of 127.0.0.1 shows."""
    root, by = _root()
    key = ec.generate_private_key(ec.SECP256R1())
    here: x509.GeneralName = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    if name == "wrong_host":
        here = x509.DNSName("other.example")
    if name == "self_signed":
        made = _signed(key, "127.0.0.1", None, key, days=30, names=(here,))
    else:
        made = _signed(key, "127.0.0.1", root, by, days=-30 if name == "expired" else 30, names=(here,))
    path = _folder() / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(path)
    return found
