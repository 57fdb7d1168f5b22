"""What the columns of a file are called by people, and which column leads to which field."""

from collections.abc import Mapping, Sequence

import msgspec

from content.forms.layers import label_of

Label = tuple[str, str]
"""Chinese, English."""
OTHERS: Mapping[str, Label] = {
    "id": ("编号", "Id"),
    "external": ("外部编号", "External key"),
    "rev": ("版本", "Revision"),
    "kind": ("类型", "Kind"),
    "subtitle": ("卖点", "Selling points"),
    "price.amount": ("售价（分）", "Price, minor units"),
    "price.currency": ("币种", "Currency"),
    "list_price.amount": ("划线价（分）", "List price, minor units"),
    "list_price.currency": ("划线价币种", "List price currency"),
    "name": ("名称", "Name"),
    "bio": ("介绍", "About"),
    "presences": ("所在平台", "Elsewhere"),
    "level": ("等级", "Level"),
    "account": ("关联账号", "Account"),
    "login": ("账号", "Login"),
    "category": ("分类", "Category"),
    "active": ("启用", "Active"),
    "layer": ("层", "Layer"),
    "schema": ("模型", "Schema"),
    "supplier": ("供应商", "Supplier"),
    "state": ("状态", "State"),
    "products": ("商品", "Products"),
    "origin": ("来源", "Origin"),
    "duration_ms": ("时长（毫秒）", "Duration, ms"),
    "published_at": ("发布时间", "Published at"),
    "went_live_at": ("开播时间", "Went live at"),
    "ended_at": ("结束时间", "Ended at"),
    "latest": ("最新版本", "Latest version"),
    "slug": ("短名", "Short name"),
    "review": ("审核", "Review"),
    "contributions": ("投稿", "Contributions"),
    "hours": ("营业时间", "Opening hours"),
    "phone": ("电话", "Phone"),
    "point.lat": ("纬度", "Latitude"),
    "point.lon": ("经度", "Longitude"),
    "buyer": ("买家", "Buyer"),
    "units": ("件数", "Units"),
    "amount.amount": ("金额（分）", "Amount, minor units"),
    "amount.currency": ("金额币种", "Amount currency"),
    "paid_at": ("支付时间", "Paid at"),
    "delivery.type": ("配送方式", "Delivery"),
    "recipient.name": ("收货人", "Recipient"),
    "recipient.phone": ("收货电话", "Recipient’s phone"),
    "recipient.address": ("收货地址", "Recipient’s address"),
    "store.name": ("自提门店", "Store"),
    "refund_asked.at": ("申请退款时间", "Refund asked at"),
    "refund_asked.reason": ("退款原因", "Refund reason"),
    "lines": ("明细", "Lines"),
    "note": ("备注", "Note"),
    "created_at": ("创建时间", "Created at"),
    "updated_at": ("更新时间", "Updated at"),
}


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A field that a column can lead to."""

    name: str
    zh: str
    en: str
    needed: bool = False
    """A new document can't do without it."""
    fixed: bool = False
    """Given once: a document that is there keeps its own."""
    written: bool = True
    """False: exported only."""


def label(name: str) -> Label:
    """Say what a field is called."""
    if said := label_of(name):
        return said["zh"], said["en"]
    return OTHERS.get(name, (name, name))


def guess(header: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """Lead each column to the field it is called by: its name, or its label in either language."""
    known: dict[str, str] = {}
    for one in (one for one in columns if one.written):
        for said in (one.en, one.zh, one.name):
            known[said.strip().lower()] = one.name
    taken: dict[str, str] = {}
    for column in header:
        field = known.get(column.strip().lower(), "")
        taken[column] = "" if field in taken.values() else field
    return taken
