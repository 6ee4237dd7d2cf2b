"""Masks to try formats with: drawn by hypothesis, and the awkward ones by name."""

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

U8 = npt.NDArray[np.uint8]

shapes = st.tuples(st.integers(1, 14), st.integers(1, 14))
scattered = arrays(np.uint8, shapes, elements=st.integers(0, 1))


@st.composite
def blobs(draw: st.DrawFn) -> U8:
    """Rectangles laid over each other, some of background: islands, holes, islands in holes, touching edges."""
    height, width = draw(shapes)
    mask = np.full((height, width), draw(st.integers(0, 1)), np.uint8)
    for _ in range(draw(st.integers(0, 5))):
        y, x = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        mask[y : y + draw(st.integers(1, 8)), x : x + draw(st.integers(1, 8))] = draw(st.integers(0, 1))
    return mask


masks = st.one_of(scattered, blobs())


def ring_with_island() -> U8:
    mask = np.ones((9, 11), np.uint8)
    mask[0] = mask[2:7, 2:9] = 0
    mask[4, 5] = 1
    return mask


def awkward() -> dict[str, U8]:
    """What masks can be: holes, islands, lines of one pixel, touching corners, borders, nothing, everything."""
    masks = {name: np.zeros((17, 23), np.uint8) for name in _NAMES}
    masks["hole"][3:12, 4:15] = 1
    masks["hole"][5:9, 6:10] = 0
    masks["islands"][2:5, 2:6] = masks["islands"][9:14, 12:20] = masks["islands"][1, 20] = 1
    masks["island in a hole"][1:16, 1:20] = 1
    masks["island in a hole"][4:13, 4:16] = 0
    masks["island in a hole"][7:10, 8:12] = 1
    masks["lines of one pixel"][8, 1:22] = masks["lines of one pixel"][2:15, 5] = 1
    np.fill_diagonal(masks["lines of one pixel"], 1)
    masks["touching corners"][2:6, 2:6] = masks["touching corners"][6:10, 6:10] = 1
    masks["touching corners"][2:6, 10:14] = 1
    masks["holes that touch"][1:12, 1:12] = 1
    masks["holes that touch"][3:5, 3:5] = masks["holes that touch"][5:7, 5:7] = 0
    masks["full"][:] = 1
    masks["border"][0] = masks["border"][-1] = masks["border"][:, 0] = masks["border"][:, -1] = 1
    masks["last pixel"][-1, -1] = 1
    masks["chequered"][::2, ::2] = masks["chequered"][1::2, 1::2] = 1
    masks["one by one, empty"] = np.zeros((1, 1), np.uint8)
    masks["one by one, full"] = np.ones((1, 1), np.uint8)
    masks["one row"] = np.array([[0, 1, 1, 0, 1]], np.uint8)
    masks["one column"] = np.array([[1], [0], [1], [1]], np.uint8)
    return masks


_NAMES = (
    "hole",
    "islands",
    "island in a hole",
    "lines of one pixel",
    "touching corners",
    "holes that touch",
    "empty",
    "full",
    "border",
    "last pixel",
    "chequered",
)
