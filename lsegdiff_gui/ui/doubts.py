"""What the model doubts about the shown picture, told above the canvas with what can be done about it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.findings import fitting_domain, strange_words
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.message_bar import Message, MessageBar
from lsegdiff_gui.ui.panels.draft_panel import model_words
from lsegdiff_gui.ui.session import AskReplace, Session

NO_LESION = "no lesion found"
STRANGE = "strange picture"

_OPEN = (Status.NEW, Status.DRAFTED, Status.IN_PROGRESS)
# Which picture, and the draft of it that something is said of.
_Said = tuple[int, Draft | None]
_NOTHING: _Said = (-1, None)


class Doubts(QObject):
    """Shows at most two messages: no lesion was found, and the model does not know such pictures.

    They stand until somebody works on the mask or says what it is, and come back when that is undone.
    """

    def __init__(
        self, session: Session, messages: MessageBar, actions: Actions, ask_replace: AskReplace
    ) -> None:
        super().__init__(messages)
        self._session = session
        self._messages = messages
        self._actions = actions
        self._ask_replace = ask_replace
        self._said_empty = self._said_strange = _NOTHING
        # Below zero: the guesses for choosing a model are numbered from 1.
        self._token = 0
        session.editing.draft_changed.connect(lambda _draft: self._follow())
        session.editing.stepped.connect(self._follow)
        session.staff.inference.guessed.connect(self._guessed)

    def _follow(self) -> None:
        """Say what holds now; what is said already, or was closed by the user, is not said again."""
        picture_id, draft = self._session.editing.picture_id, self._untouched()
        empty = (picture_id, draft if draft is not None and self._is_hidden(draft) else None)
        strange = (picture_id, draft if draft is not None and draft.is_strange else None)
        if empty != self._said_empty:
            self._said_empty = empty
            self._messages.withdraw(NO_LESION)
            if draft is not None and empty[1] is not None:
                self._tell_no_lesion(draft)
        if strange != self._said_strange:
            self._said_strange = strange
            self._messages.withdraw(STRANGE)
            if strange[1] is not None:
                self._ask_for_guess()

    def _untouched(self) -> Draft | None:
        """The shown draft, if its mask was left as it came."""
        document = self._session.editing.document
        if document is None or document.is_edited or document.status not in _OPEN:
            return None
        return document.base.draft

    def _is_hidden(self, draft: Draft) -> bool:
        """Whether no lesion was found, and the threshold keeps what might be one out of sight."""
        document = self._session.editing.document
        return (
            document is not None
            and draft.no_lesion
            and bool(draft.probability.max() < 255 * document.recipe.threshold)
        )

    def _tell_no_lesion(self, draft: Draft) -> None:
        # Where nothing is left after scaling, there is no candidate to be shown.
        can_show = bool(draft.probability.any())
        message = Message(
            f"No lesion found (presence {draft.findings.presence_words}), so the mask is empty.",
            "info",
            action="Confirm no lesion",
            other_action="Show the candidate" if can_show else "",
            key=NO_LESION,
        )
        confirm = self._actions["picture.no_lesion"].trigger
        self._messages.show_message(message, confirm, lambda: self._show_candidate(draft))

    def _show_candidate(self, draft: Draft) -> None:
        """Lower the threshold to half of the highest probability there is: one undoable step."""
        editing = self._session.editing
        if editing.document is not None and editing.document.base.draft == draft:
            threshold = round(float(draft.probability.max()) / 255 / 2, 4)
            editing.settle_recipe(replace(editing.document.recipe, threshold=threshold))

    def _ask_for_guess(self) -> None:
        shown = self._session.shown
        if shown is not None:
            self._token -= 1
            # The smallest level tells the colours as well as the picture, and is quick to hand over.
            self._session.staff.inference.guess(self._token, shown.loaded.pyramid[-1])

    def _guessed(self, token: int, guess: str) -> None:
        draft = self._said_strange[1]
        if token != self._token or draft is None:
            return
        origin = draft.provenance
        words = strange_words("This", f"“{model_words(origin.model)}”", origin.domain, guess)
        fitting = fitting_domain(origin.domain, guess)
        if not fitting:
            self._messages.show_message(Message(f"{words}.", "warning", key=STRANGE))
            return
        name = f"“{model_words(fitting)}”"
        message = Message(
            f"{words}. Draft with the model {name}?", "warning", action=f"Draft with {name}", key=STRANGE
        )
        self._messages.show_message(message, lambda: self._draft_with(fitting))

    def _draft_with(self, model: str) -> None:
        """Draft with another model, from now on: who chose the wrong one chose it for the project."""
        self._session.choosing.choose(model)
        self._session.draft(self._ask_replace)
