"""Secrets that are made once and kept in the data folder, readable by the owner only."""

import os
import secrets
from pathlib import Path

from infra.settings import Settings


def keep_secret(folder: Path, name: str, length: int = 32) -> str:
    """Read the secret `name`, or make it: two processes that start together get the same one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.secret"
    draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(length), encoding="ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")


def signing_secret(settings: Settings) -> str:
    """Key of `infra.tokens`."""
    return settings.secret or keep_secret(settings.run_dir, "signing")


def operator_password(settings: Settings) -> str:
    """Password of the first operator account."""
    return settings.operator_password or keep_secret(settings.run_dir, "operator", 12)


def s3_keys(settings: Settings) -> tuple[str, str]:
    """Access key and secret key of the object store."""
    access = settings.s3_access_key or keep_secret(settings.run_dir, "s3-access", 12)
    return access, settings.s3_secret_key or keep_secret(settings.run_dir, "s3-secret")
