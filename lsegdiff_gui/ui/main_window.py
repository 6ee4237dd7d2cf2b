"""The main window: what stands where, and what happens when it opens, is dropped on, and closes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QSplitter,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui import places
from lsegdiff_gui.project.naming import project_in, shown_name
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.asking import Asking
from lsegdiff_gui.ui.batching import Batching
from lsegdiff_gui.ui.blind import Blind
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.commanding import Commanding
from lsegdiff_gui.ui.doubting import Doubting
from lsegdiff_gui.ui.doubts import Doubts
from lsegdiff_gui.ui.filming import Filming
from lsegdiff_gui.ui.hinting import Hinting
from lsegdiff_gui.ui.labelling import Labelling
from lsegdiff_gui.ui.ledger import Ledger
from lsegdiff_gui.ui.listing import Listing
from lsegdiff_gui.ui.live_view import LiveView
from lsegdiff_gui.ui.looking_back import LookingBack
from lsegdiff_gui.ui.mask_commands import MaskCommands
from lsegdiff_gui.ui.message_bar import MessageBar
from lsegdiff_gui.ui.model_facts import ModelFacts
from lsegdiff_gui.ui.opening import Shown
from lsegdiff_gui.ui.opinions import Opinions
from lsegdiff_gui.ui.panels.draft_panel import DraftSettings
from lsegdiff_gui.ui.panels.picture_list import PictureList
from lsegdiff_gui.ui.panels.picture_model import PictureModel
from lsegdiff_gui.ui.panels.player import StepPlayer
from lsegdiff_gui.ui.panels.section import Section
from lsegdiff_gui.ui.panels.strips import Strips
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.projects import Projects
from lsegdiff_gui.ui.ranking import RankingReport
from lsegdiff_gui.ui.readout import Readout
from lsegdiff_gui.ui.reviewing import Reviewing
from lsegdiff_gui.ui.room import within_screen
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.ui.settings import Settings
from lsegdiff_gui.ui.showing import Showing
from lsegdiff_gui.ui.side_panels import SidePanels
from lsegdiff_gui.ui.staff import Staff
from lsegdiff_gui.ui.statistics import Statistics
from lsegdiff_gui.ui.status_bar import StatusBar
from lsegdiff_gui.ui.tool_commands import ToolCommands
from lsegdiff_gui.ui.tool_options import ToolOptions

_SIZE = QSize(1400, 880)
_LIST_WIDTH = 244
_PANELS_WIDTH = 336
# How long a closing window waits for the step or the file that is under way.
_STOP_MS = 5000


class MainWindow(QMainWindow):
    """Builds the widgets and hands them to those who keep them in step with the session."""

    def __init__(self, staff: Staff, preferences: Preferences) -> None:
        super().__init__()
        settings = preferences.settings
        self.setWindowTitle("LSegDiff")
        self.setWindowIcon(theme.application_icon())
        self.setAcceptDrops(True)
        self.preferences = preferences
        staff.use_limits(settings.limits)
        self.session = Session(
            staff,
            DraftSettings("", settings.steps, settings.samples, settings.seed, settings.device),
            self,
        )
        self.session.draws_blind = settings.blind
        self.still_running: list[str] = []
        self.actions_by_id = Actions(self)
        # What the commands' keys were made from; the defaults are in them from the start.
        self._keys: Mapping[str, tuple[str, ...]] = {}

        self.canvas = Canvas()
        self.strips = Strips()
        self.player = StepPlayer(settings.step_ms, self)
        self.messages = MessageBar()
        self.panels = SidePanels(self.session, preferences, self.actions_by_id)
        self.tool_options = ToolOptions()
        self.status = StatusBar()
        self.setStatusBar(self.status)
        model = PictureModel(self.session.rows, self)
        self.pictures = PictureList(model)
        self._lay_out()

        self.live = LiveView(self.canvas, self.strips.film, self.player)
        self.showing = Showing(self.session, self.canvas, self.strips, self.live)
        self._listing = Listing(self.session, model, self.pictures)
        self._facts = ModelFacts(self.session, self.status, self)
        self._labelling = Labelling(self.session, self.canvas, self.panels.label_panel)
        self._readout = Readout(self.session, self.canvas, self.status)
        self.asking = Asking(self, self.session, preferences, self.panels.draft_panel)
        self.projects = Projects(
            self, self.actions_by_id, self.session, self.asking, preferences, self.messages
        )
        self._looking_back = LookingBack(
            self, self.actions_by_id, self.session, self.asking, self.canvas.finish_gesture
        )
        self._ledger = Ledger(self.session, self.canvas)
        self._statistics = Statistics(self, self.session, self.asking)
        self._blind = Blind(self.session, self.showing, self.panels.display_panel)
        self._reviewing = Reviewing(self.session, self.canvas, self.pictures, model, self._blind)
        RankingReport(self.session, self._reviewing)
        self.pictures.filters.offer(self.actions_by_id["picture.uncertain"])
        self._batching = Batching(self.session, self.pictures.batch, self.actions_by_id, self.asking.show)
        self._doubts = Doubts(self.session, self.messages, self.actions_by_id, self.asking.replaces)
        self.hinting = Hinting(self.session, self.asking.replaces)
        self.opinions = Opinions(self.session.editing, self.canvas, self.strips, self.live)
        self._commanding = Commanding(
            self,
            self.actions_by_id,
            self.session,
            self.asking,
            canvas=self.canvas,
            live=self.live,
            pictures=self.pictures,
            reviewing=self._reviewing,
            statistics=self._statistics,
            blind=self._blind,
            hinting=self.hinting,
            doubting=Doubting(self.session, self.canvas),
            opinions=self.opinions,
            filming=Filming(self, self.session, self.asking),
            display_panel=self.panels.display_panel,
            about=lambda: self.asking.show(self._facts.about(self), lambda: None),
        )
        self._tool_commands = ToolCommands(
            self.actions_by_id,
            self.session.editing,
            preferences,
            canvas=self.canvas,
            options=self.tool_options,
            labels=self.panels.label_panel,
        )
        self._mask_commands = MaskCommands(
            self.actions_by_id,
            self.session,
            preferences,
            canvas=self.canvas,
            panel=self.panels.mask_panel,
        )
        self._bind_keys(settings)
        self._fill_bars()
        self._join()
        self._restore_layout()

    def start(self, paths: list[Path], project: Path | None = None) -> None:
        """Open a project and these pictures; to be called once the window is on the screen.

        Without a project: one among the paths; without paths the one that was open last; else the unnamed one.
        """
        last = [Path(text) for text in self.preferences.settings.recent[:1] if not paths]
        wanted = project or next(filter(None, map(project_in, [*paths, *last])), None)
        if wanted is not None and not paths and not wanted.exists():
            wanted = project  # it was moved away since
        if wanted is None and paths:
            self.asking.open_paths(paths)
        self.projects.start(wanted)

    # What stands where

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.strips)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setAccessibleName("Pictures, canvas and panels")
        self._splitter.setHandleWidth(1)
        for widget in (self.pictures, middle, self.panels):
            self._splitter.addWidget(widget)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setCollapsible(1, False)
        self._splitter.setSizes([_LIST_WIDTH, _SIZE.width() - _LIST_WIDTH - _PANELS_WIDTH, _PANELS_WIDTH])
        self.pictures.setMinimumWidth(180)
        # Enter ends the typing, so that the next letter is a command again.
        for box in self.panels.findChildren(QLineEdit):
            box.returnPressed.connect(self.canvas.setFocus)
        self.setCentralWidget(self._splitter)
        self.resize(_SIZE)
        # Not the filter field: the first keys are commands.
        self.canvas.setFocus()

    def _fill_bars(self) -> None:
        self._recent = QMenu("Open &recent", self)
        self._recent.aboutToShow.connect(self._fill_recent)
        themes = QMenu("&Theme", self)
        group = QActionGroup(self)
        for scheme, words in (("system", "Like the deskto&p"), ("light", "&Light"), ("dark", "&Dark")):
            action = themes.addAction(words)
            action.setCheckable(True)
            action.setData(scheme)
            action.setChecked(scheme == self.preferences.settings.theme)
            group.addAction(action)
        group.triggered.connect(lambda action: self.preferences.change(theme=action.data()))
        self._themes = group
        self.actions_by_id.fill_menu_bar(self.menuBar(), {"recent": self._recent, "theme": themes})
        bar = QToolBar("Tools")
        bar.setAccessibleName("Tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(theme.ICON, theme.ICON))
        # A tool bar that can be hidden by a right click is one that somebody cannot find again.
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        stretch = QWidget()
        stretch.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addToolBar(bar)
        self.actions_by_id.fill_tool_bar(bar, {"tool options": self.tool_options, "stretch": stretch})

    def _join(self) -> None:
        session = self.session
        session.message.connect(self.projects.show)
        self.preferences.message.connect(lambda message: self.messages.show_message(message))
        session.keeping.withdrawn.connect(self.messages.withdraw)
        session.keeping.told.connect(self.status.show_saved)
        session.editing.turns.working.connect(self.status.show_working)
        session.opening.shown.connect(self._shown)
        session.opening.ready.connect(lambda _project: self._entitle(""))
        session.opening.reading.connect(lambda row: self._entitle(row.path.name))
        session.opening.emptied.connect(self._emptied)
        session.opening.unreadable.connect(lambda _row, _sentence: self._forget_picture())
        self.canvas.zoom_changed.connect(self.status.show_zoom)
        self.canvas.hint_wanted.connect(self.hinting.add)
        self.canvas.hint_gone_wanted.connect(self.hinting.remove)
        self.canvas.look_wanted.connect(self.hinting.look)
        self.hinting.changed.connect(self.canvas.show_hints)
        self.panels.display_panel.overlay_changed.connect(self.showing.set_overlay)
        self.panels.display_panel.overlay_changed.connect(self._commanding.show_overlay)
        self.panels.display_panel.picture_changed.connect(self.showing.set_picture_look)
        self.preferences.changed.connect(self._settings_changed)
        self.showing.set_overlay(self.panels.display_panel.overlay)

    def _bind_keys(self, settings: Settings) -> None:
        if settings.keys != self._keys:
            self._keys = settings.keys
            self.actions_by_id.bind(self.asking.keymap(self.actions_by_id).all)

    # What happens

    def _shown(self, shown: Shown) -> None:
        self.status.show_size((shown.document.width, shown.document.height))
        self.status.show_zoom(self.canvas.zoom)

    def _entitle(self, picture: str) -> None:
        opening = self.session.opening
        project = shown_name(opening.project) if opening.is_open else ""
        self.setWindowTitle(" – ".join(name for name in (picture, project, "LSegDiff") if name))

    def _emptied(self) -> None:
        self._entitle("")
        self._forget_picture()

    def _forget_picture(self) -> None:
        self.status.show_size(None)
        self.status.show_zoom(None)

    def _settings_changed(self, settings: Settings) -> None:
        self._bind_keys(settings)
        self.session.staff.use_limits(settings.limits)
        self.session.draws_blind = settings.blind
        self.player.step_ms = settings.step_ms
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, cast(theme.Scheme, settings.theme))
        for action in self._themes.actions():
            action.setChecked(action.data() == settings.theme)

    def _fill_recent(self) -> None:
        self._recent.clear()
        there = [path for path in map(Path, self.preferences.settings.recent) if path.exists()]
        for path in there:
            action = self._recent.addAction(path.name or str(path))
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self.asking.open_paths([path]))
        if not there:
            self._recent.addAction("Nothing yet").setEnabled(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if event.mimeData().hasUrls() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped; annotations are looked at for their masks."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            annotations = [path for path in paths if path.suffix.lower() == ".json"]
            if annotations:
                self.asking.import_masks(annotations)
            else:
                self.asking.open_paths(paths)

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Finish the stroke, stop drafts, save, and wait a little for the threads; never abort the process."""
        self.canvas.finish_gesture()
        self._ledger.note()
        if self.session.editing.turns.is_busy:
            # What was asked for is done first; it takes a moment, and Esc ends it.
            event.ignore()
            self.session.editing.turns.take(self.close)
            return
        if not self.projects.may_close():
            event.ignore()
            return
        self.asking.close()
        self.session.guarding.stop()
        self._keep_layout()
        self.preferences.write()
        # Out of sight at once; what takes longer is not the user's concern any more.
        self.hide()
        self.still_running = self.session.staff.stop(_STOP_MS)
        event.accept()

    def _layout_file(self) -> QSettings:
        # Qt's opaque state of the window, apart from the settings a person may read.
        return QSettings(str(places.config_folder() / "window.ini"), QSettings.Format.IniFormat)

    def _keep_layout(self) -> None:
        kept = self._layout_file()
        kept.setValue("geometry", self.saveGeometry())
        kept.setValue("splitter", self._splitter.saveState())
        # As one text: a list of one would come back as something else.
        folded = (section.title for section in self._sections() if section.is_folded)
        kept.setValue("folded", "\n".join(folded))

    def _sections(self) -> list[Section]:
        return self.panels.findChildren(Section)

    def _restore_layout(self) -> None:
        kept = self._layout_file()
        folded = str(kept.value("folded", "")).splitlines()
        for section in self._sections():
            section.fold(section.title in folded)
        if (geometry := kept.value("geometry")) is not None:
            self.restoreGeometry(geometry)
        if (state := kept.value("splitter")) is not None:
            self._splitter.restoreState(state)
        if not self.isMaximized():
            # The screen may be smaller than the window's first size, or than the screen it was left on.
            self.resize(within_screen(self, self.size()))
