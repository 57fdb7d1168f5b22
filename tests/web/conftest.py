import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
from starlette.types import ASGIApp

from infra.mongo import Database
from infra.settings import Settings
from tests.web.api import Api
from tests.web.scene import Scene, set_scene
from tests.web.shop import Shop, open_shop
from workers.web.app import create_app
from workers.web.pages import sites
from workers.web.services import Services, connected, prepare

_prepared: set[str] = set()
"""Databases that have their indexes."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """One database and bucket for all tests of the API: each opens a shop of its own in it."""
    return msgspec.structs.replace(
        settings, mongodb_database=f"kaibo_web_{os.getpid()}", s3_bucket=f"kaibo-web-{os.getpid()}"
    )


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with connected(settings) as opened:
        if settings.mongodb_database not in _prepared:
            await prepare(opened)
            _prepared.add(settings.mongodb_database)
        yield opened


@pytest.fixture
def db(services: Services) -> Database:
    return services.db


@pytest.fixture
def app(services: Services, tmp_path: Path) -> ASGIApp:
    return create_app(services, sites(tmp_path / "apps"))


@pytest.fixture
async def api(app: ASGIApp) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://kaibo.test") as client:
        yield Api(client)


@pytest.fixture
async def shop(services: Services) -> Shop:
    return await open_shop(services)


@pytest.fixture
async def scene(services: Services, shop: Shop) -> Scene:
    return await set_scene(services, shop)
