"""The library of a business: its lists, and the views that people keep of them."""

from enum import StrEnum

from schemas.base import Document


class Noun(StrEnum):
    """What a list of the library is of."""

    ROOMS = "rooms"
    PROGRAMS = "programs"
    CONTENTS = "contents"


class SavedView(Document, frozen=True, kw_only=True):
    """A list as somebody wants to see it again: how it is filtered, and which columns it shows."""

    business: str
    of: str
    """Which list it is of."""
    owner: str
    owner_name: str
    name: str
    shared: bool = False
    """Whether all people of the business have it."""
    query: dict[str, str] = {}
    """Filters by name, as they stand in the address of the page."""
    columns: list[str] = []
    """Names of the columns in their order; none: the usual ones."""
