"""Which model drafts in this project: asked once, with a guess from the picture, and kept with the project."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.workers.files import Loaded
from lsegdiff_gui.workers.inference import InferenceThread
from lsegdiff_gui.workers.store import StoreThread

_MODEL = "model"


class Choosing(QObject):
    """Signals:
    chosen(str model): the project's model; "" while nobody has chosen.
    wanted(str guess): the user has to choose now; "skin", "polyp" or "" is the likely answer.
    guess_improved(str guess): a better guess than the one `wanted` came with.
    """

    chosen = Signal(str)
    wanted = Signal(str)
    guess_improved = Signal(str)

    def __init__(self, inference: InferenceThread, store: StoreThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inference = inference
        self._store = store
        self._model = ""
        self._device = "auto"
        self._preloaded: tuple[str, str] | None = None
        self._guess = ""
        self._guess_token = 0
        self._then: Callable[[str], None] | None = None
        inference.guessed.connect(self._guessed)

    @property
    def model(self) -> str:
        """The project's model, "" while nobody has chosen."""
        return self._model

    def project_opened(self, values: Mapping[str, str]) -> None:
        """Take over what an opened project says."""
        self._model = values.get(_MODEL, "")
        self.chosen.emit(self._model)

    def use_device(self, device: str) -> None:
        """Where weights are loaded ahead of the first draft."""
        self._device = device

    def look_at(self, loaded: Loaded) -> None:
        """A picture is on the canvas: guess its kind, or load the weights its draft will need."""
        if self._model:
            self._preload()
        else:
            self._guess_token += 1
            # The smallest level tells the colours as well as the picture, and is quick to hand over.
            self._inference.guess(self._guess_token, loaded.pyramid[-1])

    def with_model(self, then: Callable[[str], None]) -> None:
        """Call `then` with the project's model, after the user has chosen one if need be."""
        if self._model:
            then(self._model)
        else:
            self._then = then
            self.wanted.emit(self._guess)

    def choose(self, model: str) -> None:
        """Draft with this model from now on, and go on with what waited for the choice."""
        if model and model != self._model:
            self._model = model
            self._store.set_value(_MODEL, model)
            self.chosen.emit(model)
            self._preload()
        then, self._then = self._then, None
        if then is not None and self._model:
            then(self._model)

    def dismiss(self) -> None:
        """The user did not want to choose: what waited for it is dropped."""
        self._then = None

    def _preload(self) -> None:
        wanted = (self._model, self._device)
        if wanted != self._preloaded:
            self._preloaded = wanted
            self._inference.load(*wanted)

    def _guessed(self, token: int, domain: str) -> None:
        if token == self._guess_token and not self._model:
            self._guess = domain
            self.guess_improved.emit(domain)
