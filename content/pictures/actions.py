"""Verbs of pictures."""

import asyncio
import hashlib
import io

import msgspec
from PIL import Image, ImageOps

from content import audit
from content.audit.store import done_today
from content.authority import authorise
from content.contributions.actions.reading import contributor
from content.pictures import rules
from content.pictures.rules import PictureRefusal
from infra.mongo import Database, Session
from infra.objects import ObjectStore
from schemas.accounts import Actor
from schemas.problems import CommonRefusal, Refused

LARGE = (1600, 1600)
THUMB = (320, 320)
PAPER = (255, 255, 255)


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture in the store."""

    key: str
    thumbnail: str
    width: int
    height: int


class _Renditions(msgspec.Struct, frozen=True):
    large: bytes
    thumb: bytes
    size: tuple[int, int]

    @property
    def digest(self) -> str:
        """What names it: the bytes it was made anew to."""
        return hashlib.sha256(self.large).hexdigest()


async def upload_picture(
    db: Database, objects: ObjectStore, actor: Actor, business: str, body: bytes, content_type: str
) -> Picture:
    """Check a picture, make it anew (no metadata, no trailing bytes) and store it with a thumbnail.

    Staff of the business, and its suppliers. The same picture again is the same object. Raises
    Refused(not_a_picture, type_mismatch, picture_size, too_large, unsupported_type).
    """
    authorise(actor, rules.UPLOAD, business, supplier=actor.id)
    made = await _made(body, content_type)
    key = rules.picture_key(business, made.digest)
    return await _keep(db, objects, actor, business, key, made, rules.UPLOAD.name)


async def contribute_picture(
    db: Database, objects: ObjectStore, actor: Actor, business: str, body: bytes, content_type: str
) -> Picture:
    """Take a picture from a creator or a customer; it is seen when the business shows it.

    Whoever may hand in there. Raises Refused(too_many_uploads) too, and as handing in does.
    """
    await contributor(db, actor, business)
    if await done_today(db, business, actor.id, rules.CONTRIBUTE, rules.MAX_A_DAY) >= rules.MAX_A_DAY:
        raise Refused(PictureRefusal.TOO_MANY_TODAY, limit=rules.MAX_A_DAY)
    made = await _made(body, content_type)
    key = rules.contributed_key(business, actor.id, made.digest)
    return await _keep(db, objects, actor, business, key, made, rules.CONTRIBUTE)


async def _made(body: bytes, content_type: str) -> _Renditions:
    if content_type not in rules.TYPES.values():
        expected = ", ".join(rules.TYPES.values())
        raise Refused(CommonRefusal.UNSUPPORTED_TYPE, expected=expected, got=content_type)
    if len(body) > rules.MAX_BYTES:
        raise Refused(CommonRefusal.TOO_LARGE, limit=rules.MAX_BYTES, got=len(body))
    return await asyncio.to_thread(_make_renditions, body, content_type)


async def _keep(
    db: Database,
    objects: ObjectStore,
    actor: Actor,
    business: str,
    key: str,
    made: _Renditions,
    verb: str,
) -> Picture:
    thumbnail = rules.thumbnail_key(key)
    await objects.put(thumbnail, made.thumb, "image/jpeg")
    await objects.put(key, made.large, "image/jpeg")

    async def work(session: Session) -> None:
        await audit.record(db, session, actor, verb, target=key, business=business)

    await db.transact(work)
    return Picture(key=key, thumbnail=thumbnail, width=made.size[0], height=made.size[1])


def _make_renditions(body: bytes, content_type: str) -> _Renditions:
    try:
        with Image.open(io.BytesIO(body), formats=list(rules.TYPES)) as opened:
            real = rules.TYPES[opened.format or ""]
            if real != content_type:
                raise Refused(PictureRefusal.TYPE_MISMATCH, expected=content_type, got=real)
            if refusal := rules.check_dimensions(*opened.size):
                raise Refused(refusal)
            upright = ImageOps.exif_transpose(opened)
            picture = _on_paper(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(rules.wrong_size("more than can be decoded safely")) from None
    except (OSError, ValueError, SyntaxError, KeyError):
        raise Refused(PictureRefusal.NOT_A_PICTURE) from None
    picture.thumbnail(LARGE, Image.Resampling.LANCZOS)
    large = _encode(picture, 86)
    size = picture.size
    picture.thumbnail(THUMB, Image.Resampling.LANCZOS)
    return _Renditions(large, _encode(picture, 80), size)


def _on_paper(image: Image.Image) -> Image.Image:
    """Give the picture without transparency."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    paper = Image.new("RGB", layered.size, PAPER)
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _encode(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
