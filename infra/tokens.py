"""Signed, expiring, single-purpose tokens (JWT with HS256, RFC 7519).

Each purpose has a key of its own, derived from the one secret (HKDF, RFC 5869), so a token of
one purpose never passes for another.
"""

import base64
import hashlib
import hmac
from typing import Any, Literal

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey

from infra.clock import now_ms

Purpose = Literal["session", "ticket", "play", "upload"]
MAX_TOKEN = 4096
CHECKED = 10_000
"""Tokens whose signature is known to be good; beyond, all are checked anew."""


class TokenInvalid(Exception):
    """The token is not ours, not of this purpose, or damaged."""


class TokenExpired(TokenInvalid):
    """The token was ours and its time is over."""


class Tokens:
    """Signs and checks tokens with one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._keys: dict[str, OctKey] = {}
        self._checked: dict[tuple[Purpose, str], dict[str, Any]] = {}
        self._claims = jwt.JWTClaimsRegistry(leeway=0)

    def sign(self, purpose: Purpose, claims: dict[str, Any], ttl_s: float) -> str:
        """Make a token of `claims` that lasts `ttl_s` seconds."""
        now = now_ms() / 1000
        return jwt.encode(
            {"alg": "HS256"}, {**claims, "iat": int(now), "exp": int(now + ttl_s)}, self._key(purpose)
        )

    def verify(self, purpose: Purpose, token: str) -> dict[str, Any]:
        """Give the claims back; raises TokenExpired or TokenInvalid."""
        if len(token) > MAX_TOKEN:
            raise TokenInvalid("token too long")
        try:
            claims = self._checked.get((purpose, token)) or self._check(purpose, token)
            self._claims.validate(claims)
        except ExpiredTokenError:
            raise TokenExpired("token expired") from None
        except (JoseError, ValueError) as error:
            raise TokenInvalid(str(error)) from None
        return dict(claims)

    def _check(self, purpose: Purpose, token: str) -> dict[str, Any]:
        """Check a signature, once: a browser sends the same token with every request."""
        claims: dict[str, Any] = jwt.decode(token, self._key(purpose), algorithms=["HS256"]).claims
        if len(self._checked) >= CHECKED:
            self._checked.clear()
        self._checked[purpose, token] = claims
        return claims

    def seal(self, text: str) -> str:
        """Encrypt a short secret for keeping at rest (Fernet: AES-128-CBC with HMAC-SHA-256)."""
        return self._fernet().encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt what `seal` made; raises TokenInvalid when it was made with another secret."""
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise TokenInvalid("sealed with another secret") from None

    def mask(self, name: str) -> str:
        """Hide a name; the same name has the same mask (HMAC-SHA-256, first 64 bits)."""
        return hmac.new(self._derive("mask"), name.encode(), hashlib.sha256).hexdigest()[:16]

    def _key(self, purpose: str) -> OctKey:
        if purpose not in self._keys:
            self._keys[purpose] = OctKey.import_key(self._derive(purpose))
        return self._keys[purpose]

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derive("seal")))

    def _derive(self, purpose: str) -> bytes:
        kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"kaibo/{purpose}".encode())
        return kdf.derive(self._secret)


def digest(text: str) -> str:
    """SHA-256 of a high-entropy secret, for looking it up without keeping it."""
    return hashlib.sha256(text.encode()).hexdigest()
