"""Noise that looks grown: clouds, webs and spots from a seeded generator. All return float32."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float32]


def cloud(rng: np.random.Generator, height: int, width: int, scale: float, octaves: int = 4) -> Plane:
    """Fractal noise of mean 0 and deviation 1. scale: pixels between the knots of the coarsest octave."""
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    for _ in range(octaves):
        # Two knots beyond each border: resizing repeats the outermost ones.
        rows, columns = int(np.ceil(height / scale)) + 4, int(np.ceil(width / scale)) + 4
        knots = rng.standard_normal((rows, columns), dtype=np.float32)
        size = (max(width, round(columns * scale)), max(height, round(rows * scale)))
        grown = cv2.resize(knots, size, interpolation=cv2.INTER_CUBIC)
        top, left = (size[1] - height) // 2, (size[0] - width) // 2
        total += weight * grown[top : top + height, left : left + width]
        scale, weight = scale / 2, weight * 0.55
        if scale < 1.5:
            break
    return (total - total.mean()) / max(float(total.std()), 1e-6)


def web(rng: np.random.Generator, height: int, width: int, cell: float) -> Plane:
    """A net of meshes about `cell` pixels wide: 1 on its lines, falling to 0 in the holes."""
    rows, columns = int(height / cell) + 3, int(width / cell) + 3
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x += 0.5 * (y % 2)
    points = np.stack([x, y], -1) + rng.uniform(-0.36, 0.36, (rows, columns, 2)).astype(np.float32)
    points = (points - 1) * cell
    canvas = np.ones((height, width), np.uint8)
    inside = (
        (points[..., 0] >= 0) & (points[..., 0] < width) & (points[..., 1] >= 0) & (points[..., 1] < height)
    )
    at = points[inside].astype(int)
    canvas[at[:, 1], at[:, 0]] = 0
    _, label = cv2.distanceTransformWithLabels(canvas, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    # Lines where the nearest point changes; their width grows with the distance from the points.
    edge = cv2.morphologyEx(label.astype(np.float32), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    to_line = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 5)
    return np.exp(-((to_line / (0.17 * cell)) ** 2)).astype(np.float32)


def spots(
    rng: np.random.Generator, height: int, width: int, count: int, radius: tuple[float, float], where: Plane
) -> Plane:
    """Soft round spots, 1 in their middle, placed with the density `where` (0 to 1). radius: from, to, pixels."""
    plane = np.zeros((height, width), np.float32)
    placed = 0
    for _ in range(count * 40):
        if placed >= count:
            break
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        size = rng.uniform(*radius)
        strength = rng.uniform(0.5, 1.0)
        if rng.uniform() > where[int(y), int(x)]:
            continue
        placed += 1
        reach = int(3 * size) + 1
        x0, x1 = max(0, int(x) - reach), min(width, int(x) + reach)
        y0, y1 = max(0, int(y) - reach), min(height, int(y) + reach)
        yy, xx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        spot = strength * np.exp(-((((xx - x) ** 2 + (yy - y) ** 2) / size**2) ** 1.5))
        plane[y0:y1, x0:x1] = np.maximum(plane[y0:y1, x0:x1], spot)
    return plane


def smoothstep(value: Plane, low: float, high: float) -> Plane:
    """0 below `low`, 1 above `high`, smooth between."""
    share = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
