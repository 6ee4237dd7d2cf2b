"""A dermoscopy-like picture: skin under a lens with a pigmented lesion, hairs, gel, a ruler and the lens's rim.

Colours come from absorption: light times exp(-(melanin, blood)), so that what is dark is also brown or red.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from resources.drawing.noise import Plane, cloud, smoothstep, spots, web

Rgb = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]

# How strongly melanin and blood hold back red, green and blue light.
_MELANIN = np.asarray([0.52, 0.98, 1.50], np.float32)
_BLOOD = np.asarray([0.13, 0.92, 0.72], np.float32)


@dataclass(frozen=True)
class Scene:
    """What is drawn. Lengths marked "share" are shares of the picture's height.

    centre: of the lesion, shares of width and height; radius: share; stretch, turn: of its ellipse;
    ragged: how far the border strays, share of the radius; soft: width of its fading, share.
    pigment: melanin; rim, network, globules, blotch, regression: strength of its structures; redness: blood.
    lens: radius of the lens, share (beyond it the picture is dark), or None.
    """

    width: int
    height: int
    light: tuple[float, float, float]
    skin_melanin: float
    skin_blood: float
    centre: tuple[float, float]
    radius: float
    stretch: float
    turn: float
    ragged: float
    soft: float
    pigment: float
    redness: float
    network: float
    globules: int
    blotch: float
    regression: float
    hairs: int
    bubbles: int
    freckles: int
    lens: float | None
    ruler: bool


def draw(scene: Scene, seed: int) -> tuple[Rgb, Mask]:
    """The picture, (H, W, 3) uint8 RGB, and the lesion's true mask, (H, W) uint8 0/1."""
    rng = np.random.default_rng(seed)
    depth = _depth(scene, rng)
    melanin, blood = _skin(scene, rng)
    inside = smoothstep(depth, -scene.soft, scene.soft)
    lesion_melanin, lesion_blood = _lesion(scene, rng, depth)
    # The lesion's melanin lies upon the skin's; within it the skin's own pattern is hidden.
    melanin = melanin * (1 - 0.6 * inside) + lesion_melanin * inside
    blood = blood * (1 - 0.3 * inside) + lesion_blood * inside
    absorbed = melanin[..., None] * _MELANIN + blood[..., None] * _BLOOD
    colour = np.asarray(scene.light, np.float32) * np.exp(-absorbed)

    colour *= _relief(scene, rng, inside)[..., None]
    colour = _hairs(scene, rng, colour)
    colour = _gel(scene, rng, colour)
    if scene.ruler:
        colour = _ruler(scene, colour)
    colour = _lamp_and_lens(scene, rng, colour)
    colour = cv2.GaussianBlur(colour, (0, 0), 0.8)
    colour += rng.normal(0, 0.008, colour.shape[:2]).astype(np.float32)[..., None]
    colour += rng.normal(0, 0.004, colour.shape).astype(np.float32)
    mask = (depth > -0.35 * scene.soft).astype(np.uint8)
    return np.rint(np.clip(colour, 0, 1) * 255).astype(np.uint8), _largest_without_holes(mask)


def _depth(scene: Scene, rng: np.random.Generator) -> Plane:
    """How deep a pixel lies within the lesion, share of the height: 0 on the border, negative outside."""
    height, width = scene.height, scene.width
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    # Warping the plane tears the border; two scales of it, as in grown tissue.
    for scale, reach in ((0.30, 0.24), (0.07, 0.11), (0.025, 0.05)):
        step = scale * height
        x += reach * scene.ragged * scene.radius * height * cloud(rng, height, width, step, 3)
        y += reach * scene.ragged * scene.radius * height * cloud(rng, height, width, step, 3)
    dx = (x - scene.centre[0] * width) / height
    dy = (y - scene.centre[1] * height) / height
    cos, sin = np.cos(scene.turn), np.sin(scene.turn)
    along, across = (dx * cos + dy * sin) / scene.stretch, (-dx * sin + dy * cos) * scene.stretch
    angle = np.arctan2(across, along)
    outline = np.ones_like(angle)
    for wave in range(2, 7):
        outline += (
            scene.ragged * rng.normal(0, 0.30 / wave) * np.cos(wave * angle + rng.uniform(0, 2 * np.pi))
        )
    return np.asarray(scene.radius * outline - np.hypot(along, across), np.float32)


def _skin(scene: Scene, rng: np.random.Generator) -> tuple[Plane, Plane]:
    height, width = scene.height, scene.width
    melanin = scene.skin_melanin * (1 + 0.10 * cloud(rng, height, width, 0.4 * height, 3))
    melanin += 0.018 * cloud(rng, height, width, 0.03 * height, 3)
    blood = scene.skin_blood * (1 + 0.14 * cloud(rng, height, width, 0.3 * height, 4))
    blood += 0.022 * cloud(rng, height, width, 0.05 * height, 4)
    # A few thread-like vessels, out of focus.
    threads = np.exp(-((cloud(rng, height, width, 0.16 * height, 4) / 0.03) ** 2))
    threads *= smoothstep(cloud(rng, height, width, 0.3 * height, 2), 0.6, 1.8)
    blood += 0.10 * cv2.GaussianBlur(threads.astype(np.float32), (0, 0), 0.003 * height)
    if scene.freckles:
        everywhere = np.ones((height, width), np.float32)
        freckle = spots(rng, height, width, scene.freckles, (0.006 * height, 0.022 * height), everywhere)
        melanin += 0.16 * freckle * (1 + 0.5 * cloud(rng, height, width, 0.012 * height, 2))
    return np.maximum(melanin, 0.01), np.maximum(blood, 0.01)


def _lesion(scene: Scene, rng: np.random.Generator, depth: Plane) -> tuple[Plane, Plane]:
    height, width = scene.height, scene.width
    deep = smoothstep(depth, 0.0, 0.75 * scene.radius)
    uneven = np.exp(0.26 * cloud(rng, height, width, 0.12 * height, 5))
    grainy = 1 + 0.16 * cloud(rng, height, width, 0.02 * height, 3)
    melanin = scene.pigment * (0.55 + 0.45 * deep) * uneven * grainy

    strength = scene.network * smoothstep(cloud(rng, height, width, 0.14 * height, 2), -1.0, 0.9)
    mesh = cv2.GaussianBlur(web(rng, height, width, 0.0155 * height), (0, 0), 0.0016 * height)
    melanin *= 1 + strength * (1 - 0.7 * deep) * (1.0 * mesh - 0.28)

    if scene.globules:
        density = smoothstep(depth, -0.1 * scene.soft, 0.25 * scene.radius) * (1 - 0.6 * deep)
        dots = spots(rng, height, width, scene.globules, (0.0035 * height, 0.009 * height), density)
        melanin += 0.75 * scene.pigment * dots
    # One darker blotch off the middle, and one patch where the pigment has gone: nothing grows evenly.
    melanin *= 1 + scene.blotch * _patch(scene, rng, 0.42, 0.55)
    gone = scene.regression * _patch(scene, rng, 0.5, 0.5)
    melanin *= 1 - np.clip(gone, 0, 0.85)
    blood = scene.redness * (1 + 0.35 * cloud(rng, height, width, 0.08 * height, 4)) + 0.05 * gone
    return np.maximum(melanin, 0).astype(np.float32), np.maximum(blood, 0).astype(np.float32)


def _patch(scene: Scene, rng: np.random.Generator, away: float, size: float) -> Plane:
    """A torn patch within the lesion, 0 to 1: `away` from its middle and of `size`, shares of its radius."""
    height, width = scene.height, scene.width
    angle = rng.uniform(0, 2 * np.pi)
    x0 = scene.centre[0] * width + away * scene.radius * height * np.cos(angle)
    y0 = scene.centre[1] * height + away * scene.radius * height * np.sin(angle)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    distance = np.hypot(x - x0, y - y0) / (size * scene.radius * height)
    return smoothstep(1 - distance + 0.28 * cloud(rng, height, width, 0.07 * height, 4), -0.05, 0.75)


def _relief(scene: Scene, rng: np.random.Generator, inside: Plane) -> Plane:
    """Shading by the skin's furrows and its grain, around 1."""
    height, width = scene.height, scene.width
    furrows = cv2.GaussianBlur(web(rng, height, width, 0.026 * height), (0, 0), 0.0022 * height)
    furrows *= smoothstep(cloud(rng, height, width, 0.2 * height, 2), -1.2, 1.4)
    grain = cloud(rng, height, width, 0.006 * height, 3)
    return np.asarray(1 - (0.035 - 0.02 * inside) * furrows + 0.012 * grain, np.float32)


def _hairs(
    scene: Scene, rng: np.random.Generator, colour: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Curved tapering hairs with a faint shade beside them, thinner towards the tip."""
    height, width = scene.height, scene.width
    common = rng.uniform(0, 2 * np.pi)
    for _ in range(scene.hairs):
        track = _hair_track(scene, rng, common)
        thick = rng.uniform(0.0011, 0.0030) * height
        hair = _painted_hair(track, thick, height, width) * rng.uniform(0.55, 0.95)
        shade = cv2.GaussianBlur(np.roll(hair, (2, 2), (0, 1)), (0, 0), 0.004 * height)
        colour = colour * (1 - 0.22 * shade[..., None])
        tint = np.asarray([0.16, 0.10, 0.07], np.float32) * rng.uniform(0.7, 2.4)
        colour += (tint - colour) * hair[..., None]
    return np.asarray(colour, np.float32)


def _hair_track(scene: Scene, rng: np.random.Generator, common: float) -> npt.NDArray[np.float64]:
    """Points (n, 2) along one hair, pixels. common: the direction most hairs of a picture lean to."""
    x, y = rng.uniform(-0.05, 1.05) * scene.width, rng.uniform(-0.05, 1.05) * scene.height
    angle = common + rng.normal(0, 0.55)
    curl = rng.normal(0, 0.010)
    step = 0.0055 * scene.height
    track = []
    for _ in range(int(rng.uniform(30, 110))):
        track.append((x, y))
        x, y = x + step * np.cos(angle), y + step * np.sin(angle)
        angle += curl + rng.normal(0, 0.012)
        curl += rng.normal(0, 0.0012)
    return np.asarray(track, np.float64)


def _painted_hair(track: npt.NDArray[np.float64], thick: float, height: int, width: int) -> Plane:
    """Coverage (H, W), 0 to 1, of a hair that tapers to its tip; painted four times as large, then shrunk."""
    plane = np.zeros((height, width), np.float32)
    low = np.maximum(np.floor(track.min(0)).astype(int) - 6, 0)
    high = np.minimum(np.ceil(track.max(0)).astype(int) + 6, (width, height))
    if np.any(high <= low):
        return plane
    columns, rows = high - low
    large = np.zeros((4 * rows, 4 * columns), np.uint8)
    points = np.rint((track - low) * 4 * 16).astype(int)
    for index, (start, end) in enumerate(itertools.pairwise(points)):
        taper = np.cos(0.5 * np.pi * min(index / len(points), 0.97)) ** 0.5
        cv2.line(large, start.tolist(), end.tolist(), 255, max(1, round(4 * thick * taper)), cv2.LINE_AA, 4)
    small = cv2.resize(large, (int(columns), int(rows)), interpolation=cv2.INTER_AREA)
    plane[low[1] : high[1], low[0] : high[0]] = small.astype(np.float32) / 255
    return plane


def _gel(scene: Scene, rng: np.random.Generator, colour: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Bubbles in the contact gel: a thin bright arc, a dark one opposite, a spark."""
    height, width = scene.height, scene.width
    for _ in range(scene.bubbles):
        x, y = rng.uniform(0, 1) * width, rng.uniform(0, 1) * height
        radius = rng.uniform(0.006, 0.028) * height
        reach = int(radius * 1.6) + 2
        x0, x1, y0, y1 = int(x) - reach, int(x) + reach, int(y) - reach, int(y) + reach
        if x0 < 0 or y0 < 0 or x1 > width or y1 > height:
            continue
        yy, xx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        dx, dy = xx - x, yy - y
        away = np.hypot(dx, dy)
        ring = np.exp(-(((away - radius) / (0.10 * radius + 0.8)) ** 2))
        side = (-dx - dy) / (np.sqrt(2) * np.maximum(away, 1))
        spark = np.exp(
            -(((dx + 0.45 * radius) ** 2 + (dy + 0.45 * radius) ** 2) / (0.13 * radius + 0.8) ** 2)
        )
        change = 0.20 * ring * side + 0.45 * spark
        colour[y0:y1, x0:x1] = np.clip(colour[y0:y1, x0:x1] + change[..., None], 0, 1)
    return colour


def _ruler(scene: Scene, colour: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The millimetre scale engraved on the contact plate."""
    height, width = scene.height, scene.width
    layer = np.zeros((height, width), np.uint8)
    x, y, step = int(0.30 * width), int(0.90 * height), 0.0405 * height
    thick = max(1, round(0.0018 * height))
    cv2.line(layer, (x, y), (int(x + 10 * step), y + 4), 255, thick, cv2.LINE_AA)
    for tick in range(11):
        top = 0.022 if tick % 5 == 0 else 0.013
        at = int(x + tick * step)
        cv2.line(layer, (at, int(y + 0.4 * tick)), (at, int(y - top * height)), 255, thick, cv2.LINE_AA)
    size = 0.0011 * height
    cv2.putText(layer, "MM", (x, int(y + 0.036 * height)), cv2.FONT_HERSHEY_PLAIN, size, 255, 1, cv2.LINE_AA)
    ink = cv2.GaussianBlur(layer, (0, 0), 0.7).astype(np.float32)[..., None] / 255 * 0.8
    return np.asarray(colour + (np.float32([0.16, 0.13, 0.14]) - colour) * ink, np.float32)


def _lamp_and_lens(
    scene: Scene, rng: np.random.Generator, colour: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    height, width = scene.height, scene.width
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x - width / 2) / height, (y - height / 2) / height
    radius = np.hypot(u, v)
    lamp = 1.03 - 0.34 * radius**2 + 0.07 * u - 0.05 * v + 0.012 * cloud(rng, height, width, 0.5 * height, 2)
    colour = colour * lamp[..., None]
    if scene.lens is None:
        return np.asarray(colour, np.float32)
    # Beyond the rim: the tube's dark wall, bluish, with a line of light along the glass.
    away = np.hypot(u + 0.012, v - 0.008) - scene.lens
    beyond = smoothstep(away, -0.004, 0.010)[..., None]
    wall = np.float32([0.085, 0.095, 0.125]) * (
        1 + 0.25 * cloud(rng, height, width, 0.02 * height, 4)[..., None]
    )
    wall = wall * np.exp(-np.maximum(away, 0) * 5)[..., None]
    glow = np.exp(-(((away + 0.010) / 0.007) ** 2))[..., None] * 0.10
    colour = colour * (1 - 0.30 * smoothstep(away, -0.10, 0.0)[..., None]) + glow
    return np.asarray(colour * (1 - beyond) + wall * beyond, np.float32)


def _largest_without_holes(mask: Mask) -> Mask:
    """Annotators outline one lesion: satellites torn off by the warping and holes are not drawn around."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return mask
    one = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    contours, _ = cv2.findContours(one, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(one), contours, -1, 1, cv2.FILLED), np.uint8)
