import pytest

from lsegdiff_gui.ui.canvas.wheel import Pan, Request, Resize, Zoom, read_wheel


def turn(
    x: int,
    y: int,
    *,
    pixels: tuple[int, int] = (0, 0),
    trackpad: bool = False,
    shift: bool = False,
    ctrl: bool = False,
) -> Request | None:
    return read_wheel((x, y), pixels, trackpad=trackpad, shift=shift, control=ctrl)


def test_that_four_notches_double_the_zoom_and_back() -> None:
    assert turn(0, 480) == Zoom(2.0)
    assert turn(0, -480) == Zoom(0.5)


def test_that_shift_changes_the_brush_even_where_it_turns_the_wheel_sideways() -> None:
    up, sideways = turn(0, 120, shift=True), turn(120, 0, shift=True)
    assert isinstance(up, Resize) and up == sideways
    assert up.factor > 1


def test_that_two_fingers_move_the_picture() -> None:
    assert turn(0, 40, pixels=(3, -7), trackpad=True) == Pan(3, -7)
    assert turn(80, -40, trackpad=True) == Pan(10, -5)


def test_that_two_fingers_with_control_zoom() -> None:
    assert turn(0, 480, pixels=(0, 30), trackpad=True, ctrl=True) == Zoom(2.0)


@pytest.mark.parametrize("trackpad", [False, True])
@pytest.mark.parametrize("shift", [False, True])
def test_that_an_event_without_movement_asks_for_nothing(trackpad: bool, shift: bool) -> None:
    assert turn(0, 0, trackpad=trackpad, shift=shift) is None
