"""`kaibo up` as a person meets it: it starts, keeps running, stops, and says what it does."""

import os
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from tests.workers.up.conftest import Copy

pytestmark = pytest.mark.slow
Make = Callable[..., Copy]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy that goes on whatever is done to it here."""
    copy = Copy(tmp_path_factory.mktemp("running"))
    try:
        copy.start().until("Ready")
        yield copy
    finally:
        copy.clear()


def test_two_copies_run_side_by_side(copies: Make) -> None:
    one, other = copies("one").start(), copies("other").start()

    one.until("Ready")
    other.until("Ready")

    for copy in (one, other):
        with urllib.request.urlopen(f"http://127.0.0.1:{copy.ports['web']}/readyz", timeout=10) as answer:
            assert answer.status == 200
    assert one.end() == 0
    with urllib.request.urlopen(f"http://127.0.0.1:{other.ports['web']}/readyz", timeout=10) as answer:
        assert answer.status == 200


def test_ctrl_c_leaves_nothing_running(copies: Make) -> None:
    copy = copies().start()
    copy.until("Ready")
    assert len(copy.pids()) >= 8

    code = copy.end(signal.SIGINT)

    assert code == 0
    assert copy.pids() == {}


def test_kill_9_of_the_supervisor_leaves_nothing_running(copies: Make) -> None:
    copy = copies().start()
    copy.until("Ready")

    copy.end(signal.SIGKILL)

    assert copy.gone(), copy.pids()


def test_a_worker_that_dies_is_started_again_and_it_is_said(running: Copy) -> None:
    victim = running.pid_of("workers.up.child jobs")

    os.kill(victim, signal.SIGKILL)

    assert "jobs stopped (killed by SIGKILL); it starts again in 0.5 s" in running.until("jobs stopped")
    running.until("✓ jobs")
    assert running.pid_of("workers.up.child jobs") != victim


def test_the_database_comes_back_after_kill_9_and_nothing_else_is_restarted(running: Copy) -> None:
    web = running.pid_of("workers.up.child web")

    os.kill(running.pid_of("--replSet"), signal.SIGKILL)

    running.until("database stopped")
    running.until("✓ database")
    assert web in running.pids()


def test_a_second_start_on_the_same_folder_is_refused_and_harms_nothing(running: Copy) -> None:
    again = Copy(running.data.parent).start()

    line = again.until("already runs")

    assert f"process {running.process.pid if running.process else 0}" in line
    assert again.process is not None
    assert again.process.wait(20) == 2
    with urllib.request.urlopen(f"http://127.0.0.1:{running.ports['web']}/readyz", timeout=10) as answer:
        assert answer.status == 200


def test_a_taken_port_is_one_sentence_and_nothing_is_started(copies: Make) -> None:
    copy = copies()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", copy.ports["media"]))
        taken.listen()
        copy.start()

        line = copy.until("is taken")

        assert copy.process is not None
        assert copy.process.wait(20) == 2
    assert line == (
        f"kaibo: Port {copy.ports['media']} is taken by another program: "
        "stop it, or set KAIBO_MEDIA_PORT to a free port.\n"
    )
    assert copy.lines == [line]
    assert copy.pids() == {}
    assert not (copy.data / "db").exists()


def test_a_worker_that_can_not_start_stops_everything(copies: Make) -> None:
    copy = copies(KAIBO_S3_ENDPOINT="http://127.0.0.1:9").start()

    line = copy.until("KAIBO_S3_ENDPOINT")

    assert copy.process is not None
    assert copy.process.wait(60) == 2
    assert "http://127.0.0.1:9" in line
    assert copy.gone()
