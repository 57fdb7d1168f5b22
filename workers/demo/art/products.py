"""The eight products of the demo shop, each as seen at a turn of 0..1 revolutions."""

import math
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

from workers.demo.art.canvas import RGB, Pen, drawn, glow, mix, rgb, shadow, vertical
from workers.demo.art.lathe import GLAZED, MATTE, STEEL, Light, Profile, turned

SIZE = (420, 520)
"""Every product stands in a picture of this size, its foot in the middle of the bottom edge."""
FOOT_Y = 488
AROUND = 900
"""Width of a pattern, in pixels."""

Draw = Callable[[float], Image.Image]


def draw(name: str, turn: float) -> Image.Image:
    """The product on a transparent ground, RGBA, `SIZE`."""
    return DRAWINGS[name](turn)


def portrait(name: str, size: int = 800) -> Image.Image:
    """The product's picture in the shop: square, on its own soft ground; RGB."""
    ground = GROUNDS[name]
    picture = vertical((size, size), mix(ground, (255, 255, 255), 0.55), mix(ground, (255, 255, 255), 0.12))
    light = glow((round(size * 1.3), round(size * 1.3)), (255, 255, 255), 0.75)
    picture.paste(light, (round(-size * 0.35), round(-size * 0.45)), light)
    table = Pen((size, size))
    table.ellipse((-size * 0.25, size * 0.74, size * 1.25, size * 1.5), mix(ground, (255, 255, 255), 0.42))
    picture.paste(table.layer(), (0, 0), table.layer())
    product = draw(name, PORTRAIT_TURNS.get(name, 0.08))
    left, top, right, bottom = product.getchannel("A").point(lambda value: 255 * (value > 200)).getbbox() or (
        (0, 0, *SIZE)
    )
    scale = size * 0.62 / max(bottom - top, (right - left) * 1.1)
    product = product.resize((round(SIZE[0] * scale), round(SIZE[1] * scale)), Image.Resampling.LANCZOS)
    foot, half = size * 0.84, (right - left) * scale * 0.62
    ground_box = (size / 2 - half * 0.85, foot - size * 0.05, size / 2 + half * 1.15, foot + size * 0.03)
    fallen = shadow((size, size), ground_box, size / 50, 95)
    picture.paste(fallen, (0, 0), fallen)
    picture.paste(
        product, (round(size / 2 - (left + right) / 2 * scale), round(foot - bottom * scale)), product
    )
    return picture


def _stand(*parts: tuple[Image.Image, int]) -> Image.Image:
    """Puts parts one over the other, each centred with its top at a height."""
    layer = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    for part, top in parts:
        layer.alpha_composite(part, ((SIZE[0] - part.width) // 2, top))
    return layer


def _plain(colour: RGB) -> Image.Image:
    return Image.new("RGB", (AROUND, 64), colour)


def _lid(width: int, bend: float, colour: RGB, rim: RGB) -> Image.Image:
    """The upper face of a body: an ellipse with a lighter inner one."""
    height = round(bend * 2) + 2

    def top(pen: Pen) -> None:
        pen.ellipse((0, 0, width, height), rim)
        pen.ellipse((width * 0.05, height * 0.08, width * 0.95, height * 0.86), colour)

    return drawn((width, height), top)


STRAIGHT: Profile = ((0.0, 1.0), (1.0, 1.0))


@lru_cache(maxsize=1)
def _leaves() -> Image.Image:
    ground = rgb("#1F4E45")

    def leaf(pen: Pen) -> None:
        pen.rounded((0, 0, AROUND, 300), 0, ground)
        for n in range(6):
            x = n * 150 + 75
            pen.line([(x, 292), (x + 6, 150), (x, 60)], rgb("#D9C58B"), 4)
            for k, y in enumerate((90, 135, 180, 225)):
                side = 1 if k % 2 else -1
                tip = (x + side * 52, y - 26)
                pen.polygon(
                    [(x + 2, y), (x + side * 22, y - 30), tip, (x + side * 30, y + 2)],
                    mix(rgb("#D9C58B"), ground, 0.15 * (k % 3)),
                )

    return drawn((AROUND, 300), leaf).convert("RGB")


def thermos(turn: float) -> Image.Image:
    """A slim vacuum flask with leaves around it and a steel rim."""
    body = turned(_leaves(), (176, 300), ((0, 0.86), (0.10, 1.0), (0.93, 1.0), (1, 0.92)), turn, GLAZED, 22)
    rim = turned(_plain(rgb("#C9CDD2")), (152, 22), STRAIGHT, turn, STEEL, 20)
    cap = turned(_plain(rgb("#26302E")), (146, 78), ((0, 0.90), (0.12, 1.0), (1, 1.0)), turn, GLAZED, 19)
    lid = _lid(132, 18, rgb("#35423F"), rgb("#4A5955"))
    return _stand((body, 166), (rim, 148), (cap, 74), (lid, 66))


@lru_cache(maxsize=1)
def _juice() -> Image.Image:
    picture = vertical((AROUND, 240), rgb("#FFD9A0"), rgb("#F58A2B"))
    pen = Pen((AROUND, 240))
    for n in range(9):
        x, y = n * 100 + 40, 70 + (n * 53) % 130
        pen.ellipse((x - 26, y - 26, x + 26, y + 26), rgb("#FFE7BE"), 235)
        pen.ellipse((x - 21, y - 21, x + 21, y + 21), rgb("#FFA63D"), 235)
        for k in range(6):
            angle = k * math.pi / 3
            pen.line([(x, y), (x + 19 * math.cos(angle), y + 19 * math.sin(angle))], rgb("#FFE7BE"), 2.5)
    picture.paste(pen.layer(), (0, 0), pen.layer())
    ImageDraw.Draw(picture).rectangle((0, 0, AROUND, 34), fill=rgb("#FFF3E2"))
    return picture


@lru_cache(maxsize=1)
def _blender_base() -> Image.Image:
    def base(pen: Pen) -> None:
        pen.rounded((0, 0, AROUND, 150), 0, rgb("#F3F0EA"))
        for x in (225, 675):
            pen.ellipse((x - 34, 42, x + 34, 110), rgb("#DAD4C9"))
            pen.ellipse((x - 27, 49, x + 27, 103), rgb("#FFFFFF"))
            pen.arc((x - 13, 63, x + 13, 89), 300, 240, rgb("#F58A2B"), 4)
            pen.line([(x, 60), (x, 74)], rgb("#F58A2B"), 4)

    return drawn((AROUND, 150), base).convert("RGB")


def juicer(turn: float) -> Image.Image:
    """A portable blender: orange juice above, a white base with its button below."""
    cup = turned(_juice(), (196, 190), ((0, 0.96), (1, 1.0)), turn, Light(0.72, 0.8), 25)
    base = turned(_blender_base(), (204, 128), ((0, 1.0), (0.85, 0.97), (1, 0.90)), turn, GLAZED, 26)
    lid = turned(_plain(rgb("#F3F0EA")), (188, 34), ((0, 0.95), (0.3, 1.0), (1, 1.0)), turn, GLAZED, 24)
    top = _lid(180, 23, rgb("#FFFFFF"), rgb("#E6E0D6"))
    strap = drawn((120, 60), lambda pen: pen.arc((12, 10, 108, 96), 200, 340, rgb("#F58A2B"), 11))
    return _stand((base, 328), (cup, 158), (lid, 126), (top, 116), (strap, 82))


@lru_cache(maxsize=1)
def _mountains() -> Image.Image:
    ground = rgb("#7A2E22")

    def ranges(pen: Pen) -> None:
        pen.rounded((0, 0, AROUND, 260), 0, ground)
        for base, colour, height in ((190, "#9A4432", 92), (225, "#B8623F", 70), (258, "#D98E52", 52)):
            ridge = [
                (x, base - height * (0.55 + 0.45 * math.sin(x / AROUND * 2 * math.pi * 3 + base)))
                for x in range(0, AROUND + 1, 15)
            ]
            pen.polygon([(0, 260), *ridge, (AROUND, 260)], rgb(colour))
        for x in (150, 600):
            pen.ellipse((x - 30, 34, x + 30, 94), rgb("#F5B841"))
        for x in (330, 400, 760, 830):
            pen.line([(x, 60), (x + 16, 68), (x + 32, 58)], rgb("#F0D9A8"), 3.5)

    return drawn((AROUND, 260), ranges).convert("RGB")


def tea(turn: float) -> Image.Image:
    """A tea caddy with mountains and a sun around it."""
    body = turned(_mountains(), (214, 236), STRAIGHT, turn, Light(0.58, 0.3), 27)
    band = turned(_plain(rgb("#E0B25A")), (218, 16), STRAIGHT, turn, STEEL, 27)
    cap = turned(_plain(rgb("#64241A")), (216, 70), ((0, 0.97), (0.15, 1.0), (1, 1.0)), turn, GLAZED, 27)
    lid = _lid(209, 26, rgb("#7A2E22"), rgb("#94402F"))
    knob = turned(_plain(rgb("#E0B25A")), (48, 24), ((0, 0.7), (0.5, 1.0), (1, 0.8)), turn, STEEL, 6)
    return _stand((body, 226), (band, 214), (cap, 148), (lid, 122), (knob, 118))


@lru_cache(maxsize=1)
def _flowers() -> Image.Image:
    def label(pen: Pen) -> None:
        pen.rounded((0, 0, AROUND, 200), 0, rgb("#EFE6DA"))
        pen.rounded((0, 150, AROUND, 200), 0, rgb("#E6DACA"))
        for n in range(5):
            x, y = n * 180 + 90, 92
            pen.line([(x, y), (x, y + 62)], rgb("#6E8B5E"), 4)
            pen.ellipse((x - 30, y + 24, x - 2, y + 40), rgb("#8DA97B"))
            for k in range(6):
                angle = k * math.pi / 3
                cx, cy = x + 19 * math.cos(angle), y + 19 * math.sin(angle)
                pen.ellipse((cx - 14, cy - 14, cx + 14, cy + 14), rgb("#C9A0B8"))
            pen.ellipse((x - 11, y - 11, x + 11, y + 11), rgb("#F5B841"))

    return drawn((AROUND, 200), label).convert("RGB")


def candle(turn: float) -> Image.Image:
    """A scented candle in a glass with a flower label; the flame moves with the turn."""
    jar = turned(_flowers(), (224, 196), ((0, 1), (0.9, 1), (1, 0.95)), turn, Light(0.66, 0.6), 28)
    rim = _lid(224, 27, rgb("#FFF7EA"), rgb("#D9CDBC"))
    sway = 5 * math.sin(turn * 2 * math.pi * 3)

    def flame(pen: Pen) -> None:
        pen.line([(80, 140), (80, 112)], rgb("#4B3A2F"), 5)
        pen.polygon([(80 + sway, 30), (104, 88), (96, 116), (80, 124), (64, 116), (56, 88)], rgb("#F58A2B"))
        pen.ellipse((57, 78, 103, 124), rgb("#F58A2B"))
        pen.polygon([(80 + sway * 0.6, 62), (93, 98), (80, 118), (67, 98)], rgb("#FFE39A"))
        pen.ellipse((68, 92, 92, 119), rgb("#FFE39A"))

    halo = glow((300, 300), (255, 196, 92), 0.55 + 0.05 * math.sin(turn * 2 * math.pi * 5))
    return _stand((jar, 262), (rim, 234), (halo, 40), (drawn((160, 150), flame), 122))


@lru_cache(maxsize=1)
def _pleats() -> Image.Image:
    def folds(pen: Pen) -> None:
        pen.rounded((0, 0, AROUND, 160), 0, rgb("#FFE9C4"))
        for n in range(36):
            pen.rounded((n * 25, 0, n * 25 + 11, 160), 0, rgb("#F8D59B"))
        pen.rounded((0, 0, AROUND, 9), 0, rgb("#D9A75B"))
        pen.rounded((0, 151, AROUND, 160), 0, rgb("#D9A75B"))

    return drawn((AROUND, 160), folds).convert("RGB")


def lamp(turn: float) -> Image.Image:
    """A bedside lamp with a pleated shade that glows."""
    shade = turned(_pleats(), (268, 176), ((0, 0.55), (1, 1.0)), turn, Light(0.78, 0.12), 30)
    stem = turned(
        _plain(rgb("#B98A4E")),
        (96, 150),
        ((0, 0.16), (0.25, 0.18), (0.55, 0.62), (0.85, 0.30), (1, 0.5)),
        turn,
        STEEL,
        6,
    )
    foot = turned(_plain(rgb("#9C713C")), (168, 26), ((0, 0.72), (0.5, 1.0), (1, 1.0)), turn, GLAZED, 20)
    top = _lid(147, 15, rgb("#FFF6DC"), rgb("#D9A75B"))
    halo = glow((420, 420), (255, 214, 140), 0.65)
    return _stand((halo, 20), (foot, 442), (stem, 302), (shade, 118), (top, 110))


@lru_cache(maxsize=1)
def _waves() -> Image.Image:
    def brush(pen: Pen) -> None:
        pen.rounded((0, 0, AROUND, 220), 0, rgb("#F6F4EF"))
        for row, colour in enumerate(("#2E5E9E", "#4F82BF", "#8FB3DA")):
            for n in range(12):
                x, y = n * 75 + (row % 2) * 37, 92 + row * 36
                for r in (34, 24, 14):
                    pen.arc((x - r, y - r, x + r, y + r), 180, 360, rgb(colour), 5)
        pen.rounded((0, 14, AROUND, 22), 0, rgb("#2E5E9E"))
        pen.rounded((0, 198, AROUND, 206), 0, rgb("#2E5E9E"))

    return drawn((AROUND, 220), brush).convert("RGB")


def mug(turn: float) -> Image.Image:
    """A hand-painted mug; its handle goes round with it."""
    body = turned(_waves(), (222, 214), ((0, 1.0), (0.8, 0.97), (1, 0.82)), turn, GLAZED, 28)
    inside = _lid(222, 27, rgb("#5B3A26"), rgb("#FFFFFF"))
    angle = (turn + 0.12) * 2 * math.pi
    reach, front = math.cos(angle), math.sin(angle)
    width = 18 + 78 * abs(reach)

    def handle(pen: Pen) -> None:
        left = 160 + reach * 96 - (width if reach < 0 else 0)
        pen.arc((left - 20, 12, left + width + 20, 168), 0, 360, rgb("#DDE5EE"), 24)
        pen.arc((left - 17, 12, left + width + 17, 164), 0, 360, rgb("#F6F4EF"), 17)

    wisps = drawn((120, 130), lambda pen: _steam(pen, turn)).getchannel("A")
    steam = Image.new("RGBA", SIZE, (255, 255, 255, 0))
    steam.paste((255, 255, 255), (152, 96), wisps.filter(ImageFilter.GaussianBlur(5)))
    cup = _stand((body, 232), (inside, 206))
    grip = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    grip.paste(drawn((320, 180), handle), (50, 256))
    layers = (cup, grip) if front > 0.25 else (grip, cup)
    picture = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    for layer in (*layers, steam):
        picture.alpha_composite(layer)
    return picture


def _steam(pen: Pen, turn: float) -> None:
    for n, x in enumerate((26, 60, 94)):
        points = [
            (x + 9 * math.sin(y / 22 + turn * 4 * math.pi + n), y) for y in range(24 + n % 2 * 20, 120, 6)
        ]
        pen.line(points, (255, 255, 255), 9, 150)


@lru_cache(maxsize=1)
def _honeycomb() -> Image.Image:
    def cells(pen: Pen) -> None:
        pen.rounded((0, 0, AROUND, 220), 0, rgb("#D98A1E"))
        pen.rounded((0, 52, AROUND, 178), 0, rgb("#FFF3D6"))
        for n in range(10):
            for row in range(2):
                x, y = n * 90 + row * 45 + 22, 92 + row * 44
                pen.polygon(_hexagon(x, y, 27), rgb("#E9A62F"))
                pen.polygon(_hexagon(x, y, 20), rgb("#F8CF73"))
        for x in (200, 650):
            pen.ellipse((x - 4, 78, x + 44, 112), rgb("#3A2A18"))
            pen.rounded((x + 8, 78, x + 16, 112), 0, rgb("#F5B841"))
            pen.rounded((x + 24, 79, x + 32, 111), 0, rgb("#F5B841"))
            pen.ellipse((x + 2, 58, x + 22, 84), rgb("#FFFFFF"), 220)
            pen.ellipse((x + 18, 56, x + 40, 84), rgb("#FFFFFF"), 220)

    return drawn((AROUND, 220), cells).convert("RGB")


def _hexagon(x: float, y: float, r: float) -> list[tuple[float, float]]:
    return [(x + r * math.cos(k * math.pi / 3), y + r * math.sin(k * math.pi / 3)) for k in range(6)]


def honey(turn: float) -> Image.Image:
    """A jar of honey with combs and bees on its label and a wooden lid."""
    profile = ((0, 0.80), (0.10, 0.98), (0.2, 1.0), (0.88, 1.0), (1, 0.90))
    jar = turned(_honeycomb(), (220, 216), profile, turn, Light(0.6, 0.9), 27)
    neck = turned(_plain(rgb("#C97A16")), (172, 20), STRAIGHT, turn, GLAZED, 21)
    cap = turned(_plain(rgb("#C89F6B")), (188, 52), ((0, 0.96), (0.2, 1.0), (1, 1.0)), turn, MATTE, 23)
    lid = _lid(180, 22, rgb("#DDB988"), rgb("#B98D58"))
    return _stand((jar, 244), (neck, 226), (cap, 172), (lid, 152))


@lru_cache(maxsize=1)
def _mesh() -> Image.Image:
    picture = Image.new("RGB", (AROUND, 240), rgb("#33435C"))
    pencil = ImageDraw.Draw(picture)
    for row in range(20):
        for n in range(75):
            x, y = n * 12 + (row % 2) * 6, row * 12 + 5
            pencil.ellipse((x, y, x + 5, y + 5), fill=rgb("#22304A"))
    for x in (0, 450):
        pencil.rounded_rectangle((x + 170, 150, x + 280, 188), 18, fill=rgb("#E5402A"))
        pencil.ellipse((x + 184, 162, x + 198, 176), fill=rgb("#FFD9CF"))
        pencil.rounded_rectangle((x + 208, 165, x + 266, 173), 4, fill=rgb("#FFD9CF"))
    return picture


def speaker(turn: float) -> Image.Image:
    """A round speaker in woven cloth with a ring of light."""
    profile = ((0, 0.88), (0.08, 0.97), (0.2, 1.0), (0.85, 1.0), (1, 0.90))
    body = turned(_mesh(), (206, 262), profile, turn, Light(0.5, 0.22), 25)
    top = _lid(181, 22, rgb("#1C2638"), rgb("#55688A"))
    pulse = 0.5 + 0.5 * math.sin(turn * 2 * math.pi * 4)

    def ring(pen: Pen) -> None:
        pen.arc((8, 6, 142, 40), 0, 360, mix(rgb("#F5B841"), rgb("#E5402A"), pulse), 5)

    strap = drawn((90, 120), lambda pen: pen.arc((14, 8, 76, 150), 180, 360, rgb("#E5402A"), 10))
    return _stand((strap, 122), (body, 200), (top, 180), (drawn((150, 46), ring), 179))


DRAWINGS: dict[str, Draw] = {
    "thermos": thermos,
    "juicer": juicer,
    "tea": tea,
    "candle": candle,
    "lamp": lamp,
    "mug": mug,
    "honey": honey,
    "speaker": speaker,
}
GROUNDS: dict[str, RGB] = {
    "thermos": rgb("#BFD3C6"),
    "juicer": rgb("#FFD3A3"),
    "tea": rgb("#E8C3A8"),
    "candle": rgb("#E2CBD8"),
    "lamp": rgb("#F0D3A2"),
    "mug": rgb("#BDD0E6"),
    "honey": rgb("#F6DB9C"),
    "speaker": rgb("#C9CFDB"),
}
PORTRAIT_TURNS = {"mug": -0.11, "tea": -0.06}
