"""What the refusals of contributions mean to HTTP and to people."""

from content.contributions.rules import ContributionRefusal
from infra.problems import Explained, register

register(
    {
        ContributionRefusal.NOT_TAKEN: Explained(
            409, "该业务方暂不接受投稿。", "This business takes no contributions at the moment."
        ),
        ContributionRefusal.TAKEN_BACK: Explained(
            409,
            "作者已撤回这篇投稿，不能发布。",
            "Its author has taken this contribution back; it can't be shown.",
        ),
    }
)
