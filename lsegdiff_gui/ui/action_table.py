"""Every command of the window, declared once: menus, tool bar, keys and the key sheet are made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QKeySequence


class Scope(StrEnum):
    """When a command may be given."""

    ALWAYS = "always"
    LIST = "list"  # at least one picture is listed
    PICTURE = "picture"  # a picture is on the canvas
    STATE = "state"  # its controller says when, e.g. undo


@dataclass(frozen=True)
class ActionSpec:
    """One command. `keys` are the defaults; the first is shown in menus and tool tips."""

    id: str
    text: str
    icon: str
    keys: tuple[str, ...]
    scope: Scope
    help: str
    checkable: bool = False

    @property
    def name(self) -> str:
        """The text without the menu's mnemonic and dots."""
        return self.text.replace("&", "").removesuffix("…")

    @property
    def group(self) -> str:
        """The first part of the id, e.g. "draft" of "draft.run"."""
        return self.id.partition(".")[0]

    @property
    def section(self) -> str:
        """The heading under which the command is listed."""
        return SECTIONS[self.group]


def _spec(
    id: str,
    text: str,
    icon: str,
    keys: str,
    scope: Scope,
    help: str,
    checkable: bool = False,
) -> ActionSpec:
    return ActionSpec(id, text, icon, tuple(keys.split()), scope, help, checkable)


# Group to heading, in the order of the key sheet and the docs.
SECTIONS = {
    "file": "Files",
    "edit": "Editing",
    "tool": "Tools",
    "draft": "Drafting",
    "mask": "Mask",
    "label": "Labels",
    "view": "View",
    "picture": "Pictures",
    "help": "Help",
}

_ALWAYS, _LIST, _PICTURE, _STATE = Scope.ALWAYS, Scope.LIST, Scope.PICTURE, Scope.STATE

# By the digit of the label that each one chooses.
LABEL_IDS = tuple(
    f"label.{word}"
    for word in ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
)

ACTIONS: tuple[ActionSpec, ...] = (
    # Files
    _spec("file.open", "&Open pictures…", "mdi6.image-plus-outline", "Ctrl+O", _ALWAYS,
          "Add picture files to the list"),
    _spec("file.open_folder", "Open &folder…", "mdi6.folder-open-outline", "Ctrl+Shift+O", _ALWAYS,
          "Add all pictures of a folder to the list"),
    _spec("file.samples", "Open the sa&mple pictures", "mdi6.image-multiple-outline", "", _ALWAYS,
          "Add the drawn pictures that come with the program"),
    _spec("file.clear", "&Clear the list", "mdi6.playlist-remove", "", _LIST,
          "Take all pictures off the list; their masks are kept and come back with the pictures"),
    _spec("file.project_new", "&New project…", "mdi6.folder-plus-outline", "Ctrl+N", _ALWAYS,
          "Begin a project in a folder of its own"),
    _spec("file.project_open", "Open pro&ject…", "mdi6.folder-star-outline", "", _ALWAYS,
          "Go on with a project"),
    _spec("file.project_save", "Save project &as…", "mdi6.content-save-outline", "Ctrl+Shift+S", _ALWAYS,
          "Give the work a folder of its own and go on there; pictures stay where they are"),
    _spec("file.project_copy", "Save a cop&y…", "mdi6.content-save-all-outline", "", _ALWAYS,
          "Write a whole copy of the project, and go on in this one"),
    _spec("file.backup", "Go &back to a backup…", "mdi6.backup-restore", "", _ALWAYS,
          "Take one of the last copies of the project instead; the present file is kept beside it"),
    _spec("file.relink", "Find &missing pictures…", "mdi6.link-variant-plus", "", _LIST,
          "Look in a folder for pictures that were moved or renamed"),
    _spec("file.import", "&Import masks…", "mdi6.import", "Ctrl+I", _ALWAYS,
          "Take masks from COCO and labelme files, and from mask pictures"),
    _spec("file.export", "&Export masks…", "mdi6.export-variant", "Ctrl+E", _LIST,
          "Write masks as PNG or COCO files"),
    _spec("file.statistics", "S&tatistics…", "mdi6.chart-bar", "", _LIST,
          "How many pictures of each status, time, strokes, and how well the drafts fit; also as a table"),
    _spec("file.settings", "&Settings…", "mdi6.cog-outline", "Ctrl+,", _ALWAYS,
          "Change how the program behaves"),
    _spec("file.keys", "Change the &keys…", "mdi6.keyboard-settings-outline", "", _ALWAYS,
          "Give commands other keys"),
    _spec("file.quit", "&Quit", "mdi6.exit-to-app", "Ctrl+Q", _ALWAYS,
          "Close the window; everything is saved"),
    # Edit
    _spec("edit.undo", "&Undo", "mdi6.undo", "Ctrl+Z", _STATE, "Take the last change back"),
    _spec("edit.redo", "&Redo", "mdi6.redo", "Ctrl+Shift+Z Ctrl+Y", _STATE, "Do the change again"),
    _spec("edit.copy", "&Copy the mask", "mdi6.content-copy", "Ctrl+C", _PICTURE,
          "Take the mask along to another picture"),
    _spec("edit.paste", "&Paste the mask", "mdi6.content-paste", "Ctrl+V", _PICTURE,
          "Paint the copied mask; on a picture of another size it is scaled"),
    # Tools
    _spec("tool.brush", "&Brush", "mdi6.brush", "B", _PICTURE,
          "Paint what belongs to the lesion or polyp; Ctrl erases", True),
    _spec("tool.eraser", "&Eraser", "mdi6.eraser", "E", _PICTURE, "Paint what does not belong; Ctrl paints", True),
    _spec("tool.polygon", "&Polygon", "mdi6.vector-polygon", "P", _PICTURE,
          "Click corners; Enter, a double click or a click on the first one closes, Backspace takes one back; "
          "Ctrl at the first corner erases the inside", True),
    _spec("tool.lasso", "&Lasso", "mdi6.lasso", "L", _PICTURE,
          "Draw around what belongs; Ctrl erases the inside", True),
    _spec("tool.wand", "Magic &wand", "mdi6.select-color", "W", _PICTURE,
          "Press on a colour and drag sideways to take more or less of what is like it; Ctrl erases it", True),
    _spec("tool.fill", "&Fill", "mdi6.format-color-fill", "G", _PICTURE,
          "Fill what has one label around the click; Ctrl erases it", True),
    _spec("tool.keep", "&Keep one part", "mdi6.select-place", "I", _PICTURE,
          "Click on the part that stays: the others of its label go; Ctrl removes the part instead", True),
    _spec("tool.remove", "&Remove one part", "mdi6.select-remove", "Shift+I", _PICTURE,
          "Click on a part that hangs together: it goes; Ctrl keeps it and removes the others", True),
    _spec("tool.cut", "&Cut a lesion in two", "mdi6.content-cut", "S", _PICTURE,
          "Drag a line across: each side is a lesion of its own, and no pixel changes; Ctrl ties instead", True),
    _spec("tool.tie", "&Tie parts to one lesion", "mdi6.vector-line", "T", _PICTURE,
          "Drag from one part to another: they are one lesion, and no pixel changes; Ctrl cuts instead", True),
    _spec("tool.revert", "Re&vert in a box", "mdi6.select-drag", "Shift+R", _PICTURE,
          "Drag a box: what was painted in it goes back to the draft; Ctrl clears the box", True),
    _spec("tool.hint", "Tell the model (&hints)", "mdi6.comment-plus-outline", "H", _PICTURE,
          "Click what belongs, right-click what does not, drag a box to have it looked at in full detail; "
          "Shift draws a line; a click on a mark takes it back", True),
    _spec("tool.swap", "Swap brush and eraser", "mdi6.swap-horizontal", "X", _PICTURE,
          "Change to the other of the two"),
    _spec("tool.smaller", "Smaller brush", "mdi6.minus-circle-outline", "[", _PICTURE,
          "Make the brush smaller; with the wand in the hand, its tolerance"),
    _spec("tool.larger", "Larger brush", "mdi6.plus-circle-outline", "]", _PICTURE,
          "Make the brush larger; with the wand in the hand, its tolerance"),
    _spec("tool.much_smaller", "Much smaller brush", "", "Shift+[", _PICTURE, "Five times the step"),
    _spec("tool.much_larger", "Much larger brush", "", "Shift+]", _PICTURE, "Five times the step"),
    # Drafting
    _spec("draft.run", "&Draft this picture", "mdi6.creation-outline", "R", _PICTURE,
          "Let the model draft the mask"),
    _spec("draft.all", "Draft &all pictures", "mdi6.auto-fix", "Ctrl+Shift+R", _LIST,
          "Draft every new picture that the list shows, in the background; nothing that was worked on is touched"),
    _spec("draft.selected", "Draft the se&lected pictures", "mdi6.selection-multiple", "", _LIST,
          "Draft what is selected in the list, drafted pictures anew; nothing that was worked on is touched"),
    _spec("draft.reveal", "Re&veal the hidden draft", "mdi6.eye-outline", "Shift+H", _PICTURE,
          "See what the model drafted, where the settings keep it out of sight at first"),
    _spec("draft.around", "Draft around my &work", "mdi6.auto-fix", "Shift+Q", _PICTURE,
          "Draft again with all that was painted and erased as hints; painted pixels stay as they are"),
    _spec("draft.next_opinion", "Next &opinion", "mdi6.account-switch-outline", "Y", _PICTURE,
          "Make the next sample the mask; after the last one comes the mean of all"),
    _spec("draft.previous_opinion", "Previous opinion", "", "Shift+Y", _PICTURE, "Make the sample before it the mask"),
    _spec("draft.next_doubt", "&Next doubtful region", "mdi6.map-marker-question-outline", "N", _PICTURE,
          "Go to the largest region in which the samples differ and nobody has painted, and zoom there"),
    _spec("draft.confirm_doubt", "&Confirm it, go to the next", "mdi6.map-marker-check-outline", "Shift+N", _PICTURE,
          "Pin the mask in the doubtful region as it is, and go to the next"),
    _spec("draft.play", "&Play the film", "mdi6.play-outline", "Shift+P", _PICTURE,
          "Show again how the mask was found, step by step"),
    _spec("draft.use_step", "&Take the step that is seen", "mdi6.check", "Shift+T", _PICTURE,
          "Make the step of the film that is looked at the mask"),
    _spec("draft.save_film", "Save the &film…", "mdi6.filmstrip", "", _PICTURE,
          "Write the steps over the picture as a strip (PNG) or moving (GIF)"),
    _spec("draft.pause", "&Pause drafting all", "mdi6.pause", "", _STATE,
          "Draft no more pictures in the background for now, or go on"),
    _spec("draft.stop", "&Stop", "mdi6.stop-circle-outline", "Esc", _ALWAYS,
          "Leave the open gesture, else stop the running draft, else drafting all"),
    # Mask
    _spec("mask.kernel_up", "Larger kernel", "mdi6.arrow-expand-all", "K", _PICTURE, "Smooth the mask more"),
    _spec("mask.kernel_down", "Smaller kernel", "mdi6.arrow-collapse-all", "Shift+K", _PICTURE,
          "Smooth the mask less"),
    _spec("mask.fill_holes", "Fill &holes", "mdi6.circle-slice-8", "Shift+F", _PICTURE,
          "Close or open the holes of the automatic mask"),
    _spec("mask.close_holes", "Fill holes for goo&d", "mdi6.circle", "", _PICTURE,
          "Paint the holes of the active label, whatever the sliders do later"),
    _spec("mask.largest", "&Largest part only", "mdi6.circle-double", "", _PICTURE,
          "Erase all parts of the active label but the largest"),
    _spec("mask.grow", "&Grow the label", "mdi6.arrow-expand", "Ctrl+]", _PICTURE,
          "Move the edge of the active label outwards; the settings say how far"),
    _spec("mask.shrink", "Shri&nk the label", "mdi6.arrow-collapse", "Ctrl+[", _PICTURE,
          "Move the edge of the active label inwards; the settings say how far"),
    _spec("mask.smooth", "&Smooth the label", "mdi6.blur", "", _PICTURE,
          "Round off the edge of the active label; the settings say how much"),
    _spec("mask.rejoin", "Forget cuts and &ties", "mdi6.link-variant", "", _PICTURE,
          "Each part that hangs together is one lesion again"),
    _spec("mask.revert", "Re&vert to the draft", "mdi6.backup-restore", "", _PICTURE,
          "Take away all that was painted"),
    _spec("mask.revert_seen", "Revert what is in vie&w", "mdi6.image-search-outline", "", _PICTURE,
          "Take away what was painted in the part of the picture that is seen"),
    _spec("mask.clear", "&Clear the mask", "mdi6.eraser-variant", "", _PICTURE,
          "Erase everything; locked labels stay"),
    _spec("mask.bake", "&Bake", "mdi6.layers-triple-outline", "", _PICTURE,
          "Make the mask as it is seen the one that is worked on; the sliders do not change it any more"),
    _spec("mask.reset", "Reset the &mask settings", "mdi6.restore", "", _PICTURE,
          "Set threshold, kernel and the rest back to their defaults"),
    # Labels
    *(_spec(action_id, f"Label with the digit {digit}", "", str(digit), _PICTURE,
            f"Paint the label that has the digit {digit}") for digit, action_id in enumerate(LABEL_IDS)),
    _spec("label.pick", "T&ake the label under the pointer", "mdi6.eyedropper", "Q", _PICTURE,
          "Paint the label that the pixel under the pointer has"),
    _spec("label.rename", "Rename the active label", "mdi6.rename-outline", "F2", _PICTURE,
          "Type another name for it"),
    # View
    _spec("view.fit", "&Fit the picture", "mdi6.fit-to-page-outline", "F", _PICTURE,
          "Show the whole picture"),
    _spec("view.actual", "&Actual size", "mdi6.numeric-1-box-outline", "Ctrl+0", _PICTURE,
          "One pixel of the picture is one of the screen"),
    _spec("view.double", "&Double size", "mdi6.numeric-2-box-outline", "Ctrl+2", _PICTURE, "Zoom to 200 %"),
    _spec("view.zoom_in", "Zoom &in", "mdi6.magnify-plus-outline", "+ =", _PICTURE, "Show less, larger"),
    _spec("view.zoom_out", "Zoom &out", "mdi6.magnify-minus-outline", "-", _PICTURE, "Show more, smaller"),
    _spec("view.overlay", "Show the &mask", "mdi6.layers-outline", "M", _PICTURE,
          "Show or hide the mask over the picture", True),
    _spec("view.outline", "Mask as out&line", "mdi6.vector-polyline", "O", _PICTURE,
          "Draw only the mask's border", True),
    _spec("view.more_opaque", "Mask more opaque", "mdi6.circle-opacity", ".", _PICTURE,
          "See more of the mask"),
    _spec("view.less_opaque", "Mask less opaque", "mdi6.circle-outline", ",", _PICTURE,
          "See more of the picture"),
    _spec("view.swipe", "&Swipe between draft and mask", "mdi6.compare", "Shift+C", _PICTURE,
          "Show the draft's mask left of a line, the present one right of it", True),
    _spec("view.difference", "&Differences from the draft", "mdi6.compare-horizontal", "Shift+M", _PICTURE,
          "Show what was added to the draft's mask, removed from it and kept", True),
    _spec("view.doubt", "Do&ubt of the samples", "mdi6.help-network-outline", "U", _PICTURE,
          "Show where the samples of the draft differ, with lines where it is 25, 50 and 75 % likely", True),
    # Pictures
    _spec("picture.previous", "&Previous picture", "mdi6.chevron-left", "A PgUp", _LIST,
          "Go to the picture before"),
    _spec("picture.next", "&Next picture", "mdi6.chevron-right", "D PgDown", _LIST,
          "Go to the picture after"),
    _spec("picture.previous_open", "Previous &unreviewed picture", "mdi6.chevron-double-left", "Shift+A", _LIST,
          "Go back to a picture that is not done"),
    _spec("picture.next_open", "Next un&reviewed picture", "mdi6.chevron-double-right", "Shift+D", _LIST,
          "Go on to a picture that is not done"),
    _spec("picture.uncertain", "L&east certain first", "mdi6.head-question-outline", "Shift+U", _LIST,
          "Sort by how little the samples agree, and go to the first that is not done"),
    _spec("picture.find", "&Search", "mdi6.magnify", "Ctrl+F", _LIST, "Search the names and notes"),
    _spec("picture.done", "&Done, go to the next", "mdi6.check-decagram-outline", "Ctrl+Return Ctrl+Enter",
          _PICTURE, "Accept the mask and go on to the next that is not done"),
    _spec("picture.no_lesion", "No &lesion", "mdi6.cancel", "Ctrl+Shift+N", _PICTURE,
          "Confirm that there is nothing to mark: the mask is exported empty"),
    _spec("picture.flag", "&Flag", "mdi6.flag-outline", "Ctrl+M", _PICTURE,
          "Mark the picture for a second look"),
    _spec("picture.accept_file", "&Keep the mask for the changed file", "mdi6.file-refresh-outline", "", _PICTURE,
          "The picture's file has another content than the mask was made for, and the mask fits it"),
    _spec("picture.history", "&History…", "mdi6.history", "Ctrl+H", _PICTURE,
          "Browse the steps of the mask, and bring any earlier state back"),
    _spec("picture.origin", "Where the mask comes fro&m…", "mdi6.source-branch", "", _PICTURE,
          "Model, weights, settings, steps, who and when; also as a file"),
    _spec("picture.approve", "Appro&ve, go to the next", "mdi6.check-decagram", "Ctrl+Shift+Return", _PICTURE,
          "Say as the reviewer that the mask is right, and go on"),
    _spec("picture.reject", "Re&ject", "mdi6.close-circle-outline", "Ctrl+Shift+Backspace", _PICTURE,
          "Say as the reviewer that the mask is wrong, and write why"),
    _spec("picture.note", "&Write a note", "mdi6.note-edit-outline", "Ctrl+T", _PICTURE,
          "Write a line about this picture; Enter keeps it"),
    # Help
    _spec("help.keys", "&Keyboard", "mdi6.keyboard-outline", "F1", _ALWAYS, "Show every key"),
    _spec("help.commands", "Find a &command…", "mdi6.magnify", "Ctrl+K", _ALWAYS,
          "Type a few letters of any command and run it"),
    _spec("help.about", "&About LSegDiff", "mdi6.information-outline", "", _ALWAYS,
          "Version, weights, and what this program is for"),
)  # fmt: skip

# Holding the key goes on; holding R must not ask for one draft after another.
REPEATING = frozenset({
    "edit.undo", "edit.redo", "tool.smaller", "tool.larger", "tool.much_smaller", "tool.much_larger",
    "mask.kernel_up", "mask.kernel_down", "mask.grow", "mask.shrink",
    "view.zoom_in", "view.zoom_out", "view.more_opaque", "view.less_opaque",
    "picture.previous", "picture.next", "picture.previous_open", "picture.next_open",
})  # fmt: skip

# None is a separator; "recent" and "theme" are filled by the window.
MENUS: tuple[tuple[str, tuple[str | None, ...]], ...] = (
    ("&File", ("file.open", "file.open_folder", "recent", "file.samples", "file.clear", None,
               "file.project_new", "file.project_open", "file.project_save", "file.project_copy",
               "file.backup", "file.relink", None,
               "file.import", "file.export", "file.statistics",
               None, "file.settings", "file.keys", None, "file.quit")),
    ("&Edit", ("edit.undo", "edit.redo", None, "edit.copy", "edit.paste")),
    ("&Tools", ("tool.brush", "tool.eraser", "tool.swap", "tool.smaller", "tool.larger", None,
                "tool.polygon", "tool.lasso", "tool.wand", "tool.fill", None,
                "tool.keep", "tool.remove", "tool.revert", None, "tool.cut", "tool.tie", None, "tool.hint", None,
                "label.pick")),
    ("&Draft", ("draft.run", "draft.all", "draft.selected", "draft.pause", "draft.stop", None,
                "draft.around", "draft.next_opinion", "draft.previous_opinion", None,
                "draft.next_doubt", "draft.confirm_doubt", None,
                "draft.play", "draft.use_step", "draft.save_film", None, "draft.reveal")),
    ("&Mask", ("mask.kernel_up", "mask.kernel_down", "mask.fill_holes", "mask.reset", None,
               "mask.close_holes", "mask.largest", "mask.grow", "mask.shrink", "mask.smooth", "mask.rejoin", None,
               "mask.revert", "mask.revert_seen", "mask.clear", "mask.bake")),
    ("&Picture", ("picture.previous", "picture.next", "picture.previous_open", "picture.next_open",
                  "picture.uncertain", "picture.find", None, "picture.done", "picture.no_lesion", "picture.flag",
                  "picture.note", None, "picture.approve", "picture.reject",
                  None, "picture.history", "picture.origin", "picture.accept_file")),
    ("&View", ("view.fit", "view.actual", "view.double", "view.zoom_in", "view.zoom_out", None,
               "view.overlay", "view.outline", "view.more_opaque", "view.less_opaque", None,
               "view.swipe", "view.difference", "view.doubt", None, "theme")),
    ("&Help", ("help.keys", "help.commands", "help.about")),
)  # fmt: skip

TOOLBAR: tuple[str | None, ...] = (
    "file.open", "file.open_folder", None,
    "picture.previous", "picture.next", None,
    "draft.run", "draft.all", None,
    "tool.brush", "tool.eraser", "tool options", "tool.polygon", "tool.lasso", "tool.wand", "tool.fill",
    "tool.revert", "tool.cut", "tool.tie", "tool.hint", None,
    "edit.undo", "edit.redo", None,
    "view.fit", "view.actual", "view.overlay", "view.outline", None,
    "picture.done", "picture.no_lesion", "picture.flag", "stretch",
    "file.export", "file.settings",
)  # fmt: skip


def collisions(specs: Iterable[ActionSpec]) -> list[tuple[str, str, str]]:
    """Keys that two commands claim: (key, id of the first, id of the second)."""
    owner: dict[str, str] = {}
    clashes = []
    for spec in specs:
        for key in spec.keys:
            normal = QKeySequence(key).toString()
            if normal in owner:
                clashes.append((normal, owner[normal], spec.id))
            owner.setdefault(normal, spec.id)
    return clashes
