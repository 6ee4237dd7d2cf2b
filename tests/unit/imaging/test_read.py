"""Good files of every kind: what the reader makes of them."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from lsegdiff_gui.imaging.read import Limits, identify, list_pictures, read, read_mask, read_thumbnail


def blocks_as_pixels(blocks: np.ndarray) -> np.ndarray:
    return blocks.repeat(8, axis=0).repeat(8, axis=1)


@pytest.fixture
def scene() -> np.ndarray:
    """(16, 24, 3) RGB: each 8 x 8 block of another colour, so that a turn or mirror shows even in a JPEG."""
    colours = np.array(
        [[[230, 20, 20], [20, 230, 20], [20, 20, 230]], [[0, 0, 0], [250, 250, 250], [90, 0, 90]]]
    )
    return blocks_as_pixels(colours).astype(np.uint8)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
def test_that_lossless_colour_files_give_their_exact_values(tmp_path, files, noise, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(files.encode(suffix, noise))
    picture = read(path)
    assert np.array_equal(picture.rgb8, noise)
    assert picture.native is picture.rgb8
    assert (picture.width, picture.height, picture.orientation, picture.path) == (64, 48, 1, path)


def test_that_lossless_webp_gives_its_exact_values(tmp_path, files, noise):
    path = tmp_path / "a.webp"
    path.write_bytes(files.encode(".webp", noise, cv2.IMWRITE_WEBP_QUALITY, 101))
    assert np.array_equal(read(path).rgb8, noise)


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_that_lossy_files_keep_the_order_of_the_channels(tmp_path, files, scene, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(files.encode(suffix, scene))
    centres = read(path).rgb8[4::8, 4::8].astype(int)
    assert np.abs(centres - scene[4::8, 4::8]).max() < 60


def test_that_the_hash_is_that_of_the_file(tmp_path, files, noise):
    data = files.encode(".png", noise)
    path = tmp_path / "a.png"
    path.write_bytes(data)
    assert read(path).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", ["resources/samples/polyp_01.jpg", "docs/screenshots/dark.png"])
def test_that_a_file_is_identified_as_it_is_read(name):
    path = Path(__file__).parents[3] / name
    picture = read(path)
    assert identify(path) == (picture.sha256, picture.width, picture.height, picture.orientation)


def test_that_the_content_decides_and_not_the_suffix(tmp_path, files, noise):
    path = tmp_path / "really-a-png.jpg"
    path.write_bytes(files.encode(".png", noise))
    assert np.array_equal(read(path).rgb8, noise)


def test_that_names_outside_ascii_and_with_spaces_are_read(tmp_path, files, noise):
    folder = tmp_path / "Läsionen 皮膚 фото"
    folder.mkdir()
    path = folder / "été 🩺 1.png"
    path.write_bytes(files.encode(".png", noise))
    assert np.array_equal(read(path).rgb8, noise)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".jpg", ".tif", ".webp"])
def test_that_a_picture_of_one_pixel_is_read(tmp_path, files, suffix):
    path = tmp_path / f"one{suffix}"
    path.write_bytes(files.encode(suffix, np.full((1, 1, 3), 200, np.uint8)))
    picture = read(path)
    assert picture.rgb8.shape == (1, 1, 3)
    assert abs(int(picture.rgb8[0, 0, 0]) - 200) < 4


class TestOrientation:
    """EXIF orientation 1 to 8 is applied once, whatever the file format."""

    @pytest.mark.parametrize("order", ["<", ">"])
    def test_that_a_jpeg_is_shown_upright(self, tmp_path, files, scene, stored_as, orientation, order):
        data = files.encode(".jpg", stored_as(scene, orientation), cv2.IMWRITE_JPEG_QUALITY, 100)
        path = tmp_path / "a.jpg"
        path.write_bytes(files.jpeg_with_exif(data, orientation, order))
        picture = read(path)
        assert picture.rgb8.shape == scene.shape
        assert np.abs(picture.rgb8[4::8, 4::8].astype(int) - scene[4::8, 4::8]).max() < 60
        assert picture.orientation == orientation

    def test_that_a_thumbnail_of_a_large_jpeg_is_upright(
        self, tmp_path, files, scene, stored_as, orientation
    ):
        large = scene.repeat(40, axis=0).repeat(40, axis=1)
        data = files.encode(".jpg", stored_as(large, orientation))
        path = tmp_path / "a.jpg"
        path.write_bytes(files.jpeg_with_exif(data, orientation))
        small = read_thumbnail(path, 96)
        assert small.shape == (64, 96, 3)
        assert np.abs(small[16::32, 16::32].astype(int) - scene[4::8, 4::8]).max() < 30

    @pytest.mark.parametrize("order", ["<", ">"])
    @pytest.mark.parametrize("kind", ["grey8", "rgb8", "grey16", "rgb16"])
    def test_that_a_tiff_is_shown_upright(self, tmp_path, files, noise, stored_as, orientation, order, kind):
        values = noise if kind.startswith("rgb") else noise[..., 0]
        values = values.astype(np.uint16) * 257 if kind.endswith("16") else values
        path = tmp_path / "a.tif"
        path.write_bytes(files.tiff(stored_as(values, orientation), orientation=orientation, order=order))
        picture = read(path)
        assert np.array_equal(picture.native, values)
        assert picture.orientation == orientation

    def test_that_a_png_is_shown_upright(self, tmp_path, files, noise, stored_as, orientation):
        path = tmp_path / "a.png"
        exif = ((b"eXIf", files.exif(orientation)),)
        path.write_bytes(files.png(stored_as(noise, orientation), colour_type=2, extra=exif))
        assert np.array_equal(read(path).rgb8, noise)

    def test_that_a_webp_is_shown_upright(self, tmp_path, files, noise, stored_as, orientation):
        pixels = stored_as(noise, orientation)
        data = files.encode(".webp", pixels, cv2.IMWRITE_WEBP_QUALITY, 101)
        path = tmp_path / "a.webp"
        path.write_bytes(files.webp_with_exif(data, pixels.shape[1], pixels.shape[0], orientation))
        assert np.array_equal(read(path).rgb8, noise)

    @pytest.mark.parametrize("nonsense", [0, 9, 65535])
    def test_that_an_orientation_out_of_range_is_none(self, tmp_path, files, noise, nonsense):
        path = tmp_path / "a.jpg"
        path.write_bytes(files.jpeg_with_exif(files.encode(".jpg", noise), nonsense))
        picture = read(path)
        assert (picture.width, picture.height, picture.orientation) == (64, 48, 1)

    def test_that_a_mask_file_is_turned_like_its_picture(
        self, tmp_path, files, noise, stored_as, orientation
    ):
        mask = noise[..., 0] // 128 * 255
        path = tmp_path / "a.png"
        exif = ((b"eXIf", files.exif(orientation)),)
        path.write_bytes(files.png(stored_as(mask, orientation), extra=exif))
        assert np.array_equal(read_mask(path), mask > 127)


class TestDepthsAndColours:
    """Grey, palette, alpha, 1 to 16 bit, CMYK."""

    @pytest.mark.parametrize("interlaced", [False, True])
    @pytest.mark.parametrize("depth", [1, 2, 4, 8])
    def test_that_grey_png_of_few_bits_spans_black_to_white(self, tmp_path, files, depth, interlaced):
        values = np.arange(13 * 11).reshape(13, 11) % 2**depth
        path = tmp_path / "a.png"
        path.write_bytes(files.png(values, depth=depth, interlaced=interlaced))
        picture = read(path)
        assert np.array_equal(picture.native, values * 255 // (2**depth - 1))
        assert np.array_equal(picture.rgb8, np.dstack([picture.native] * 3))

    @pytest.mark.parametrize("interlaced", [False, True])
    @pytest.mark.parametrize(("colour_type", "samples"), [(0, 1), (2, 3)])
    def test_that_sixteen_bits_are_kept(self, tmp_path, files, colour_type, samples, interlaced):
        random = np.random.default_rng(3)
        values = random.integers(0, 65536, (21, 17, samples), dtype=np.uint16).squeeze()
        values.flat[0] = 65535
        path = tmp_path / "a.png"
        path.write_bytes(files.png(values, depth=16, colour_type=colour_type, interlaced=interlaced))
        picture = read(path)
        assert picture.native.dtype == np.uint16
        assert np.array_equal(picture.native, values)
        assert picture.rgb8.shape == (21, 17, 3)
        expected = np.rint(values / 257).astype(np.uint8)
        assert np.array_equal(picture.rgb8 if samples == 3 else picture.rgb8[..., 1], expected)

    def test_that_twelve_bits_in_sixteen_are_not_shown_black(self, tmp_path, files):
        values = np.linspace(0, 4095, 64, dtype=np.uint16).reshape(8, 8)
        path = tmp_path / "a.tif"
        path.write_bytes(files.tiff(values))
        picture = read(path)
        assert np.array_equal(picture.native, values)
        assert (picture.rgb8.min(), picture.rgb8.max()) == (0, 255)

    @pytest.mark.parametrize("depth", [1, 2, 4, 8])
    def test_that_a_palette_is_looked_up(self, tmp_path, files, depth):
        palette = np.random.default_rng(5).integers(0, 256, (2**depth, 3), dtype=np.uint8)
        indices = np.arange(20 * 9).reshape(20, 9) % 2**depth
        path = tmp_path / "a.png"
        data = files.png(indices, depth=depth, colour_type=3, extra=((b"PLTE", palette.tobytes()),))
        path.write_bytes(data)
        assert np.array_equal(read(path).rgb8, palette[indices])

    def test_that_transparent_entries_of_a_palette_are_black(self, tmp_path, files):
        palette = np.array([[200, 100, 50], [10, 20, 30]], np.uint8)
        indices = np.array([[0, 1], [1, 0]])
        extra = ((b"PLTE", palette.tobytes()), (b"tRNS", b"\0"))
        path = tmp_path / "a.png"
        path.write_bytes(files.png(indices, colour_type=3, extra=extra))
        assert np.array_equal(read(path).rgb8, np.where(indices[..., None] == 0, 0, palette[1]))

    @pytest.mark.parametrize("depth", [8, 16])
    def test_that_half_transparent_pixels_lie_over_black(self, tmp_path, files, depth):
        top = 2**depth - 1
        pixels = np.full((4, 6, 4), top, np.uint16)
        pixels[:, :2, 3] = 0
        pixels[:, 2:4, 3] = top // 2
        path = tmp_path / "a.png"
        path.write_bytes(files.png(pixels, depth=depth, colour_type=6))
        assert read(path).rgb8[0, :, 1].tolist() == [0, 0, 127, 127, 255, 255]

    @pytest.mark.parametrize("colour_type", [4, 6])
    def test_that_opaque_alpha_changes_nothing(self, tmp_path, files, noise, colour_type):
        colour = noise if colour_type == 6 else noise[..., :1]
        pixels = np.dstack([colour, np.full(noise.shape[:2], 255, np.uint8)])
        path = tmp_path / "a.png"
        path.write_bytes(files.png(pixels, colour_type=colour_type))
        assert np.array_equal(read(path).rgb8, np.broadcast_to(colour, noise.shape))

    def test_that_an_alpha_of_nothing_but_zeros_is_taken_for_unused(self, tmp_path, files, noise):
        path = tmp_path / "a.png"
        path.write_bytes(files.png(np.dstack([noise, noise[..., 0] * 0]), colour_type=6))
        assert np.array_equal(read(path).rgb8, noise)

    def test_that_the_unused_byte_of_a_bmp_is_no_alpha(self, tmp_path, files, noise):
        path = tmp_path / "a.bmp"
        path.write_bytes(files.encode(".bmp", np.dstack([noise, noise[..., 0]])))
        assert np.array_equal(read(path).rgb8, noise)

    def test_that_grey_jpeg_stays_grey(self, tmp_path, files):
        blocks = np.array([[[10], [90]], [[200], [255]]])
        path = tmp_path / "a.jpg"
        path.write_bytes(files.jpeg_of_blocks(blocks))
        picture = read(path)
        assert np.array_equal(picture.native, blocks_as_pixels(blocks)[..., 0])
        assert picture.rgb8.shape == (16, 16, 3)

    def test_that_cmyk_jpeg_of_adobe_has_the_colours_that_were_printed(self, tmp_path, files):
        # Adobe stores ink inverted: 255 is no ink. Cyan ink alone leaves green and blue.
        ink = {
            "white": (0, 0, 0, 0),
            "cyan": (255, 0, 0, 0),
            "yellow": (0, 0, 255, 0),
            "black": (0, 0, 0, 255),
        }
        blocks = 255 - np.array([list(ink.values())])
        path = tmp_path / "a.jpg"
        path.write_bytes(files.jpeg_of_blocks(blocks, adobe=0))
        colours = read(path).rgb8[4, 4::8].astype(int)
        expected = np.array([[255, 255, 255], [0, 255, 255], [255, 255, 0], [0, 0, 0]])
        assert np.abs(colours - expected).max() <= 1

    @pytest.mark.parametrize("order", ["<", ">"])
    def test_that_white_is_zero_tiff_is_not_shown_inverted(self, tmp_path, files, noise, order):
        path = tmp_path / "a.tif"
        path.write_bytes(files.tiff(noise[..., 0], photometric=0, order=order))
        assert np.array_equal(read(path).native, 255 - noise[..., 0])


class TestMasks:
    def test_that_the_noise_of_a_jpeg_mask_is_thresholded(self, tmp_path, files):
        mask = np.zeros((40, 40), np.uint8)
        mask[10:30, 8:32] = 255
        path = tmp_path / "a.jpg"
        path.write_bytes(files.encode(".jpg", np.dstack([mask] * 3), cv2.IMWRITE_JPEG_QUALITY, 80))
        read_back = read_mask(path)
        assert read_back.dtype == np.uint8
        assert np.array_equal(read_back, mask // 255)


class TestThumbnails:
    @pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".bmp", ".webp"])
    @pytest.mark.parametrize("shape", [(300, 200), (31, 700), (5, 4), (1, 900)])
    def test_that_the_longer_side_is_at_most_the_wish(self, tmp_path, files, suffix, shape):
        path = tmp_path / f"a{suffix}"
        path.write_bytes(files.encode(suffix, np.full((*shape, 3), 99, np.uint8)))
        small = read_thumbnail(path, 64)
        assert max(small.shape[:2]) == min(64, max(shape))
        assert min(small.shape[:2]) >= 1

    def test_that_sixteen_bit_pictures_have_thumbnails_too(self, tmp_path, files):
        path = tmp_path / "a.png"
        path.write_bytes(files.encode(".png", np.full((100, 80), 65535, np.uint16)))
        assert (read_thumbnail(path, 50) == 255).all()


class TestListing:
    def test_that_folders_are_listed_in_natural_order_without_other_files(self, tmp_path):
        for name in (
            "img10.png",
            "img2.PNG",
            "Img1.jpeg",
            "notes.txt",
            ".hidden.png",
            "z.tiff",
            "y.webp",
            "x.bmp",
        ):
            (tmp_path / name).touch()
        (tmp_path / "folder.png").mkdir()
        names = [path.name for path in list_pictures([tmp_path])]
        assert names == ["Img1.jpeg", "img2.PNG", "img10.png", "x.bmp", "y.webp", "z.tiff"]

    def test_that_masks_exported_beside_their_pictures_are_no_pictures(self, tmp_path):
        for name in ("a.jpg", "a_mask.png", "b_mask.png", "c.png", "c_mask.tif"):
            (tmp_path / name).touch()
        assert [path.name for path in list_pictures([tmp_path])] == [
            "a.jpg",
            "b_mask.png",
            "c.png",
            "c_mask.tif",
        ]
        assert list_pictures([tmp_path / "a_mask.png"]) == [tmp_path / "a_mask.png"]

    def test_that_folders_inside_are_searched_only_when_asked(self, tmp_path):
        (tmp_path / "deep" / "er").mkdir(parents=True)
        (tmp_path / "a.png").touch()
        (tmp_path / "deep" / "er" / "b.png").touch()
        assert [path.name for path in list_pictures([tmp_path])] == ["a.png"]
        assert [path.name for path in list_pictures([tmp_path], recursive=True)] == ["a.png", "b.png"]

    def test_that_a_file_is_listed_once_and_whatever_its_suffix(self, tmp_path):
        (tmp_path / "a.png").touch()
        (tmp_path / "scan").touch()
        paths = list_pictures([tmp_path / "scan", tmp_path / "a.png", tmp_path])
        assert paths == [tmp_path / "a.png", tmp_path / "scan"]


def test_that_real_pictures_and_masks_have_the_same_size(real_data):
    for image in sorted((real_data / "large" / "images").iterdir())[:3]:
        picture = read(image)
        mask = read_mask(real_data / "large" / "masks" / f"{image.stem}.png")
        assert mask.shape == (picture.height, picture.width)
        assert set(np.unique(mask)) <= {0, 1}


def test_that_the_limits_can_be_raised(tmp_path, files, noise):
    path = tmp_path / "a.png"
    path.write_bytes(files.encode(".png", noise))
    assert read(path, limits=Limits(megapixels=0.004)).width == 64


@pytest.mark.parametrize("orientation", [1, 6])
def test_that_a_large_jpeg_is_glimpsed_upright_before_it_is_read(tmp_path, files, orientation):
    stored = np.zeros((2100, 3000, 3), np.uint8)
    stored[:, :1500] = 200
    path = tmp_path / "large.jpg"
    path.write_bytes(files.jpeg_with_exif(files.encode(".jpg", stored), orientation))
    glimpses = []
    picture = read(path, on_glimpse=glimpses.append)
    (glimpse,) = glimpses
    assert (glimpse.width, glimpse.height) == (picture.width, picture.height)
    height, width = glimpse.rgb8.shape[:2]
    assert max(height, width) == 1500
    whole = cv2.resize(picture.rgb8, (width, height), interpolation=cv2.INTER_AREA)
    assert np.abs(whole.astype(int) - glimpse.rgb8).mean() < 3


def test_that_small_and_lossless_pictures_come_at_once(tmp_path, files, noise):
    glimpses = []
    for name, pixels in (("small.jpg", noise), ("large.png", np.zeros((2500, 2500), np.uint8))):
        path = tmp_path / name
        path.write_bytes(files.encode(path.suffix, pixels))
        read(path, on_glimpse=glimpses.append)
    assert glimpses == []
