"""What the refusals of programs mean to HTTP and to people."""

from content.programs.rules import ProgramRefusal
from infra.problems import Explained, register

register(
    {
        ProgramRefusal.KEY_UNKNOWN: Explained(403, "推流码无效。", "This stream key is not known."),
        ProgramRefusal.KEY_EXPIRED: Explained(403, "推流码已过期。", "This stream key has expired."),
        ProgramRefusal.PROGRAM_NOT_OPEN: Explained(
            409, "节目尚未开放推流。", "The program is not open for a publisher yet."
        ),
        ProgramRefusal.PROGRAM_ENDED: Explained(409, "节目已经结束。", "The program is over."),
        ProgramRefusal.START_NOT_POSSIBLE: Explained(
            422,
            "开播时间需在现在之后、一年之内。",
            "A start lies in the future, at most a year ahead.",
        ),
        ProgramRefusal.PRODUCT_UNKNOWN: Explained(
            422, "商品 {got} 不在本业务方在售商品中。", "Product {got} is not sold by this business."
        ),
        ProgramRefusal.NOT_DEMO: Explained(
            409, "只能清除演示节目。", "Only programs of the demo can be erased."
        ),
        ProgramRefusal.PRODUCT_TWICE: Explained(
            422, "商品 {got} 在货架上重复。", "Product {got} stands on the shelf twice."
        ),
    }
)
