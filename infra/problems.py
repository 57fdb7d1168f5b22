"""Refusals as RFC 9457 problem details, in the caller's language.

Each component registers the HTTP status and the texts of its codes here with `register`; a test
of `docs/api.md` walks `registered()` so that no code goes undocumented. Texts may use the
refusal's data: `{expected}`.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from schemas.problems import CommonRefusal, FieldError, Problem, RefusalCode, Refused

Language = Literal["zh-CN", "en"]
TYPE_PREFIX = "/docs/errors#"
"""`type` of a problem: the code's entry in the error reference we serve."""


class Explained(msgspec.Struct, frozen=True):
    """What a code means to HTTP and to people."""

    status: int
    zh: str
    en: str


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


_CODES: dict[str, Explained] = {}


def register(codes: Mapping[RefusalCode, Explained]) -> None:
    """Add a component's codes; a code explained twice differently is a mistake."""
    for code, explained in codes.items():
        if _CODES.setdefault(str(code), explained) != explained:
            raise ValueError(f"{code} is explained twice: {_CODES[str(code)]} and {explained}")


def registered() -> Mapping[str, Explained]:
    """List all codes."""
    return _CODES


def language(accept: str) -> Language:
    """Choose a language from an Accept-Language header (RFC 9110 §12.5.4); Chinese by default."""
    best, best_quality = "zh-CN", 0.0
    for part in accept.split(","):
        tag, _, parameters = part.strip().partition(";")
        quality = _quality(parameters)
        primary = tag.strip().lower().partition("-")[0]
        if primary in ("zh", "en") and quality > best_quality:
            best, best_quality = "en" if primary == "en" else "zh-CN", quality
    return "en" if best == "en" else "zh-CN"


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def title_of(code: str, lang: str, data: Mapping[str, Any]) -> str:
    """Say a code in words."""
    explained = _CODES.get(code, _CODES[CommonRefusal.INTERNAL])
    return (explained.en if lang == "en" else explained.zh).format_map(_Lenient(data))


def problem_of(
    refused: Refused, lang: str, *, instance: str = "", errors: list[FieldError] | None = None
) -> Problem:
    """Turn a refusal into a problem."""
    code = str(refused.code)
    explained = _CODES.get(code, _CODES[CommonRefusal.INTERNAL])
    data = dict(refused.data)
    detail = data.pop("detail", "")
    return Problem(
        type=f"{TYPE_PREFIX}{code}",
        title=title_of(code, lang, refused.data),
        status=explained.status,
        code=code,
        detail=str(detail),
        instance=instance,
        retry_after=data.pop("retry_after", None),
        errors=errors or data.pop("errors", []),
        data=data,
    )


register(
    {
        CommonRefusal.NOT_SIGNED_IN: Explained(401, "请先登录。", "Please sign in first."),
        CommonRefusal.NOT_ALLOWED: Explained(
            403, "您没有权限进行此操作。", "You are not allowed to do this."
        ),
        CommonRefusal.NOT_FOUND: Explained(404, "没有找到。", "Not found."),
        CommonRefusal.CONFLICT: Explained(
            409, "与现有数据冲突。", "This collides with something that is there already."
        ),
        CommonRefusal.WRONG_STATE: Explained(
            409,
            "当前状态不允许：需要 {expected}，实际 {got}。",
            "Wrong state: expected {expected}, got {got}.",
        ),
        CommonRefusal.INVALID: Explained(422, "填写的内容有误。", "Some values are not valid."),
        CommonRefusal.MALFORMED: Explained(400, "请求无法解析。", "The request can't be read."),
        CommonRefusal.TOO_LARGE: Explained(
            413, "内容过大：上限 {limit} 字节。", "Too large: the limit is {limit} bytes."
        ),
        CommonRefusal.TOO_MANY: Explained(
            429, "操作太频繁，请稍后再试。", "Too many requests; please wait a moment."
        ),
        CommonRefusal.UNSUPPORTED_TYPE: Explained(
            415, "不支持的内容类型：需要 {expected}。", "Unsupported content type: expected {expected}."
        ),
        CommonRefusal.METHOD_NOT_ALLOWED: Explained(
            405, "不支持该方法。", "This method is not allowed here."
        ),
        CommonRefusal.PRECONDITION_REQUIRED: Explained(
            428, "修改时需要 If-Match。", "An edit needs If-Match with the revision you have seen."
        ),
        CommonRefusal.PRECONDITION_FAILED: Explained(
            412, "内容已被他人修改，请刷新后重试。", "Somebody changed this meanwhile; reload and try again."
        ),
        CommonRefusal.IDEMPOTENCY_KEY_REQUIRED: Explained(
            400, "缺少 Idempotency-Key。", "This request needs an Idempotency-Key header."
        ),
        CommonRefusal.IDEMPOTENCY_KEY_REUSED: Explained(
            422,
            "同一个 Idempotency-Key 用于了不同的请求。",
            "This Idempotency-Key was used for another request.",
        ),
        CommonRefusal.UNAVAILABLE: Explained(
            503, "服务暂时不可用，请稍后再试。", "The service is not available right now; try again soon."
        ),
        CommonRefusal.INTERNAL: Explained(500, "服务器出错了。", "Something went wrong on our side."),
    }
)
