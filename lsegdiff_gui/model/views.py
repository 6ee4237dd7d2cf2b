"""The eight ways to look at a square picture: turned by quarters, mirrored or not."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class View:
    """Mirror left to right if `mirrored`, then turn by `turns` quarters."""

    mirrored: bool
    turns: int

    def of(self, upright: Tensor) -> Tensor:
        """What upright planes (…, S, S) look like in this view."""
        return torch.rot90(upright.flip(-1) if self.mirrored else upright, self.turns, (-2, -1))

    def undo(self, seen: Tensor) -> Tensor:
        """Planes (…, S, S) of this view, upright again."""
        back = torch.rot90(seen, -self.turns, (-2, -1))
        return back.flip(-1) if self.mirrored else back


VIEWS = tuple(View(mirrored, turns) for turns in (0, 2, 1, 3) for mirrored in (False, True))
"""All eight, upright first; the first two are the picture and its mirror image, the first four leave its axes alone."""
