"""Pure decisions about tags."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.problems import FieldError, Refusal, RefusalCode
from schemas.tags import Tag, TagCategory

READ = grant("tags.read", *STAFF)
EDIT = grant("tags.edit", Role.BUSINESS_OPERATOR, Role.EDITOR)
GIVE = grant("tags.give", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
GRANTS = (READ, EDIT, GIVE)

MAX_LEVELS = 5
MAX_CATEGORIES = 500
"""Most categories of a business: the whole tree is read at once."""


class TagRefusal(RefusalCode):
    """Why a change of the library is refused."""

    TAG_EXISTS = "tag_exists"
    CATEGORY_MISPLACED = "category_misplaced"
    CATEGORY_IN_USE = "category_in_use"
    TOO_MANY_CATEGORIES = "too_many_categories"


def path_under(parent: TagCategory | None) -> list[str]:
    """Give the path of what stands in a category; None: at the top."""
    return [] if parent is None else [*parent.path, parent.id]


def check_place(category: str, parent: TagCategory | None, business: str, height: int) -> Refusal | None:
    """Refuse a place in another business, below oneself, or too deep for the `height` levels below."""
    if parent is None:
        return None
    path = path_under(parent)
    if parent.business != business or category in path:
        return _misplaced("a category of this business that is not below this one")
    if len(path) + 1 + height > MAX_LEVELS:
        return _misplaced(f"at most {MAX_LEVELS} levels")
    return None


def _misplaced(expected: str) -> Refusal:
    return Refusal(TagRefusal.CATEGORY_MISPLACED, {"pointer": "/parent", "expected": expected})


def height_below(category: str, others: Iterable[TagCategory]) -> int:
    """Count the levels below a category."""
    depths = [len(one.path) - one.path.index(category) for one in others if category in one.path]
    return max(depths, default=0)


def check_given(
    wanted: Sequence[str], had: Collection[str], there: Mapping[str, Tag], business: str
) -> list[FieldError]:
    """List the tags a document can't be given: strangers', retired ones it did not have, and any twice."""
    errors = []
    for place, one in enumerate(wanted):
        tag = there.get(one)
        own = tag is not None and tag.business == business and (tag.active or one in had)
        if not own:
            errors.append(FieldError(pointer=f"/tags/{place}", expected="a tag of this business", got=one))
        elif one in wanted[:place]:
            errors.append(FieldError(pointer=f"/tags/{place}", expected="no tag twice", got=one))
    return errors
