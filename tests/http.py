"""HTTP to our own servers on this machine."""

import ssl
from typing import Any

import httpx

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""It knows no certificates: reading those of the world takes longer than most tests."""


def plain_http(**options: Any) -> httpx.AsyncClient:
    """Give a client for plain HTTP that goes straight there."""
    return httpx.AsyncClient(verify=NO_TLS, trust_env=False, **options)
