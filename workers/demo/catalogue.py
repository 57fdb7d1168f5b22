"""The demo shop as data: who, what, for how much, and what people say."""

from typing import NamedTuple

from schemas.creators import CreatorKind
from schemas.money import Money


class Choice(NamedTuple):
    """What one chooses of a product: a name, and values with what each costs more, in fen."""

    name: str
    values: tuple[tuple[str, int], ...]


class Place(NamedTuple):
    """A store of the shop."""

    name: str
    address: str
    hours: str
    phone: str
    lat: float
    lon: float


class Article(NamedTuple):
    """A product; `drawing` names its picture in `art.products`. Prices in fen."""

    drawing: str
    title: str
    subtitle: str
    price: int
    list_price: int
    choices: tuple[Choice, ...] = ()


class Anchor(NamedTuple):
    """An anchor with her room; `face` names her picture in `art.people`."""

    login: str
    name: str
    face: str
    room: str
    intro: str
    shown: tuple[str, str]
    """Drawings on the room's cover."""


class Known(NamedTuple):
    """What an anchor is known for: stars, and followers elsewhere in thousands."""

    login: str
    bio: str
    level: int
    elsewhere: tuple[tuple[str, int], ...]


class Applicant(NamedTuple):
    """A viewer who would like to be a creator."""

    login: str
    kind: CreatorKind
    bio: str
    elsewhere: tuple[tuple[str, int], ...]


class Coming(NamedTuple):
    """A program that is announced: so many days from today at that hour."""

    login: str
    title: str
    intro: str
    days: int
    hour: int
    drawings: tuple[str, ...]


SHOP_NAME = "良物生活馆"
SHOP_SLUG = "demo-shop"

ARTICLES = (
    Article("mug", "手绘青海波陶瓷马克杯 400ml", "釉下彩，微波炉可用", 3_990, 5_900),
    Article(
        *("lamp", "褶皱暖光床头灯 三档调光", "2700K 暖光，柔和不刺眼", 15_900, 22_900),
        choices=(Choice("灯罩", (("米白", 0), ("燕麦", 0), ("雾粉", 0))),),
    ),
    Article(
        *("thermos", "316 不锈钢真空保温杯 480ml", "12 小时保温，一键开盖", 8_900, 12_900),
        choices=(Choice("颜色", (("松绿", 0), ("奶白", 0), ("岩灰", 0))),),
    ),
    Article("juicer", "便携无线榨汁杯 350ml", "一杯鲜榨，一次充电用一周", 11_900, 16_900),
    Article(
        *("tea", "高山乌龙茶 罐装 150g", "春茶，清香型", 13_800, 19_800),
        choices=(Choice("规格", (("单罐 150g", 0), ("礼盒 两罐", 12_800))),),
    ),
    Article(
        *("honey", "洋槐蜂蜜 500g", "一年一季，零添加", 4_580, 6_800),
        choices=(Choice("规格", (("500g", 0), ("950g", 3_600))),),
    ),
    Article("candle", "雪松薰衣草香薰蜡烛 200g", "大豆蜡，可燃约 40 小时", 6_900, 9_800),
    Article(
        *("speaker", "360° 便携蓝牙音箱", "IPX7 防水，续航 18 小时", 19_900, 29_900),
        choices=(
            Choice("颜色", (("曜黑", 0), ("雾蓝", 0))),
            Choice("套装", (("单只", 0), ("立体声一对", 18_000))),
        ),
    ),
)
SOLD_OUT = ("speaker", ("雾蓝", "立体声一对"))
"""A variant of which there is none, so that one sees how that looks."""

STORES = (
    Place(
        "良物生活馆 湖滨店",
        "杭州市上城区平海路 124 号",
        "每天 10:00–22:00",
        "0571-87000001",
        30.2553,
        120.1627,
    ),
    Place(
        "良物生活馆 武林店",
        "杭州市拱墅区武林路 238 号",
        "每天 10:00–21:30",
        "0571-87000002",
        30.2715,
        120.1594,
    ),
)

ANCHORS = (
    Anchor("clerk", "小满", "xiaoman", "小满的生活好物", "每天晚上，挑几件真的好用的。", ("mug", "lamp")),
    Anchor("demo-ache", "阿澈", "ache", "阿澈的厨房角", "会做饭的人，工具不用多。", ("juicer", "honey")),
    Anchor("demo-linyi", "林一", "linyi", "林一的慢时光", "茶、香薰和一盏灯。", ("tea", "candle")),
)

CREATORS = (
    Known("clerk", "家居好物，只讲自己用过的。", 4, (("视频号", 128), ("小红书", 46))),
    Known("demo-ache", "前西餐厨师，十分钟早餐系列。", 3, (("抖音", 310),)),
    Known("demo-linyi", "茶艺师，讲茶也讲器物。", 5, (("视频号", 86), ("微博", 22))),
)
APPLICANTS = (
    Applicant("demo-viewer-2", CreatorKind.CLERK, "城西店导购，熟悉小家电和收纳。", (("小红书", 3),)),
    Applicant(
        "demo-viewer-5", CreatorKind.AUTHOR, "写了三年三餐的菜谱，想试试直播。", (("微博", 12), ("小红书", 9))
    ),
)

LIVE_TITLE = "小满的晚间好物：杯子、灯和一点甜"
FIRST_TITLE = "厨房角开张：十分钟早餐"
"""The short show that is recorded at the first start, so that a replay and clips are there."""
FIRST_LOGIN = "demo-ache"
FIRST_DRAWINGS = ("juicer", "honey", "mug")

COMING = (
    Coming(
        "demo-linyi", "秋夜茶会：乌龙与香薰", "一壶茶、一支烛，聊聊怎么挑。", 1, 20, ("tea", "candle", "mug")
    ),
    Coming(
        "demo-ache", "周末早餐提案：榨汁和蜂蜜", "三款早餐，一次备齐。", 2, 9, ("juicer", "honey", "thermos")
    ),
    Coming("clerk", "小满的露营清单", "音箱、保温杯，带上就走。", 3, 19, ("speaker", "thermos", "lamp")),
)

AUDIENCE = (
    ("demo-viewer-1", "橘子汽水"),
    ("demo-viewer-2", "阿禾"),
    ("demo-viewer-3", "早睡的猫"),
    ("demo-viewer-4", "南方有雨"),
    ("demo-viewer-5", "三餐四季"),
)

TALK = (
    "来啦来啦",
    "主播晚上好",
    "这个颜色好看",
    "刚下单，什么时候发货呀",
    "能讲讲怎么清洗吗",
    "送朋友合适吗",
    "上次买的还在用，质量不错",
    "价格比平时低",
    "可以看下背面吗",
    "加购了，等等再看看",
    "有别的颜色吗",
    "背景布置得好温馨",
    "声音很清楚",
    "第一次来，关注了",
    "这个适合放办公室",
    "家里老人能用吗",
    "想看下一个",
    "已经种草了",
)
TALK_ABOUT = {
    "mug": ("杯子能进洗碗机吗", "青海波的花纹好喜欢", "400 毫升刚刚好"),
    "lamp": ("灯光是暖的吗", "可以调亮度吗", "放床头正好"),
    "thermos": ("保温多久呀", "杯盖好不好清洗", "绿色这款绝了"),
    "juicer": ("能打冰块吗", "充满电能用几次", "榨汁杯好便携"),
    "tea": ("是春茶吗", "清香型还是浓香型", "冷泡可以吗"),
    "honey": ("洋槐蜜会结晶吗", "有没有小瓶的", "泡水喝很好"),
    "candle": ("味道浓不浓", "能烧多久", "薰衣草助眠吗"),
    "speaker": ("防水吗", "两个能连一起吗", "低音怎么样"),
}

ARTICLE = {article.drawing: article for article in ARTICLES}


def money(fen: int) -> Money:
    """An amount in fen as the schema has it."""
    return Money(amount=fen, currency="CNY")


def yuan(fen: int) -> str:
    """An amount as it stands on the price board: `39.90`."""
    return f"{fen // 100}.{fen % 100:02d}"
