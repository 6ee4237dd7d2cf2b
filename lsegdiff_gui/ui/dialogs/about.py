"""Version, weights, licences and folders: what a report or a paper needs to name, and what is kept where."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib import metadata
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui import __version__, places
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label

if TYPE_CHECKING:
    from lsegdiff_gui.model.checkpoint import ModelInfo

_SIZE = (640, 560)

# (distribution, what it does here, licence as its publisher names it)
LIBRARIES = (
    ("PySide6_Essentials", "The window: Qt for Python", "LGPL-3.0"),
    ("torch", "The networks: PyTorch", "BSD-3-Clause"),
    ("numpy", "Arrays", "BSD-3-Clause"),
    ("opencv-python-headless", "Picture files and morphology: OpenCV", "Apache-2.0"),
    ("QtAwesome", "Icons: Material Design Icons", "MIT; the font Apache-2.0"),
    ("safetensors", "Weight files", "Apache-2.0"),
    ("platformdirs", "Folders", "MIT"),
    ("typer", "The command line", "MIT"),
    ("rich", "The command line", "MIT"),
)


class AboutDialog(DialogFrame):
    """models: what the weight files say of themselves. problems: sentences on those that could not be read."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        models: Sequence[ModelInfo] = (),
        problems: Sequence[str] = (),
        device: str = "",
    ) -> None:
        super().__init__(
            parent,
            title="LSegDiff",
            text=f"Version {__version__}. Drafts, corrects and exports masks of skin lesions and polyps.",
            sign="mdi6.creation-outline",
        )
        self.resize(*_SIZE)
        self._models = tuple(models)
        self._device = device
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.setAccessibleName("About LSegDiff")
        _add_page(tabs, _purpose(), "Purpose")
        _add_page(tabs, _weights(models, problems), "Weights")
        _add_page(tabs, _licences(), "Licences")
        _add_page(tabs, _folders(), "Folders")
        self.body.addWidget(tabs, 1)
        copy = self.add_button("Copy the details", at_left=True)
        copy.setToolTip("Copies versions and the weights' hashes, without any path, for a report")
        copy.clicked.connect(self._copy)
        close = self.add_button("Close", default=True)
        close.clicked.connect(self.accept)
        close.setFocus()

    def details(self) -> str:
        """Versions and hashes as text: nothing that tells of the machine's owner or pictures."""
        lines = [
            f"LSegDiff {__version__}",
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.machine()}",
            f"device: {self._device or 'none used yet'}",
        ]
        lines += [f"weights {model.name} {model.version}: SHA-256 {model.sha256}" for model in self._models]
        return "\n".join(lines)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details())


def _add_page(tabs: QTabWidget, content: QWidget, name: str) -> None:
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    tabs.addTab(area, name)


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, theme.MARGIN, theme.GAP, 0)
    column.setSpacing(theme.MARGIN)
    return page, column


def _purpose() -> QWidget:
    page, column = _page()
    for heading, text in (
        (
            "Research annotation, not a medical device",
            (
                "LSegDiff is meant for research and teaching. It has not been reviewed by any authority and must not "
                "be used for diagnosis, treatment or any other decision about a patient. Every export says so."
            ),
        ),
        (
            "How a mask comes about",
            (
                "A latent diffusion model drafts the mask in a few denoising steps, several times from different "
                "noise; the mean is the draft, and where the drafts disagree, the spread is high. Threshold and "
                "kernel make the automatic mask of it, and what you paint lies above."
            ),
        ),
        (
            "Nothing leaves this machine",
            (
                "The program opens no network connection: no telemetry, no search for updates, no downloads. Exports "
                "carry nothing of the picture file's own data."
            ),
        ),
    ):
        frame, words = card()
        words.addWidget(label(heading, "heading"))
        words.addWidget(label(text, "muted"))
        column.addWidget(frame)
    column.addStretch(1)
    return page


def _weights(models: Sequence[ModelInfo], problems: Sequence[str]) -> QWidget:
    page, column = _page()
    for model in models:
        frame, words = card()
        words.addWidget(label(f"{model.name.capitalize()}, version {model.version}", "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.MARGIN)
        grid.setColumnStretch(1, 1)
        figures = ", ".join(f"{name} {value:.3f}" for name, value in sorted(model.metrics.items()))
        for row, (name, text) in enumerate(
            (
                ("SHA-256", model.sha256),
                ("Parameters", f"{model.parameters:,}"),
                ("Trained on", model.training),
                ("Terms", model.terms),
                ("Measured", figures or "nothing recorded"),
            )
        ):
            grid.addWidget(label(name, "muted"), row, 0)
            grid.addWidget(_copyable(text, name) if name == "SHA-256" else label(text), row, 1)
        words.addLayout(grid)
        column.addWidget(frame)
    for sentence in problems:
        column.addWidget(label(sentence, "danger"))
    if not models and not problems:
        column.addWidget(label("No weights have been read yet.", "muted"))
    column.addStretch(1)
    return page


def _licences() -> QWidget:
    page, column = _page()
    column.addWidget(label("LSegDiff stands on these libraries; their licences come with them.", "muted"))
    frame, words = card()
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.WIDE)
    grid.setVerticalSpacing(theme.GAP)
    grid.setColumnStretch(1, 1)
    for row, (name, purpose, licence) in enumerate(LIBRARIES):
        grid.addWidget(label(f"{name} {_installed(name)}".strip()), row, 0)
        grid.addWidget(label(purpose, "muted"), row, 1)
        grid.addWidget(label(licence), row, 2)
    words.addLayout(grid)
    column.addWidget(frame)
    column.addStretch(1)
    return page


def _installed(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _folders() -> QWidget:
    page, column = _page()
    column.addWidget(label("All that the program keeps lies in these folders of your own.", "muted"))
    for name, purpose, folder in (
        ("Work", "Masks, strokes and drafts of pictures opened without a project", places.data_folder()),
        ("Settings", "Theme, drafting and display", places.config_folder()),
        ("Cache", "Can be deleted at any time", places.cache_folder()),
        ("Logs", "What to look at when something went wrong", places.log_folder()),
    ):
        frame, words = card()
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.addWidget(label(name, "heading"), 0, 0)
        grid.addWidget(label(purpose, "muted"), 1, 0)
        grid.addWidget(_copyable(str(folder), f"{name} folder"), 2, 0)
        show = QPushButton("Open")
        show.setAutoDefault(False)
        show.setAccessibleName(f"Open the folder: {name}")
        address = QUrl.fromLocalFile(str(folder))
        show.clicked.connect(lambda _=False, address=address: QDesktopServices.openUrl(address))
        grid.addWidget(show, 2, 1)
        words.addLayout(grid)
        column.addWidget(frame)
    column.addStretch(1)
    return page


def _copyable(text: str, name: str) -> QLineEdit:
    """A line to select and copy from: long values are cut by the window, not by us."""
    line = QLineEdit(text)
    line.setReadOnly(True)
    line.setAccessibleName(name)
    line.setCursorPosition(0)
    return line
