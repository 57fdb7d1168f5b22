"""A machine without the system's libcurl starts mongod with the carried one."""

import subprocess
from pathlib import Path

from infra.embedded import find_mongod
from infra.embedded.libcurl import mongod_environment
from infra.settings import load


def test_a_system_with_libcurl_is_left_alone(tmp_path: Path) -> None:
    cache = tmp_path / "ld.so.cache"
    cache.write_bytes(b"\0libcurl.so.4\0")

    environment = mongod_environment(tmp_path / "run", cache)

    assert str(tmp_path) not in environment.get("LD_LIBRARY_PATH", "")
    assert not (tmp_path / "run").exists()


def test_mongod_loads_the_carried_libcurl_where_the_system_has_none(tmp_path: Path) -> None:
    bare = tmp_path / "ld.so.cache"
    bare.write_bytes(b"\0libcurl-gnutls.so.4\0")

    environment = mongod_environment(tmp_path / "run", bare)
    mongod = find_mongod(load(environ={}, folder=tmp_path))
    loaded = subprocess.run(
        [mongod, "--version"],
        env={**environment, "LD_DEBUG": "libs"},
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert loaded.returncode == 0
    assert "db version" in loaded.stdout
    assert f"calling init: {tmp_path}/run/lib/libcurl.so.4" in loaded.stderr
