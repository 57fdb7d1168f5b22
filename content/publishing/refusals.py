"""What the refusals of publishing mean to HTTP and to people."""

from content.publishing.rules import PublishingRefusal
from infra.problems import Explained, register

register(
    {
        PublishingRefusal.DRAFT_NOT_SOUND: Explained(
            422, "草稿有未填好的内容，请先修改。", "The draft has problems; correct them first."
        ),
        PublishingRefusal.DRAFT_OUTDATED: Explained(
            409,
            "已发布的内容与草稿改了同一处，请先合并。",
            "What is published was changed in the same places as the draft; settle the conflicts first.",
        ),
        PublishingRefusal.REVIEW_NEEDED: Explained(
            409,
            "本业务方的内容须由他人审核通过后才能发布，请提交审核。",
            "In this business another person has to approve this first; hand in a draft for review.",
        ),
        PublishingRefusal.OWN_REVIEW: Explained(
            409, "不能审核自己参与编辑的草稿。", "Nobody approves a draft she wrote on herself."
        ),
        PublishingRefusal.NOTHING_TO_PUBLISH: Explained(
            409, "草稿与已发布的内容相同。", "The draft is the same as what is published."
        ),
        PublishingRefusal.DUE_NOT_POSSIBLE: Explained(
            422, "时间须在现在之后、一年之内。", "The time must lie ahead, by at most a year."
        ),
    }
)
