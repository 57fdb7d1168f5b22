"""What an entry tells of a change."""

import re
from collections.abc import Iterator
from typing import Annotated

import workers.web.routes  # noqa: F401 (every kind of document there is)
from content.audit.rules.told import MASK, MAX_TEXT, difference, marks, title_of
from schemas.accounts import Account
from schemas.base import PERSONAL, SECRET, Document, Ext
from schemas.content import Room


class Guest(Document, frozen=True, kw_only=True):
    name: Annotated[str, PERSONAL]
    seal: Annotated[str, SECRET] = ""
    note: str = ""
    tags: list[str] = []
    ext: Ext = {}


WAS = {"_id": "g", "rev": 1, "updated_at": 1, "name": "林小姐", "seal": "a", "note": "x", "tags": ["a"]}


def test_only_what_is_different_is_told() -> None:
    change = difference(Guest, WAS, {**WAS, "rev": 2, "updated_at": 9, "note": "y", "tags": []})

    assert change.document == "g"
    assert change.before == {"note": "x", "tags": ["a"]}
    assert change.after == {"note": "y"}


def test_personal_data_is_masked_and_secrets_are_not_there() -> None:
    change = difference(Guest, WAS, {**WAS, "name": "王先生", "seal": "b"})

    assert (change.before, change.after) == ({"name": "林…"}, {"name": "王…"})
    assert title_of(Guest, WAS) == ""
    assert title_of(Room, {"title": "茶室"}) == "茶室"


def test_extension_fields_are_named_but_told_only_by_who_knows_them() -> None:
    was, now = {**WAS, "ext": {"phone": "138", "tier": "gold"}}, {**WAS, "ext": {"tier": "silver"}}

    masked = difference(Guest, was, now)
    told = difference(Guest, was, now, {"ext": ({"phone": MASK, "tier": "gold"}, {"tier": "silver"})})

    assert masked.before == {"ext": {"phone": MASK, "tier": MASK}}
    assert masked.after == {"ext": {"tier": MASK}}
    assert told.before == {"ext": {"phone": MASK, "tier": "gold"}}


def test_extension_fields_inside_of_other_values_are_masked_too() -> None:
    draft = {"_id": "g", "note": {"title": "x", "ext": {"phone": "138"}}, "tags": [{"ext": {"phone": "139"}}]}

    told = difference(Guest, {"_id": "g", "note": ""}, draft)

    assert told.after == {"note": {"title": "x", "ext": {"phone": MASK}}, "tags": [{"ext": {"phone": MASK}}]}


def test_of_a_new_document_only_what_was_said_is_told() -> None:
    said = {"_id": "rm_1", "business": "b", "title": "茶室", "anchor": "acc_1", "demo": False, "cover": ""}

    assert difference(Room, {}, said).after == {"title": "茶室", "anchor": "acc_1"}
    assert difference(Room, said, {**said, "demo": True}).after == {"demo": True}


def test_long_values_are_cut() -> None:
    change = difference(Guest, {}, {"_id": "g", "note": "x" * 9000, "tags": ["t"] * 99})

    assert len(change.after["note"]) < MAX_TEXT + 20
    assert change.after["note"].endswith("(9000)")
    assert change.after["tags"][-1] == "… (99)"


def kinds(above: type[Document] = Document) -> Iterator[type[Document]]:
    for kind in above.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_no_hash_key_or_password_is_ever_told() -> None:
    looks_secret = re.compile(r"hash$|sealed$|password|secret|token|pick_up_code")
    unmarked = [
        f"{kind.__name__}.{name}"
        for kind in kinds()
        if kind.__module__.startswith("schemas.")
        for name in kind.__struct_fields__
        if looks_secret.search(name) and marks(kind).get(name) != "secret"
    ]
    assert unmarked == []
    assert marks(Account) == {"login": "personal", "name": "personal", "password_hash": "secret"}
