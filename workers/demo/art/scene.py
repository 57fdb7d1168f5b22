"""The live picture: a small shop, its anchor, a product turning on a podium, its price; 9:16.

`frames` gives one loop. The clock is not part of it: the broadcaster puts the true time into each frame.
"""

import math
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageFilter

from workers.demo.art import people, products
from workers.demo.art.canvas import (
    GOLD,
    INK,
    VERMILION,
    Pen,
    curve,
    drawn,
    figures,
    glow,
    mix,
    rgb,
    shadow,
    vertical,
)

SIZE = (540, 960)
RATE = 25
LOOP_FRAMES = 100
CLOCK_BOX = (346, 116, 472, 156)
"""Where the broadcaster writes the time: a plain dark plate; even numbers, as 4:2:0 video wants."""

BOARD = (62, 172)
ANCHOR = (-6, 244)
"""Upper left corners. Tall phones cut a tenth off each side; chat covers the lower half."""
PODIUM = (370, 612)
"""Middle of the podium's upper face."""
PRODUCT_SCALE = 0.78
EDGE = (558, 718)
"""From the podium's face to where nothing moves any more."""


def frames(anchor: str, product: str, price: str, list_price: str) -> Iterator[Image.Image]:
    """One loop, RGB. Prices as digits, such as `89.00`."""
    still = _still(anchor, product, price, list_price)
    for n in range(LOOP_FRAMES):
        yield _frame(still, anchor, product, n / LOOP_FRAMES)


def cover(anchor: str, shown: list[str], size: tuple[int, int] = (720, 960)) -> Image.Image:
    """A cover 3:4: the anchor, some products, no text; RGB."""
    looks = people.LOOKS[anchor]
    width, height = size
    picture = vertical(size, mix(looks.ground, (255, 255, 255), 0.35), mix(looks.ground, looks.apron, 0.28))
    sun = Pen(size)
    sun.ellipse(
        (width * 0.08, height * 0.10, width * 0.92, height * 0.73), mix(looks.ground, (255, 255, 255), 0.55)
    )
    sun.ellipse(
        (-width * 0.3, height * 0.77, width * 1.3, height * 1.5), mix(looks.apron, (255, 255, 255), 0.22)
    )
    for n in range(14):
        x, y = (n * 197 + 60) % width, (n * 131 + 40) % round(height * 0.6)
        sun.ellipse((x, y, x + 9 + n % 3 * 5, y + 9 + n % 3 * 5), (GOLD, (255, 255, 255), VERMILION)[n % 3])
    picture.paste(sun.layer(), (0, 0), sun.layer())
    person = people.bust(anchor).resize(
        (round(width * 0.86), round(width * 0.86 * 460 / 360)), Image.Resampling.LANCZOS
    )
    picture.paste(person, (round(width * 0.07), round(height * 0.86) - person.height), person)
    table = Pen(size)
    table.rounded((-20, height * 0.84, width + 20, height + 40), 30, mix(looks.apron, (40, 20, 10), 0.25))
    table.rounded(
        (-20, height * 0.84, width + 20, height * 0.862), 10, mix(looks.apron, (255, 255, 255), 0.35)
    )
    picture.paste(table.layer(), (0, 0), table.layer())
    step = width / (len(shown) + 1)
    for n, name in enumerate(shown, start=1):
        item = products.draw(name, products.PORTRAIT_TURNS.get(name, 0.08))
        scale = height * 0.36 / products.SIZE[1]
        item = item.resize((round(item.width * scale), round(item.height * scale)), Image.Resampling.LANCZOS)
        fallen = shadow(size, (step * n - 70, height * 0.925, step * n + 80, height * 0.955), 10, 110)
        picture.paste(fallen, (0, 0), fallen)
        picture.paste(
            item, (round(step * n - item.width / 2), round(height * 0.945 - products.FOOT_Y * scale)), item
        )
    return picture


@lru_cache(maxsize=2)
def _still(anchor: str, product: str, price: str, list_price: str) -> Image.Image:
    """All that does not move."""
    picture = _shop(anchor).copy()
    board = _board(price, list_price)
    picture.paste(board, (BOARD[0], BOARD[1]), board)
    halo = glow((520, 520), products.GROUNDS[product], 0.5)
    picture.paste(halo, (PODIUM[0] - 260, PODIUM[1] - 420), halo)
    return picture


@lru_cache(maxsize=2)
def _shop(anchor: str) -> Image.Image:
    looks = people.LOOKS[anchor]
    width = SIZE[0]
    wall = mix(looks.ground, rgb("#F2C9A4"), 0.35)
    picture = vertical(SIZE, mix(wall, (255, 255, 255), 0.35), mix(wall, rgb("#B9744A"), 0.30))

    def room(pen: Pen) -> None:
        pen.polygon(
            curve([(270, 96), (90, 190), (60, 420), (60, 800), (480, 800), (480, 420), (450, 190)]),
            mix(wall, (255, 255, 255), 0.42),
        )
        for y in (300, 430):
            pen.rounded((18, y, 200, y + 12), 4, rgb("#A8703F"))
            pen.rounded((392, y + 30, 540, y + 42), 4, rgb("#A8703F"))
        for x, y, w, h, colour in (
            (34, 252, 30, 48, "#2F5D50"),
            (70, 240, 26, 60, "#E5A54B"),
            (104, 262, 40, 38, "#C46A54"),
            (38, 390, 44, 40, "#7FA3C4"),
            (92, 376, 24, 54, "#B45B3E"),
            (122, 396, 36, 34, "#EAD7B0"),
            (404, 288, 34, 42, "#6C8F6B"),
            (446, 276, 28, 54, "#C9885A"),
            (482, 300, 44, 30, "#D9C7E0"),
            (408, 414, 26, 46, "#E0B25A"),
            (440, 424, 46, 36, "#8C4A3C"),
            (492, 404, 30, 56, "#46637F"),
        ):
            pen.rounded((x, y, x + w, y + h), 6, mix(rgb(colour), wall, 0.35))
        pen.ellipse((452, 176, 532, 250), rgb("#6C8F6B"))
        pen.ellipse((476, 150, 548, 230), rgb("#7FA47C"))

    back = drawn(SIZE, room)
    picture.paste(back, (0, 0), back)
    picture = picture.filter(ImageFilter.GaussianBlur(2.2))
    light = glow((900, 900), (255, 244, 214), 0.75)
    picture.paste(light, (-420, -380), light)

    def lights(pen: Pen) -> None:
        wire = [(x, 74 + 34 * math.sin(math.pi * x / width) ** 2) for x in range(0, width + 1, 12)]
        pen.line(wire, rgb("#8A5A3A"), 3)
        for n in range(1, 9):
            x = n * 60
            y = 74 + 34 * math.sin(math.pi * x / width) ** 2
            pen.ellipse((x - 9, y + 2, x + 9, y + 24), rgb("#FFE7A8"))

    bulbs = drawn(SIZE, lights)
    picture.paste(bulbs, (0, 0), bulbs)

    def clock(pen: Pen) -> None:
        left, top, right, bottom = CLOCK_BOX
        pen.rounded((left - 8, top - 6, right + 8, bottom + 6), 16, INK)

    plate = drawn(SIZE, clock)
    picture.paste(plate, (0, 0), plate)
    picture.paste(_counter(), (0, 0), _counter())
    return picture


@lru_cache(maxsize=1)
def _counter() -> Image.Image:
    """The table and the podium on it."""
    width, height = SIZE

    def table(pen: Pen) -> None:
        pen.rounded((-30, 652, width + 30, height + 60), 26, rgb("#A9683C"))
        pen.rounded((-30, 652, width + 30, 676), 12, rgb("#C98A58"))
        for n in range(9):
            pen.rounded((n * 64 - 6, 690, n * 64 - 2, height), 2, rgb("#9A5C33"))
        x, y = PODIUM
        pen.ellipse((x - 142, y + 8, x + 142, y + 104), rgb("#E2D5C6"))
        pen.rounded((x - 142, y, x + 142, y + 56), 0, rgb("#EFE6DA"))
        pen.ellipse((x - 142, y - 48, x + 142, y + 48), rgb("#FFFAF2"))
        pen.ellipse((x - 118, y - 38, x + 118, y + 38), rgb("#F4EADC"))

    return drawn(SIZE, table)


@lru_cache(maxsize=1)
def _counter_edge() -> Image.Image:
    """The part of the counter in front of which, or behind which, something moves."""
    return _counter().crop((0, EDGE[0], SIZE[0], EDGE[1]))


def _board(price: str, list_price: str) -> Image.Image:
    """The price board: a card with the struck list price and the live price."""
    now = figures(f"¥{price}", 42, VERMILION, weight=0.035)
    before = figures(f"¥{list_price}", 22, rgb("#8A7F78"), struck=True)
    width = max(now.width, before.width + 20) + 40

    def card(pen: Pen) -> None:
        pen.rounded((4, 8, width + 4, 112), 14, rgb("#7A4526"), 70)
        pen.rounded((0, 0, width, 104), 14, rgb("#FFFDF8"))
        pen.rounded((0, 0, width, 12), 6, VERMILION)

    board = drawn((width + 8, 116), card)
    board.alpha_composite(before, (20, 20))
    board.alpha_composite(now, (18, 44))
    return board


def _frame(still: Image.Image, anchor: str, product: str, moment: float) -> Image.Image:
    picture = still.copy()
    angle = moment * 2 * math.pi
    _dust(picture, angle)
    mouth, shut = people.speaking(moment)
    person = people.bust(anchor, mouth, shut)
    sway, nod = round(4 * math.sin(angle)), round(3 * math.sin(angle * 2))
    picture.paste(person, (ANCHOR[0] + sway, ANCHOR[1] + nod), person)
    counter = _counter_edge()
    picture.paste(counter, (0, EDGE[0]), counter)
    item = _small(products.draw(product, moment))
    fallen = _fallen()
    picture.paste(fallen, (0, 0), fallen)
    foot = PODIUM[1] + 14
    picture.paste(item, (PODIUM[0] - item.width // 2, round(foot - products.FOOT_Y * PRODUCT_SCALE)), item)
    return picture


def _small(item: Image.Image) -> Image.Image:
    size = (round(item.width * PRODUCT_SCALE), round(item.height * PRODUCT_SCALE))
    return item.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.5)


@lru_cache(maxsize=1)
def _fallen() -> Image.Image:
    x, y = PODIUM
    return shadow(SIZE, (x - 78, y - 10, x + 112, y + 28), 9, 105)


@lru_cache(maxsize=4)
def _mote(size: int) -> Image.Image:
    return glow((size, size), (255, 240, 205), 0.55)


def _dust(picture: Image.Image, angle: float) -> None:
    """Motes of light that drift and come back to where they began."""
    for n in range(9):
        x = 50 + n * 57 + 22 * math.sin(angle + n * 1.7)
        y = 250 + (n * 173) % 420 + 30 * math.cos(angle + n * 2.3)
        mote = _mote(10 + n % 3 * 8)
        picture.paste(mote, (round(x), round(y)), mote)
