"""Which role holds which grant: the whole of authorisation, written down a second time.

The grants are those that the actions themselves name: one that is not written down here fails.
"""

import pytest

import workers.web.routes  # noqa: F401 (every action there is)
from content.authority import GRANTS, Grant, decide, own_places, places
from schemas.accounts import PLATFORM, SYSTEM, Actor, Role
from schemas.problems import CommonRefusal

OWN, OTHER = "biz_own", "biz_other"

# m: business operator, r: reviewer, e: editor, a: anchor of the thing, s: assistant,
# u: supplier of the thing; operators and the system hold all.
HOLDERS = {
    "accounts.create": "m",
    "accounts.set_roles": "m",
    "accounts.list": "m",
    "members.read": "mre",
    "members.add": "m",
    "members.remove": "m",
    "members.invite": "m",
    "keys.read": "m",
    "keys.create": "m",
    "keys.revoke": "m",
    "accounts.disable": "",
    "accounts.set_password": "",
    "businesses.create": "",
    "businesses.edit": "m",
    "businesses.read": "mreasu",
    "creators.admit": "m",
    "creators.read": "mreas",
    "creators.edit": "m",
    "creators.review": "m",
    "rooms.create": "me",
    "rooms.edit": "mea",
    "rooms.read": "mreas",
    "rooms.push": "ma",
    "rooms.cast": "m",
    "programs.create": "mea",
    "programs.edit": "mea",
    "programs.read": "mreasu",
    "programs.schedule": "mea",
    "programs.open": "ma",
    "programs.end": "ma",
    "programs.cancel": "ma",
    "programs.push": "ma",
    "programs.shelve": "meas",
    "programs.erase": "",
    "contents.read": "mreas",
    "contents.create": "mea",
    "contents.edit": "mea",
    "contents.withdraw": "mr",
    "contents.publish": "mr",
    "models.create": "m",
    "models.read": "mreas",
    "models.edit": "m",
    "models.rehearse": "m",
    "models.publish": "m",
    "models.migrate": "m",
    "extensions.write": "mea",
    "library.search": "mreas",
    "drafts.read": "mreas",
    "drafts.edit": "mea",
    "drafts.submit": "mea",
    "drafts.review": "mr",
    "drafts.publish": "mr",
    "uses.read": "mreas",
    "views.read": "mreas",
    "views.save": "mreas",
    "views.share": "mre",
    "tags.read": "mreas",
    "tags.edit": "me",
    "tags.give": "mea",
    "files.upload": "meas",
    "files.read": "mreas",
    "pictures.upload": "measu",
    "products.create": "mu",
    "products.edit": "mu",
    "products.delete": "m",
    "products.read": "mreasu",
    "stock.set": "m",
    "stock.read": "mreasu",
    "stores.create": "m",
    "stores.edit": "m",
    "stores.read": "mreas",
    "orders.read": "m",
    "orders.fulfil": "m",
    "orders.refund": "m",
    "orders.cancel": "m",
    "budgets.grant": "",
    "budgets.read": "ma",
    "jobs.read": "mreas",
    "audit.read": "m",
    "bulk.import": "me",
    "bulk.export": "mre",
    "bulk.read": "mre",
    "jobs.retry": "m",
}
LETTERS = {
    Role.BUSINESS_OPERATOR: "m",
    Role.REVIEWER: "r",
    Role.EDITOR: "e",
    Role.ANCHOR: "a",
    Role.ASSISTANT: "s",
    Role.SUPPLIER: "u",
}
"""Viewers and service accounts hold nothing by their role."""
each_grant = pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: grant.name)


def actor(role: Role, business: str) -> Actor:
    return Actor(id="acc_me", name="me", roles={business: [role]})


def key(*scopes: str) -> Actor:
    return Actor(id="acc_me", name="me", roles={OWN: [Role.SERVICE]}, scopes={OWN: frozenset(scopes)})


def test_every_grant_is_written_down() -> None:
    assert set(GRANTS) == set(HOLDERS)


@each_grant
def test_in_her_own_business_each_role_may_what_is_written(grant: Grant) -> None:
    allowed = {
        LETTERS.get(role, f"? {role}")
        for role in set(Role) - {Role.OPERATOR}
        if decide(actor(role, OWN), grant, OWN, anchor="acc_me", supplier="acc_me") is None
    }
    assert allowed == set(HOLDERS[grant.name])


@each_grant
def test_an_anchor_may_nothing_with_what_another_anchor_leads(grant: Grant) -> None:
    refusal = decide(actor(Role.ANCHOR, OWN), grant, OWN, anchor="acc_else")
    assert refusal is not None
    assert refusal.code is CommonRefusal.NOT_ALLOWED


@each_grant
def test_a_supplier_finds_nothing_but_what_is_hers(grant: Grant) -> None:
    for supplier in ("", "acc_else"):
        refusal = decide(actor(Role.SUPPLIER, OWN), grant, OWN, anchor="acc_me", supplier=supplier)
        assert refusal is not None
        hidden = CommonRefusal.NOT_FOUND if HOLDERS[grant.name] else CommonRefusal.NOT_ALLOWED
        assert refusal.code is hidden


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR}))
@each_grant
def test_who_belongs_elsewhere_finds_nothing(grant: Grant, role: Role) -> None:
    for stranger in (actor(role, OTHER), Actor(id="acc_me", name="me")):
        refusal = decide(stranger, grant, OWN, anchor="acc_me", supplier="acc_me")
        assert refusal is not None
        hidden = CommonRefusal.NOT_FOUND if HOLDERS[grant.name] else CommonRefusal.NOT_ALLOWED
        assert refusal.code is hidden


@each_grant
def test_viewers_and_guests_may_nothing(grant: Grant) -> None:
    viewer = decide(actor(Role.VIEWER, OWN), grant, OWN, anchor="acc_me", supplier="acc_me")
    guest = decide(Actor(id="guest", name="", guest=True), grant, OWN, anchor="guest", supplier="guest")
    assert viewer is not None
    assert guest is not None
    assert guest.code is CommonRefusal.NOT_SIGNED_IN


@each_grant
def test_operators_and_the_system_may_everything(grant: Grant) -> None:
    assert decide(actor(Role.OPERATOR, PLATFORM), grant, OWN, anchor="acc_else") is None
    assert decide(SYSTEM, grant, OWN, anchor="acc_else") is None


@each_grant
def test_a_key_may_what_its_scopes_name_and_nothing_else(grant: Grant) -> None:
    others = set(GRANTS) - {grant.name}
    assert decide(key(grant.name), grant, OWN, anchor="acc_else", supplier="acc_else") is None
    refusal = decide(key(*others), grant, OWN, anchor="acc_me", supplier="acc_me")
    assert refusal is not None
    assert refusal.code is CommonRefusal.NOT_ALLOWED
    for elsewhere in (OTHER, PLATFORM):
        refusal = decide(key(grant.name), grant, elsewhere)
        assert refusal is not None
        hidden = CommonRefusal.NOT_FOUND if grant.roles else CommonRefusal.NOT_ALLOWED
        assert refusal.code is hidden


@each_grant
def test_lists_reach_as_far_as_the_grant(grant: Grant) -> None:
    assert places(actor(Role.OPERATOR, PLATFORM), grant) is None
    assert places(key(grant.name), grant) == [OWN]
    assert places(key(), grant) == []
    for role, letter in LETTERS.items():
        held = letter in HOLDERS[grant.name]
        general, own = places(actor(role, OWN), grant), own_places(actor(role, OWN), grant)
        assert general == ([OWN] if held and role is not Role.SUPPLIER else [])
        assert own == ([OWN] if held and role is Role.SUPPLIER else [])
