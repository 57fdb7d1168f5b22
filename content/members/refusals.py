"""What the refusals of members and invitations mean to HTTP and to people."""

from content.members.rules import MOST_OPEN, MemberRefusal
from infra.problems import Explained, register

register(
    {
        MemberRefusal.LOGIN_UNKNOWN: Explained(
            422, "没有这个登录名的账号。", "There is no account with this login."
        ),
        MemberRefusal.ALREADY_A_MEMBER: Explained(
            409,
            "此人已是成员，请直接修改角色。",
            "This person is a member already; change the roles instead.",
        ),
        MemberRefusal.INVITATION_UNKNOWN: Explained(
            404, "邀请链接不正确，请检查是否完整。", "This is no invitation; check that the link is complete."
        ),
        MemberRefusal.INVITATION_OVER: Explained(
            410,
            "邀请链接已失效，请联系邀请人重新发送。",
            "This invitation is over; ask whoever invited you for another one.",
        ),
        MemberRefusal.TOO_MANY_INVITATIONS: Explained(
            409,
            f"待接受的邀请最多 {MOST_OPEN} 个，请先撤销一些。",
            f"At most {MOST_OPEN} invitations can be open; revoke some first.",
        ),
    }
)
