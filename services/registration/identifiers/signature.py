"""The picture of a signature as the ERO Portal keeps it: 1050 x 300 pixels, black on white, one bit each, PNG at 300 dpi.

Made of a scan or a photograph: its paper is evened out, the ink found, cropped and set in the middle at full size. A picture
from which no signature could be checked is refused, with what is wrong with it and what helps.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from shared.law.rules import Refused, Rule

WIDTH: Final = 1050
HEIGHT: Final = 300
MARGIN: Final = 20
"""White pixels left around the ink, at least."""
DPI: Final = (300, 300)
MOST_PIXELS: Final = 50_000_000
"""A photograph of a good telephone has 12 to 50 million. Above that it is no photograph but an attack."""
WORKING_WIDTH: Final = 1600
"""Wider pictures are made smaller first: a signature has no finer detail."""

MARK: Final = 0.78
"""A point is ink when it is darker than this part of the paper around it."""
DARKEST_PAPER: Final = 70
"""Grey of the paper (0 black, 255 white) below which a photograph was taken in the dark."""
DEEP_SHADOW: Final = 0.4
"""Part of the brightest paper's brightness."""
MOST_INK: Final = 0.20
"""Part of the picture. A signature covers a tenth of its own rectangle; more than this is shadow or print."""
LEAST_INK: Final = 60
"""Points of ink below which there is a speck of dust and no signature."""
LEAST_WIDTH: Final = 120
LEAST_HEIGHT: Final = 20
"""Pixels of the ink's rectangle, in the picture as it came."""
SPECK: Final = 3
"""Points in one row or column at the very edge that count as ink touching it."""

Grey = NDArray[np.float32]
Ink = NDArray[np.bool_]


def _rule(name: str, because: str, then: str) -> Rule:
    return Rule(name, because, "RPR 2001 r.51(3), r.84-85; ERO Portal: signature images", then, invalid=True)


NOT_A_PICTURE: Final = _rule(
    "signature-not-a-picture", "This is no PNG or JPEG picture.", "Scan or photograph the signature as PNG or JPEG."
)
PICTURE_TOO_LARGE: Final = _rule(
    "signature-picture-too-large",
    "The picture has more points than any photograph.",
    "Scan the signature alone at 300 dpi.",
)
BLANK: Final = _rule("signature-blank", "There is no ink in the picture.", "Ask for the signature again.")
TOO_DARK: Final = _rule(
    "signature-too-dark",
    "The picture is so dark, or so full of shadow or print, that ink cannot be told from paper.",
    "Take it again in good light, the signature alone on white paper.",
)
TOO_SMALL: Final = _rule(
    "signature-too-small",
    "The signature takes up too few points of the picture to be compared.",
    "Take the picture from nearer, or scan at 300 dpi.",
)
TOUCHES_THE_EDGE: Final = _rule(
    "signature-touches-the-edge",
    "The ink runs to the edge of the picture, so part of the signature may be missing.",
    "Take the picture again with white paper all around the signature.",
)


@dataclass(frozen=True, slots=True)
class Signature:
    """`png`: the finished picture; it is the same, byte for byte, for the same file."""

    png: bytes


def standard(file: bytes) -> Signature:
    """A scan or photograph as a standard picture. Raises `Refused` with one of the rules above.

    One that is in that form already, as the portal's are, stays as it is.
    """
    picture = opened(file)
    if is_standard(picture):
        ink = np.asarray(picture.convert("L")) < 128
        if ink.sum() < LEAST_INK:
            raise Refused(BLANK)
        return Signature(written(ink))
    relative = evened(picture)
    ink = np.asarray(Image.fromarray(relative < MARK).convert("L").filter(ImageFilter.MedianFilter(3))) > 0
    check(ink)
    return Signature(written(set_in_the_middle(relative, ink)))


def opened(file: bytes) -> Image.Image:
    """The picture the right way up, transparent parts white."""
    try:
        picture = Image.open(io.BytesIO(file), formats=("PNG", "JPEG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise Refused(PICTURE_TOO_LARGE)
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused(NOT_A_PICTURE) from None
    upright = ImageOps.exif_transpose(picture)
    if "A" in upright.getbands() or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return upright


def is_standard(picture: Image.Image) -> bool:
    """Of the right size, and black and white and nothing between."""
    if picture.size != (WIDTH, HEIGHT):
        return False
    greys = picture.convert("L").getcolors(maxcolors=2)
    return greys is not None and {grey for _, grey in greys} <= {0, 255}


def evened(picture: Image.Image) -> Grey:
    """How bright each point is as a part of the paper around it: 1 is paper, whatever shadow lies on it."""
    grey = picture.convert("L")
    if grey.width > WORKING_WIDTH:
        grey = grey.resize(
            (WORKING_WIDTH, max(1, round(grey.height * WORKING_WIDTH / grey.width))), Image.Resampling.BOX
        )
    near = max(2, min(grey.size) // 12)
    # The brightest point nearby is paper; a blur then takes the steps out of it. On a small copy, since light changes slowly.
    small = grey.resize((max(1, grey.width // 4), max(1, grey.height // 4)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(2 * (near // 4) + 3)).filter(ImageFilter.GaussianBlur(near / 4))
    light = np.asarray(paper.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
    points = np.asarray(grey, dtype=np.float32)
    # What is black over a wider stretch than that looks like paper in the dark: it is told by the whole picture's brightness.
    if np.median(light) < DARKEST_PAPER or (points < DEEP_SHADOW * np.percentile(light, 95)).mean() > MOST_INK:
        raise Refused(TOO_DARK)
    return np.clip(points / np.maximum(light, 1), 0, 1)


def check(ink: Ink) -> None:
    """Raises `Refused` unless somebody could compare a signature with this one."""
    if ink.sum() < LEAST_INK:
        raise Refused(BLANK)
    if ink.mean() > MOST_INK:
        raise Refused(TOO_DARK)
    edges = (ink[0], ink[-1], ink[:, 0], ink[:, -1])
    if any(edge.sum() >= SPECK for edge in edges):
        raise Refused(TOUCHES_THE_EDGE)
    top, bottom, left, right = rectangle(ink)
    if right - left < LEAST_WIDTH or bottom - top < LEAST_HEIGHT:
        raise Refused(TOO_SMALL)


def weakness(png: bytes) -> Rule | None:
    """What makes a standard picture hard to compare with. The portal's come in that form and were not checked here."""
    try:
        check(np.asarray(opened(png).convert("L")) < 128)
    except Refused as refused:
        return refused.rule
    return None


def rectangle(ink: Ink) -> tuple[int, int, int, int]:
    """First and last row, first and last column of the ink; the last ones not included."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def set_in_the_middle(relative: Grey, ink: Ink) -> Ink:
    """The ink alone, as large as the standard picture takes it, in the middle."""
    top, bottom, left, right = rectangle(ink)
    cropped = Image.fromarray((relative[top:bottom, left:right] * 255).astype(np.uint8))
    scale = min((WIDTH - 2 * MARGIN) / cropped.width, (HEIGHT - 2 * MARGIN) / cropped.height)
    size = max(1, round(cropped.width * scale)), max(1, round(cropped.height * scale))
    sheet = Image.new("L", (WIDTH, HEIGHT), 255)
    sheet.paste(cropped.resize(size, Image.Resampling.LANCZOS), ((WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2))
    return np.asarray(sheet) < MARK * 255


def written(ink: Ink) -> bytes:
    file = io.BytesIO()
    Image.fromarray(~ink).convert("1").save(file, "PNG", optimize=True, dpi=DPI)
    return file.getvalue()
