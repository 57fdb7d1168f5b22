"""What the refusals of contributions mean to HTTP and to people."""

from content.contributions.rules import ContributionRefusal
from infra.problems import Explained, register

register(
    {
        ContributionRefusal.NOT_TAKEN: Explained(
            409, "该业务方暂不接受投稿。", "This business takes no contributions at the moment."
        ),
        ContributionRefusal.SUSPENDED: Explained(
            403,
            "你在该业务方的创作者身份已停用，暂时不能投稿。",
            "You are suspended as a creator of this business and can't hand in for now.",
        ),
        ContributionRefusal.TOO_MANY_WAITING: Explained(
            429,
            "已有 {limit} 篇在等待审核，有结果后再投。",
            "{limit} of yours wait for review already; hand in more once some are through.",
        ),
        ContributionRefusal.TOO_MANY_TODAY: Explained(
            429,
            "一天最多提交 {limit} 次，请明天再来。",
            "At most {limit} times a day; please come back tomorrow.",
        ),
        ContributionRefusal.TAKEN_BACK: Explained(
            409,
            "作者已撤回这篇投稿，不能发布。",
            "Its author has taken this contribution back; it can't be shown.",
        ),
    }
)
