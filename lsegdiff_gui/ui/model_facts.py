"""What is known of the weights in use: shown in the status bar and in About."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from lsegdiff_gui.ui.dialogs.about import AboutDialog
from lsegdiff_gui.ui.panels.draft_panel import model_words
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.ui.status_bar import StatusBar
from lsegdiff_gui.workers.segmenting import LoadedModel

if TYPE_CHECKING:
    from lsegdiff_gui.model.checkpoint import ModelInfo


class ModelFacts(QObject):
    """Follows the inference thread's loading of weights."""

    def __init__(self, session: Session, status: StatusBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = status
        self._infos: dict[str, ModelInfo] = {}
        self._problems: list[str] = []
        self._device = ""
        inference = session.staff.inference
        inference.loading.connect(self._loading)
        inference.model_ready.connect(self._ready)
        inference.model_failed.connect(self._failed)

    def about(self, window: QWidget) -> AboutDialog:
        """The About dialog with the weights that were loaded so far."""
        return AboutDialog(
            window, models=list(self._infos.values()), problems=self._problems, device=self._device
        )

    def _loading(self, model: str) -> None:
        self._status.show_model(f"Loading {model_words(model)}…", "", "")

    def _ready(self, loaded: LoadedModel) -> None:
        info = loaded.info
        self._infos[info.sha256] = info
        self._problems.clear()
        self._device = loaded.device
        words = f"{model_words(info.name)} {info.version}"
        self._status.show_model(words, loaded.device, info.sha256, loaded.precision)

    def _failed(self, sentence: str) -> None:
        self._problems = [sentence]
        self._status.show_model("", "", "")
