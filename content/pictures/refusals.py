"""What the refusals of pictures mean to HTTP and to people."""

from content.pictures.rules import PictureRefusal
from infra.problems import Explained, register

register(
    {
        PictureRefusal.NOT_A_PICTURE: Explained(422, "无法识别该图片。", "This is not a readable picture."),
        PictureRefusal.TYPE_MISMATCH: Explained(
            422,
            "图片内容与声明的类型不符：声明 {expected}，实际 {got}。",
            "The picture is not what it says: declared {expected}, got {got}.",
        ),
        PictureRefusal.PICTURE_SIZE: Explained(
            422, "图片尺寸不合适：{got}。", "The picture's size won't do: expected {expected}, got {got}."
        ),
        PictureRefusal.TOO_MANY_TODAY: Explained(
            429,
            "一天最多上传 {limit} 张图片，请明天再来。",
            "At most {limit} pictures a day; please come back tomorrow.",
        ),
    }
)
