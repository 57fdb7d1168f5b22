"""Requests as values: bodies, queries, preconditions, checked against the endpoint's types."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request

from infra.http import Endpoint, Upload
from infra.http.fields import field_error
from schemas.problems import CommonRefusal, Refused

BODY_S = 30
"""Longest a body may take to arrive: a slow sender must not hold a place."""
IDENTIFIER = re.compile(r"[A-Za-z0-9*][A-Za-z0-9_.:*/-]{0,199}")
_REVISION = re.compile(r'(?:W/)?"(\d{1,15})"')


async def read_body(request: Request, limit: int) -> bytes:
    """Read at most `limit` bytes within `BODY_S`.

    Raises Refused(too_large) as soon as there are more, Refused(malformed) when they don't come.
    """
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise Refused(CommonRefusal.TOO_LARGE, limit=limit)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise Refused(CommonRefusal.TOO_LARGE, limit=limit)
    except TimeoutError:
        raise Refused(CommonRefusal.MALFORMED, detail=f"the body took more than {BODY_S} s") from None
    return bytes(body)


def convert_body(endpoint: Endpoint, body: bytes, content_type: str) -> Any:
    """Turn a body into what the endpoint takes; an empty one counts as `{}`."""
    media_type = content_type.partition(";")[0].strip().lower()
    if endpoint.body is None:
        return None
    if endpoint.body is Upload:
        return Upload(body=body, content_type=media_type)
    if body and media_type != "application/json":
        raise Refused(CommonRefusal.UNSUPPORTED_TYPE, expected="application/json", got=media_type)
    try:
        return msgspec.json.decode(body or b"{}", type=endpoint.body)
    except msgspec.ValidationError as error:
        raise Refused(CommonRefusal.INVALID, errors=[field_error(error)]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(CommonRefusal.MALFORMED, detail=str(error)) from None


def convert_query(endpoint: Endpoint, query: Mapping[str, str]) -> Any:
    """Turn query parameters into what the endpoint takes; unknown ones are refused."""
    kind = endpoint.query
    if kind is None:
        return None
    try:
        return msgspec.convert(dict(query), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(CommonRefusal.INVALID, errors=[field_error(error)]) from None


def check_path(path: Mapping[str, str]) -> None:
    """Refuse as not found what can't be an id or key of ours."""
    for value in path.values():
        if not IDENTIFIER.fullmatch(value) or ".." in value:
            raise Refused(CommonRefusal.NOT_FOUND)


def read_revision(endpoint: Endpoint, header: str | None) -> int:
    """Read If-Match; `*` stands for any revision (0)."""
    if not endpoint.edits:
        return 0
    if header is None:
        raise Refused(CommonRefusal.PRECONDITION_REQUIRED)
    if header.strip() == "*":
        return 0
    found = _REVISION.fullmatch(header.strip())
    if found is None or int(found[1]) == 0:
        raise Refused(CommonRefusal.PRECONDITION_FAILED, expected='"<rev>"', got=header[:100])
    return int(found[1])
