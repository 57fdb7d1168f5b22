"""The embedded object store: nanio, a real S3 server from a wheel, as a child process.

Why nanio: `docs/adr/0004-object-store.md`.
"""

import asyncio
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from infra.secrets import s3_keys
from infra.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def store_command(settings: Settings) -> list[str]:
    """Give the command line of the child; it keeps its objects in `<data>/objects`."""
    folder = settings.data / "objects"
    folder.mkdir(parents=True, exist_ok=True)
    return [
        *(sys.executable, "-m", "uvicorn", "infra.embedded.store_app:make_app", "--factory"),
        *("--app-dir", str(ROOT)),
        *("--host", settings.host),
        *("--port", str(settings.s3_port)),
        *("--log-level", "warning"),
        "--no-access-log",
    ]


def store_environment(settings: Settings) -> dict[str, str]:
    """Give the child's environment, which carries its folder and keys."""
    access, secret = s3_keys(settings)
    return {
        **os.environ,
        "NANIO_DATA_DIR": str(settings.data / "objects"),
        "NANIO_REGION": settings.s3_region,
        "NANIO_ACCESS_KEY": access,
        "NANIO_SECRET_KEY": secret,
    }


async def wait_for_store(settings: Settings, timeout_s: float = 30.0) -> None:
    """Wait until the store answers HTTP; raises TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while not await asyncio.to_thread(_answers, settings.s3_url):
            await asyncio.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
