"""Answers and problems as bytes."""

from typing import Any

import msgspec
from starlette.responses import Response

from infra.http import Endpoint, Media, Redirect, Reply
from infra.mongo import Unavailable, Unknown
from infra.objects import ObjectMissing, StoreUnavailable
from infra.problems import problem_of
from infra.telemetry import get_logger
from schemas.problems import CommonRefusal, Refused

JSON = "application/json"
PROBLEM = "application/problem+json"
log = get_logger("web")


class Answer(msgspec.Struct, frozen=True):
    """Status, body and headers, ready to be sent or kept."""

    status: int
    body: bytes
    headers: dict[str, str]

    def response(self) -> Response:
        """Make the answer one of Starlette's."""
        return Response(self.body, self.status, self.headers)


def render(endpoint: Endpoint, value: Any) -> Answer:
    """Render what a handler gave; a document's revision becomes its entity tag."""
    headers = {"cache-control": "no-store"}
    if isinstance(value, Reply):
        headers.update(value.headers)
        value = value.value
    if isinstance(value, Redirect):
        cache = f"private, max-age={value.max_age_s}" if value.max_age_s else "no-store"
        return Answer(302, b"", {"location": value.url, "cache-control": cache})
    if isinstance(value, Media):
        return Answer(
            endpoint.status, value.body, {**headers, "content-type": value.content_type, **value.headers}
        )
    if value is None:
        return Answer(204, b"", headers)
    if rev := getattr(value, "rev", 0):
        headers["etag"] = f'"{rev}"'
    headers["content-type"] = JSON
    return Answer(endpoint.status, msgspec.json.encode(value), headers)


def render_problem(refused: Refused, language: str, *, instance: str) -> Answer:
    """Render a refusal as problem details (RFC 9457)."""
    problem = problem_of(refused, language, instance=instance)
    headers = {
        "content-type": PROBLEM,
        "content-language": language,
        "cache-control": "no-store",
        "vary": "accept-language",
    }
    if problem.retry_after is not None:
        headers["retry-after"] = str(max(1, round(problem.retry_after)))
    if problem.status == 401:
        headers["www-authenticate"] = "Bearer"
    if refused.code == CommonRefusal.METHOD_NOT_ALLOWED:
        headers["allow"] = str(refused.data.get("allowed", ""))
    return Answer(problem.status, msgspec.json.encode(problem), headers)


def refusal_of(error: Exception) -> Refused:
    """Say what an exception means to a client; what nobody foresaw is logged with its trace."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, ObjectMissing):
        return Refused(CommonRefusal.NOT_FOUND)
    if isinstance(error, Unavailable | Unknown | StoreUnavailable):
        log.warning("dependency_away", reason=str(error)[:200])
        return Refused(CommonRefusal.UNAVAILABLE, retry_after=2)
    log.error("unforeseen", exc_info=error)
    return Refused(CommonRefusal.INTERNAL)
