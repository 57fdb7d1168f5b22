"""A certificate authority of one machine's own, for HTTPS on its network.

It is made once and kept in `<data>/lan`. It may vouch for addresses of private networks and this machine's
names only (name constraints, critical), so that a phone which trusts it trusts it for nothing else.
"""

import datetime
import ipaddress
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from infra.network import Address

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
"""Apple's phones refuse server certificates that live longer than 398 days."""
RENEW_DAYS = 30
LOCAL_DOMAIN = "local"
PRIVATE = tuple(
    ipaddress.ip_network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fd00::/8")
)
_Key = ec.EllipticCurvePrivateKey
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Files(NamedTuple):
    """Where the certificates of a data folder are."""

    folder: Path

    @property
    def authority(self) -> Path:
        """What phones are given to trust."""
        return self.folder / "authority.pem"

    @property
    def authority_key(self) -> Path:
        """Never leaves this machine."""
        return self.folder / "authority.key"

    @property
    def server(self) -> Path:
        """The server's certificate."""
        return self.folder / "server.pem"

    @property
    def server_key(self) -> Path:
        """The server's key."""
        return self.folder / "server.key"


def certify(folder: Path, addresses: Sequence[Address], hostname: str, now: datetime.datetime) -> Files:
    """Make what is missing: the authority once, the server certificate when addresses or time ask for it.

    The authority is made anew when its time is over or an address is none it may vouch for.
    """
    files = Files(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = _kept(files.authority)
    if authority is None or not _may_vouch(authority, addresses, now):
        authority = _make_authority(files, addresses, now)
    server = _kept(files.server)
    names = _names(addresses, hostname)
    if server is None or not _good(server, authority, names, now):
        _make_server(files, authority, names, now)
    return files


def fingerprint(path: Path) -> str:
    """SHA-256 of a certificate, as phones show it."""
    digest = x509.load_pem_x509_certificate(path.read_bytes()).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


def as_der(path: Path) -> bytes:
    """A certificate in the form that phones install."""
    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(serialization.Encoding.DER)


def _make_authority(files: Files, addresses: Sequence[Address], now: datetime.datetime) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"Kaibo on this network {secrets.token_hex(3)}")]
    )
    permitted: list[x509.GeneralName] = [x509.IPAddress(network) for network in _networks(addresses)]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints([*permitted, x509.DNSName(LOCAL_DOMAIN)], None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _keep(files.authority_key, _private(key))
    _keep(files.authority, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate


def _make_server(
    files: Files, authority: x509.Certificate, names: Sequence[x509.GeneralName], now: datetime.datetime
) -> None:
    signer = serialization.load_pem_private_key(files.authority_key.read_bytes(), None)
    assert isinstance(signer, _Key)  # it is ours
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kaibo")]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=SERVER_DAYS - 1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    _keep(files.server_key, _private(key))
    _keep(files.server, certificate.public_bytes(serialization.Encoding.PEM))


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _names(addresses: Sequence[Address], hostname: str) -> list[x509.GeneralName]:
    name = hostname.partition(".")[0].lower()
    known: list[x509.GeneralName] = [x509.IPAddress(address) for address in sorted(addresses, key=str)]
    return [*known, x509.DNSName(f"{name}.{LOCAL_DOMAIN}")] if name.isascii() and name else known


def _networks(addresses: Sequence[Address]) -> list[_Network]:
    """Private networks, and each of this machine's addresses that is in none of them."""
    alone = [
        ipaddress.ip_network(address) for address in addresses if not any(address in net for net in PRIVATE)
    ]
    return [*PRIVATE, *alone]


def _may_vouch(authority: x509.Certificate, addresses: Sequence[Address], now: datetime.datetime) -> bool:
    if authority.not_valid_after_utc - now < datetime.timedelta(days=RENEW_DAYS):
        return False
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    nets = [one.value for one in constraints.permitted_subtrees or [] if isinstance(one, x509.IPAddress)]
    return all(any(_within(address, net) for net in nets) for address in addresses)


def _within(address: Address, net: object) -> bool:
    return isinstance(net, _Network) and address in net


def _good(
    server: x509.Certificate,
    authority: x509.Certificate,
    names: Sequence[x509.GeneralName],
    now: datetime.datetime,
) -> bool:
    if server.not_valid_after_utc - now < datetime.timedelta(days=RENEW_DAYS):
        return False
    try:
        server.verify_directly_issued_by(authority)
    except Exception:  # noqa: BLE001  # of whatever kind: it is not from this authority
        return False
    return list(server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value) == list(names)


def _kept(path: Path) -> x509.Certificate | None:
    key = path.with_suffix(".key")
    if not (path.is_file() and key.is_file()):
        return None
    return x509.load_pem_x509_certificate(path.read_bytes())


def _private(key: _Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _keep(path: Path, body: bytes) -> None:
    """Write a file that only we may read; it is whole or not there."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(body)
    draft.replace(path)
