"""What the refusals of files mean to HTTP and to people."""

from content.files.rules import FileRefusal
from infra.problems import Explained, register

register(
    {
        FileRefusal.FILE_NOT_AS_SAID: Explained(
            422,
            "文件内容与声明的类型不符：声明 {expected}，实际 {got}。",
            "The file is not what it says: declared {expected}, got {got}.",
        ),
        FileRefusal.FILE_UNSAFE: Explained(
            422, "这个文件不能上传：需要 {expected}。", "This file can't be taken: expected {expected}."
        ),
    }
)
