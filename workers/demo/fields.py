"""What the demo shop knows of its contents beyond the base fields: models and a tag library, as data."""

from typing import Any

from content.models.rules.fields import Schema
from content.models.rules.metaschema import META_ID
from schemas.models import Layer

TAGS: dict[str, dict[str, tuple[str, ...]]] = {
    "场景": {"家里": ("卧室", "厨房", "书桌"), "出门": ("露营", "通勤")},
    "心情": {"": ("安静", "开饭", "送人")},
}
"""Names of tags by category, and by the category in it (empty: none)."""

_SCENES = {
    "bedroom": {"zh": "卧室", "en": "Bedroom"},
    "kitchen": {"zh": "厨房", "en": "Kitchen"},
    "desk": {"zh": "书桌", "en": "Desk"},
    "outdoors": {"zh": "户外", "en": "Outdoors"},
}
_SEASONS = {
    "spring": {"zh": "春", "en": "Spring"},
    "summer": {"zh": "夏", "en": "Summer"},
    "autumn": {"zh": "秋", "en": "Autumn"},
    "winter": {"zh": "冬", "en": "Winter"},
}


def _field(kind: str, zh: str, en: str, *, said: dict[str, Any] | None = None, **limits: Any) -> Schema:
    return {**limits, "kaibo": {"type": kind, "label": {"zh": zh, "en": en}, **(said or {})}}


def _choices(of: dict[str, dict[str, str]], **said: Any) -> dict[str, Any]:
    return {"choices": of, **said}


def _found(**said: Any) -> dict[str, Any]:
    return {"filterable": True, "listed": True, **said}


MODELS: dict[Layer, dict[str, Schema]] = {
    Layer.ROOM: {
        "store": _field(
            "store",
            "所在门店",
            "Store",
            said=_found(help={"zh": "在店里直播的选它", "en": "If it is a store's"}),
        ),
        "style": _field("text", "风格", "Style", maxLength=40, said={"searchable": True}),
    },
    Layer.PROGRAM: {
        "scene": _field("choice", "场景", "Scene", enum=list(_SCENES), said=_found(**_choices(_SCENES))),
        "target": _field("integer", "目标销量", "Target", minimum=0, said=_found(unit="件")),
        "rundown": _field(
            "list",
            "流程",
            "Rundown",
            maxItems=40,
            items={
                "properties": {
                    "at": _field("integer", "第几分钟", "Minute", minimum=0, maximum=720),
                    "what": _field("text", "做什么", "What", maxLength=120),
                },
                "required": ["what"],
                "kaibo": {"type": "group"},
            },
        ),
        "contact": _field("text", "现场联系电话", "Contact on site", maxLength=20, said={"personal": True}),
    },
    Layer.ARTICLE: {
        "scene": _field("choice", "场景", "Scene", enum=list(_SCENES), said=_found(**_choices(_SCENES))),
        "seasons": _field(
            "choices",
            "适合的季节",
            "Seasons",
            maxItems=4,
            items={"type": "string", "enum": list(_SEASONS)},
            said=_choices(_SEASONS, filterable=True),
        ),
        "minutes": _field(
            "integer", "阅读时长", "Reading time", minimum=1, maximum=60, said=_found(unit="分钟")
        ),
        "tip": _field(
            "text",
            "一句话建议",
            "In one sentence",
            maxLength=80,
            said={
                "searchable": True,
                "help": {"zh": "读者记得住的那一句", "en": "What the reader remembers"},
            },
        ),
        "try_at": _field("store", "到店体验", "To be tried at"),
    },
}
"""Extension fields by layer. None is required: whoever goes live at once is asked nothing."""


def model(fields: dict[str, Schema]) -> Schema:
    """Write fields out as a model's draft."""
    return {"$schema": META_ID, "type": "object", "properties": fields, "additionalProperties": False}
