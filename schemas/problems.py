"""Refusals of rules and the problem details that carry them to a client (RFC 9457)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec


class RefusalCode(StrEnum):
    """Base of each component's own enum of reasons to say no."""


class Refusal(msgspec.Struct, frozen=True):
    """A rule's no: a stable code and the data that explains it. Pure rules return it."""

    code: RefusalCode
    data: dict[str, Any] = {}


class Refused(Exception):
    """An action's no, raised at the edge of a component and rendered as a problem."""

    def __init__(self, code: RefusalCode | Refusal, **data: Any) -> None:
        refusal = code if isinstance(code, Refusal) else Refusal(code, data)
        self.code = refusal.code
        self.data: Mapping[str, Any] = refusal.data
        super().__init__(f"{refusal.code} {refusal.data}" if refusal.data else str(refusal.code))


class FieldError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One offending value: where it is (RFC 6901 pointer), what was expected and what came."""

    pointer: str
    expected: str
    got: str = ""


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Problem details; `code` is stable for programs, `title` and `detail` are for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    instance: str = ""
    retry_after: float | None = None
    errors: list[FieldError] = []
    data: dict[str, Any] = {}


class CommonRefusal(RefusalCode):
    """Reasons that every component shares. The HTTP status of each is in `infra.problems`."""

    NOT_SIGNED_IN = "not_signed_in"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    WRONG_STATE = "wrong_state"
    INVALID = "invalid"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    UNSUPPORTED_TYPE = "unsupported_type"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    PRECONDITION_REQUIRED = "precondition_required"
    PRECONDITION_FAILED = "precondition_failed"
    IDEMPOTENCY_KEY_REQUIRED = "idempotency_key_required"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"
