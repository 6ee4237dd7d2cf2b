"""The Labels panel joined with the document and the canvas."""

from __future__ import annotations

from PySide6.QtCore import QObject

from lsegdiff_gui.annotation.labels import Labels
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.spotlight import Spotlight, closeup
from lsegdiff_gui.ui.counting import Counting
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.panels.label_panel import LabelPanel
from lsegdiff_gui.ui.session import Session

_KEY = "labels"


class Labelling(QObject):
    """What the panel wants is done by the document; what the document has is shown by panel and canvas."""

    def __init__(self, session: Session, canvas: Canvas, panel: LabelPanel) -> None:
        super().__init__(panel)
        self._session = session
        self._canvas = canvas
        self._spotlight = Spotlight(canvas)
        self._counting = Counting(session.editing, session.staff.files, canvas, panel.instances)
        panel.labels_changed.connect(self._change_labels)
        panel.active_changed.connect(self._paint_with)
        panel.instances.instance_wanted.connect(self._look_at)
        panel.instances.instance_pointed.connect(self._spotlight.point_at)
        session.editing.labels_changed.connect(panel.show_labels)
        session.editing.labels_changed.connect(self._show_colours)
        session.staff.store.labels_kept.connect(session.editing.hold_labels)
        session.editing.labels_held.connect(self._tell_held)
        canvas.set_active_label(panel.active)

    def _change_labels(self, labels: Labels) -> None:
        # An open stroke is a step of its own.
        self._canvas.finish_gesture()
        self._session.editing.set_labels(labels)

    def _tell_held(self, labels: Labels) -> None:
        names = ", ".join(f"“{label.name}”" for label in labels)
        sentence = f"{names} stays: another picture has it, now or in steps that can be undone."
        self._session.message.emit(Message(sentence, "info", key=_KEY))

    def _paint_with(self, number: int) -> None:
        self._canvas.finish_gesture()
        self._canvas.set_active_label(number)

    def _show_colours(self, labels: Labels) -> None:
        self._canvas.set_label_colours({label.id: label.colour for label in labels if label.visible})

    def _look_at(self, box: Box) -> None:
        self._canvas.set_view(closeup(self._canvas.view, box))
        self._spotlight.point_at(box)
