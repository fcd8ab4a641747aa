"""Photos with labelled faces in memory, and squares composed of them on the device: one photo, or a mosaic of several at a small size."""
import csv
import os
from dataclasses import dataclass
import numpy as np
import torch
from PIL import Image, ImageDraw
from pictures import drawn, each, held_out

LEVELS = 4                      # of the pyramid of each photo, each half as large as the one before, so that shrinking does not alias
GRIDS, SHARES = (1, 2, 3, 4), (.5, .25, .15, .1)  # photos along a side of a square, and how often
FACELESS = .3                   # share of photos without a face
SMALLEST, LARGEST = 12., .8     # size aimed at: pixels, share of the photo's square
ENLARGED = 3.                   # at most
COVER = .75                     # share of the square that a photo's long side covers at least
LEAN = 20.                      # degrees
ON_A_SIDE = .1                  # share of photos turned by 90 or 270 degrees
LEAST, VISIBLE = 9., .6         # pixels and share inside the square from which a face is asked for
MIRRORED = [1, 0, 2, 4, 3]      # the five points of a mirrored face
COLUMNS = 'x y width height rx ry lx ly nx ny mrx mry mlx mly'.split()  # of labels.csv


@dataclass
class Labelled:
    """Photos as one list of pixels uint8 [pixels,3] on the device; `levels` [photos,LEVELS,3] first pixel, width, height; `faces` [faces,14]
    centre x, y, width, height, five points x, y in pixels of the first level, `sure` [faces]; `first`, `count`, `known` [photos] where a
    photo's faces begin, how many there are, and how many of them, which come first, are sure."""
    pixels: torch.Tensor
    levels: np.ndarray
    faces: np.ndarray
    sure: np.ndarray
    first: np.ndarray
    count: np.ndarray
    known: np.ndarray


def labels(data, held):
    """{file: [(sure, [14])]} of face/labels.csv, as data/faces.mjs writes it: the training part or the held-out part."""
    found = {}
    with open(os.path.join(data, 'face', 'labels.csv'), newline='') as f:
        for row in csv.DictReader(f):
            if held_out(row['file']) == held:
                of_photo = found.setdefault(row['file'], [])
                if row['kind'] != 'none':
                    x, y, w, h, *points = (float(row[k]) for k in COLUMNS)
                    of_photo.append((row['kind'] == 'face', [x + w / 2, y + h / 2, w, h, *points]))
    return found


def drawn_face(rng):
    """A drawn picture with one face: an oval with eyes, nose and mouth, and its label."""
    side = int(rng.integers(160, 240))
    im = Image.fromarray(drawn(rng, side, side))
    pen = ImageDraw.Draw(im)
    w = rng.uniform(.2, .7) * side
    h = 1.3 * w
    x, y = rng.uniform(.5 * w, side - .5 * w), rng.uniform(.5 * h, max(.5 * h + 1, side - .5 * h))
    oval = lambda cx, cy, rx, ry, ink: pen.ellipse([cx - rx, cy - ry, cx + rx, cy + ry], fill=ink)
    skin = tuple(int(v) for v in np.array([225, 180, 150]) * rng.uniform(.4, 1))
    oval(x, y, w / 2, h / 2, skin)
    points = [x - .2 * w, y - .1 * h, x + .2 * w, y - .1 * h, x, y + .1 * h, x - .15 * w, y + .28 * h, x + .15 * w, y + .28 * h]
    for k in (0, 2):
        oval(points[k], points[k + 1], .08 * w, .04 * h, (30, 25, 25))
    oval(points[4], points[5], .05 * w, .04 * h, tuple(v // 2 for v in skin))
    pen.line(points[6:], fill=(140, 40, 40), width=max(2, int(.04 * w)))
    return np.asarray(im), [(True, [x, y, w, h, *points])]


def pyramid(picture):
    im = Image.fromarray(picture)
    return [np.asarray(im if k == 0 else im.reduce(2 ** k)) for k in range(LEVELS)]


def loaded(data, rng, device):
    """The training part of DATA/face on the device; drawn faces, and pictures without, where there is no DATA."""
    if data is None:
        rows = [drawn_face(rng) for _ in range(32)] + [(drawn(rng, 200, 160), []) for _ in range(8)]
        photos, found = zip(*rows)
    else:
        named = labels(data, False)
        found = list(named.values())
        photos = each(lambda name: np.asarray(Image.open(os.path.join(data, 'face', name)).convert('RGB')), named)
    levels, parts, at = np.zeros((len(photos), LEVELS, 3), np.int64), [], 0
    for i, steps in enumerate(each(pyramid, photos)):
        for k, step in enumerate(steps):
            levels[i, k] = at, step.shape[1], step.shape[0]
            at += step.shape[0] * step.shape[1]
            parts.append(step.reshape(-1, 3))
    ordered = [sorted(of_photo, key=lambda face: not face[0]) for of_photo in found]
    count = np.array([len(f) for f in ordered])
    faces = [face for of_photo in ordered for face in of_photo]
    return Labelled(torch.from_numpy(np.concatenate(parts)).to(device), levels, np.array([v for _, v in faces], np.float32), np.array([s for s, _ in faces]),
                    np.cumsum(count) - count, count, np.array([sum(s for s, _ in f) for f in ordered]))


@dataclass
class Windows:
    """One line a photo laid out: its square of the batch, the middle [m,2] and side of its part of that square, the photo, the place of the
    photo [m,2] in that middle, and pixels of the square for pixels of the photo as `turn` [m,2,2]; `size` is the factor of size of `turn`."""
    square: np.ndarray
    middle: np.ndarray
    side: np.ndarray
    photo: np.ndarray
    place: np.ndarray
    turn: np.ndarray
    size: np.ndarray
    quarter: np.ndarray
    mirror: np.ndarray


def laid_out(rng, labelled, n, side):
    """Windows onto random photos for `n` squares of `side` pixels, and the photos along a side of each square."""
    grid = rng.choice(GRIDS, n, p=SHARES)
    square = np.repeat(np.arange(n), grid ** 2)
    g, m = grid[square], len(square)
    k = np.arange(m) - (np.cumsum(grid ** 2) - grid ** 2)[square]
    part = side / g
    middle = np.stack([(k % g + .5) * part, (k // g + .5) * part], 1)
    faced, faceless = np.flatnonzero(labelled.known), np.flatnonzero(labelled.count == 0)
    if not len(faceless):
        raise SystemExit('expected photos without a face among the labelled ones but found none')
    without = rng.random(m) < FACELESS
    photo = np.where(without, rng.choice(faceless, m), rng.choice(faced, m))
    extent = labelled.levels[photo, 0, 1:].astype(np.float64)
    aim = labelled.faces[np.where(without, 0, labelled.first[photo] + (rng.random(m) * labelled.known[photo]).astype(int))]
    aimed = np.sqrt(aim[:, 2] * aim[:, 3])
    cover = COVER * part / extent.max(1)
    wanted = np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST * part))) / aimed
    size = np.minimum(np.where(without, cover * np.exp(rng.uniform(0, 1.5, m)), np.maximum(wanted, cover)), ENLARGED)
    quarter = np.where(rng.random(m) < ON_A_SIDE, rng.choice([1, 3], m), 0)
    angle = np.deg2rad(rng.uniform(-LEAN, LEAN, m) + 90 * quarter)
    mirror = rng.choice([-1, 1], m)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = size[:, None, None] * np.stack([mirror * cos, -sin, mirror * sin, cos], 1).reshape(m, 2, 2)
    free = np.maximum(0, part - size * aimed)[:, None] / 2
    away = rng.uniform(-.9, .9, (m, 2)) * free
    place = aim[:, :2] - np.einsum('mij,mj->mi', np.linalg.inv(turn), away)
    half = (part / size / 2)[:, None]
    inside = np.clip(np.where(without[:, None], rng.random((m, 2)) * extent, place), np.minimum(half, extent / 2), np.maximum(extent - half, extent / 2))
    place = np.where((without | (rng.random(m) < .8))[:, None], inside, place)
    return Windows(square, middle, part, photo, place, turn, size, quarter, mirror), grid


def shown(labelled, windows, grid, side, fills):
    """The squares [n,3,side,side] in 0..1, bilinear from the nearest level of each photo; `fills` [m,3] is what surrounds a photo."""
    device, n = labelled.pixels.device, len(grid)
    level = np.clip(np.round(-np.log2(windows.size)), 0, LEVELS - 1).astype(int)
    back = np.linalg.inv(windows.turn)
    start = windows.place - np.einsum('mij,mj->mi', back, windows.middle)
    affine = np.concatenate([back.reshape(-1, 4), start], 1) / 2. ** level[:, None]
    affine = torch.from_numpy(affine.astype(np.float32)).to(device)
    extent = torch.from_numpy(labelled.levels[windows.photo, level]).to(device)
    grid = torch.from_numpy(grid).to(device).view(n, 1, 1)
    begin = torch.cumsum(grid.flatten() ** 2, 0).view(n, 1, 1) - grid ** 2
    step = torch.arange(side, device=device)
    row = begin + (step.view(1, -1, 1) * grid // side) * grid + step.view(1, 1, -1) * grid // side
    a, (first, w, h) = affine[row].unbind(3), extent[row].unbind(3)
    qx, qy = step.view(1, 1, -1) + .5, step.view(1, -1, 1) + .5
    px, py = a[0] * qx + a[1] * qy + a[4] - .5, a[2] * qx + a[3] * qy + a[5] - .5
    out = 0.
    x0, y0 = px.floor(), py.floor()
    for dy in (0, 1):
        for dx in (0, 1):
            share = (1 - (px - x0 - dx).abs()) * (1 - (py - y0 - dy).abs())
            x, y = (x0 + dx).long().clamp(min=0).minimum(w - 1), (y0 + dy).long().clamp(min=0).minimum(h - 1)
            out = out + share[..., None] * labelled.pixels[first + y * w + x]
    outside = (px < -.5) | (py < -.5) | (px > w - .5) | (py > h - .5)
    out = torch.where(outside[..., None], torch.from_numpy(fills.astype(np.float32)).to(device)[row], out / 255)
    return out.permute(0, 3, 1, 2).contiguous()


def asked(labelled, windows, n):
    """What is to be found: [n,k,15], a line a face with centre x, y, width, height, five points in pixels of the square, and 1 for a face, 0 for
    what must be neither learnt nor unlearnt, -1 for an empty line."""
    count = labelled.count[windows.photo]
    at = np.repeat(np.arange(len(count)), count)
    which = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count) + labelled.first[windows.photo][at]
    face = labelled.faces[which]
    spots = np.concatenate([face[:, None, :2], face[:, 4:].reshape(-1, 5, 2)], 1) - windows.place[at, None]
    spots = np.einsum('mij,mkj->mki', windows.turn[at], spots) + windows.middle[at, None]
    points = np.where((windows.mirror[at] < 0)[:, None, None], spots[:, 1:][:, MIRRORED], spots[:, 1:])
    extent = windows.size[at, None] * np.where((windows.quarter[at] % 2 == 1)[:, None], face[:, 3:1:-1], face[:, 2:4])
    low, high = spots[:, 0] - extent / 2, spots[:, 0] + extent / 2
    edge = (windows.side[at] / 2)[:, None]
    low, high = (np.clip(v, windows.middle[at] - edge, windows.middle[at] + edge) for v in (low, high))
    visible = (high - low).prod(1) / extent.prod(1)
    size = np.sqrt(extent.prod(1))
    kept = labelled.sure[which] & (visible >= VISIBLE) & (size >= LEAST)
    seen = visible > 0
    centre = np.where(kept[:, None], spots[:, 0], (low + high) / 2)
    extent = np.where(kept[:, None], extent, high - low)
    rows = np.concatenate([centre, extent, points.reshape(-1, 10), kept[:, None]], 1)[seen]
    square = windows.square[at][seen]
    order = np.argsort(square, kind='stable')
    square, rows = square[order], rows[order]
    number = np.bincount(square, minlength=n)
    out = np.full((n, max(1, number.max()), 15), -1., np.float32)
    out[square, np.arange(len(square)) - (np.cumsum(number) - number)[square]] = rows
    return out


def composed(rng, labelled, n, side):
    """(squares [n,3,side,side] in 0..1 on the device, what is to be found in them as asked() says, on the device)."""
    windows, grid = laid_out(rng, labelled, n, side)
    fills = np.repeat(rng.uniform(0, 1, (len(windows.photo), 1)), 3, 1)
    squares = shown(labelled, windows, grid, side, fills)
    return squares, torch.from_numpy(asked(labelled, windows, n)).to(squares.device)
