"""The form of a business."""

from content.businesses.views import BusinessEdit, NewBusiness
from content.forms.telling import field, form
from schemas.models import FieldType as T

FORM = form(
    "business",
    {
        "name": field(T.TEXT, "名称", "Name"),
        "slug": field(
            T.TEXT,
            "短名",
            "Short name",
            placeholder=("appliances", "appliances"),
            help=(
                "用在地址里，创建后不能改：小写字母开头，可含数字和短横线。",
                "Used in addresses and fixed once created: begins with a small letter; "
                "digits and hyphens may follow.",
            ),
            wrong=(
                "2–31 位：小写字母开头，其余为小写字母、数字或短横线",
                "2–31 characters: a small letter first, then small letters, digits or hyphens",
            ),
        ),
        "review": field(
            T.CHOICE,
            "发布前要由另一个人审核",
            "Another person approves what is published",
            choices={
                "none": ("不需要", "Not needed"),
                "other_person": ("由另一个人审核", "By another person"),
            },
            means={
                "none": (
                    "运营和审核员可以直接发布；编辑写好的草稿仍可以提交审核。",
                    "Operators and reviewers publish directly; editors can still hand in drafts for review.",
                ),
                "other_person": (
                    "草稿要由没有写过它的运营或审核员通过，才能发布；不经草稿直接改已发布的内容会被拒绝。"
                    "通过的是什么，发布的就是什么。",
                    "A draft is published once an operator or reviewer who did not write on it has "
                    "approved it. Editing what is published without a draft is refused. What was "
                    "approved is what is published.",
                ),
            },
        ),
        "contributions": field(
            T.BOOLEAN,
            "接受投稿",
            "Takes contributions",
            help=(
                "登录的顾客和创作者可以投稿图文和图集，审核后发布",
                "Customers and creators who are signed in hand in articles and picture sets; you review them",
            ),
        ),
    },
    new=NewBusiness,
    edit=BusinessEdit,
)
