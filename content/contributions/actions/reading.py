"""Contributions as their authors read them, and the forms they are written in."""

from collections.abc import Mapping
from typing import Any

import msgspec

from content import audit
from content.audit.store import done_today
from content.businesses.store import businesses
from content.contents.store import contents
from content.contributions import rules
from content.contributions.views import (
    Allowance,
    ContributionCard,
    ContributionForm,
    ContributionView,
    Limits,
    Taker,
)
from content.creators.store import creators, of_account
from content.models.actions.extending import newest_of
from content.models.rules.compiled import Compiled, compiled
from content.pictures import rules as picture_rules
from content.publishing.desk import carried, lay
from content.publishing.keeping import fresh
from content.publishing.rules.face import EXT
from content.publishing.store import draft_id, draft_of, drafts
from content.publishing.views import Label
from infra.http import Page
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.content import Business, CaptionedPicture, Content, ContentKind, ContentState, Origin
from schemas.creators import Creator, CreatorState
from schemas.models import Layer, ModelVersion
from schemas.problems import CommonRefusal, FieldError, Refused
from schemas.publishing import Draft

LOOKED_AT = 500
"""Contents in a contributor's name that are looked through for those that wait."""


class Contributor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who hands in at a business: a creator it approved, or a customer."""

    account: str
    business: Business
    creator: Creator | None
    """The creator that the account is there, whether approved or not."""

    @property
    def approved(self) -> Creator | None:
        """The creator whose name it is handed in under."""
        known = self.creator is not None and self.creator.state is CreatorState.APPROVED
        return self.creator if known else None


async def contributor(db: Database, actor: Actor, business: str) -> Contributor:
    """Tell as whom somebody hands in.

    Raises Refused(not_found, contributions_not_taken, contributor_suspended).
    """
    found = await businesses.get(db, business)
    if not found.contributions:
        raise Refused(rules.ContributionRefusal.NOT_TAKEN)
    creator = await of_account(db, business, actor.id)
    if creator is not None and creator.state is CreatorState.SUSPENDED:
        raise Refused(rules.ContributionRefusal.SUSPENDED)
    return Contributor(account=actor.id, business=found, creator=creator)


async def extension_for(
    db: Database, business: str, kind: ContentKind
) -> tuple[ModelVersion | None, Compiled | None]:
    """Give the newest version of a kind's model; raises Refused(invalid) for one she can't fill in."""
    version = await newest_of(db, business, Layer(kind))
    extension = compiled(version.text) if version is not None else None
    if not rules.is_offered(extension):
        error = FieldError(pointer="/kind", expected="a kind that contributors can fill in", got=kind)
        raise Refused(CommonRefusal.INVALID, errors=[error])
    return version, extension


async def list_takers(db: Database, *, cursor: str, limit: int) -> Page[Taker]:
    """List the businesses that take contributions: their names are no secret to whom is signed in."""
    page = await businesses.page(db, {"contributions": True}, cursor=cursor, limit=limit)
    takers = [
        Taker(
            business=one.id,
            name=one.name,
            kinds=[kind for kind in rules.KINDS if await _is_offered(db, one.id, kind)],
        )
        for one in page.items
    ]
    return Page(items=[one for one in takers if one.kinds], next_cursor=page.next_cursor)


async def _is_offered(db: Database, business: str, kind: ContentKind) -> bool:
    version = await newest_of(db, business, Layer(kind))
    return version is None or rules.is_offered(compiled(version.text))


async def read_form(db: Database, actor: Actor, business: str, kind: ContentKind) -> ContributionForm:
    """Give what a contribution's form is made from. Raises Refused as handing in does."""
    who = await contributor(db, actor, business)
    version, extension = await extension_for(db, business, kind)
    form = ContributionForm(
        business=business,
        name=who.business.name,
        kind=kind,
        base=rules.base_form(kind),
        origin=Origin.PGC if who.approved else Origin.UGC,
        by=who.approved.name if who.approved else actor.name,
        limits=await limits(db, who),
    )
    if version is None or extension is None:
        return form
    hers, left = rules.extension_form(extension)
    left_out = [Label(**one.note["label"]) for one in left]
    return msgspec.structs.replace(form, model=version.id, extension=hers, left_out=left_out)


async def limits(db: Database, who: Contributor, session: Session | None = None) -> Limits:
    """Tell what a contributor has used up of what she may."""
    authors = [who.account, who.creator.id if who.creator else ""]
    where = {"author": {"$in": authors}, "business": who.business.id, "state": ContentState.PREPARING}
    found = await contents.collection(db).find(
        where, projection={"author": 1}, sort=[("_id", -1)], limit=LOOKED_AT, session=session
    )
    waiting = await _handed_in(db, who.account, {doc["_id"]: doc["author"] for doc in found}, session)
    return Limits(
        waiting=Allowance(used=min(len(waiting), rules.MAX_WAITING), limit=rules.MAX_WAITING),
        today=await _today(db, who, rules.CONTRIBUTE, rules.MAX_A_DAY, session),
        pictures_today=await _today(db, who, picture_rules.CONTRIBUTE, picture_rules.MAX_A_DAY, session),
        picture_bytes=picture_rules.MAX_BYTES,
        picture_types=list(picture_rules.TYPES.values()),
    )


async def _today(
    db: Database, who: Contributor, action: str, limit: int, session: Session | None
) -> Allowance:
    used = await done_today(db, who.business.id, who.account, action, limit, session)
    return Allowance(used=used, limit=limit)


async def names_of(db: Database, actor: Actor, session: Session | None = None) -> list[str]:
    """Give what an actor's contributions name as their author: her account, and the creators that she is."""
    docs = await creators.collection(db).find({"account": actor.id}, projection={"_id": 1}, session=session)
    return [actor.id, *(str(doc["_id"]) for doc in docs)]


async def _handed_in(
    db: Database, account: str, authors: Mapping[str, str], session: Session | None = None
) -> frozenset[str]:
    """Give which contents, each with its author, an account handed in itself.

    What a business writes in a creator's name is the business's.
    """
    asked = [name for name, author in authors.items() if author != account]
    if not asked:
        return frozenset(authors)
    where = {"target": {"$in": asked}, "actor": account, "action": rules.CONTRIBUTE}
    docs = await db.collection(audit.COLLECTION).find(where, projection={"target": 1}, session=session)
    return frozenset(authors.keys() - asked | {str(doc["target"]) for doc in docs})


async def hers(db: Database, actor: Actor, identifier: str, session: Session | None = None) -> Content:
    """Give a contribution to its author; raises Refused(not_found)."""
    content = await contents.get(db, identifier, session)
    if content.kind not in rules.KINDS or content.author not in await names_of(db, actor, session):
        raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
    if not await _handed_in(db, actor.id, {content.id: content.author}, session):
        raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
    return content


async def list_mine(db: Database, actor: Actor, *, cursor: str, limit: int) -> Page[ContributionCard]:
    """List what somebody handed in, newest first."""
    where = {"author": {"$in": await names_of(db, actor)}, "kind": {"$in": rules.KINDS}}
    page = await contents.page(db, where, cursor=cursor, limit=limit)
    on_way = await drafts.several(db, [draft_id(one.id) for one in page.items])
    of = await businesses.several(db, [one.business for one in page.items])
    own = await _handed_in(db, actor.id, {one.id: one.author for one in page.items})
    cards = [_card(one, on_way.get(draft_id(one.id)), of) for one in page.items if one.id in own]
    return Page(items=cards, next_cursor=page.next_cursor)


async def read_mine(db: Database, actor: Actor, identifier: str) -> ContributionView:
    """Give a contribution as it stands now, whoever wrote on it last."""
    return await show(db, await hers(db, actor, identifier))


async def show(db: Database, content: Content) -> ContributionView:
    """Show a contribution to its author."""
    draft = await draft_of(db, content.id)
    version = await newest_of(db, content.business, Layer(content.kind))
    desk = await carried(db, lay(content, draft or fresh(content)), version)
    of = await businesses.several(db, [content.business])
    face = desk.face if content.state is ContentState.PREPARING else desk.published
    extension = compiled(version.text) if version is not None else None
    return ContributionView(
        **msgspec.structs.asdict(
            msgspec.structs.replace(_card(content, draft, of), title=str(face.get("title", content.title)))
        ),
        rev=content.rev,
        intro=str(face.get("intro", "")),
        program=content.program,
        body=str(face.get("body", "")),
        pictures=msgspec.convert(face.get("pictures", []), list[CaptionedPicture]),
        own_cover=str(face.get("cover", "")),
        ext=_hers_of(extension, face.get(EXT, {})),
        origin=content.origin,
    )


def _hers_of(extension: Compiled | None, ext: Mapping[str, Any]) -> dict[str, Any]:
    keys = [one.key for one in extension.fields if rules.can_fill(one)] if extension is not None else []
    return {key: ext[key] for key in keys if key in ext}


def _card(content: Content, draft: Draft | None, of: Mapping[str, Business]) -> ContributionCard:
    state = rules.state_of(content, draft)
    business = of.get(content.business)
    return ContributionCard(
        content=content.id,
        business=content.business,
        business_name=business.name if business else "",
        kind=content.kind,
        title=content.title,
        cover=content.cover or (content.pictures[0].key if content.pictures else ""),
        state=state,
        reason=draft.reason if draft is not None and state is rules.ContributionState.SENT_BACK else "",
        may_change=rules.check_again(content, draft) is None,
        since=max(content.updated_at, draft.since if draft is not None else 0),
        published_at=content.published_at,
    )


def pictures_of(actor: Actor, card: ContributionCard) -> list[str]:
    """Give the keys of the actor's own pictures that a contribution of hers shows, and of no others."""
    keys = [card.cover]
    if isinstance(card, ContributionView):
        keys += [card.own_cover, *(picture.key for picture in card.pictures), *_keys_in(card.ext)]
    own = picture_rules.contributed_prefix(card.business, actor.id)
    return [key for key in dict.fromkeys(keys) if key.startswith(own)]


def all_keys_of(content: Content, extension: Compiled | None) -> list[str]:
    """Give the keys of the pictures in a content; a key that is written in a text is none."""
    images = rules.images_in(extension, content.ext)
    return [content.cover, *(one.key for one in content.pictures), *(key for _, key in images)]


def _keys_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [key for one in inner for key in _keys_in(one)]
