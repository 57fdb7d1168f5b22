"""What must hold before anything is started. Each failure is one plain sentence."""

import asyncio
import errno
import os
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from infra.settings import Settings

ANSWER_S = 5.0
OUTSIDE = ("KAIBO_RTMP_PORT", "KAIBO_HTTPS_PORT")
"""Ports that are also opened on the network with LAN=1."""


class CannotStart(Exception):
    """Kaibo can't start; the text is for a person and says what to change."""


def check_folder(settings: Settings) -> None:
    """Raises CannotStart when the data folder can't be made or written to."""
    _folder_usable(settings.data)


def check(settings: Settings) -> None:
    """Raises CannotStart for the first thing that is wrong; starts nothing."""
    _ports_differ(settings)
    _disk_has_room(settings)
    for variable, port in ports(settings):
        for host in settings.peer_hosts if variable in OUTSIDE else [settings.host]:
            _port_free(host, variable, port)
    _mongod_there(settings)


def check_reachable(settings: Settings) -> None:
    """Raises CannotStart when an existing database or object store of the settings does not answer."""
    if settings.s3_endpoint:
        _store_answers(settings.s3_endpoint)
    if settings.mongodb_uri:
        asyncio.run(_database_answers(settings))


def _store_answers(endpoint: str) -> None:
    try:
        with urllib.request.urlopen(endpoint, timeout=ANSWER_S):
            return
    except urllib.error.HTTPError:
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise CannotStart(f"No object store answers at {endpoint} (KAIBO_S3_ENDPOINT): {reason}.") from None


async def _database_answers(settings: Settings) -> None:
    from infra.mongo import Unavailable, connect

    try:
        (await connect(settings)).close()
    except Unavailable as away:
        reason = str(away).split(",")[0]
        raise CannotStart(f"No MongoDB answers at KAIBO_MONGODB_URI: {reason}.") from None


def ports(settings: Settings) -> Iterator[tuple[str, int]]:
    """The ports that this copy will listen on, with the setting of each."""
    yield "KAIBO_WEB_PORT", settings.web_port
    yield "KAIBO_LIVE_PORT", settings.live_port
    yield "KAIBO_MEDIA_PORT", settings.media_port
    yield "KAIBO_WHIP_PORT", settings.whip_port
    yield "KAIBO_JOBS_PORT", settings.jobs_port
    yield "KAIBO_RTMP_PORT", settings.rtmp_port
    if not settings.s3_endpoint:
        yield "KAIBO_S3_PORT", settings.s3_port
    if settings.sandbox:
        yield "KAIBO_PAY_PORT", settings.pay_port
    if settings.lan:
        yield "KAIBO_HTTPS_PORT", settings.https_port


def _ports_differ(settings: Settings) -> None:
    seen: dict[int, str] = {}
    for variable, port in ports(settings):
        if port in seen:
            raise CannotStart(f"{seen[port]} and {variable} are both {port}: give one of them another port.")
        seen[port] = variable


def _port_free(host: str, variable: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(
                f"Port {port} needs more rights than you have: set {variable} to one above 1023."
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(
                    f"Port {port} is taken by another program: stop it, or set {variable} to a free port."
                ) from None
            raise CannotStart(
                f"KAIBO_HOST={host} can't be listened on: {os.strerror(error.errno or 0)}."
            ) from None


def _folder_usable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"The data folder {folder} can't be made: {error.strerror} (KAIBO_DATA).") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotStart(f"The data folder {folder} can't be written to (KAIBO_DATA).")


def _disk_has_room(settings: Settings) -> None:
    free_gb = shutil.disk_usage(settings.data).free / 1e9
    if free_gb < settings.min_free_gb:
        raise CannotStart(
            f"The disk of {settings.data} has {free_gb:.1f} GB left and {settings.min_free_gb:g} GB "
            f"are wanted: make room, or lower KAIBO_MIN_FREE_GB."
        )


def _mongod_there(settings: Settings) -> None:
    if settings.mongodb_uri:
        return
    from infra.embedded import MongodMissing, find_mongod

    try:
        find_mongod(settings)
    except MongodMissing as missing:
        raise CannotStart(str(missing)) from None
