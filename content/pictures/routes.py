"""HTTP of pictures."""

from content.contributions.rules import ContributionRefusal
from content.pictures import actions
from content.pictures.actions import Picture
from content.pictures.rules import MAX_BYTES, PictureRefusal
from infra.http import Access, Call, Routes, Upload
from schemas.base import Value

routes = Routes("pictures")


class PictureQuery(Value, frozen=True, kw_only=True):
    """Whose picture it is."""

    business: str


@routes.post(
    "/v1/pictures",
    status=201,
    body_limit=MAX_BYTES,
    refusals=(PictureRefusal.NOT_A_PICTURE, PictureRefusal.TYPE_MISMATCH, PictureRefusal.PICTURE_SIZE),
)
async def upload_picture(call: Call[PictureQuery, Upload]) -> Picture:
    """Upload a picture for covers and avatars.

    The body is the picture itself (JPEG, PNG or WebP, at most 10 MiB) with its Content-Type. It is
    made anew as JPEG without metadata; the same picture again is the same object, so no
    Idempotency-Key is needed.
    """
    return await actions.upload_picture(
        call.db, call.objects, call.actor, call.query.business, call.body.body, call.body.content_type
    )


@routes.post(
    "/v1/contributions/pictures",
    access=Access.PERSON,
    status=201,
    body_limit=MAX_BYTES,
    refusals=(
        PictureRefusal.NOT_A_PICTURE,
        PictureRefusal.TYPE_MISMATCH,
        PictureRefusal.PICTURE_SIZE,
        PictureRefusal.TOO_MANY_TODAY,
        ContributionRefusal.NOT_TAKEN,
        ContributionRefusal.SUSPENDED,
    ),
)
async def contribute_picture(call: Call[PictureQuery, Upload]) -> Picture:
    """Upload a picture for what I hand in: only I see it until the business shows it.

    As pictures are uploaded otherwise, a hundred a day.
    """
    return await actions.contribute_picture(
        call.db, call.objects, call.actor, call.query.business, call.body.body, call.body.content_type
    )
