"""Routes as data: a handler's types say what it takes and gives, the decorator says the rest."""

import re
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any, get_args, get_type_hints

import msgspec

from schemas.problems import CommonRefusal, RefusalCode

Handler = Callable[[Any], Awaitable[Any]]
MIB = 1 << 20


class Access(Enum):
    """Who may call: anybody (a session is used when there is one), only who is signed in, or only people."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PERSON = "person"
    """Signed in, and not by an API key: what everybody does for herself has no grant a key could hold."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One route."""

    method: str
    path: str
    tag: str
    handler: Handler
    summary: str
    description: str
    query: Any
    body: Any
    answer: Any
    status: int
    access: Access
    creates: bool
    """Needs an Idempotency-Key."""
    repeatable: bool
    """Keeps its own promise that a second sending changes nothing: no answer is stored for it."""
    edits: bool
    """Needs If-Match."""
    refusals: tuple[RefusalCode, ...]
    body_limit: int

    @property
    def name(self) -> str:
        """Operation id of the OpenAPI document."""
        return self.handler.__name__

    @property
    def parameters(self) -> list[str]:
        """Names in the path."""
        return [name.partition(":")[0] for name in re.findall(r"{([^}]+)}", self.path)]


class Routes:
    """The endpoints of one component, in the order they are declared."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.endpoints: list[Endpoint] = []

    def get(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a read."""
        return self._declare("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a write that creates or acts."""
        return self._declare("POST", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare an edit of some fields."""
        return self._declare("PATCH", path, edits=True, **options)

    def put(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a replacement."""
        return self._declare("PUT", path, edits=True, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a removal."""
        return self._declare("DELETE", path, **options)

    def _declare(
        self,
        method: str,
        path: str,
        *,
        access: Access = Access.SIGNED_IN,
        creates: bool = False,
        repeatable: bool = False,
        edits: bool = False,
        status: int = 0,
        refusals: tuple[RefusalCode, ...] = (),
        body_limit: int = MIB,
    ) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            hints = get_type_hints(handler, include_extras=True)
            query, body = get_args(hints["call"])
            answer = hints["return"]
            summary, _, description = (handler.__doc__ or "").strip().partition("\n")
            self.endpoints.append(
                Endpoint(
                    method=method,
                    path=path,
                    tag=self.tag,
                    handler=handler,
                    summary=summary.rstrip("."),
                    description=" ".join(description.split()),
                    query=None if query is type(None) else query,
                    body=None if body is type(None) else body,
                    answer=None if answer is type(None) else answer,
                    status=status or _usual_status(answer, creates),
                    access=access,
                    creates=creates,
                    repeatable=repeatable,
                    edits=edits,
                    refusals=_all_refusals(refusals, access, creates, edits, method, path, body, query),
                    body_limit=body_limit,
                )
            )
            return handler

        return keep


def _usual_status(answer: Any, creates: bool) -> int:
    if answer is type(None):
        return 204
    return 201 if creates else 200


def _all_refusals(
    own: tuple[RefusalCode, ...],
    access: Access,
    creates: bool,
    edits: bool,
    method: str,
    path: str,
    body: Any,
    query: Any,
) -> tuple[RefusalCode, ...]:
    """Add to an endpoint's own refusals those that follow from its declaration.

    A bearer token that is not good, or an API key used too often, is refused even by public routes.
    """
    codes: list[RefusalCode] = [*own, CommonRefusal.NOT_SIGNED_IN, CommonRefusal.TOO_MANY]
    if access is not Access.PUBLIC:
        codes += [CommonRefusal.NOT_ALLOWED, CommonRefusal.NOT_FOUND]
    if "{" in path:
        codes.append(CommonRefusal.NOT_FOUND)
    if method != "GET":
        codes += [CommonRefusal.NOT_ALLOWED, CommonRefusal.INVALID, CommonRefusal.TOO_LARGE]
        codes += [CommonRefusal.CONFLICT, CommonRefusal.IDEMPOTENCY_KEY_REUSED]
    if body is not type(None):
        codes += [CommonRefusal.MALFORMED, CommonRefusal.UNSUPPORTED_TYPE]
    if query is not type(None):
        codes.append(CommonRefusal.INVALID)
    if creates:
        codes.append(CommonRefusal.IDEMPOTENCY_KEY_REQUIRED)
    if edits:
        codes += [CommonRefusal.PRECONDITION_REQUIRED, CommonRefusal.PRECONDITION_FAILED]
    return tuple(dict.fromkeys([*codes, CommonRefusal.UNAVAILABLE, CommonRefusal.INTERNAL]))
