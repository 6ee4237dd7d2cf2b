"""How one line of the picture list is painted: thumbnail, name, and the status as a sign with words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.picture_model import Entry, Role

THUMBNAIL_SIDE = 48
_PADDING = 6
_SIGN = 16

# A shape and a colour each, so that neither has to be told apart alone.
SIGNS: dict[Status, tuple[str, str]] = {
    Status.NEW: ("mdi6.circle-outline", "muted"),
    Status.DRAFTED: ("mdi6.circle-half-full", "accent"),
    Status.IN_PROGRESS: ("mdi6.pencil-circle-outline", "warning"),
    Status.DONE: ("mdi6.check-circle", "success"),
    Status.NO_LESION: ("mdi6.cancel", "success"),
    Status.FLAGGED: ("mdi6.flag", "danger"),
    Status.APPROVED: ("mdi6.check-decagram", "success"),
    Status.REJECTED: ("mdi6.close-circle-outline", "danger"),
}
_ERROR = ("mdi6.alert-circle-outline", "danger")
_DRAFTING = ("mdi6.progress-clock", "accent")
_NO_LESION_FOUND = ("mdi6.circle-off-outline", "accent")
_UNFAMILIAR = ("mdi6.help-circle-outline", "warning")


def sign_of(entry: Entry) -> tuple[str, str]:
    """Glyph and tone of a line."""
    if entry.error:
        return _ERROR
    if entry.drafting:
        return _DRAFTING
    # Its draft is not to be trusted, whatever it found.
    if entry.is_unfamiliar:
        return _UNFAMILIAR
    return _NO_LESION_FOUND if entry.no_lesion_found else SIGNS[entry.row.status]


class PictureDelegate(QStyledItemDelegate):
    """Paints `PictureModel`'s lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Setting a glyph takes longer than all else in a line, and there are few of them; by their colours, so
        # that another theme finds its own.
        self._signs: dict[tuple[str, str, float], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The same for all, so that ten thousand lines need no measuring."""
        return QSize(160, THUMBNAIL_SIDE + 2 * _PADDING)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one line."""
        # Not `initStyleOption`: it asks for a dozen things of each line that are the same for all.
        entry = index.data(Role.ENTRY)
        widget: QWidget | None = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        inner = option.rect.adjusted(_PADDING + 2, _PADDING, -_PADDING - 2, -_PADDING)
        self._paint_thumbnail(painter, QRect(inner.topLeft(), QSize(THUMBNAIL_SIDE, THUMBNAIL_SIDE)), index)
        if entry is None:
            # Its row is on its way: the frame of the thumbnail says that something comes.
            painter.restore()
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        active = bool(option.state & QStyle.StateFlag.State_Active)
        bright = selected and active
        self._paint_words(
            painter,
            inner.adjusted(THUMBNAIL_SIDE + 10, 0, 0, 0),
            entry.row.path.name,
            entry,
            option.palette,
            bright,
        )
        painter.restore()

    def _paint_thumbnail(
        self, painter: QPainter, square: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        image: QImage | None = index.data(Role.THUMBNAIL)
        painter.fillRect(square, Qt.GlobalColor.transparent)
        if image is None:
            painter.setPen(theme.tones().line_strong)
            painter.drawRoundedRect(square.adjusted(0, 0, -1, -1), 4, 4)
            return
        size = image.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QPoint(0, 0), size)
        target.moveCenter(square.center())
        painter.drawImage(target, image)

    def _paint_words(
        self, painter: QPainter, area: QRect, name: str, entry: Entry, palette: QPalette, bright: bool
    ) -> None:
        text = palette.color(QPalette.ColorRole.HighlightedText if bright else QPalette.ColorRole.Text)
        metrics = painter.fontMetrics()
        middle = area.center().y()
        line = QRect(area.left(), middle - metrics.height() - 1, area.width(), metrics.height())
        painter.setPen(text)
        painter.drawText(
            line,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, line.width()),
        )
        if entry.row.note:
            note = QRect(area.right() - _SIGN, middle + 3, _SIGN, _SIGN)
            tone = "highlighted_text" if bright else "muted"
            painter.drawPixmap(note, self._sign(painter, "mdi6.note-text-outline", tone))
            area = area.adjusted(0, 0, -_SIGN - 6, 0)
        glyph, tone = sign_of(entry)
        sign = QRect(area.left(), middle + 3, _SIGN, _SIGN)
        painter.drawPixmap(sign, self._sign(painter, glyph, "highlighted_text" if bright else tone))
        small = QFont(painter.font())
        small.setPointSizeF(max(7.0, small.pointSizeF() - 1))
        painter.setFont(small)
        painter.setPen(text if bright else theme.tones().muted)
        words = QRect(sign.right() + 6, sign.top(), area.right() - sign.right() - 6, sign.height())
        painter.drawText(
            words,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            QFontMetrics(small).elidedText(entry.words, Qt.TextElideMode.ElideRight, words.width()),
        )

    def _sign(self, painter: QPainter, glyph: str, tone: str) -> QPixmap:
        density = painter.device().devicePixelRatio()
        key = glyph, str(getattr(theme.tones(), tone)), density
        if key not in self._signs:
            self._signs[key] = theme.icon(glyph, tone).pixmap(QSize(_SIGN, _SIGN), density)
        return self._signs[key]
