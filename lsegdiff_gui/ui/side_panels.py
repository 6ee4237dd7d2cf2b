"""The column at the right: Draft, Mask, Labels and Display, joined with the session and the settings."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QStyle, QVBoxLayout, QWidget

from lsegdiff_gui.annotation.area import area_of
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.opening import Shown
from lsegdiff_gui.ui.panels.display_panel import DisplayPanel, OverlayLook
from lsegdiff_gui.ui.panels.draft_panel import DraftPanel, DraftSettings, Progress
from lsegdiff_gui.ui.panels.label_panel import LabelPanel
from lsegdiff_gui.ui.panels.mask_panel import MaskPanel
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.ui.settings import Settings


class SidePanels(QScrollArea):
    """Builds the four panels and keeps them in step; the labels' needs the canvas: see `Labelling`."""

    def __init__(self, session: Session, preferences: Preferences, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self._preferences = preferences
        settings = preferences.settings
        self.draft_panel = DraftPanel(actions["draft.run"], actions["draft.all"], actions["draft.stop"])
        self.mask_panel = MaskPanel(settings.recipe)
        self.label_panel = LabelPanel(self._pixels_of)
        self.display_panel = DisplayPanel()
        self.setAccessibleName("Panels")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Tab goes through the controls; the column itself is no stop on the way.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column_widget = QWidget()
        column = QVBoxLayout(column_widget)
        column.setContentsMargins(theme.GAP, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.MARGIN)
        for panel in (self.draft_panel, self.mask_panel, self.label_panel, self.display_panel):
            column.addWidget(panel)
        column.addStretch(1)
        self.setWidget(column_widget)
        # With room for the scroll bar, or it would cover the controls when it comes.
        scroll_bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setMinimumWidth(column_widget.minimumSizeHint().width() + scroll_bar)
        self.viewport().setAutoFillBackground(False)
        column_widget.setAutoFillBackground(False)
        # A click leaves the keys with the canvas: Space moves the picture and does not press a button again.
        for button in column_widget.findChildren(QAbstractButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.draft_panel.show_settings(session.draft_settings)
        self.display_panel.show_overlay(
            OverlayLook(settings.overlay_visible, settings.overlay_opacity, settings.overlay_outline)
        )
        self._join_draft()
        self._join_mask()
        self.display_panel.overlay_changed.connect(self._overlay_changed)
        session.opening.shown.connect(lambda shown: self.display_panel.show_picture(shown.loaded.picture))
        session.opening.emptied.connect(lambda: self.display_panel.show_picture(None))
        preferences.changed.connect(self._settings_changed)

    def _join_draft(self) -> None:
        session = self._session
        self.draft_panel.changed.connect(self._draft_settings_changed)
        session.choosing.chosen.connect(
            lambda model: self.draft_panel.show_settings(replace(self.draft_panel.settings, model=model))
        )
        session.editing.draft_changed.connect(self.draft_panel.show_draft)
        session.drafting.progressed.connect(self._draft_progressed)
        session.drafting.ended.connect(lambda _id: self._show_progress())
        session.opening.reading.connect(lambda _row: self._show_progress())
        session.opening.emptied.connect(self._show_progress)
        session.batch.progressed.connect(lambda progress: self.draft_panel.show_batch(progress is not None))
        self.draft_panel.batch_stop_wanted.connect(session.batch.stop)

    def _join_mask(self) -> None:
        session = self._session
        self.mask_panel.tried.connect(session.editing.try_recipe)
        self.mask_panel.settled.connect(self._recipe_settled)
        session.editing.recipe_changed.connect(self.mask_panel.show_recipe)
        session.editing.stepped.connect(self._follow_document)
        session.editing.draft_changed.connect(
            lambda draft: self.mask_panel.show_edges(known=draft is None or draft.edged is not None)
        )
        session.opening.shown.connect(self._show_size)
        session.opening.emptied.connect(lambda: self.mask_panel.show_size(0, 0))
        self._follow_document()

    def _pixels_of(self, label: int) -> int:
        document = self._session.editing.document
        return 0 if document is None else area_of(document.final, label)

    def _draft_settings_changed(self, settings: DraftSettings) -> None:
        self._session.set_draft_settings(settings)
        self._preferences.change(
            steps=settings.steps, samples=settings.samples, seed=settings.seed, device=settings.device
        )

    def _draft_progressed(self, picture_id: int, progress: Progress) -> None:
        if picture_id == self._session.opening.current:
            self.draft_panel.show_progress(progress)

    def _show_progress(self) -> None:
        self.draft_panel.show_progress(self._session.drafting.progress_of(self._session.opening.current))

    def _recipe_settled(self, recipe: Recipe) -> None:
        self._session.editing.settle_recipe(recipe)

    def _follow_document(self) -> None:
        document = self._session.editing.document
        # A mask taken as it is does not follow the recipe.
        self.mask_panel.setEnabled(document is not None and not document.base.is_mask)

    def _show_size(self, shown: Shown) -> None:
        self.mask_panel.show_size(shown.document.width, shown.document.height)

    def _overlay_changed(self, look: OverlayLook) -> None:
        self._preferences.change(
            overlay_visible=look.visible, overlay_opacity=look.opacity, overlay_outline=look.outline
        )

    def _settings_changed(self, settings: Settings) -> None:
        mine = self.draft_panel.settings
        theirs = replace(
            mine,
            steps=settings.steps,
            samples=settings.samples,
            seed=settings.seed,
            device=settings.device,
        )
        if theirs != mine:
            self.draft_panel.show_settings(theirs)
            self._session.set_draft_settings(theirs)
