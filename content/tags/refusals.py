"""What the refusals of tags mean to HTTP and to people."""

from content.tags.rules import TagRefusal
from infra.problems import Explained, register

register(
    {
        TagRefusal.TAG_EXISTS: Explained(
            409, "这里已经有“{name}”。", "There is one named {name} here already."
        ),
        TagRefusal.CATEGORY_MISPLACED: Explained(
            422, "分类不能放在这里。", "The category can't stand there: expected {expected}."
        ),
        TagRefusal.CATEGORY_IN_USE: Explained(
            409,
            "分类不是空的，请先移走里面的标签和分类。",
            "The category isn't empty: move what is in it first.",
        ),
        TagRefusal.TOO_MANY_CATEGORIES: Explained(
            409, "分类太多，最多 {limit} 个。", "Too many categories: at most {limit}."
        ),
    }
)
