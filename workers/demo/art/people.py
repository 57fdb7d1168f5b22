"""The anchors: drawn heads and shoulders that blink and speak."""

import math
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from workers.demo.art.canvas import RGB, Pen, curve, drawn, glow, mix, rgb, vertical

SIZE = (360, 460)
"""Head and shoulders; the shoulders end at the bottom edge."""


@dataclass(frozen=True)
class Looks:
    """What tells one anchor from another."""

    skin: RGB
    hair: RGB
    cut: str
    """`bob`, `short` or `bun`."""
    top: RGB
    apron: RGB
    ground: RGB
    glasses: bool = False
    cheeks: RGB = (240, 150, 130)


LOOKS = {
    "xiaoman": Looks(rgb("#FFDCC2"), rgb("#3B2620"), "bob", rgb("#FFF4E6"), rgb("#E5402A"), rgb("#FFD9C7")),
    "ache": Looks(
        rgb("#F3C9A5"), rgb("#22242B"), "short", rgb("#DDE6EE"), rgb("#2F5D50"), rgb("#CFE3D8"), glasses=True
    ),
    "linyi": Looks(rgb("#FBD3B5"), rgb("#5A3A22"), "bun", rgb("#F6D8A8"), rgb("#3E5C8A"), rgb("#D6E2F2")),
}


@lru_cache(maxsize=32)
def bust(name: str, mouth: int = 0, eyes_shut: bool = False) -> Image.Image:
    """The anchor, RGBA, `SIZE`. `mouth`: 0 a smile, 1 and 2 speaking."""
    looks = LOOKS[name]

    def person(pen: Pen) -> None:
        _hair_behind(pen, looks)
        _body(pen, looks)
        _head(pen, looks)
        _face(pen, looks, mouth, eyes_shut)
        _hair_before(pen, looks)

    return drawn(SIZE, person)


def portrait(name: str, size: int = 512) -> Image.Image:
    """The anchor's picture: square, on a soft ground; RGB."""
    ground = LOOKS[name].ground
    picture = vertical((size, size), mix(ground, (255, 255, 255), 0.5), ground)
    light = glow((size, size), (255, 255, 255), 0.8)
    picture.paste(light, (round(-size * 0.2), round(-size * 0.3)), light)
    width = round(size * 1.02)
    person = bust(name).resize((width, round(width * SIZE[1] / SIZE[0])), Image.Resampling.LANCZOS)
    picture.paste(person, ((size - width) // 2, round(size * 0.02)), person)
    return picture


def _body(pen: Pen, looks: Looks) -> None:
    shoulders = [(180, 300), (110, 322), (52, 356), (30, 420), (24, 520), (336, 520), (330, 420), (308, 356)]
    pen.polygon(curve([*shoulders, (250, 322)]), looks.top)
    pen.rounded((152, 250, 208, 338), 26, mix(looks.skin, (150, 80, 60), 0.18))
    pen.polygon(
        [(150, 312), (180, 348), (210, 312), (222, 322), (180, 374), (138, 322)],
        mix(looks.top, (0, 0, 0), 0.08),
    )
    pen.polygon([(112, 372), (248, 372), (262, 470), (98, 470)], looks.apron)
    for x0, x1 in ((118, 128), (242, 232)):
        pen.line([(x0, 376), (x1, 318)], looks.apron, 12)
    pen.rounded((150, 408, 210, 470), 10, mix(looks.apron, (255, 255, 255), 0.16))


def _head(pen: Pen, looks: Looks) -> None:
    ear = mix(looks.skin, (200, 100, 80), 0.15)
    for x in (90, 270):
        pen.ellipse((x - 18, 176, x + 18, 224), ear)
    outline = [
        (180, 84),
        (108, 108),
        (88, 176),
        (98, 240),
        (136, 284),
        (180, 296),
        (224, 284),
        (262, 240),
        (272, 176),
        (252, 108),
    ]
    pen.polygon(curve(outline), looks.skin)


def _face(pen: Pen, looks: Looks, mouth: int, eyes_shut: bool) -> None:
    ink = mix(looks.hair, (20, 16, 16), 0.4)
    for x in (142, 218):
        outwards = -11 if x < 180 else 11
        pen.ellipse((x + outwards - 23, 223, x + outwards + 23, 249), mix(looks.skin, looks.cheeks, 0.42))
        if eyes_shut:
            pen.arc((x - 15, 186, x + 15, 210), 20, 160, ink, 5)
        else:
            pen.ellipse((x - 12, 182, x + 12, 212), ink)
            pen.ellipse((x - 7, 186, x + 2, 196), (255, 255, 255))
            pen.ellipse((x + 3, 200, x + 8, 205), (255, 255, 255), 180)
        pen.arc((x - 24, 154, x + 24, 196), 222, 318, mix(ink, looks.skin, 0.12), 6)
    pen.arc((172, 212, 188, 232), 30, 150, mix(looks.skin, (170, 80, 60), 0.5), 4)
    lips = rgb("#C5331F")
    if mouth == 0:
        pen.chord((150, 226, 210, 274), 12, 168, lips)
        pen.rounded((160, 255, 200, 262), 3, (255, 255, 255))
    elif mouth == 1:
        pen.ellipse((164, 246, 196, 272), lips)
        pen.ellipse((170, 260, 190, 271), rgb("#F08A7A"))
    else:
        pen.ellipse((156, 250, 204, 270), lips)
        pen.rounded((164, 252, 196, 258), 3, (255, 255, 255))
    if looks.glasses:
        for x in (142, 218):
            pen.arc((x - 30, 168, x + 30, 226), 0, 360, rgb("#2B2B30"), 5)
        pen.line([(172, 194), (188, 194)], rgb("#2B2B30"), 5)


def _hair_behind(pen: Pen, looks: Looks) -> None:
    if looks.cut == "bob":
        pen.polygon(
            curve(
                [
                    (180, 52),
                    (84, 84),
                    (58, 180),
                    (62, 280),
                    (104, 306),
                    (180, 296),
                    (256, 306),
                    (298, 280),
                    (302, 180),
                    (276, 84),
                ]
            ),
            looks.hair,
        )
    elif looks.cut == "bun":
        pen.ellipse((128, 8, 232, 104), looks.hair)
        pen.polygon(
            curve([(180, 62), (92, 92), (76, 176), (92, 236), (180, 220), (268, 236), (284, 176), (268, 92)]),
            looks.hair,
        )
    else:
        pen.polygon(
            curve([(180, 58), (92, 86), (76, 160), (88, 200), (180, 190), (272, 200), (284, 160), (268, 86)]),
            looks.hair,
        )


def _hair_before(pen: Pen, looks: Looks) -> None:
    shine = mix(looks.hair, (255, 255, 255), 0.16)
    if looks.cut == "bob":
        pen.polygon(
            curve(
                [
                    (180, 66),
                    (104, 88),
                    (82, 172),
                    (104, 168),
                    (150, 128),
                    (196, 146),
                    (244, 150),
                    (278, 180),
                    (274, 110),
                    (236, 74),
                ]
            ),
            looks.hair,
        )
        pen.arc((112, 78, 214, 150), 215, 290, shine, 9)
        pen.rounded((252, 118, 286, 132), 7, rgb("#F5B841"))
    elif looks.cut == "bun":
        pen.polygon(
            curve(
                [(180, 74), (110, 92), (86, 170), (112, 150), (180, 112), (248, 150), (274, 170), (250, 92)]
            ),
            looks.hair,
        )
        pen.arc((140, 22, 214, 84), 200, 280, shine, 8)
        pen.rounded((132, 84, 228, 98), 7, rgb("#E5402A"))
        for x in (84, 276):
            pen.ellipse((x - 8, 226, x + 8, 242), rgb("#F5B841"))
    else:
        quiff = [
            (96, 150),
            (90, 104),
            (138, 62),
            (214, 52),
            (262, 82),
            (272, 152),
            (252, 128),
            (206, 116),
            (150, 122),
            (112, 126),
        ]
        pen.polygon(curve(quiff), looks.hair)
        pen.arc((130, 64, 240, 130), 210, 285, shine, 9)


def speaking(moment: float) -> tuple[int, bool]:
    """(mouth, eyes shut) at a moment of a loop 0..1: speech in bursts, two blinks."""
    talk = math.sin(moment * 2 * math.pi * 3) > -0.35
    mouth = (1, 2, 0, 2, 1, 0)[int(moment * 36) % 6] if talk else 0
    return mouth, 0.22 < moment < 0.25 or 0.70 < moment < 0.73
