"""Paint: colours, gradients, shadows, and shapes with smooth edges (drawn large, then reduced)."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageFont

RGB = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]

INK: RGB = (27, 29, 34)
PAPER: RGB = (255, 248, 243)
VERMILION: RGB = (229, 64, 42)
GOLD: RGB = (245, 184, 65)
FINE = 2
"""Shapes are drawn this many times larger and then reduced."""


def rgb(colour: str) -> RGB:
    """`#E5402A` as a triple."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """`one` with `share` (0..1) of `other`."""
    a, b, c = (round(x + (y - x) * share) for x, y in zip(one, other, strict=True))
    return a, b, c


def vertical(size: tuple[int, int], top: RGB, bottom: RGB) -> Image.Image:
    """A gradient from top to bottom."""
    ramp = Image.linear_gradient("L").resize(size, Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def glow(size: tuple[int, int], colour: RGB, strength: float) -> Image.Image:
    """A round light, strongest in the middle and gone at the edge; RGBA."""
    light = ImageChops.invert(Image.radial_gradient("L")).resize(size, Image.Resampling.BILINEAR)
    # radial_gradient reaches 255 only in the corners: stretch it so that the light ends at the sides.
    light = light.point([round(max(0, (v - 75) / 180) ** 1.6 * 255 * strength) for v in range(256)])
    layer = Image.new("RGBA", size, (*colour, 0))
    layer.putalpha(light)
    return layer


class Pen:
    """Draws smooth shapes on a transparent layer of its own; coordinates are those of the final picture."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._large = Image.new("RGBA", (size[0] * FINE, size[1] * FINE), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._large)

    def ellipse(self, box: Box, fill: RGB, alpha: int = 255) -> None:
        """A filled ellipse."""
        self._draw.ellipse(_scaled(box), fill=(*fill, alpha))

    def rounded(self, box: Box, radius: float, fill: RGB, alpha: int = 255) -> None:
        """A filled rectangle with round corners."""
        self._draw.rounded_rectangle(_scaled(box), radius * FINE, fill=(*fill, alpha))

    def polygon(self, points: Sequence[Point], fill: RGB, alpha: int = 255) -> None:
        """A filled polygon."""
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=(*fill, alpha))

    def line(self, points: Sequence[Point], fill: RGB, width: float, alpha: int = 255) -> None:
        """A line with round joints and ends."""
        large = [(x * FINE, y * FINE) for x, y in points]
        self._draw.line(large, fill=(*fill, alpha), width=round(width * FINE), joint="curve")
        r = width * FINE / 2
        for x, y in (large[0], large[-1]):
            self._draw.ellipse((x - r, y - r, x + r, y + r), fill=(*fill, alpha))

    def arc(self, box: Box, start: float, end: float, fill: RGB, width: float) -> None:
        """A part of an ellipse's outline, degrees clockwise from three o'clock."""
        self._draw.arc(_scaled(box), start, end, fill=(*fill, 255), width=round(width * FINE))

    def chord(self, box: Box, start: float, end: float, fill: RGB) -> None:
        """A part of an ellipse cut off by a straight line."""
        self._draw.chord(_scaled(box), start, end, fill=(*fill, 255))

    def layer(self) -> Image.Image:
        """What was drawn, RGBA, at its final size."""
        return self._large.resize(self.size, Image.Resampling.BOX)


def drawn(size: tuple[int, int], draw: Callable[[Pen], None]) -> Image.Image:
    """A layer drawn by a function."""
    pen = Pen(size)
    draw(pen)
    return pen.layer()


def curve(points: Sequence[Point], steps: int = 16) -> list[Point]:
    """A smooth closed line through the points (Catmull-Rom)."""
    smooth = []
    count = len(points)
    for n in range(count):
        p0, p1, p2, p3 = (points[(n + k - 1) % count] for k in range(4))
        for step in range(steps):
            t = step / steps
            smooth.append((_between(t, p0[0], p1[0], p2[0], p3[0]), _between(t, p0[1], p1[1], p2[1], p3[1])))
    return smooth


def _between(t: float, a: float, b: float, c: float, d: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t
    )


def shadow(size: tuple[int, int], box: Box, blur: float, alpha: int) -> Image.Image:
    """The soft shadow of something that stands: a blurred ellipse; RGBA."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).ellipse(box, fill=alpha)
    layer = Image.new("RGBA", size, (60, 30, 20, 0))
    layer.putalpha(mask.filter(ImageFilter.GaussianBlur(blur)))
    return layer


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def figures(text: str, size: int, colour: RGB, weight: float = 0.0, struck: bool = False) -> Image.Image:
    """Digits, colons, points and a ¥ sign on a transparent layer; the font comes with Pillow and has no ¥."""
    height = round(size * 1.2)
    layer = Image.new("RGBA", (round(size * 0.66 * len(text)) + size, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    stroke = round(size * weight)
    x = float(stroke)
    for letter in text:
        if letter == "¥":
            x += _yuan(draw, x, size, colour, stroke)
            continue
        draw.text((x, 0), letter, font=_font(size), fill=colour, stroke_width=stroke, stroke_fill=colour)
        # Tabular: every digit is as wide as a nought, so that a clock does not jitter.
        x += _font(size).getlength("0" if letter.isdigit() else letter) + stroke
    width = round(x + stroke)
    if struck:
        y = height * 0.54
        draw.line((0, y, width, y), fill=colour, width=max(2, size // 14))
    return layer.crop((0, 0, width, height))


def _yuan(draw: ImageDraw.ImageDraw, x: float, size: int, colour: RGB, stroke: int) -> float:
    small = round(size * 0.62)
    top = size * 0.36
    draw.text((x, top), "Y", font=_font(small), fill=colour, stroke_width=stroke // 2, stroke_fill=colour)
    width = _font(small).getlength("Y")
    thick = max(2, round(small * 0.08) + stroke // 2)
    for y in (top + small * 0.68, top + small * 0.86):
        draw.line((x + width * 0.18, y, x + width * 0.82, y), fill=colour, width=thick)
    return width + size * 0.08


def _scaled(box: Box) -> tuple[float, float, float, float]:
    return box[0] * FINE, box[1] * FINE, box[2] * FINE, box[3] * FINE
