"""What a document's own layer says to a face that it is to wear."""

from collections.abc import Mapping
from typing import Any

from content.programs.rules import OVER
from content.publishing.rules import PublishingRefusal
from content.publishing.rules.face import Faced
from schemas.content import Content, Program
from schemas.problems import CommonRefusal, FieldError, Refusal


def check_worn(document: Faced, changes: Mapping[str, Any], now: int) -> Refusal | None:
    """Refuse a face on a program that is over, and one that would expire at once."""
    if isinstance(document, Program) and document.state in OVER and changes:
        expected = "a program that is not over"
        return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": document.state})
    if isinstance(document, Content):
        until = changes.get("expires_at", document.expires_at)
        if until is not None and until <= now:
            error = FieldError(pointer="/face/expires_at", expected="a time ahead", got=str(until))
            return Refusal(PublishingRefusal.DRAFT_NOT_SOUND, {"errors": [error]})
    return None
