"""The document under long random work: it equals a slow model, and undo and redo lead back to the same bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.random_work import HEIGHT, WIDTH, Work, same

from lsegdiff_gui.annotation.codec import decode, encode
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.history import History

STEPS = 200


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_that_every_state_of_long_work_equals_a_slow_model_forth_and_back(seed: int) -> None:
    work = Work(seed)
    for _ in range(STEPS):
        work.step()
        same(work.document, work.now)
        assert work.document.history.cursor == work.cursor
        assert len(work.document.history.commands) == len(work.states) - 1
    while work.document.undo() is not None:
        same(work.document, work.states[work.document.history.cursor])
    while work.document.redo() is not None:
        same(work.document, work.states[work.document.history.cursor])


@pytest.mark.parametrize("seed", range(2))
def test_that_the_log_alone_leads_from_an_empty_document_to_the_same_mask(seed: int) -> None:
    work = Work(seed)
    for _ in range(STEPS):
        work.step()
        if work.document.needs_base:
            work.document.rebuild_base()
    drafts = {base.draft.id: base.draft for state in work.states if (base := state.base).draft is not None}
    written = [encode(command) for command in work.document.history.commands]
    log = History([decode(kind, payload, drafts.__getitem__) for kind, payload in written], 0)
    again = Document(WIDTH, HEIGHT, log=log)
    while again.redo() is not None:
        same(again, work.states[again.history.cursor])
