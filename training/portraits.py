"""Photos of people with their alpha, people cut out of them, and places without people, as uint8 tensors that a GPU can hold."""
import csv
import glob
import os
from concurrent.futures import ThreadPoolExecutor
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from damage import blurred
from pictures import drawn, listing

SIDE = 384              # long side of the photos of people
CANVAS = SIDE + 8       # of cut-outs: what lies below the photo is on it too
SCENE, SMALL = 448, 224  # canvases of places
# where an alpha comes from: the cut-out's own; a mask; two networks that judged the photo, and are as sure as it is far from a half
TRUE, HARD, TAUGHT = 'true', 'hard', 'taught'
OF_PHOTOS = .55         # share of taught ones among photos that are shown as they are
# categories of MANIFEST-colour.csv that show no people, or only tiny ones
PLACES = ('buildings', 'sea', 'mountains', 'forest', 'glacier', 'interiors', 'food', 'houses', 'country', 'gardens', 'market', 'farm', 'flowers', 'cats and dogs')


def fitted(path, mode, side, enlarge=True):
    """uint8 [h,w] or [h,w,3] with a long side of `side`; smaller photos stay small unless `enlarge`."""
    im = Image.open(path).convert(mode)
    f = side / max(im.size) if enlarge else min(1., side / max(im.size))
    return np.array(im.resize((max(1, round(im.width * f)), max(1, round(im.height * f))), Image.BOX if f < 1 else Image.BICUBIC))


def filled(alpha):
    """Hard mask [h,w] with its small holes closed."""
    a = torch.from_numpy(alpha)[None].float()
    return (-F.max_pool2d(-F.max_pool2d(a, 7, 1, 3), 7, 1, 3))[0].byte().numpy()


def softened(alpha):
    """Hard mask taken in by a pixel and blurred by .8 px, in 0..1 as [h,w,1]."""
    a = -F.max_pool2d(-torch.from_numpy(alpha)[None, None].float() / 255, 3, 1, 1)
    return blurred(a, torch.full((1, 1, 1, 1), .8))[0, 0, :, :, None].numpy()


def plain(rgb, alpha):
    """The colour behind a cut-out: the median where alpha is 0."""
    outside = rgb[alpha < 3][::8]
    return np.median(outside, 0) if len(outside) > 50 else np.array([255., 255., 255.])


def cut_out(rgb, alpha, kind):
    """The person alone, uint8 [h,w,4], colour times alpha."""
    true = kind == TRUE
    a = alpha[..., None] / 255 if true else softened(alpha)
    colour = rgb - (1 - a) * plain(rgb, alpha) if true else rgb * a
    return np.round(np.concatenate([np.clip(colour, 0, 255 * a), 255 * a], 2)).astype(np.uint8)


def person(path):
    """(rgb, alpha, TRUE, HARD or TAUGHT), or None where no alpha lies beside the photo."""
    folder, name = os.path.split(os.path.dirname(path))[0], os.path.splitext(os.path.basename(path))[0]
    alpha = glob.glob(os.path.join(folder, 'alpha', name + '.*'))
    if not alpha:
        return None
    rgb, source = fitted(path, 'RGB', SIDE), os.path.basename(folder)
    if source == TAUGHT:
        return rgb, np.array(Image.open(alpha[0]).convert('L').resize(rgb.shape[1::-1], Image.BILINEAR)), TAUGHT
    a = fitted(alpha[0], 'L', SIDE)
    return (rgb, a, TRUE) if source in ('headshot', 'cutout', 'cutout2') else (rgb, filled(a), HARD)


def people(data, held=False, taught=False):
    """(rgb, alpha, TRUE or HARD) of every photo of people with an alpha; with `taught` also those that a teacher judged (data/taught.mjs)."""
    paths = [p for p in listing(data, 'matting/*/img/*', held=held) if taught or f'/{TAUGHT}/' not in p]
    with ThreadPoolExecutor() as pool:
        return [r for r in pool.map(person, paths) if r]


def places(data):
    """Two lists of photos without people: scenes of SCENE px, and small ones."""
    with open(os.path.join(data, 'MANIFEST-colour.csv')) as f:
        names = {r['file'] for r in csv.DictReader(f) if r['category'].startswith(PLACES) and r['people'] != 'yes'}
    with ThreadPoolExecutor() as pool:
        scenes = pool.map(lambda p: fitted(p, 'RGB', SCENE), listing(data, 'sharp/scenes/*.webp'))
        small = pool.map(lambda p: fitted(p, 'RGB', SMALL, False), [p for p in listing(data, 'colour/*.webp') if os.path.basename(p) in names])
        return list(scenes), list(small)


def canvases(pictures, side, low, device):
    """uint8 [n,c,side,side], each picture [h,w,c] at the top left and its edges repeated, and rows [n,3]: its height and width as shares of the
    canvas, and the smallest window to take of it as a share of the largest."""
    out = torch.empty(len(pictures), pictures[0].shape[2], side, side, dtype=torch.uint8)
    for row, p in zip(out, pictures):
        row.copy_(torch.from_numpy(np.pad(p, ((0, side - p.shape[0]), (0, side - p.shape[1]), (0, 0)), mode='edge')).permute(2, 0, 1))
    return out.to(device), torch.tensor([(p.shape[0] / side, p.shape[1] / side, low) for p in pictures]).to(device)


def on_canvas(cut):
    """A cut-out on a canvas of zeros, and its first row, last row, middle column (in -1..1) and width (of 2), and whether it goes on below the
    photo: then its last row is repeated, so that a turned person leaves no gap at the edge."""
    rows, columns = np.flatnonzero(cut[..., 3].max(1) > 40), np.flatnonzero(cut[..., 3].max(0) > 40)
    foot, on = rows[-1], rows[-1] > len(cut) - 4
    canvas = np.zeros((CANVAS, CANVAS, 4), np.uint8)
    canvas[:cut.shape[0], :cut.shape[1]] = cut
    if on:
        canvas[foot:] = canvas[foot]
    left, right = columns[0], columns[-1] + 1
    return canvas, [float(2 * v / CANVAS) for v in (rows[0] - CANVAS / 2, foot + 1 - CANVAS / 2, (left + right - CANVAS) / 2, right - left)] + [float(on)]


def cut_outs(rows, device):
    """uint8 [n,4,CANVAS,CANVAS] and rows [n,6]: first row, last row, middle column, width, whether it goes on below, whether its alpha is true."""
    with ThreadPoolExecutor() as pool:
        cuts = [(c, r[2]) for c, r in zip(pool.map(lambda r: cut_out(*r), rows), rows) if (c[..., 3] > 40).any()]
    placed = [on_canvas(c) for c, _ in cuts]
    at = torch.tensor([row + [float(kind == TRUE)] for (_, row), (_, kind) in zip(placed, cuts)])
    return canvases([c for c, _ in placed], CANVAS, 1, device)[0], at.to(device)


def loaded(data, rng, device, held=False, taught=False):
    """Training (or held-out) photos of people, cut-out people and places without people, on the device. What is drawn how often: cut-outs with true
    alpha thrice, by `order`; photos with hard masks so often, by `shown`, that `taught` ones make OF_PHOTOS of those drawn."""
    if data is None:
        disc = np.zeros((256, 192), np.uint8)
        disc[60:, 40:150] = 255
        rows = [(drawn(rng, 192, 256), disc, TRUE if i % 2 else HARD) for i in range(8)]
        scenes, small = [[drawn(rng, side, side) for _ in range(8)] for side in (256, 160)]
    else:
        rows, (scenes, small) = people(data, held, taught), places(data)
    hard, judged = ([np.dstack(r[:2]) for r in rows if r[2] == kind] for kind in (HARD, TAUGHT))
    cut, at = cut_outs([r for r in rows if r[2] != TAUGHT], device)
    often = max(1, round(len(judged) * (1 - OF_PHOTOS) / OF_PHOTOS / len(hard)))
    times = torch.tensor([often] * len(hard) + [1] * len(judged), device=device)
    each_of = lambda n: torch.arange(n, device=device)
    return {'photos': canvases(hard + judged, SIDE, .65, device), 'shown': each_of(len(times)).repeat_interleave(times),
            'cut': (cut, at), 'order': each_of(len(at)).repeat_interleave(1 + 2 * at[:, 5].long()),
            'places': (canvases(scenes, SCENE, .5, device), canvases(small, SMALL, .75, device))}
