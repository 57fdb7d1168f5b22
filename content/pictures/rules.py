"""Pure decisions about pictures."""

from content.authority import grant
from schemas.accounts import Role
from schemas.problems import CommonRefusal, Refusal, RefusalCode

UPLOAD = grant(
    "pictures.upload", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR, Role.ASSISTANT, Role.SUPPLIER
)
GRANTS = (UPLOAD,)

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 16
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PREFIX = "pic"
CONTRIBUTED = "ugc"
CONTRIBUTE = "pictures.contribute"
"""What the audit calls a contributor's upload: anybody may, so it is no grant."""
MAX_A_DAY = 100
"""Pictures that one contributor may upload to a business in a day."""


class PictureRefusal(RefusalCode):
    """Why a picture is refused."""

    NOT_A_PICTURE = "not_a_picture"
    TYPE_MISMATCH = "type_mismatch"
    PICTURE_SIZE = "picture_size"
    TOO_MANY_TODAY = "too_many_uploads"


def check_dimensions(width: int, height: int) -> Refusal | None:
    """Refuse pictures too small to be seen or too large to be decoded safely."""
    if min(width, height) >= MIN_SIDE and width * height <= MAX_PIXELS:
        return None
    return wrong_size(f"{width}x{height}")


def wrong_size(got: str) -> Refusal:
    """Make the refusal of a picture of size `got`."""
    expected = f"sides of at least {MIN_SIDE}, at most {MAX_PIXELS} pixels"
    return Refusal(PictureRefusal.PICTURE_SIZE, {"expected": expected, "got": got})


def picture_key(business: str, digest: str) -> str:
    """Name a picture by what is in it."""
    return f"{PREFIX}/{business}/{digest[:32]}.jpg"


def contributed_prefix(business: str, account: str) -> str:
    """Give what the names of a contributor's pictures begin with."""
    return f"{CONTRIBUTED}/{business}/{account}/"


def contributed_key(business: str, account: str, digest: str) -> str:
    """Name a contributor's picture: it is seen once a content that has it is."""
    return f"{contributed_prefix(business, account)}{digest[:32]}.jpg"


def thumbnail_key(key: str) -> str:
    """Name the thumbnail of a picture."""
    return f"{key.removesuffix('.jpg')}-thumb.jpg"


def check_picture_key(key: str, business: str, pointer: str) -> Refusal | None:
    """Refuse to show an object that is no picture of this business: covers are public."""
    if not key or key.startswith(f"{PREFIX}/{business}/"):
        return None
    return Refusal(
        CommonRefusal.INVALID, {"pointer": pointer, "expected": f"{PREFIX}/{business}/…", "got": key}
    )
