"""What the refusals of stores mean to HTTP and to people."""

from commerce.stores.rules import StoreRefusal
from infra.problems import Explained, register

register(
    {
        StoreRefusal.STORE_UNKNOWN: Explained(
            422, "请选择一家自提门店。", "Choose a store to collect the order at."
        ),
        StoreRefusal.STORE_CLOSED: Explained(
            409, "“{name}”暂停自提，请换一家门店。", "{name} takes no orders now; choose another store."
        ),
    }
)
