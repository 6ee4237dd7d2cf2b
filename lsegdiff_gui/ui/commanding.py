"""What the commands of files, drafts, views and pictures do, and when any command may be given."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from lsegdiff_gui import places
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.ui.action_table import Scope
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.asking import Asking
from lsegdiff_gui.ui.blind import Blind
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.ui.doubting import Doubting
from lsegdiff_gui.ui.filming import Filming
from lsegdiff_gui.ui.hinting import Hinting
from lsegdiff_gui.ui.live_view import LiveView
from lsegdiff_gui.ui.opinions import Opinions
from lsegdiff_gui.ui.panels.display_panel import DisplayPanel, OverlayLook
from lsegdiff_gui.ui.panels.picture_list import PictureList
from lsegdiff_gui.ui.reviewing import Reviewing
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.ui.statistics import Statistics

_ZOOM_STEP = 1.25
_OPACITY_STEP = 0.05


class Commanding(QObject):
    """Joins the table of commands with those who carry them out."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        session: Session,
        asking: Asking,
        *,
        canvas: Canvas,
        live: LiveView,
        pictures: PictureList,
        reviewing: Reviewing,
        statistics: Statistics,
        blind: Blind,
        hinting: Hinting,
        doubting: Doubting,
        opinions: Opinions,
        filming: Filming,
        display_panel: DisplayPanel,
        about: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._session = session
        self._canvas = canvas
        self._live = live
        self._display = display_panel
        actions.connect(
            {
                "file.open": asking.pictures,
                "file.open_folder": asking.folder,
                "file.samples": lambda: session.open_paths([places.bundled("resources", "samples")]),
                "file.clear": session.clear_list,
                "file.import": self._editing(asking.import_masks),
                "file.export": self._export(asking),
                "file.statistics": statistics.show,
                "file.settings": asking.settings,
                "file.keys": lambda: asking.change_keys(actions),
                "file.quit": window.close,
                "edit.undo": self._undo,
                "edit.redo": self._editing(session.editing.redo),
                "draft.run": self._editing(lambda: session.draft(asking.replaces)),
                "draft.all": lambda: session.draft_all(pictures.filters.query),
                "draft.selected": lambda: session.draft_selected(pictures.selected),
                "draft.pause": lambda: session.batch.pause(not session.batch.is_paused),
                "draft.stop": self.escape,
                "draft.around": self._editing(hinting.around_work),
                "draft.next_opinion": self._editing(lambda: opinions.cycle(1)),
                "draft.previous_opinion": self._editing(lambda: opinions.cycle(-1)),
                "draft.next_doubt": doubting.next,
                "draft.confirm_doubt": self._editing(doubting.confirm),
                "draft.play": live.play,
                "draft.use_step": self._editing(opinions.use_step),
                "draft.save_film": filming.ask_file,
                "view.fit": canvas.fit,
                "view.actual": lambda: canvas.zoom_to(1.0),
                "view.double": lambda: canvas.zoom_to(2.0),
                "view.zoom_in": lambda: canvas.zoom_by(_ZOOM_STEP),
                "view.zoom_out": lambda: canvas.zoom_by(1 / _ZOOM_STEP),
                "view.overlay": lambda: display_panel.change_overlay(
                    visible=not display_panel.overlay.visible
                ),
                "view.outline": lambda: display_panel.change_overlay(
                    outline=not display_panel.overlay.outline
                ),
                "view.more_opaque": lambda: self._change_opacity(_OPACITY_STEP),
                "view.less_opaque": lambda: self._change_opacity(-_OPACITY_STEP),
                "view.swipe": lambda: display_panel.toggle_comparison(Compare.SWIPE),
                "view.difference": lambda: display_panel.toggle_comparison(Compare.DIFFERENCE),
                "view.doubt": lambda: display_panel.toggle_comparison(Compare.DOUBT),
                "picture.previous": lambda: reviewing.step(-1),
                "picture.next": lambda: reviewing.step(1),
                "picture.previous_open": lambda: reviewing.step(-1, unreviewed=True),
                "picture.next_open": lambda: reviewing.step(1, unreviewed=True),
                "picture.uncertain": reviewing.least_certain,
                "picture.find": lambda: pictures.filters.words.setFocus(Qt.FocusReason.ShortcutFocusReason),
                "picture.done": reviewing.accept,
                "picture.no_lesion": lambda: reviewing.say(Status.NO_LESION),
                "picture.flag": lambda: reviewing.say(Status.FLAGGED),
                "picture.approve": reviewing.approve,
                "picture.reject": reviewing.reject,
                "picture.note": reviewing.write_note,
                "picture.accept_file": session.accept_file,
                "draft.reveal": blind.reveal,
                "help.keys": lambda: asking.keys(actions),
                "help.commands": lambda: asking.commands(actions),
                "help.about": about,
            }
        )
        session.opening.listed.connect(lambda count: actions.set_enabled(Scope.LIST, count > 0))
        session.editing.stepped.connect(self._follow_document)
        session.editing.turns.working.connect(self._follow_document)
        session.choosing.chosen.connect(lambda _model: self._follow_document())
        self.show_overlay(display_panel.overlay)
        actions.set_enabled(Scope.LIST, False)
        self._follow_document()

    def show_overlay(self, look: OverlayLook) -> None:
        """Check the buttons that say how the mask is shown."""
        self._actions["view.overlay"].setChecked(look.visible)
        self._actions["view.outline"].setChecked(look.outline)
        self._actions["view.swipe"].setChecked(look.compare is Compare.SWIPE)
        self._actions["view.difference"].setChecked(look.compare is Compare.DIFFERENCE)
        self._actions["view.doubt"].setChecked(look.compare is Compare.DOUBT)

    def escape(self) -> None:
        """Leave, in this order: the open gesture, a command under way, a step looked at, the draft, drafting all."""
        turns = self._session.editing.turns
        if self._canvas.cancel_gesture() or turns.call_off() or turns.is_busy:
            return
        if not (self._live.dismiss() or self._session.stop_draft()):
            self._session.batch.stop()

    def _follow_document(self) -> None:
        document = self._session.editing.document
        self._actions.set_enabled(Scope.PICTURE, document is not None)
        # What is under way can be taken back too.
        busy = self._session.editing.turns.is_busy
        self._actions["edit.undo"].setEnabled(document is not None and (busy or document.can_undo))
        self._actions["edit.redo"].setEnabled(document is not None and document.can_redo)

    def _editing(self, step: Callable[[], None]) -> Callable[[], None]:
        """A step of the document, which an open stroke must not be in the way of."""

        def take() -> None:
            self._canvas.finish_gesture()
            step()

        return take

    def _undo(self) -> None:
        """Take back the last corner of an open outline, else the last step."""
        if not self._canvas.step_back():
            self._canvas.finish_gesture()
            self._session.editing.undo()

    def _export(self, asking: Asking) -> Callable[[], None]:
        return self._editing(asking.export)

    def _change_opacity(self, by: float) -> None:
        opacity = min(max(self._display.overlay.opacity + by, 0.0), 1.0)
        self._display.change_overlay(opacity=round(opacity, 2))
