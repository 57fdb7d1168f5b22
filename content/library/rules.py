"""Pure decisions about saved views."""

from content.authority import STAFF, Grant, grant
from schemas.accounts import Role
from schemas.library import SavedView
from schemas.problems import Refusal, RefusalCode

READ = grant("views.read", *STAFF)
SAVE = grant("views.save", *STAFF)
SHARE = grant("views.share", Role.BUSINESS_OPERATOR, Role.REVIEWER, Role.EDITOR)
GRANTS = (READ, SAVE, SHARE)

MOST_VIEWS = 100
"""That one person keeps in one business."""


class ViewRefusal(RefusalCode):
    """Why a view can't be kept."""

    TOO_MANY_VIEWS = "too_many_views"


def grant_for(*views: SavedView) -> Grant:
    """Tell what is needed to change one view into another: what others see takes more than one's own."""
    return SHARE if any(view.shared for view in views) else SAVE


def check_count(kept: int) -> Refusal | None:
    """Refuse one view more than a person may keep."""
    if kept < MOST_VIEWS:
        return None
    return Refusal(ViewRefusal.TOO_MANY_VIEWS, {"expected": f"at most {MOST_VIEWS}", "got": str(kept + 1)})
