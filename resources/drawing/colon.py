"""A colonoscopy-like picture: a wet tube with folds and a polyp, ray-marched and lit from the camera."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from resources.drawing.noise import Plane, cloud, smoothstep

Rgb = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
Vectors = npt.NDArray[np.float32]

_MARCH_STEPS = 130
# The wall is no true distance field: shorter strides keep the rays from jumping through a fold.
_STRIDE = 0.45
_FAR = 14.0
_TEXTURE = (1024, 2048)  # rows along the tube, columns around it
_TEXTURE_LENGTH = 12.0


@dataclass(frozen=True)
class Scene:
    """What is drawn. Lengths in tube radii, the camera at the origin looking along +z; angles in radians.

    field: (left, top, right, bottom) of the lit area in pixels; corner: cut of its corners in pixels.
    polyp: centre; radii along right, up, depth. stalk: where a stalk leaves the wall, or None.
    """

    width: int
    height: int
    field: tuple[int, int, int, int]
    corner: int
    half_angle: float
    bend: tuple[float, float]
    tilt: tuple[float, float]
    folds: tuple[tuple[float, float, float], ...]  # z, depth, phase of its gap
    polyp: tuple[float, float, float]
    radii: tuple[float, float, float]
    lobes: float
    melt: float
    stalk: tuple[float, float, float] | None
    mucosa: tuple[float, float, float]
    polyp_tint: tuple[float, float, float]
    pits: float
    exposure: float
    notes: tuple[str, ...] = ()
    inset: bool = False


def draw(scene: Scene, seed: int) -> tuple[Rgb, Mask]:
    """The picture, (H, W, 3) uint8 RGB, and the polyp's true mask, (H, W) uint8 0/1."""
    rng = np.random.default_rng(seed)
    rays, lit = _rays(scene)
    shape = rays.shape[:2]
    flat = rays.reshape(-1, 3)
    distance = _depths(scene, rays).reshape(-1)
    points = flat * distance[:, None]
    normals = _normals(scene, points)
    on_polyp = _share_of_polyp(scene, points)
    colour = _shade(scene, rng, flat, points, normals, distance, on_polyp, shape)

    left, top, right, bottom = scene.field
    picture = np.zeros((scene.height, scene.width, 3), np.float32)
    mask = np.zeros((scene.height, scene.width), np.uint8)
    picture[top:bottom, left:right] = colour * lit[..., None]
    seen = (on_polyp.reshape(shape) > 0.5) & (lit > 0.5)
    mask[top:bottom, left:right] = cv2.morphologyEx(
        seen.astype(np.uint8), cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    )
    picture = cv2.GaussianBlur(picture, (0, 0), 0.9)
    picture += rng.normal(0, 0.006, picture.shape).astype(np.float32) * (
        picture.max(-1, keepdims=True) > 0.01
    )
    rgb = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    _write_notes(scene, rgb, mask)
    return rgb, mask


def _rays(scene: Scene) -> tuple[Vectors, Plane]:
    """Unit rays (h, w, 3) of an equidistant wide lens over the field, and which pixels of it are lit."""
    left, top, right, bottom = scene.field
    height, width = bottom - top, right - left
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x + 0.5 - width / 2) / (height / 2), (y + 0.5 - height / 2) / (height / 2)
    radius = np.hypot(u, v)
    angle = radius * scene.half_angle
    share = np.sin(angle) / np.maximum(radius, 1e-6)
    rays = np.stack([u * share, v * share, np.cos(angle)], -1)
    # An octagon: a square with its corners cut.
    inset = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    cut = (np.minimum(x, width - 1 - x) + np.minimum(y, height - 1 - y) - scene.corner) / np.sqrt(2)
    lit = np.clip(np.minimum(inset, cut) / 1.5, 0, 1)
    return rays.astype(np.float32), lit.astype(np.float32)


def _centre(scene: Scene, z: Plane) -> tuple[Plane, Plane]:
    """The tube's axis at depth z: it starts askew (the camera never sits in the middle) and bends away."""
    return (
        scene.tilt[0] + scene.bend[0] * z * np.abs(z) * 0.05,
        scene.tilt[1] + scene.bend[1] * z * np.abs(z) * 0.05,
    )


def _wall(scene: Scene, p: Vectors) -> Plane:
    x, y, z = p[:, 0], p[:, 1], p[:, 2]
    cx, cy = _centre(scene, z)
    dx, dy = x - cx, y - cy
    around = np.arctan2(dy, dx)
    # A soft tube: dents that never repeat within sight.
    radius = 1 + 0.06 * np.sin(2 * around + 0.9 * z) + 0.035 * np.sin(3.1 * z + 1.3 * np.sin(around) + 0.7)
    radius += 0.03 * np.sin(5 * around + 2.3 * z) * np.sin(4.1 * z + 2 * around)
    for depth, height, phase in scene.folds:
        # A fold wanders along the tube as it goes around, and sinks into the wall at its ends.
        at = depth + 0.14 * np.sin(around + phase) + 0.06 * np.sin(3 * around + 2 * phase)
        across = (z - at) / 0.15
        ridge = np.exp(-(np.abs(across) ** 1.6)) + 0.35 * np.exp(-((across / 3) ** 2))
        around_it = 0.45 + 0.55 * np.cos(0.5 * (around - phase)) ** 2 + 0.18 * np.cos(3 * (around - phase))
        radius -= height * ridge * np.clip(around_it, 0.1, 1.1)
    return np.asarray(radius - np.hypot(dx, dy), np.float32)


def _polyp(scene: Scene, p: Vectors) -> Plane:
    radii = np.asarray(scene.radii, np.float32)
    q = (p - np.asarray(scene.polyp, np.float32)) / radii
    length = np.linalg.norm(q, axis=1)
    unit = q / np.maximum(length, 1e-6)[:, None]
    a, b, c = unit[:, 0], unit[:, 1], unit[:, 2]
    lobes = np.sin(4.3 * a + 1.0) * np.sin(3.7 * b + 0.5) + 0.6 * np.sin(7.9 * b - 5.1 * c) * np.sin(
        6.7 * a + 1.9
    )
    body = (length - 1 - scene.lobes * lobes) * radii.min()
    if scene.stalk is None:
        return np.asarray(body, np.float32)
    foot = np.asarray(scene.stalk, np.float32)
    along = np.asarray(scene.polyp, np.float32) - foot
    share = np.clip((p - foot) @ along / float(along @ along), 0, 1)
    thickness = 0.36 * radii.min() * (1.25 - 0.5 * share)
    stem = np.linalg.norm(p - foot - share[:, None] * along, axis=1) - thickness
    return _melt(np.asarray(body, np.float32), np.asarray(stem, np.float32), 0.12)


def _melt(one: Plane, other: Plane, width: float) -> Plane:
    """Smooth minimum: the two surfaces flow into each other over `width`."""
    share = np.clip(0.5 + 0.5 * (other - one) / width, 0, 1)
    return np.asarray(other + (one - other) * share - width * share * (1 - share), np.float32)


def _surface(scene: Scene, p: Vectors) -> Plane:
    return _melt(_wall(scene, p), _polyp(scene, p), scene.melt)


def _depths(scene: Scene, rays: Vectors) -> Plane:
    """How far each ray (h, w, 3) goes before it meets a surface, (h, w).

    One ray in sixteen is followed from the lens; the others start a little before the nearest surface that
    the followed ones around them met, which spares most of their way.
    """
    height, width = rays.shape[:2]
    coarse = np.ascontiguousarray(rays[::4, ::4])
    met = _march(scene, coarse.reshape(-1, 3), np.float32(0.05)).reshape(coarse.shape[:2])
    near = cv2.resize(
        cv2.erode(met, np.ones((3, 3), np.uint8)), (width, height), interpolation=cv2.INTER_NEAREST
    )
    return _march(scene, rays.reshape(-1, 3), 0.92 * near.reshape(-1)).reshape(height, width)


def _march(scene: Scene, rays: Vectors, start: Plane | np.float32) -> Plane:
    """Follow each ray (n, 3) from the distance `start` to the first surface."""
    distance = np.zeros(len(rays), np.float32) + start
    going = np.arange(len(rays))
    for _ in range(_MARCH_STEPS):
        free = _surface(scene, rays[going] * distance[going, None])
        distance[going] += free * _STRIDE
        going = going[(free > 0.0015) & (distance[going] < _FAR)]
        if not len(going):
            break
    return np.minimum(distance, _FAR)


def _normals(scene: Scene, points: Vectors) -> Vectors:
    step = np.float32(0.004)
    slopes = []
    for axis in range(3):
        offset = np.zeros(3, np.float32)
        offset[axis] = step
        slopes.append(_surface(scene, points + offset) - _surface(scene, points - offset))
    normals = np.stack(slopes, -1)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9), np.float32)


def _share_of_polyp(scene: Scene, points: Vectors) -> Plane:
    width = max(scene.melt, 0.02)
    return smoothstep(_wall(scene, points) - _polyp(scene, points), -0.4 * width, 0.3 * width)


def _sample(texture: Plane, u: Plane, v: Plane) -> Plane:
    """The texture at u (around, wraps) and v (along, wraps), both in turns."""
    rows, columns = texture.shape
    wrapped = np.concatenate([texture, texture[:, :2]], axis=1)
    wrapped = np.concatenate([wrapped, wrapped[:2]], axis=0)
    x = ((u % 1) * columns).astype(np.float32).reshape(1, -1)
    y = ((v % 1) * rows).astype(np.float32).reshape(1, -1)
    # remap takes at most 32,767 columns: fold the points into rows.
    count = x.shape[1]
    side = 4096
    pad = -count % side
    x, y = np.pad(x, ((0, 0), (0, pad))).reshape(-1, side), np.pad(y, ((0, 0), (0, pad))).reshape(-1, side)
    return np.asarray(cv2.remap(wrapped, x, y, cv2.INTER_LINEAR).reshape(-1)[:count], np.float32)


def _tiling(texture: Plane) -> Plane:
    """Blend the texture with its own shifted copy so that it repeats without a seam around the tube."""
    columns = texture.shape[1]
    fade = smoothstep(np.linspace(0, 1, columns, dtype=np.float32), 0.0, 0.2)
    shifted = np.roll(texture, columns // 2, axis=1)
    return np.asarray(texture * fade + shifted * (1 - fade), np.float32)


def _vessels(rng: np.random.Generator) -> Plane:
    """Branching fine vessels, 1 on the vessel: where two smooth noises cross zero, widths varied."""
    rows, columns = _TEXTURE
    total = np.zeros((rows, columns), np.float32)
    for scale, strength in ((150, 0.9), (90, 0.9), (52, 0.8), (30, 0.6)):
        field = cloud(rng, rows, columns, scale, 3)
        width = 0.042 * np.exp(0.5 * cloud(rng, rows, columns, scale * 2, 2))
        present = smoothstep(cloud(rng, rows, columns, scale * 2, 2), -0.4, 0.9)
        total = np.maximum(total, strength * present * np.exp(-((field / width) ** 2)))
    return total


def _shade(
    scene: Scene,
    rng: np.random.Generator,
    rays: Vectors,
    points: Vectors,
    normals: Vectors,
    distance: Plane,
    on_polyp: Plane,
    shape: tuple[int, int],
) -> Vectors:
    """Colours (h, w, 3), 0 to 1: mucosa and polyp under a lamp beside the lens, wet highlights on top."""
    cx, cy = _centre(scene, points[:, 2])
    around = np.arctan2(points[:, 1] - cy, points[:, 0] - cx) / (2 * np.pi)
    along = points[:, 2] / _TEXTURE_LENGTH
    local = (points - np.asarray(scene.polyp, np.float32)) / np.asarray(scene.radii, np.float32)
    polyp_u, polyp_v = (
        0.5 + 0.16 * local[:, 0] + 0.07 * local[:, 2],
        0.5 + 0.16 * local[:, 1] - 0.05 * local[:, 2],
    )

    rows, columns = _TEXTURE
    blotch = _sample(_tiling(cloud(rng, rows, columns, 260, 4)), around, along)
    fine = _sample(_tiling(cloud(rng, rows, columns, 14, 3)), around, along)
    vessel = _sample(_tiling(_vessels(rng)), around, along)
    # Pits as winding furrows (gyri), some of them closed to dots: a web would look like a honeycomb.
    gyri = cloud(rng, 1024, 1024, 16, 2) + 0.25 * cloud(rng, 1024, 1024, 60, 2)
    pits = np.exp(-((_sample(gyri, polyp_u, polyp_v) / 0.34) ** 2))
    polyp_blotch = _sample(cloud(rng, 1024, 1024, 90, 4), polyp_u, polyp_v)

    mucosa = np.asarray(scene.mucosa, np.float32) * np.ones((len(points), 1), np.float32)
    mucosa *= 1 + blotch[:, None] * np.asarray([0.03, 0.07, 0.08], np.float32)
    mucosa *= 1 + fine[:, None] * np.asarray([0.01, 0.025, 0.025], np.float32)
    # Near the lens the pattern is stretched over many pixels: there it would look like cords.
    vessel *= smoothstep(distance, 0.5, 1.6) * 0.7 + 0.2
    grain = cloud(rng, *shape, 22, 4).reshape(-1, 1)
    mucosa *= 1 + grain * np.asarray([0.012, 0.035, 0.035], np.float32)
    mucosa *= 1 - vessel[:, None] * np.asarray([0.15, 0.40, 0.32], np.float32)
    polyp = np.asarray(scene.polyp_tint, np.float32) * np.ones((len(points), 1), np.float32)
    polyp *= 1 + polyp_blotch[:, None] * np.asarray([0.05, 0.12, 0.11], np.float32)
    polyp *= 1 - scene.pits * pits[:, None] * np.asarray([0.10, 0.32, 0.28], np.float32)
    albedo = mucosa + (polyp - mucosa) * on_polyp[:, None]

    # Fine relief: it breaks the highlights up as wet mucosa does.
    bump = (1 - on_polyp) * fine * 0.6 + on_polyp * (0.9 * pits * scene.pits + 0.5 * polyp_blotch)
    bump_plane = cv2.GaussianBlur(bump.reshape(shape), (0, 0), 1.6)
    swell = cloud(rng, *shape, 46, 3)
    tilt_x = (
        0.55 * cv2.Sobel(bump_plane, cv2.CV_32F, 1, 0) / 8 * 2 + 1.1 * cv2.Sobel(swell, cv2.CV_32F, 1, 0) / 8
    )
    tilt_y = (
        0.55 * cv2.Sobel(bump_plane, cv2.CV_32F, 0, 1) / 8 * 2 + 1.1 * cv2.Sobel(swell, cv2.CV_32F, 0, 1) / 8
    )
    rough = normals.copy()
    rough[:, 0] += tilt_x.ravel()
    rough[:, 1] += tilt_y.ravel()
    rough /= np.linalg.norm(rough, axis=1, keepdims=True)

    light = np.zeros(len(points), np.float32)
    gloss = np.zeros(len(points), np.float32)
    for lamp in ((-0.16, -0.05, 0.0), (0.16, 0.05, 0.0)):
        to_lamp = np.asarray(lamp, np.float32) - points
        reach = np.linalg.norm(to_lamp, axis=1)
        to_lamp /= reach[:, None]
        facing = np.clip(np.sum((0.75 * normals + 0.25 * rough) * to_lamp, axis=1), 0, 1)
        light += 0.5 * (0.10 + 0.90 * facing**0.8) / (0.7 + 0.85 * reach**1.7)
        half = to_lamp - rays
        half /= np.linalg.norm(half, axis=1, keepdims=True)
        shine = np.clip(np.sum(rough * half, axis=1), 0, 1)
        gloss += shine**220 / (0.6 + reach)

    corners = _hollows(distance.reshape(shape)).ravel()
    level = scene.exposure * light * corners
    shown = (1 - np.exp(-1.25 * level))[:, None]
    # Tissue lights tissue: the darker, the redder. The brightest wall burns out towards white.
    colour = albedo ** (1 + 0.55 * (1 - shown)) * shown * 1.12
    burnt = (0.55 * smoothstep(level, 1.6, 4.5))[:, None]
    colour += (np.asarray([1.0, 0.93, 0.84], np.float32) - colour) * burnt
    wet = smoothstep(gloss, 0.20, 0.42).reshape(shape)
    wet = np.maximum(wet, 0.35 * cv2.GaussianBlur(wet, (0, 0), 5))
    colour = colour.reshape(*shape, 3)
    return np.asarray(colour + (np.float32([1.0, 0.985, 0.96]) - colour) * wet[..., None], np.float32)


def _hollows(distance: Plane) -> Plane:
    """Darkening of what lies behind its surroundings: folds throw soft shade on the wall behind them."""
    depth = np.log(np.maximum(distance, 0.05))
    shade = np.ones_like(depth)
    for reach, strength in ((12, 0.35), (40, 0.5)):
        behind = depth - cv2.GaussianBlur(depth, (0, 0), reach)
        shade *= 1 - strength * smoothstep(behind, 0.0, 0.9)
    return np.asarray(shade, np.float32)


def _write_notes(scene: Scene, rgb: Rgb, mask: Mask) -> None:
    """The recorder's burnt-in lines, and the black box some recorders lay over the lower left corner."""
    left, top, _, bottom = scene.field
    if scene.inset:
        height, width = int(0.3 * (bottom - top)), int(0.3 * (bottom - top))
        rgb[bottom - height : bottom, left : left + width] = 2
        mask[bottom - height : bottom, left : left + width] = 0
    for line, text in enumerate(scene.notes):
        at = (18, 60 + 34 * line)
        cv2.putText(rgb, text, at, cv2.FONT_HERSHEY_PLAIN, 1.35, (205, 205, 205), 1, cv2.LINE_AA)
