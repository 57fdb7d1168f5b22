"""The certificate authority of one machine."""

import datetime
import ipaddress
import ssl
import subprocess
from pathlib import Path

from cryptography import x509

from infra.certificates import Files, certify, fingerprint

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
HOME = [ipaddress.ip_address("192.168.1.5")]


def _bodies(files: Files) -> tuple[bytes, bytes]:
    return files.authority.read_bytes(), files.server.read_bytes()


def test_it_is_made_once_and_kept_private(tmp_path: Path) -> None:
    files = certify(tmp_path / "lan", HOME, "box", NOW)
    before = _bodies(files)
    assert _bodies(certify(tmp_path / "lan", HOME, "box", NOW)) == before
    assert files.authority_key.stat().st_mode & 0o077 == 0
    assert files.server_key.stat().st_mode & 0o077 == 0
    checked = subprocess.run(
        ["openssl", "verify", "-CAfile", files.authority, "-attime", str(int(NOW.timestamp())), files.server],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_another_address_or_the_end_of_its_time_asks_for_a_new_one(tmp_path: Path) -> None:
    files = certify(tmp_path, HOME, "box", NOW)
    authority, server = _bodies(files)
    certify(tmp_path, [*HOME, ipaddress.ip_address("10.1.2.3")], "box", NOW)
    assert files.authority.read_bytes() == authority
    assert files.server.read_bytes() != server
    server = files.server.read_bytes()
    certify(tmp_path, HOME, "box", NOW + datetime.timedelta(days=380))
    assert files.authority.read_bytes() == authority
    assert files.server.read_bytes() != server


def test_the_authority_is_good_for_private_addresses_only(tmp_path: Path) -> None:
    files = certify(tmp_path, HOME, "box", NOW)
    before = fingerprint(files.authority)
    constraints = x509.load_pem_x509_certificate(files.authority.read_bytes()).extensions
    permitted = constraints.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    nets = [one.value for one in permitted if isinstance(one.value, ipaddress.IPv4Network)]
    assert nets and not any(ipaddress.ip_address("93.184.216.34") in net for net in nets)
    # An address outside them is asked for: another authority, which covers it alone.
    certify(tmp_path, [ipaddress.ip_address("100.64.0.9")], "box", NOW)
    assert fingerprint(files.authority) != before
    assert ssl.create_default_context(cafile=str(files.authority)).get_ca_certs()
