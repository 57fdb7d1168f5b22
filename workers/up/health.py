"""Is a process ready? Asked over plain sockets: the supervisor stays small and starts at once."""

import asyncio

PAUSE_S = 0.03
ANSWER_WITHIN_S = 5.0
LONGEST_ANSWER = 65_536


async def until_ready(host: str, port: int, path: str = "/readyz") -> None:
    """Return when the path answers 200; waits for ever."""
    while not await answers_ok(host, port, path):
        await asyncio.sleep(PAUSE_S)


async def answers_ok(host: str, port: int, path: str) -> bool:
    """Whether GET answers 200 now."""
    return await _get(host, port, path) is not None


async def get(host: str, port: int, path: str) -> bytes:
    """The body of a 200 answer, else nothing."""
    return await _get(host, port, path) or b""


async def _get(host: str, port: int, path: str) -> bytes | None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                status = await reader.readline()
                if b" 200 " not in status:
                    return None
                answer = await reader.read(LONGEST_ANSWER)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return None
    return answer.partition(b"\r\n\r\n")[2]


def reachable(host: str) -> str:
    """The address at which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
