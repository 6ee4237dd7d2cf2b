"""The instances of the shown picture, counted off the GUI thread while the hand is at rest: for list and canvas."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QObject, QTimer

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instance_map import InstanceMap
from lsegdiff_gui.annotation.instance_sizes import InstanceSize
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.parting_signs import PartingSigns
from lsegdiff_gui.ui.canvas.tools import TOOLS, ToolName
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.panels.instance_list import InstanceList
from lsegdiff_gui.workers.files import FilePool

# Between two strokes of a quick hand nobody reads a list.
_REST_MS = 400
# Who parts lesions waits for the answer.
_PARTING_REST_MS = 40


class Counting(QObject):
    """Keeps the list of instances in step while it is in sight, and the canvas while a tool parts lesions."""

    def __init__(self, editing: Editing, files: FilePool, canvas: Canvas, shown: InstanceList) -> None:
        super().__init__(shown)
        self._editing = editing
        self._files = files
        self._list = shown
        # Its own numbers, below those of exports: the pool cancels by them.
        self._tokens = count(-2 * 10**9)
        self._token = 0
        self._document: Document | None = None
        self._is_due = True
        self._parts = False
        self._map: InstanceMap | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._begin)
        self._canvas = canvas
        canvas.tool_changed.connect(self._follow_tool)
        canvas.mask_changed.connect(self._forget_map)
        editing.stepped.connect(self._put_off)
        editing.partition_changed.connect(self._put_off)
        shown.came_in_sight.connect(self._resume)
        files.instances_found.connect(self._found)
        files.instances_mapped.connect(self._mapped)
        files.instances_failed.connect(self._failed)

    def _put_off(self) -> None:
        """What is being counted is not what is there any more."""
        self._is_due = True
        self._give_up()
        if self._editing.document is not self._document:
            # Another picture: its neighbour's instances are wrong at once.
            self._document, self._map = self._editing.document, None
            self._list.show_sizes(None, 1)
        self._show_parting()
        if self._document is None:
            self._rest.stop()
        elif self._is_wanted:
            self._rest.start(_PARTING_REST_MS if self._parts else _REST_MS)

    def _forget_map(self) -> None:
        """The mask is another one; a cut or a tie leaves the colours as they are until they are found anew."""
        self._map = None
        self._put_off()

    def _follow_tool(self, tool: ToolName) -> None:
        parts = TOOLS[tool].parts
        if parts != self._parts:
            self._parts, self._map = parts, None
            if parts:
                self._put_off()
            else:
                self._canvas.show_parting(None)

    @property
    def _is_wanted(self) -> bool:
        return self._parts or self._list.isVisible()

    def _resume(self) -> None:
        if self._is_due:
            self._put_off()

    def _begin(self) -> None:
        document = self._editing.document
        if document is None or not self._is_wanted:
            return
        if document.edit_is_open or document.needs_base:
            self._rest.start(_REST_MS)
            return
        self._token = next(self._tokens)
        if self._parts:
            hidden = frozenset(label.id for label in document.labels if not label.visible)
            self._files.map_instances(self._token, document.final, document.partition, hidden)
        else:
            self._files.instances(self._token, document.final, document.partition)

    def _found(self, token: int, sizes: tuple[InstanceSize, ...]) -> None:
        document = self._editing.document
        if token == self._token and document is not None:
            self._token, self._is_due = 0, False
            self._list.show_sizes(sizes, document.width * document.height)

    def _mapped(self, token: int, found: InstanceMap) -> None:
        if token == self._token and self._parts:
            self._map = found
            self._show_parting()
        self._found(token, found.sizes)

    def _show_parting(self) -> None:
        if self._parts:
            document = self._document
            signs = None if document is None else PartingSigns(document.partition.cuts, self._map)
            self._canvas.show_parting(signs)

    def _failed(self, token: int, _sentence: str) -> None:
        # Not worth a message above the canvas: the mask itself is as it was.
        if token == self._token:
            self._token, self._is_due = 0, False
            self._list.show_sizes(None, 1)

    def _give_up(self) -> None:
        if self._token:
            self._files.cancel(self._token)
            self._token = 0
