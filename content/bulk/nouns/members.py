"""Members as a noun: accounts stand beside businesses, so theirs names one."""

from collections.abc import Sequence
from typing import Any

import msgspec

from content.accounts import rules
from content.accounts.actions import set_roles
from content.accounts.store import accounts
from content.bulk.noun import Fields, Noun
from content.documents import titled
from content.members.actions import add_member
from content.members.views import NewMember, Roles
from infra.mongo import Database
from schemas.accounts import Account, Actor
from schemas.base import Document, Value


class RolesEdit(Value, frozen=True, kw_only=True):
    """The roles a member has from now on."""

    roles: Roles | msgspec.UnsetType = msgspec.UNSET


def members_of(business: str) -> Noun:
    """Give the noun of a business's members."""

    async def change(db: Database, actor: Actor, identifier: str, edit: RolesEdit, *, rev: int) -> Document:
        assert edit.roles is not msgspec.UNSET  # a row that changes nothing is not carried out
        return await set_roles(db, actor, identifier, business, edit.roles, rev=rev)

    return Noun(
        documents=accounts,
        read=rules.LIST,
        new=NewMember,
        edit=RolesEdit,
        create=add_member,
        change=change,
        within=lambda name: {"businesses": name, "service": {"$ne": True}},
        shown=_shown,
        find=_find,
        keys=("login",),
        told=("name",),
        words=_found_by,
    )


def _found_by(words: str) -> dict[str, Any]:
    return {"$or": [titled(words, "name"), titled(words, "login")]} if words else {}


def _shown(account: Account, business: str) -> dict[str, Any]:
    own = {name: getattr(account, name) for name in ("id", "rev", "login", "name")}
    return {**own, "roles": sorted(account.roles.get(business, ()))}


async def _find(db: Database, business: str, rows: Sequence[Fields]) -> list[str]:
    logins = [rules.fold_login(str(row.get("login") or "")) for row in rows]
    where = {"login": {"$in": sorted(set(logins))}, "businesses": business}
    docs = await accounts.collection(db).find(where, projection={"login": 1})
    known = {doc["login"]: doc["_id"] for doc in docs}
    return [known.get(login, "") for login in logins]
