from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.mongo import Database
from infra.objects import ObjectStore
from infra.settings import Settings
from tests.streaming.replay.shows import Take, take
from tests.streaming.replay.stage import Stage, set_up


@pytest.fixture(scope="session")
def taken(ffmpeg: str, demo_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Take:
    """Twenty seconds in ten segments."""
    return take(ffmpeg, demo_clip, tmp_path_factory.mktemp("take"))


@pytest.fixture(scope="session")
def other_take(ffmpeg: str, demo_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Take:
    """The same publisher with B frames switched on: another codec configuration."""
    return take(ffmpeg, demo_clip, tmp_path_factory.mktemp("other"), b_frames=2)


@pytest.fixture
async def stage(db: Database, settings: Settings) -> AsyncIterator[Stage]:
    """A show on air with nothing recorded yet."""
    objects = ObjectStore(settings)
    yield await set_up(db, objects, settings)
    objects.close()
