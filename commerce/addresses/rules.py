"""Pure decisions about address books."""

from schemas.problems import RefusalCode

MAX_ADDRESSES = 20


class AddressRefusal(RefusalCode):
    """Why an address is not kept."""

    TOO_MANY_ADDRESSES = "too_many_addresses"
