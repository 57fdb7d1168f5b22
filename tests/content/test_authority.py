"""Which role holds which grant: the whole of authorisation, written down a second time."""

import pytest

import commerce.orders.rules
import commerce.products.rules
import commerce.stock.rules
import commerce.stores.rules
import commerce.wallets.rules
import content.accounts.rules
import content.businesses.rules
import content.contents.rules
import content.creators.rules
import content.models.rules
import content.pictures.rules
import content.programs.rules
import content.rooms.rules
import workers.web.jobs
from content.authority import Grant, decide
from schemas.accounts import PLATFORM, SYSTEM, Actor, Role
from schemas.problems import CommonRefusal

OWN, OTHER = "biz_own", "biz_other"
MODULES = (
    content.accounts.rules,
    content.businesses.rules,
    content.creators.rules,
    content.rooms.rules,
    content.programs.rules,
    content.contents.rules,
    content.models.rules,
    content.pictures.rules,
    commerce.products.rules,
    commerce.stock.rules,
    commerce.stores.rules,
    commerce.orders.rules,
    commerce.wallets.rules,
    workers.web.jobs,
)
GRANTS = {grant.name: grant for module in MODULES for grant in module.GRANTS}

# m: business operator, a: anchor of the thing, s: assistant; operators and the system hold all.
HOLDERS = {
    "accounts.create": "m",
    "accounts.set_roles": "m",
    "accounts.list": "m",
    "accounts.disable": "",
    "accounts.set_password": "",
    "businesses.create": "",
    "businesses.edit": "m",
    "businesses.read": "mas",
    "creators.admit": "m",
    "creators.read": "mas",
    "creators.edit": "m",
    "creators.review": "m",
    "rooms.create": "m",
    "rooms.edit": "ma",
    "rooms.read": "mas",
    "programs.create": "ma",
    "programs.edit": "ma",
    "programs.read": "mas",
    "programs.schedule": "ma",
    "programs.open": "ma",
    "programs.end": "ma",
    "programs.cancel": "ma",
    "programs.push": "ma",
    "programs.shelve": "mas",
    "programs.erase": "",
    "contents.read": "mas",
    "contents.edit": "ma",
    "contents.withdraw": "m",
    "contents.publish": "m",
    "models.create": "m",
    "models.read": "mas",
    "models.edit": "m",
    "models.publish": "m",
    "models.migrate": "m",
    "extensions.write": "ma",
    "library.search": "mas",
    "pictures.upload": "mas",
    "products.create": "m",
    "products.edit": "m",
    "products.delete": "m",
    "products.read": "mas",
    "stock.set": "m",
    "stock.read": "mas",
    "stores.create": "m",
    "stores.edit": "m",
    "stores.read": "mas",
    "orders.read": "m",
    "orders.fulfil": "m",
    "orders.refund": "m",
    "orders.cancel": "m",
    "budgets.grant": "",
    "budgets.read": "ma",
    "jobs.read": "mas",
    "jobs.retry": "m",
}
LETTERS = {Role.BUSINESS_OPERATOR: "m", Role.ANCHOR: "a", Role.ASSISTANT: "s"}


def actor(role: Role, business: str) -> Actor:
    return Actor(id="acc_me", name="me", roles={business: [role]})


def test_every_grant_is_written_down() -> None:
    assert set(GRANTS) == set(HOLDERS)


@pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: grant.name)
def test_in_her_own_business_each_role_may_what_is_written(grant: Grant) -> None:
    allowed = {
        letter
        for role, letter in LETTERS.items()
        if decide(actor(role, OWN), grant, OWN, anchor="acc_me") is None
    }
    assert allowed == set(HOLDERS[grant.name])


@pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: grant.name)
def test_an_anchor_may_nothing_with_what_another_anchor_leads(grant: Grant) -> None:
    refusal = decide(actor(Role.ANCHOR, OWN), grant, OWN, anchor="acc_else")
    assert refusal is not None
    assert refusal.code is CommonRefusal.NOT_ALLOWED


@pytest.mark.parametrize("role", [Role.BUSINESS_OPERATOR, Role.ANCHOR, Role.ASSISTANT, Role.VIEWER])
@pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: grant.name)
def test_who_belongs_elsewhere_finds_nothing(grant: Grant, role: Role) -> None:
    for stranger in (actor(role, OTHER), Actor(id="acc_me", name="me")):
        refusal = decide(stranger, grant, OWN, anchor="acc_me")
        assert refusal is not None
        hidden = CommonRefusal.NOT_FOUND if HOLDERS[grant.name] else CommonRefusal.NOT_ALLOWED
        assert refusal.code is hidden


@pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: grant.name)
def test_viewers_and_guests_may_nothing(grant: Grant) -> None:
    viewer = decide(actor(Role.VIEWER, OWN), grant, OWN, anchor="acc_me")
    guest = decide(Actor(id="guest", name="", guest=True), grant, OWN, anchor="guest")
    assert viewer is not None
    assert guest is not None
    assert guest.code is CommonRefusal.NOT_SIGNED_IN


@pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: grant.name)
def test_operators_and_the_system_may_everything(grant: Grant) -> None:
    assert decide(actor(Role.OPERATOR, PLATFORM), grant, OWN, anchor="acc_else") is None
    assert decide(SYSTEM, grant, OWN, anchor="acc_else") is None
