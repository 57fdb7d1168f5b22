from collections.abc import AsyncIterator

import msgspec
import pytest

from infra.settings import Settings
from tests.commerce.shop import open_shop
from tests.web.shop import person
from tests.workers.pay_sandbox.market import Buyer, Market, close_providers, serving
from workers.pay_sandbox.ledger import Ledger
from workers.pay_sandbox.server import sandbox
from workers.web.app import create_app
from workers.web.server import make_server
from workers.web.services import open_services


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, demo=True)


@pytest.fixture
async def market(settings: Settings) -> AsyncIterator[Market]:
    """The web server and the provider, both well, and a buyer before them."""
    settings.recordings_dir.mkdir(parents=True)
    async with open_services(settings) as services, sandbox(settings) as provider:
        web = make_server(settings, create_app(services, []))
        async with serving(web, settings.web_port), serving(provider, settings.pay_port):
            shop = await open_shop(services.db)
            buyer = Buyer(settings, (await person(services, "buyer", {})).token)
            ledger = Ledger(settings.data / "pay_sandbox" / "ledger.db")
            yield Market(settings, services.db, shop, ledger, buyer)
            ledger.close()
            await buyer.http.aclose()
            await close_providers(settings)
        await services.db.drop()
