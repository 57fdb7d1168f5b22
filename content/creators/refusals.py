"""What the refusals of creators mean to HTTP and to people."""

from content.creators.rules import CreatorRefusal
from infra.problems import Explained, register

register(
    {
        CreatorRefusal.ALREADY_APPLIED: Explained(
            409,
            "你已经申请过这个业务方，请等待审核结果。",
            "There is an application to this business already; please wait for its review.",
        ),
        CreatorRefusal.REASON_NEEDED: Explained(
            422, "请写明原因，创作者会看到。", "Please give a reason; the creator is told."
        ),
        CreatorRefusal.CREATOR_NOT_APPROVED: Explained(
            422, "该创作者还没有通过本业务方的审核。", "This creator is not approved by the business."
        ),
        CreatorRefusal.CREATOR_SUSPENDED: Explained(
            403, "该创作者已被停用，不能开播。", "This creator is suspended and can't go live."
        ),
    }
)
