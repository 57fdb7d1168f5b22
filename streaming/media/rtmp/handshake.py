"""The simple RTMP handshake (RTMP 1.0 §5.2): C0 C1 → S0 S1 S2, then C2."""

import os

VERSION = 3
CLIENT_HELLO = 1 + 1536
CLIENT_ACK = 1536


def answer(client_hello: bytes) -> bytes:
    """S0 S1 S2 for C0 C1. Raises ValueError if this is not RTMP."""
    if client_hello[0] != VERSION:
        raise ValueError(f"expected RTMP version {VERSION}, got {client_hello[0]}")
    return bytes([VERSION]) + bytes(8) + os.urandom(1528) + client_hello[1:CLIENT_HELLO]
