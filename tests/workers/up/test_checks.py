"""Everything that can be wrong before a start is one plain sentence that names the setting."""

import socket
from pathlib import Path

import msgspec
import pytest

from infra.settings import Settings
from tests.conftest import fresh_settings
from workers.up.checks import CannotStart, check, check_folder, ports


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return fresh_settings(tmp_path / "data")


def changed(settings: Settings, **changes: object) -> Settings:
    return msgspec.structs.replace(settings, **changes)


def test_good_settings_pass(settings: Settings) -> None:
    check_folder(settings)
    check(settings)


def test_every_port_is_looked_at_and_named(settings: Settings) -> None:
    check_folder(settings)
    for variable, port in ports(settings):
        with socket.socket() as taken:
            taken.bind((settings.host, port))
            taken.listen()
            with pytest.raises(CannotStart, match=f"Port {port} is taken .* set {variable} to a free port"):
                check(settings)


def test_two_settings_with_one_port(settings: Settings) -> None:
    with pytest.raises(CannotStart, match="KAIBO_WEB_PORT and KAIBO_JOBS_PORT are both"):
        check(changed(settings, jobs_port=settings.web_port))


def test_a_host_that_is_not_ours(settings: Settings) -> None:
    check_folder(settings)
    with pytest.raises(CannotStart, match=r"KAIBO_HOST=203\.0\.113\.1 can't be listened on"):
        check(changed(settings, host="203.0.113.1"))


def test_too_little_room_on_the_disk(settings: Settings) -> None:
    check_folder(settings)
    with pytest.raises(CannotStart, match=r"1e\+06 GB are wanted: make room, or lower KAIBO_MIN_FREE_GB"):
        check(changed(settings, min_free_gb=1_000_000.0))


def test_a_data_folder_that_can_not_be_made(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match=r"can't be made: Not a directory \(KAIBO_DATA\)"):
        check_folder(changed(settings, data=tmp_path / "file" / "data"))


def test_a_mongod_that_is_not_there(settings: Settings) -> None:
    check_folder(settings)
    with pytest.raises(CannotStart, match="KAIBO_MONGOD names /nowhere/mongod, which is not there"):
        check(changed(settings, mongod="/nowhere/mongod"))


def test_an_existing_database_needs_no_mongod(settings: Settings) -> None:
    check_folder(settings)
    check(changed(settings, mongod="/nowhere/mongod", mongodb_uri="mongodb://db.example/?replicaSet=rs0"))
