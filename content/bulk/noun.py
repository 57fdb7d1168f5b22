"""What bulk knows of a noun: the structs and the actions of the API, nothing of its own."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from content.authority import Grant
from content.documents import Documents, titled
from infra.mongo import Database
from schemas.base import Document
from schemas.models import Layer

Fields = Mapping[str, Any]
Condition = Callable[[str], dict[str, Any]]
"""Makes a filter out of what is wanted."""
Create = Callable[..., Awaitable[Document]]
"""Takes a database, who acts and the body; `extended` where there are extension fields."""
Change = Callable[..., Awaitable[Document]]
"""Takes a database, who acts, the id, the edit and `rev`, the revision it is meant for (0: any)."""


class Find(Protocol):
    """Finds the documents that rows mean by keys of their own, a login say."""

    async def __call__(self, db: Database, business: str, rows: Sequence[Fields]) -> list[str]:
        """Give the id of each row's document; empty: it means none."""


class Nothing(msgspec.Struct, frozen=True):
    """A body without fields."""


class Noun(msgspec.Struct, frozen=True, kw_only=True):
    """One noun. `new` and `edit` are the bodies the API takes, `create` and `change` what it calls."""

    documents: Documents[Any]
    read: Grant
    new: type[msgspec.Struct] = Nothing
    edit: type[msgspec.Struct] = Nothing
    create: Create | None = None
    """None: it is only exported."""
    change: Change | None = None
    within: Callable[[str], dict[str, Any]] = lambda business: {"business": business}
    """Makes the filter of a business's documents."""
    shown: Callable[[Any, str], dict[str, Any]] = lambda document, _business: msgspec.to_builtins(document)
    """Gives a document's fields as `edit` takes them, to a business."""
    find: Find | None = None
    keys: Sequence[str] = ()
    """Fields that only say which document is meant, when there is one."""
    told: Sequence[str] = ()
    """Fields that are exported though nobody writes them."""
    narrows: Mapping[str, Condition] = {}
    """Conditions of its list by which an export may be narrowed."""
    words: Condition = titled
    """Makes the filter of what a search in its list finds."""
    layers: Sequence[Layer] = ()
    """Layers its documents may be of: they have extension fields."""

    def where(self, business: str, conditions: Mapping[str, str], ids: Sequence[str]) -> dict[str, Any]:
        """Make the filter of what is to be exported."""
        where: dict[str, Any] = {}
        for name in self.narrows.keys() & conditions.keys():
            where |= self.narrows[name](conditions[name])
        if ids:
            where["_id"] = {"$in": list(ids)}
        where |= self.words(conditions.get("q", ""))
        # Beside each other: no condition takes the place of whose documents they are.
        return {"$and": [self.within(business), where]}


def by(*names: str) -> dict[str, Condition]:
    """Make the conditions that fields have just that value."""

    def condition(name: str) -> Condition:
        return lambda value: {name: value}

    return {name: condition(name) for name in names}


def called(name: str) -> Condition:
    """Make the condition that a text has the words that are looked for."""
    return lambda words: titled(words, name)
