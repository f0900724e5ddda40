"""Pictures of signatures, drawn here: what is taken, what it looks like then, what is refused and why."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from services.registration.identifiers.signature import HEIGHT, WIDTH, standard
from shared.law.rules import Refused


def drawn(width=900, height=400, paper=245, ink=40, left=0.15, right=0.85, middle=0.5, pen=5):
    """A looped line on paper."""
    picture = Image.new("L", (width, height), paper)
    steps = np.linspace(0, 1, 400)
    xs = width * (left + (right - left) * steps) + 10 * np.sin(40 * steps)
    ys = height * middle + height * 0.18 * np.sin(25 * steps) * (1 - 0.4 * steps)
    ImageDraw.Draw(picture).line(list(zip(xs, ys, strict=True)), fill=ink, width=pen)
    return picture


def as_file(picture, kind="PNG", **how):
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def ink_of(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 128


def refusal(file):
    with pytest.raises(Refused) as refused:
        standard(file)
    assert refused.value.rule.then, "a refusal says what helps"
    return refused.value.rule.name


def test_a_scan_becomes_the_standard_picture():
    made = standard(as_file(drawn())).png
    picture = Image.open(io.BytesIO(made))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (WIDTH, HEIGHT), "1")
    assert [round(dpi) for dpi in picture.info["dpi"]] == [300, 300]
    assert len(made) < 30_000
    rows, columns = np.flatnonzero(ink_of(made).any(axis=1)), np.flatnonzero(ink_of(made).any(axis=0))
    assert rows[0] >= 15
    assert columns[-1] - columns[0] > 700 or rows[-1] - rows[0] > 230, "the ink fills the picture one way"
    assert abs((columns[0] + columns[-1]) / 2 - WIDTH / 2) < 10


def test_the_same_file_gives_the_same_bytes():
    assert standard(as_file(drawn())).png == standard(as_file(drawn())).png


def test_a_photograph_with_a_shadow_across_it_loses_the_shadow():
    flat = np.asarray(drawn(1600, 900), dtype=np.float32)
    across = np.linspace(0.45, 1.0, 1600)[None, :]
    photo = Image.fromarray(np.clip(flat * across, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    ink, plain = (
        ink_of(standard(file).png) for file in (as_file(photo, "JPEG", quality=80), as_file(drawn(1600, 900)))
    )
    near = np.asarray(Image.fromarray(plain).convert("L").filter(ImageFilter.MaxFilter(7))) > 0
    assert ink.mean() == pytest.approx(plain.mean(), rel=0.25)
    assert (ink & near).sum() / ink.sum() > 0.98


def test_a_telephones_sideways_photograph_is_turned_upright():
    sideways = drawn(1200, 700).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn 90 degrees clockwise to see it upright"
    ink = ink_of(standard(as_file(sideways, "JPEG", exif=exif)).png)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert columns[-1] - columns[0] > rows[-1] - rows[0]


def test_ink_on_a_transparent_ground_is_ink_on_white():
    clear = Image.new("RGBA", (900, 400), (0, 0, 0, 0))
    clear.paste((20, 20, 60, 255), (0, 0), drawn().point(lambda grey: 255 if grey < 128 else 0))
    assert ink_of(standard(as_file(clear)).png).mean() > 0.01


def test_the_portals_own_picture_stays_as_it_is_even_where_it_touches_the_edge():
    picture = Image.new("1", (WIDTH, HEIGHT), 1)
    ImageDraw.Draw(picture).line([(0, 150), (1049, 140)], fill=0, width=4)
    assert (ink_of(standard(as_file(picture)).png) == ~np.asarray(picture)).all()
    assert refusal(as_file(Image.new("1", (WIDTH, HEIGHT), 1))) == "signature-blank"


@pytest.mark.parametrize(
    ("picture", "rule"),
    [
        (Image.new("L", (900, 400), 245), "signature-blank"),
        (Image.effect_noise((900, 400), 6).point(lambda grey: 240 + (grey - 128) / 4), "signature-blank"),
        (drawn(paper=50, ink=5), "signature-too-dark"),
        (drawn(pen=140), "signature-too-dark"),
        (drawn(left=0.48, right=0.52, pen=2), "signature-too-small"),
        (drawn(120, 60), "signature-too-small"),
        (drawn(left=-0.1), "signature-touches-the-edge"),
        (drawn(right=1.1), "signature-touches-the-edge"),
        (drawn(middle=0.95), "signature-touches-the-edge"),
    ],
)
def test_a_poor_picture_is_refused_with_what_is_wrong(picture, rule):
    assert refusal(as_file(picture)) == rule


@pytest.mark.parametrize(
    "file", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"0" * 40, as_file(drawn())[:200], b"%PDF-1.7"]
)
def test_what_is_no_picture_is_refused(file):
    assert refusal(file) == "signature-not-a-picture"


def test_a_picture_that_unpacks_to_a_monster_is_refused_before_it_is_unpacked():
    side = math.isqrt(50_000_000) + 10
    assert refusal(as_file(Image.new("1", (side, side), 1))) == "signature-picture-too-large"
