"""What a document's own layer says to a face that it is to wear."""

from collections.abc import Mapping
from typing import Any

import msgspec

from content.contents.rules import check_whole
from content.contributions.rules import check_showable
from content.programs.rules import OVER, SHOWN_AS, check_policy
from content.publishing.rules import PublishingRefusal
from content.publishing.rules.face import Faced
from schemas.content import Content, Origin, Program
from schemas.problems import CommonRefusal, FieldError, Refusal


def check_worn(document: Faced, changes: Mapping[str, Any], now: int) -> Refusal | None:
    """Refuse what its layer refuses to an edit in place, and a content that would expire at once."""
    if isinstance(document, Program):
        if document.state in OVER and not SHOWN_AS.issuperset(changes):
            expected = "a program that is not over"
            return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": document.state})
        return check_policy(document, changes)
    return _check_content(document, changes, now) if isinstance(document, Content) else None


def _check_content(content: Content, changes: Mapping[str, Any], now: int) -> Refusal | None:
    if refusal := check_showable(content):
        return refusal
    after = msgspec.structs.replace(content, **changes)
    if after.expires_at is not None and after.expires_at <= now:
        return _not_sound("/face/expires_at", "a time ahead", str(after.expires_at))
    if refusal := check_whole(after):
        return _not_sound(f"/face{refusal.data['pointer']}", refusal.data["expected"])
    return None


def _not_sound(pointer: str, expected: str, got: str = "") -> Refusal:
    errors = [FieldError(pointer=pointer, expected=expected, got=got)]
    return Refusal(PublishingRefusal.DRAFT_NOT_SOUND, {"errors": errors})


def follows(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Give what changes with a face beyond it: who is named as the author says where a content comes from."""
    if "author" not in changes:
        return {}
    return {"origin": Origin.PGC if changes["author"] else Origin.OGC}
