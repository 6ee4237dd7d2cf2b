"""Files that are no pictures, among those that are: each has its sentence, and the rest goes on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from made.windows import Hand, write_picture

from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.imaging.write import encode_png

Open = Callable[..., Hand]


def folder_of_both(folder: Path) -> Path:
    """Good and bad files, in the order a person would see them."""
    write_picture(folder / "a_good.png")
    (folder / "b_text.png").write_text("no picture")
    (folder / "c_empty.png").write_bytes(b"")
    whole = encode_png(np.random.default_rng(0).integers(0, 255, (90, 80, 3), np.uint8))
    (folder / "d_cut.png").write_bytes(whole[: len(whole) // 2])
    write_picture(folder / "e_tiny.png", 1, 1)
    write_picture(folder / "f_good.png", seed=1)
    return folder


def shown_message(hand: Hand) -> str:
    return hand.window.canvas._scene.message or ""


def test_that_each_bad_picture_says_why_on_the_canvas_and_in_the_list(
    open_with: Open, tmp_path: Path
) -> None:
    hand = open_with([folder_of_both(tmp_path / "mixed")])
    hand.wait_shown("a_good.png")
    model = hand.window.pictures._model
    for name in ("b_text.png", "c_empty.png", "d_cut.png"):
        hand.do("picture.next")
        hand.wait(lambda name=name: name in shown_message(hand))
        entry = model.entry(hand.window.pictures.current)
        assert entry is not None
        assert entry.row.path.name == name
        assert name in entry.error
        assert not hand.window.actions_by_id["draft.run"].isEnabled()
    hand.do("picture.next")
    hand.wait_shown("e_tiny.png")
    hand.do("picture.next")
    hand.wait_shown("f_good.png")
    assert shown_message(hand) == ""
    hand.paint((20, 20), (60, 20))
    assert hand.final[20, 40] == 1


def test_that_drafting_all_passes_over_bad_pictures_and_counts_them(open_with: Open, tmp_path: Path) -> None:
    hand = open_with([folder_of_both(tmp_path / "mixed")])
    hand.wait_shown("a_good.png")
    hand.do("draft.all")
    hand.choose_model()
    session = hand.window.session
    hand.wait(lambda: not session.batch.is_running)
    hand.wait(lambda: sum(row.status is Status.DRAFTED for row in hand.rows) == 3)
    message = hand.window.messages.message
    assert message is not None
    assert message.sentence == "Drafted 3 pictures; 3 are marked in the list, for they could not be drafted."


def test_that_a_missing_file_is_a_sentence(open_with: Open, tmp_path: Path) -> None:
    hand = open_with([tmp_path / "nowhere.png"])
    hand.wait(lambda: hand.window.messages.message is not None)
    message = hand.window.messages.message
    assert message is not None
    assert "nowhere.png" in message.sentence


def test_that_a_folder_without_pictures_is_a_sentence(open_with: Open, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    hand = open_with([tmp_path / "bare"])
    hand.wait(lambda: hand.window.messages.message is not None)
    message = hand.window.messages.message
    assert message is not None
    assert "bare" in message.sentence


def test_that_a_picture_that_vanished_comes_back_when_it_is_opened_again(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    content = pictures[1].read_bytes()
    pictures[1].unlink()
    hand.do("picture.next")
    hand.wait(lambda: "naevus_1.png" in shown_message(hand))
    pictures[1].write_bytes(content)
    hand.window.asking.open_paths([pictures[1]])
    hand.wait_shown("naevus_1.png")


def test_that_a_picture_whose_file_was_exchanged_is_told(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    write_picture(pictures[0], 100, 80, seed=9)
    hand.do("picture.previous")
    hand.wait(lambda: shown_message(hand) != "")
    assert "naevus_0.png" in shown_message(hand)


def test_that_a_picture_beyond_the_settings_is_refused_until_more_is_allowed(
    open_with: Open, tmp_path: Path
) -> None:
    path = write_picture(tmp_path / "large.png", 1300, 1000)
    hand = open_with([write_picture(tmp_path / "small.png")])
    hand.wait_shown("small.png")
    hand.window.preferences.change(largest_megapixels=1)
    hand.window.asking.open_paths([path])
    hand.wait(lambda: "large.png" in shown_message(hand))
    assert "at most 1 megapixels can be opened" in shown_message(hand)
    assert "or allow more in the settings" in shown_message(hand)
    hand.window.preferences.change(largest_megapixels=2)
    hand.window.session.go_to(hand.window.session.opening.current)
    hand.wait_shown("large.png")
