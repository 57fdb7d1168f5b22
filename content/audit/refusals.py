"""What the refusals of the trail mean to HTTP and to people."""

from content.audit.rules import AuditRefusal
from infra.problems import Explained, register

register(
    {
        AuditRefusal.NOT_SEALED: Explained(
            409,
            "该记录所在的小时尚未封存：小时结束约五分钟后封存。",
            "The hour of this entry is not sealed yet: it is, some five minutes after it is over.",
        ),
    }
)
