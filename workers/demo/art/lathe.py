"""Bodies of revolution: a profile, a pattern wrapped around it, and how far it is turned.

The pattern is mapped onto a cylinder, lit, squeezed row by row to the profile's radius and bent column
by column as seen from a little above. Plain Pillow: a few hundred small pastes, some milliseconds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageChops

STRIPS = 28
"""Vertical strips of the cylinder; each shows a flat piece of the pattern."""

Profile = Sequence[tuple[float, float]]
"""(height from the top 0..1, radius 0..1), joined by straight lines or, between equal heights, a step."""


@dataclass(frozen=True)
class Light:
    """How a surface answers the light from the upper left."""

    shade: float = 0.55
    """Brightness at the far edge, 0..1."""
    shine: float = 0.35
    """Strength of the highlight, 0 (cloth) .. 1 (steel)."""


MATTE = Light(0.62, 0.10)
GLAZED = Light(0.55, 0.45)
STEEL = Light(0.42, 0.85)


def turned(
    pattern: Image.Image, size: tuple[int, int], profile: Profile, turn: float, light: Light, bend: float
) -> Image.Image:
    """The body, RGBA, in a picture of `size` (its widest radius is half the width).

    `pattern` is unrolled: its width is once around. `turn` is in revolutions, `bend` the height of the
    ellipse at the widest radius, in pixels, and is added to the height of the result.
    """
    width, height = size
    cylinder = _wrapped(pattern, width, height, turn)
    cylinder = _lit(cylinder, light)
    return _bent(_squeezed(cylinder, profile), bend)


def _wrapped(pattern: Image.Image, width: int, height: int, turn: float) -> Image.Image:
    around = pattern.width
    double = Image.new("RGB", (around * 2, pattern.height))
    double.paste(pattern, (0, 0))
    double.paste(pattern, (around, 0))
    mesh = []
    start = (turn % 1.0) * around
    edges = [round(width * (1 - math.cos(math.pi * n / STRIPS)) / 2) for n in range(STRIPS + 1)]
    for n in range(STRIPS):
        left, right = edges[n], edges[n + 1]
        if right <= left:
            continue
        u0 = start + around * n / STRIPS / 2
        u1 = start + around * (n + 1) / STRIPS / 2
        tall = pattern.height
        mesh.append(((left, 0, right, height), (u0, 0, u0, tall, u1, tall, u1, 0)))
    return double.transform((width, height), Image.Transform.MESH, mesh, resample=Image.Resampling.BILINEAR)


def _lit(cylinder: Image.Image, light: Light) -> Image.Image:
    dark, bright = _ramps(cylinder.width, light)
    size = cylinder.size
    shaded = ImageChops.multiply(cylinder, dark.resize(size))
    return ImageChops.screen(shaded, bright.resize(size))


@lru_cache(maxsize=64)
def _ramps(width: int, light: Light) -> tuple[Image.Image, Image.Image]:
    """One row each: what the surface loses at the edges, and its highlight."""
    dark, bright = Image.new("L", (width, 1)), Image.new("L", (width, 1))
    for x in range(width):
        place = (x + 0.5) / width * 2 - 1
        facing = max(0.0, math.cos(math.asin(max(-1.0, min(1.0, place))) + 0.55))
        dark.putpixel((x, 0), round(255 * (light.shade + (1 - light.shade) * facing)))
        spot = math.exp(-(((place + 0.46) / 0.13) ** 2)) + 0.35 * math.exp(-(((place - 0.72) / 0.08) ** 2))
        bright.putpixel((x, 0), min(255, round(150 * light.shine * spot)))
    return Image.merge("RGB", [dark] * 3), Image.merge("RGB", [bright] * 3)


def _squeezed(cylinder: Image.Image, profile: Profile) -> Image.Image:
    width, height = cylinder.size
    body = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    opaque = cylinder.convert("RGBA")
    for y in range(height):
        radius = radius_at(profile, (y + 0.5) / height)
        across = max(2, round(width * radius))
        row = opaque.crop((0, y, width, y + 1)).resize((across, 1), Image.Resampling.BILINEAR)
        body.paste(row, ((width - across) // 2, y))
    return body


def radius_at(profile: Profile, height: float) -> float:
    """The radius at a height, both 0..1."""
    for (y0, r0), (y1, r1) in pairwise(profile):
        if y0 <= height <= y1 and y1 > y0:
            share = (height - y0) / (y1 - y0)
            smooth = share * share * (3 - 2 * share)
            return r0 + (r1 - r0) * smooth
    return profile[-1][1]


def _bent(body: Image.Image, bend: float) -> Image.Image:
    width, height = body.size
    depth = round(bend)
    bent = Image.new("RGBA", (width, height + depth), (0, 0, 0, 0))
    for x in range(width):
        place = (x + 0.5) / width * 2 - 1
        drop = round(bend * math.sqrt(max(0.0, 1 - place * place)))
        bent.paste(body.crop((x, 0, x + 1, height)), (x, drop))
    return bent
