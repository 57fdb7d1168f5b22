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
        ProgramRefusal.RETAINED: Explained(
            409,
            "这场带货直播的全部内容须保存到 {day}，在此之前任何人都不能删除。",
            "All that this selling show left is kept until {day}; nobody can delete it before.",
        ),
        ProgramRefusal.MUST_BE_RECORDED: Explained(
            422,
            "带货节目必须录制：请先清空货架，或选择保留录像。",
            "A show that sells is recorded: clear its shelf first, or keep its recording.",
        ),
        ProgramRefusal.PRODUCT_UNKNOWN: Explained(
            422, "商品 {got} 不在本业务方在售商品中。", "Product {got} is not sold by this business."
        ),
        ProgramRefusal.PRODUCT_TWICE: Explained(
            422, "商品 {got} 在货架上重复。", "Product {got} stands on the shelf twice."
        ),
    }
)
