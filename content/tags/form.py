"""The forms of the tag library."""

from content.forms.kinds import FormKind as F
from content.forms.telling import field, form
from content.tags.views import CategoryEdit, NewCategory, NewTag, TagEdit
from schemas.models import FieldType as T

CATEGORY = form(
    "tag_category",
    {
        "name": field(T.TEXT, "名称", "Name", placeholder=("分类名称", "Name of the category")),
        "parent": field(F.CATEGORY, "上级分类", "Stands in", placeholder=("最上层", "At the top")),
    },
    new=NewCategory,
    edit=CategoryEdit,
    known=("business",),
)
TAG = form(
    "tag",
    {
        "name": field(T.TEXT, "名称", "Name"),
        "category": field(F.CATEGORY, "分类", "Category"),
    },
    new=NewTag,
    edit=TagEdit,
)
FORMS = (CATEGORY, TAG)
