"""Pictures in memory: reading the unpacked archives, the held-out split, and drawn pictures for runs without archives."""
import glob
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
import numpy as np
import torch
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


def each(f, items):
    """[f(item)] in threads: PIL and numpy let go of the interpreter."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(f, items))


def sharp_photos(rng, data, least, device):
    """Photos to cut crops from, uint8 [3,h,w] on the device, each at two sizes, `least` pixels at the shorter side; drawn ones without archives."""
    if data is None:
        rows = [drawn(rng, 320, 320) for _ in range(16)]
    else:
        jobs = [(p, s) for p in listing(data, 'sharp/*/*.webp') for s in (rng.uniform(.5, .7), rng.uniform(.7, .95))]
        rows = each(lambda job: shrunk(*job), jobs)
    return [torch.from_numpy(np.ascontiguousarray(r.transpose(2, 0, 1))).to(device) for r in rows if min(r.shape[:2]) >= least]


def crops(rng, pictures, n, size):
    """uint8 [n,3,size,size] from random places of a list of uint8 tensors [3,h,w]."""
    rows = []
    for k in rng.integers(0, len(pictures), n):
        y, x = (int(rng.integers(0, v - size + 1)) for v in pictures[k].shape[1:])
        rows.append(pictures[k][:, y:y + size, x:x + size])
    return torch.stack(rows)
