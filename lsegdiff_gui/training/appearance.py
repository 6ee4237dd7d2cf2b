"""How pictures come to look different: light, colour, blur, noise, JPEG; dye and glints on mucosa, hairs and rulers
on skin.

Pictures are (B, 3, S, S) float in [−1, 1]; all random numbers come from a generator on the CPU.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

GAIN = 0.18  # per colour channel, ± in the exponent
BRIGHTNESS = 0.15  # of the range [−1, 1], each way
CONTRAST = 0.3
SATURATION = 0.4
GAMMA = 0.35  # ± in the exponent

BLURRED, BLUR = 0.25, (0.4, 2.2)  # share of pictures; standard deviation in pixels
NOISY, NOISE = 0.25, 0.08  # share; highest standard deviation in the range [−1, 1]
PACKED, COARSENESS = (
    0.3,
    (1.0, 6.0),
)  # share that goes through JPEG's quantisation; multiple of its usual table
SHADED, SHADE = 0.25, 0.6  # share with light falling off to one side; darkest factor
DYED = 0.15  # share with blue dye on parts of the mucosa
DYE_PATCHES = 5  # a side: how fine the parts are
DYE_PASSES = ((0.35, 0.8), (0.75, 1.0), (0.9, 1.25))  # of red, green and blue, where it is thickest
GLINTING, GLINTS = 0.35, 8  # share with specular spots; spots
BORROWING = 0.25  # share that takes another picture's colours
HAIRY = 0.4  # share of skin pictures with hairs or a ruler
OVERLAYS, OVERLAY_SIDE = 64, 352  # drawn once

# The luminance table of the JPEG standard (ITU-T T.81, table K.1).
_TABLE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)


def _uniform(count: int, low: float, high: float, generator: torch.Generator, like: Tensor) -> Tensor:
    draws = torch.rand((count, 1, 1, 1), generator=generator) * (high - low) + low
    return draws.to(like.device)


def _change_some(
    pictures: Tensor,
    change: Callable[[Tensor, torch.Generator], Tensor],
    share: float,
    generator: torch.Generator,
) -> Tensor:
    """The batch with a random share of it changed: only what changes is computed."""
    taken = torch.nonzero(torch.rand(len(pictures), generator=generator) < share)[:, 0].to(pictures.device)
    if not len(taken):
        return pictures
    return pictures.index_copy(0, taken, change(pictures[taken], generator))


def jitter_colour(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Change gamma, gain per channel, saturation, contrast and brightness."""
    count = len(pictures)

    def draw(reach: float) -> Tensor:
        return _uniform(count, -reach, reach, generator, pictures)

    light = ((pictures + 1.0) / 2.0).clamp(0.0, 1.0) ** torch.exp(draw(GAMMA)) * 2.0
    gain = torch.cat([draw(GAIN) for _ in range(3)], dim=1)
    light = light * torch.exp(gain)
    grey = light.mean(dim=1, keepdim=True)
    light = grey + (light - grey) * (1.0 + draw(SATURATION))
    mean = light.mean(dim=(1, 2, 3), keepdim=True)
    light = mean + (light - mean) * torch.exp(draw(CONTRAST))
    return (light + draw(BRIGHTNESS)).clamp(0.0, 2.0) - 1.0


def blur(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Gaussian blur of another width for each picture."""
    count, channels = pictures.shape[:2]
    sigma = _uniform(count, *BLUR, generator, pictures)[:, :, :, 0]
    reach = math.ceil(2.5 * BLUR[1])
    x = torch.arange(-reach, reach + 1, device=pictures.device, dtype=torch.float32)
    taps = torch.exp(-0.5 * (x / sigma).square())
    taps = (taps / taps.sum(dim=-1, keepdim=True)).repeat_interleave(channels, dim=0)  # (B·C, 1, taps)
    flat = F.pad(pictures.reshape(1, -1, *pictures.shape[2:]), (reach,) * 4, mode="replicate")
    flat = F.conv2d(flat, taps[:, :, None, :], groups=len(taps))
    return F.conv2d(flat, taps[:, :, :, None], groups=len(taps)).reshape(pictures.shape)


def add_noise(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Gaussian noise of another strength for each picture."""
    local = torch.Generator(pictures.device).manual_seed(int(torch.randint(2**62, (1,), generator=generator)))
    noise = torch.randn(pictures.shape, generator=local, device=pictures.device)
    return pictures + noise * _uniform(len(pictures), 0.0, NOISE, generator, pictures)


@cache
def _cosines() -> Tensor:
    k, n = torch.arange(8.0)[:, None], torch.arange(8.0)[None, :]
    rows = torch.cos(math.pi * (2 * n + 1) * k / 16) * math.sqrt(2 / 8)
    rows[0] /= math.sqrt(2)
    return rows


def quantise_as_jpeg(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """JPEG's loss, each colour channel by the luminance table: cosine transform of 8×8 blocks, rounding, and back.

    S must be a multiple of 8.
    """
    count, channels, side, _ = pictures.shape
    cosines = _cosines().to(pictures.device)
    table = torch.tensor(_TABLE, device=pictures.device).float() / 127.5
    table = table * _uniform(count, *COARSENESS, generator, pictures)[:, :, :, :, None, None]
    blocks = pictures.reshape(count, channels, side // 8, 8, side // 8, 8).permute(0, 1, 2, 4, 3, 5)
    rounded = torch.round(cosines @ blocks @ cosines.T / table) * table
    back = cosines.T @ rounded @ cosines
    return back.permute(0, 1, 2, 4, 3, 5).reshape(pictures.shape)


def shade(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Light that falls off to one side."""
    axis = torch.linspace(-1.0, 1.0, pictures.shape[-1], device=pictures.device)
    angle = _uniform(len(pictures), 0.0, 2 * math.pi, generator, pictures)
    ramp = (axis[:, None] * torch.sin(angle) + axis[None, :] * torch.cos(angle) + 1.0) / 2.0
    darkest = _uniform(len(pictures), 1.0 - SHADE, 1.0, generator, pictures)
    return (pictures + 1.0) * (darkest + (1.0 - darkest) * ramp.clamp(0.0, 1.0)) - 1.0


def dye(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Blue dye in patches, as it is sprayed on mucosa or injected beneath it, wherever the lesion is, if there is one.

    Dyed tissue is nearly always pictured beside a polyp; it must not be taken for one.
    """
    count, side = len(pictures), pictures.shape[-1]

    def draw(low: float, high: float) -> Tensor:
        return _uniform(count, low, high, generator, pictures)

    coarse = torch.randn((count, 1, DYE_PATCHES, DYE_PATCHES), generator=generator).to(pictures.device)
    field = F.interpolate(coarse, size=(side, side), mode="bicubic")
    amount = torch.sigmoid((field - draw(-1.0, 0.8)) * draw(2.0, 10.0)) * draw(0.5, 1.0)
    passes = torch.cat([draw(*reach) for reach in DYE_PASSES], dim=1)
    return (pictures + 1.0) * (1.0 + amount * (passes - 1.0)) - 1.0


def add_glints(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Specular spots: small white ellipses with soft edges, a different handful for each picture."""
    count = len(pictures)

    def draw(low: float, high: float) -> Tensor:
        draws = torch.rand((count, GLINTS, 1, 1), generator=generator) * (high - low) + low
        return draws.to(pictures.device)

    axis = torch.linspace(-1.0, 1.0, pictures.shape[-1] // 2, device=pictures.device)
    angle, x, y = draw(0.0, math.pi), draw(-0.9, 0.9), draw(-0.9, 0.9)
    dx, dy = axis[None, None, None, :] - x, axis[None, None, :, None] - y
    along, across = (
        dx * torch.cos(angle) + dy * torch.sin(angle),
        dy * torch.cos(angle) - dx * torch.sin(angle),
    )
    size = draw(0.004, 0.05)
    away = ((along / size).square() + (across / (size * draw(0.4, 1.0))).square()).sqrt()
    spots = torch.sigmoid(6.0 * (1.0 - away)) * (draw(0.0, 1.0) < 0.7)
    white = F.interpolate(spots.amax(dim=1, keepdim=True), size=pictures.shape[-2:], mode="bilinear")
    return pictures + (1.0 - pictures) * white


@cache
def _overlays(device: torch.device) -> Tensor:
    """Hairs and rulers to lay over skin, drawn once: opacities (4·64, 1, 352, 352) uint8, each in four turns."""
    rng = np.random.default_rng(0)
    planes = np.stack([_ruler(rng) if index % 8 == 0 else _hairs(rng) for index in range(OVERLAYS)])
    turned = np.concatenate([np.rot90(planes, k, (1, 2)) for k in range(4)])
    return torch.from_numpy(turned[:, None]).to(device)


def _hairs(rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    plane = np.zeros((OVERLAY_SIDE, OVERLAY_SIDE), np.uint8)
    t = np.linspace(0.0, 1.0, 40)[:, None]
    for _ in range(rng.integers(2, 22)):
        start, bend, end = rng.uniform(-0.2, 1.2, (3, 2)) * OVERLAY_SIDE
        points = (1 - t) ** 2 * start + 2 * t * (1 - t) * (0.7 * (start + end) / 2 + 0.3 * bend) + t**2 * end
        opacity, width = int(rng.integers(110, 250)), int(rng.integers(1, 4))
        cv2.polylines(plane, [np.rint(points * 8).astype(np.int32)], False, opacity, width, cv2.LINE_AA, 3)
    return plane


def _ruler(rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    plane = np.zeros((OVERLAY_SIDE, OVERLAY_SIDE), np.uint8)
    pitch, edge = int(rng.integers(6, 26)), int(rng.integers(4, 60))
    for index, x in enumerate(range(int(rng.integers(0, pitch)), OVERLAY_SIDE, pitch)):
        length = 22 if index % 5 == 0 else 11
        cv2.line(plane, (x, edge), (x, edge + length), 220, int(rng.integers(1, 3)), cv2.LINE_AA)
    return plane


def add_hairs(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Dark or light hairs, or a ruler's marks, from a drawn stock, turned at random."""
    count, side = len(pictures), pictures.shape[-1]
    stock = _overlays(pictures.device)
    which = torch.randint(len(stock), (count,), generator=generator).to(pictures.device)
    planes = F.interpolate(stock[which].float() / 255.0, size=(side, side), mode="bilinear", antialias=True)
    tone = _uniform(count, -1.0, -0.4, generator, pictures)
    light = _uniform(count, 0.0, 1.0, generator, pictures) < 0.15
    return pictures + (torch.where(light, -tone, tone) - pictures) * planes


def borrow_colours(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Each picture with the means and deviations of its neighbour's colours, wholly or in part, its black rim apart.

    What hospitals differ by then tells less (Reinhard et al. 2001, in RGB and between pictures of one batch).
    """
    seen = (pictures.amax(dim=1, keepdim=True) > -0.8).to(pictures.dtype)
    count = seen.sum(dim=(2, 3), keepdim=True).clamp(min=1.0)
    mean = (pictures * seen).sum(dim=(2, 3), keepdim=True) / count
    deviation = (((pictures - mean).square() * seen).sum(dim=(2, 3), keepdim=True) / count).sqrt() + 0.02
    borrowed = (pictures - mean) / deviation * deviation.roll(1, dims=0) + mean.roll(1, dims=0)
    share = _uniform(len(pictures), 0.3, 1.0, generator, pictures)
    return pictures + share * seen * (borrowed - pictures)


def change_appearance(pictures: Tensor, generator: torch.Generator, *, style: str, hairs: float) -> Tensor:
    """All of the above, each for its share of the batch, hairs for theirs; colours alone for the style "plain"."""
    if style == "plain":
        return jitter_colour(pictures, generator)
    if style == "skin":
        pictures = _change_some(pictures, add_hairs, hairs, generator)
    else:
        pictures = _change_some(pictures, borrow_colours, BORROWING, generator)
        pictures = _change_some(pictures, dye, DYED, generator)
        pictures = _change_some(pictures, add_glints, GLINTING, generator)
    pictures = _change_some(pictures, shade, SHADED, generator)
    pictures = jitter_colour(pictures, generator)
    pictures = _change_some(pictures, blur, BLURRED, generator)
    pictures = _change_some(pictures, add_noise, NOISY, generator)
    return _change_some(pictures, quantise_as_jpeg, PACKED, generator).clamp(-1.0, 1.0)
