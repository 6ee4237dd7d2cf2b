"""The Draft panel: which model drafts and how, how far it is, and what the shown draft is."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.controls import NoAccidentalWheel
from lsegdiff_gui.ui.panels.section import Section

MODELS: tuple[tuple[str, str], ...] = (("skin", "Skin lesions"), ("polyp", "Polyps"))
DEVICES: tuple[tuple[str, str], ...] = (
    ("auto", "Automatic"),
    ("cpu", "Processor (CPU)"),
    ("mps", "Apple graphics (MPS)") if sys.platform == "darwin" else ("cuda", "NVIDIA graphics (CUDA)"),
)
_OTHER = "other"
_NARROW = 58
_BAR_HEIGHT = 6
_ON_FILLED = "highlighted_text"
_LARGEST_SEED = 2**31 - 1
# The probability above which a pixel belongs to the mask while nobody has moved the threshold.
_LIKELY = 128
# Three lines: the panels below must not jump when the next picture has no draft.
_NO_DRAFT = "\n".join(3 * "\N{NO-BREAK SPACE}")


@dataclass(frozen=True)
class DraftSettings:
    """How to draft. model: "skin", "polyp", a path of a weights file, or "" while nobody has chosen."""

    model: str = ""
    steps: int = 4
    samples: int = 5
    seed: int = 0
    device: str = "auto"


@dataclass(frozen=True)
class Progress:
    """How far a draft is: `done` of `total`, and the words for it. total 0: nobody can say."""

    words: str
    done: int = 0
    total: int = 0


def model_words(model: str) -> str:
    """A model's name for people."""
    known = dict(MODELS)
    return known.get(model) or (Path(model).stem if model else "No model chosen")


def draft_words(draft: Draft) -> str:
    """What the shown draft is, in three short lines."""
    origin = draft.provenance
    strange = " · unfamiliar picture" if draft.is_strange else ""
    model = f"{model_words(origin.model)} {origin.version}{strange}"
    if len(draft.film) < origin.steps:
        return f"{model}\nStopped early: the preview\nof step {len(draft.film)} of {origin.steps}"
    made = f"{_count(origin.steps, 'step')}, {_count(origin.samples, 'sample')}, seed {origin.seed}"
    return f"{model}\n{_found_words(draft)}\n{made}, {origin.seconds:.1f} s"


def _found_words(draft: Draft) -> str:
    """What the model saw: without these words an empty mask looks as if nothing had been drafted."""
    presence = f"presence {draft.findings.presence_words}"
    if draft.no_lesion:
        return f"No lesion found, {presence}"
    if draft.probability.max() < _LIKELY:
        return f"Nothing found, {presence}" if draft.findings.are_known else "Nothing found"
    agree = f"amples agree to {round(100 * (1 - draft.spread_score))} %"
    return f"{presence.capitalize()}, s{agree}" if draft.findings.are_known else f"S{agree}"


class DraftPanel(QWidget):
    """Chooses model, steps, samples, seed and device; shows progress.

    Signals:
        changed(DraftSettings): the user chose something else.
        other_model_wanted(): the user wants to choose a weights file.
        batch_stop_wanted(): drafting all is to stop.
    """

    changed = Signal(object)
    other_model_wanted = Signal()
    batch_stop_wanted = Signal()

    def __init__(self, run: QAction, run_all: QAction, stop: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = DraftSettings()
        self._run, self._stop = run, stop
        self._running = False
        self._batch_running = False
        self._run_all = run_all
        section = Section("Draft")

        self.model = QComboBox()
        self.model.setPlaceholderText("Choose a model")
        for value, text in MODELS:
            self.model.addItem(text, value)
        self.model.addItem("Weights file…", _OTHER)
        section.add_row(
            "Model", self.model, "Drafts are made for this kind of picture; kept with the project"
        )
        self.steps = _spin(1, 50)
        self.samples = _spin(1, 20)
        section.add_row("Steps", self._counts_row())
        self.seed = _spin(0, _LARGEST_SEED)
        section.add_row("Seed", self._seed_row(), "The same seed gives the same draft")
        self.device = QComboBox()
        for value, text in DEVICES:
            self.device.addItem(text, value)
        section.add_row("Device", self.device, "Where drafts are computed")

        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self.run_button = QPushButton()
        self.run_button.setDefault(True)
        self.run_button.clicked.connect(self._run_or_stop)
        self.all_button = QPushButton()
        self.all_button.clicked.connect(self._run_or_stop_all)
        row.addWidget(self.run_button, 1)
        row.addWidget(self.all_button, 1)
        section.add_wide(buttons)

        self.words = _words("Progress")
        self.bar = _bar("Progress of this draft")
        self.about = _words("The shown draft")
        section.add_wide(self._either())

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)
        self._wheel = NoAccidentalWheel(self)
        self._wheel.guard(self.model, self.steps, self.samples, self.seed, self.device)
        self._connect(run, run_all)
        self.show_settings(self._settings)
        self.show_progress(None)
        self.show_batch(False)
        self.show_draft(None)

    @property
    def settings(self) -> DraftSettings:
        """What is chosen."""
        return self._settings

    def show_settings(self, settings: DraftSettings) -> None:
        """Show these settings without telling anyone."""
        self._settings = settings
        blockers = [
            QSignalBlocker(box) for box in (self.model, self.steps, self.samples, self.seed, self.device)
        ]
        self._show_model(settings.model)
        self.steps.setValue(settings.steps)
        self.samples.setValue(settings.samples)
        self.seed.setValue(settings.seed)
        self.device.setCurrentIndex(max(0, self.device.findData(settings.device)))
        for blocker in blockers:
            blocker.unblock()

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the draft of the shown picture is; None when none is running."""
        self._running = progress is not None
        self._pages.setCurrentIndex(1 if self._running else 0)
        _show(self.words, self.bar, progress)
        self.run_button.setText("Stop" if self._running else "Draft")
        # The button is filled: the glyph needs the colour of its text.
        self.run_button.setIcon(theme.icon("mdi6.stop" if self._running else "mdi6.creation", _ON_FILLED))
        self._show_tool_tips()
        self.run_button.setAccessibleName("Stop the draft" if self._running else "Draft this picture")
        self.run_button.setEnabled(self._running or self._run.isEnabled())

    def show_batch(self, running: bool) -> None:
        """Show whether drafting all is running; how far it is, stands at the list."""
        self._batch_running = running
        self.all_button.setText("Stop all" if self._batch_running else "Draft all")
        self.all_button.setIcon(theme.icon("mdi6.stop") if self._batch_running else self._run_all.icon())
        self._show_tool_tips()
        self.all_button.setAccessibleName(
            "Stop drafting all" if self._batch_running else "Draft all pictures"
        )
        self.all_button.setEnabled(self._batch_running or self._run_all.isEnabled())

    def show_draft(self, draft: Draft | None) -> None:
        """Say what the shown draft is."""
        self.about.setText(draft_words(draft) if draft is not None else _NO_DRAFT)

    def _either(self) -> QStackedWidget:
        """In one place: what the shown draft is, or how far the running one is."""
        running = QWidget()
        column = QVBoxLayout(running)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addStretch(1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.about)
        self._pages.addWidget(running)
        return self._pages

    def _counts_row(self) -> QWidget:
        """Both numbers in one row: they are small, and the column is not long."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        words = QLabel("Samples")
        words.setBuddy(self.samples)
        for box, name, help in (
            (self.steps, "Steps", "Denoising steps. More take longer and change little beyond 4"),
            (self.samples, "Samples", "The mask is their mean, the spread where they disagree"),
        ):
            box.setAccessibleName(name)
            box.setAccessibleDescription(help)
            box.setToolTip(help)
            # A spin box asks for the room of its widest number and more; two of them have to share.
            box.setMinimumWidth(_NARROW)
        words.setToolTip(self.samples.toolTip())
        row.addWidget(self.steps, 1)
        row.addWidget(words)
        row.addWidget(self.samples, 1)
        holder.setFocusProxy(self.steps)
        return holder

    def _seed_row(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP // 2)
        dice = QToolButton()
        dice.setIcon(theme.icon("mdi6.dice-5-outline"))
        dice.setToolTip("Another seed: another opinion of the model")
        dice.setAccessibleName("Another seed")
        dice.clicked.connect(lambda: self.seed.setValue(secrets.randbelow(10_000)))
        self.seed.setAccessibleName("Seed")
        row.addWidget(self.seed, 1)
        row.addWidget(dice)
        holder.setFocusProxy(self.seed)
        return holder

    def _connect(self, run: QAction, run_all: QAction) -> None:
        self.model.activated.connect(self._model_chosen)
        self.steps.valueChanged.connect(lambda value: self._change(steps=value))
        self.samples.valueChanged.connect(lambda value: self._change(samples=value))
        self.seed.valueChanged.connect(lambda value: self._change(seed=value))
        self.device.activated.connect(lambda: self._change(device=self.device.currentData()))
        run.enabledChanged.connect(lambda on: self.run_button.setEnabled(on or self._running))
        run_all.enabledChanged.connect(lambda on: self.all_button.setEnabled(on or self._batch_running))
        for action in (run, run_all, self._stop):
            action.changed.connect(self._show_tool_tips)

    def _show_tool_tips(self) -> None:
        self.run_button.setToolTip((self._stop if self._running else self._run).toolTip())
        self.all_button.setToolTip(
            "What is drafted stays drafted" if self._batch_running else self._run_all.toolTip()
        )

    def _model_chosen(self, index: int) -> None:
        if self.model.itemData(index) == _OTHER:
            # Until a file is chosen the old model stays.
            self._show_model(self._settings.model)
            self.other_model_wanted.emit()
        else:
            self._change(model=self.model.itemData(index))

    def _show_model(self, model: str) -> None:
        if model and self.model.findData(model) < 0:
            self.model.insertItem(self.model.count() - 1, model_words(model), model)
        self.model.setCurrentIndex(self.model.findData(model) if model else -1)
        self.model.setToolTip(model if model not in dict(MODELS) else "")

    def _change(self, **changes: Any) -> None:
        self._settings = replace(self._settings, **changes)
        self.changed.emit(self._settings)

    def _run_or_stop(self) -> None:
        (self._stop if self._running else self._run).trigger()

    def _run_or_stop_all(self) -> None:
        if self._batch_running:
            self.batch_stop_wanted.emit()
        else:
            self._run_all.trigger()


def _spin(low: int, high: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setKeyboardTracking(False)
    return box


def _words(name: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setAccessibleName(name)
    theme.set_role(label, "muted")
    return label


def _bar(name: str) -> QProgressBar:
    bar = QProgressBar()
    bar.setTextVisible(False)
    # With its words no taller than the lines that stand in its place when nothing runs.
    bar.setMaximumHeight(_BAR_HEIGHT)
    bar.setAccessibleName(name)
    return bar


def _show(words: QLabel, bar: QProgressBar, progress: Progress | None) -> None:
    words.setVisible(progress is not None)
    bar.setVisible(progress is not None)
    if progress is not None:
        words.setText(progress.words)
        bar.setRange(0, progress.total)
        bar.setValue(progress.done)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
