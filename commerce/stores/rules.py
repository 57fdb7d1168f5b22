"""Pure decisions about stores."""

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.problems import Refusal, RefusalCode
from schemas.stores import Store, StorePlace

CREATE = grant("stores.create", Role.BUSINESS_OPERATOR)
EDIT = grant("stores.edit", Role.BUSINESS_OPERATOR)
READ = grant("stores.read", *STAFF)
GRANTS = (CREATE, EDIT, READ)

MAX_SHOWN = 100
"""Stores an order sheet offers; a business with more needs a search by place."""


class StoreRefusal(RefusalCode):
    """Why an order can't be collected there."""

    STORE_UNKNOWN = "store_unknown"
    STORE_CLOSED = "store_closed"


def collect_at(store: Store | None, wanted: str, business: str) -> StorePlace | Refusal:
    """Give the store where an order of a business is collected; refuse a foreign or a retired one."""
    if store is None or store.business != business:
        return Refusal(StoreRefusal.STORE_UNKNOWN, {"pointer": "/delivery/store", "got": wanted})
    if not store.active:
        return Refusal(
            StoreRefusal.STORE_CLOSED, {"pointer": "/delivery/store", "store": store.id, "name": store.name}
        )
    return place(store)


def place(store: Store) -> StorePlace:
    """Show a store to buyers."""
    return StorePlace(
        id=store.id,
        name=store.name,
        address=store.address,
        hours=store.hours,
        phone=store.phone,
        point=store.point,
    )
