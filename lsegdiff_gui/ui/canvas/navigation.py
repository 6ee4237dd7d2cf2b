"""Moving through the picture with wheel, trackpad and touch screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from lsegdiff_gui.ui.canvas.comparer import Comparer
from lsegdiff_gui.ui.canvas.wheel import Pan, Request, Zoom, read_wheel


class Navigator(Comparer):
    """A viewer whose picture follows wheel, two fingers and pinches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grabGesture(Qt.GestureType.PinchGesture)

    @property
    def holds_still(self) -> bool:
        """Whether something under way needs the picture to stay where it is."""
        return False

    def zoom_by(self, factor: float) -> None:
        """Zoom by a factor at the pointer, or at the middle when the pointer is elsewhere."""
        at = QPointF(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else None
        self._zoom_at(at, factor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; two fingers on a trackpad move the picture."""
        match wheel_request(event):
            case Zoom(factor):
                self._zoom_at(event.position(), factor)
            case Pan(dx, dy) if self.has_picture and not self.holds_still:
                self.set_view(self.view.panned(dx, dy))

    def event(self, event: QEvent) -> bool:
        """Pinching, from the devices that report it either way."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom_at(event.position(), 1 + event.value())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._zoom_at(QPointF(self.mapFromGlobal(pinch.hotSpot().toPoint())), pinch.scaleFactor())
                event.accept(pinch)
                return True
        return super().event(event)

    def _zoom_at(self, at: QPointF | None, factor: float) -> None:
        if not self.holds_still:
            self.zoom_to(self.zoom * factor, None if at is None else (at.x(), at.y()))


def wheel_request(event: QWheelEvent) -> Request | None:
    """What a turn of the wheel asks for."""
    angle, pixels = event.angleDelta(), event.pixelDelta()
    return read_wheel(
        (angle.x(), angle.y()),
        (pixels.x(), pixels.y()),
        trackpad=(
            event.phase() != Qt.ScrollPhase.NoScrollPhase
            or event.device().type() == QInputDevice.DeviceType.TouchPad
        ),
        shift=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
        control=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier),
    )
