"""What the refusals of address books mean to HTTP and to people."""

from commerce.addresses.rules import AddressRefusal
from infra.problems import Explained, register

register(
    {
        AddressRefusal.TOO_MANY_ADDRESSES: Explained(
            409, "最多保存 {limit} 个地址，请先删除一个。", "At most {limit} addresses; remove one first."
        )
    }
)
