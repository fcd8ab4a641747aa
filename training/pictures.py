"""Pictures in memory: reading the unpacked archives, the held-out split, and drawn pictures for runs without archives."""
import glob
import hashlib
import os
import numpy as np
from PIL import Image, ImageDraw


def held_out(path):
    """True for the about 5 % of files that are never trained on: sha256 of the bare file name starts with byte 00 to 0c."""
    return hashlib.sha256(os.path.basename(path).encode()).digest()[0] <= 0x0c


def listing(data, *patterns, held=False):
    """Sorted paths below `data` that match any pattern, either the training part or the held-out part."""
    paths = sorted(p for pattern in patterns for p in glob.glob(os.path.join(data, pattern)))
    return [p for p in paths if held_out(p) == held]


def drawn(rng, width, height):
    """A drawn picture (uint8 [h,w,3]): a sky-to-ground ramp with discs, bars and lines. For smoke tests without archives."""
    top, bottom = rng.integers(0, 256, (2, 3))
    ramp = np.linspace(0, 1, height)[:, None, None]
    im = Image.fromarray((np.broadcast_to(top * (1 - ramp) + bottom * ramp, (height, width, 3))).astype(np.uint8))
    pen = ImageDraw.Draw(im)
    for _ in range(24):
        x, y = rng.integers(0, width), rng.integers(0, height)
        a, b = rng.integers(2, 60, 2)
        ink = tuple(int(v) for v in rng.integers(0, 256, 3))
        [pen.ellipse, pen.rectangle, pen.line][rng.integers(3)]([int(x), int(y), int(x + a), int(y + b)], fill=ink)
    return np.asarray(im)


def read(path):
    """uint8 [h,w,3] sRGB."""
    return np.asarray(Image.open(path).convert('RGB'))


def shrunk(path, scale):
    """The photo at `scale` of its size: lossy originals are only used shrunk, so that their own blocks are not learnt as truth."""
    im = Image.open(path).convert('RGB')
    return np.asarray(im.resize((max(1, round(im.width * scale)), max(1, round(im.height * scale))), Image.LANCZOS))


def turned(rng, crop):
    """One of the eight flips and quarter turns of [h,w,...]."""
    if rng.random() < .5:
        crop = crop[:, ::-1]
    if rng.random() < .5:
        crop = crop[::-1]
    return crop.swapaxes(0, 1) if rng.random() < .5 else crop


def random_crop(rng, im, size):
    y = rng.integers(0, im.shape[0] - size + 1)
    x = rng.integers(0, im.shape[1] - size + 1)
    return im[y:y + size, x:x + size]
