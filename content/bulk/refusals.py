"""What the refusals of bulk mean to HTTP and to people."""

from content.bulk.rules import BulkRefusal
from infra.problems import Explained, register

register(
    {
        BulkRefusal.NOT_A_TABLE: Explained(
            422,
            "无法读成表格：需要带表头的 CSV 或 JSON Lines。",
            "This is no table: expected CSV with a header, or JSON lines.",
        ),
        BulkRefusal.NOT_TEXT: Explained(
            422,
            "文件不是可识别的文本（UTF-8、UTF-16 或 GB18030）。Excel 文件请先另存为 CSV。",
            "The file is no text we can read (UTF-8, UTF-16 or GB 18030). Save Excel files as CSV first.",
        ),
        BulkRefusal.BOMB: Explained(
            413,
            "压缩文件解开后过大：上限 {limit} 字节。",
            "The packed file grows too large: the limit is {limit} bytes.",
        ),
        BulkRefusal.TOO_MANY_ROWS: Explained(
            413, "行数过多：一次最多 {limit} 行。", "Too many rows: at most {limit} at a time."
        ),
        BulkRefusal.NOTHING_MAPPED: Explained(
            422, "还没有任何一列对应到字段。", "No column leads to a field yet."
        ),
        BulkRefusal.NOT_IMPORTED: Explained(
            422, "不支持批量处理：{noun}。", "Bulk is not possible for {noun}."
        ),
        BulkRefusal.FILE_GONE: Explained(410, "文件已不在。", "The file is gone."),
        BulkRefusal.MAY_NO_LONGER: Explained(
            403,
            "发起导入的人或密钥已没有开始时的权限。",
            "Whoever began the import, a person or a key, has fewer rights than when it began.",
        ),
    }
)
