"""What a turn of the wheel or two fingers on a trackpad ask for, told without a widget."""

from __future__ import annotations

from dataclasses import dataclass

# A notch of a wheel is 120 units; four notches double the size in the eye.
_UNITS_TO_DOUBLE = 480.0
# A tolerance by two percent a notch.
TOLERANCE_TO_DOUBLE = 10.0
# Brushes are resized more gently: the hand is usually near the right size already.
_UNITS_TO_DOUBLE_BRUSH = 600.0


@dataclass(frozen=True)
class Zoom:
    """Zoom at the cursor by this factor."""

    factor: float


@dataclass(frozen=True)
class Pan:
    """Move the picture by these widget pixels."""

    dx: float
    dy: float


@dataclass(frozen=True)
class Resize:
    """Multiply the brush's radius by this factor; a tool with a tolerance has that changed in its place."""

    factor: float


Request = Zoom | Pan | Resize


def read_wheel(
    angle: tuple[int, int], pixels: tuple[int, int], *, trackpad: bool, shift: bool, control: bool
) -> Request | None:
    """Interpret one wheel event; None for one that asks for nothing.

    angle: eighths of a degree, pixels: widget pixels (zero where the device has none), both (x, y).
    trackpad: the event comes from two fingers, not from a wheel.
    """
    # Some systems turn a wheel with Shift sideways: the larger part is what the hand did.
    turned = max(angle, key=abs)
    if shift:
        return Resize(2 ** (turned / _UNITS_TO_DOUBLE_BRUSH)) if turned else None
    if trackpad and not control:
        dx, dy = pixels if any(pixels) else (angle[0] / 8, angle[1] / 8)
        return Pan(dx, dy) if dx or dy else None
    # Ctrl with two fingers is how pinching arrives where there are no gestures.
    return Zoom(2 ** (angle[1] / _UNITS_TO_DOUBLE)) if angle[1] else None
