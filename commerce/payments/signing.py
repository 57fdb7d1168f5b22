"""Signed messages between Kaibo and a payment provider.

What is signed is the method, the path, a time, a nonce and the raw body, each followed by a line
feed, as in WeChat Pay's APIv3 ("Signature Generation"), with Ed25519 (RFC 8032) in place of RSA.
The path is signed so that a message for one address can't be used at another.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.clock import now_ms
from infra.secrets import keep_secret

TIMESTAMP = "kaibo-pay-timestamp"
NONCE = "kaibo-pay-nonce"
SIGNATURE = "kaibo-pay-signature"


class Forged(Exception):
    """The signature is missing, damaged or not by the expected key."""


class KeyMissing(Exception):
    """The other side's public key isn't there: it was never started."""


class Signer:
    """Signs messages with a private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def headers(self, method: str, path: str, body: bytes, *, at: int | None = None) -> dict[str, str]:
        """Give the headers that sign a message at a time (epoch ms; now if not said)."""
        timestamp, nonce = str(now_ms() if at is None else at), secrets.token_hex(16)
        signature = self._key.sign(_message(method, path, timestamp, nonce, body))
        return {TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: base64.b64encode(signature).decode()}

    def public(self) -> str:
        """Give the public key in base 64."""
        return base64.b64encode(self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signed_at(key: str, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Check a message against the public key (base 64), give when it was signed (epoch ms).

    `headers` have lower-case names. Raises Forged.
    """
    try:
        signature = base64.b64decode(headers[SIGNATURE], validate=True)
        message = _message(method, path, headers[TIMESTAMP], headers[NONCE], body)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, message)
        return int(headers[TIMESTAMP])
    except KeyError as missing:
        raise Forged(f"no {missing.args[0]}") from None
    except (InvalidSignature, ValueError, binascii.Error):
        raise Forged("signature does not match") from None


def keep_signer(folder: Path, name: str) -> Signer:
    """Read or make the private key `name`, and lay its public half beside it for the other side."""
    seed = base64.urlsafe_b64decode(keep_secret(folder, name) + "=")
    signer = Signer(Ed25519PrivateKey.from_private_bytes(seed))
    public = folder / f"{name}.public"
    draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    draft.write_text(signer.public(), encoding="ascii")
    draft.replace(public)
    return signer


def public_key(folder: Path, name: str) -> str:
    """Read the public key that the other side laid down; raises KeyMissing."""
    try:
        return (folder / f"{name}.public").read_text(encoding="ascii")
    except FileNotFoundError:
        raise KeyMissing(f"{folder / name}.public is not there") from None


def _message(method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    return b"\n".join([method.encode(), path.encode(), timestamp.encode(), nonce.encode(), body, b""])
