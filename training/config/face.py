"""Faces with five points, also in old, grey, blurred, noisy and damaged photos: what a detector of others finds on the clean photo is learnt on spoilt ones."""
import os
import degrade
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from config.repair import grained, toned
from damage import blurred, chance, jpeg, log_uniform, noisy, resized, turned, uniform
from detection import CELL, agreement, figures, found, searched
from evaluate import photos
from faces import LEAST, composed, labels, loaded
from finder import FaceFinder, FaceScores
from model import mixed
from oldphoto import layer, old_photo
from pictures import each, read

RATE = 2e-3
WEIGHT_DECAY = .01
BATCH, SIDE = 16, 256
WIDTHS = (16, 32, 64, 96, 96)
LAYERS = 160       # of damage at hand
OF_THE_MACHINE = ('LAYERS',)
SPOILT, DAMAGED = .85, .35     # shares of squares that are spoilt at all, and scratched, cracked, stained
PEAK = .1          # sigma of a face's mark in the map of centres, in sizes of the face
BOX, POINTS = 2., 5.           # weights beside the map of centres
CHECKED = 150      # held-out photos to look at during a run

ARCHIVES = ('sharp-1.tar', 'sharp-2.tar', 'small-0.tar', 'colour-1.tar', 'colour-2.tar', 'colour-3.tar', 'matting.tar', 'matting-2.tar')
CARD = {'scale': 1, 'multiple': 32, 'overlap': 0, 'size': None, 'outputStride': CELL,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'output': {'name': 'yout', 'type': 'float32', 'layout': 'NHWC', 'channels': 15, 'range': [-4096, 4096],
                   'order': 'score 0..1; in pixels: centre x, y, width, height, right eye x, y, left eye, nose tip, right and left mouth corner'},
        'notes': 'Faces of 12 to 200 px. One line a cell of 8 x 8 pixels; centre and points count from the middle of the cell. '
                 'Take the peaks among 3 x 3 cells, and of overlapping ones the best. Right and left are the person\'s. Look twice, at long sides of 640 and 256 px. '
                 'Labels came from YuNet (BSD-like licence, see upstream) run on the clean photos, of which 7,095 were used; its weights are not used.'}


def build():
    return FaceFinder(WIDTHS)


def deployed(net):
    """What the engine runs: float NCHW sRGB in 0..1 to score and places [n,15,h/8,w/8] as CARD says."""
    return FaceScores(net)


def load(data, rng, device):
    """Labelled photos, and layers of damage (oldphoto.layer) float16 [LAYERS,6,s,s] with s a third more than SIDE, both on the device."""
    side = SIDE + SIDE // 3
    seeds = rng.integers(2 ** 63, size=LAYERS)
    layers = torch.from_numpy(np.stack(each(lambda seed: layer(np.random.default_rng(seed), side, crack=3.), seeds))).to(device)
    return {'photos': loaded(data, rng, device), 'layers': layers}


def aged(rng, x, layers):
    """Squares [n,3,s,s] as old photos and bad scans show them: tone, fading, blur, grain, local damage, few pixels, noise, JPEG."""
    n, device = len(x), x.device
    side = x.shape[2]
    some = lambda p: chance(n, p, device)
    x = toned(x)
    x = torch.where(some(.15), x.mean(1, keepdim=True), x)
    x = x.clamp(0, 1) ** log_uniform(n, .6, 1.7, device)
    fading = some(.5) * uniform(n, 0, .55, device)
    x = x * (1 - fading) + fading * uniform(n, 0, 1, device)
    before = x
    x = blurred(x, some(.55) * log_uniform(n, .3, 2.2, device))
    x = torch.where(some(.45), grained(x), x)
    y, k = (int(v) for v in rng.integers(0, layers.shape[2] - side + 1, 2))
    m, c = turned(layers[torch.from_numpy(rng.integers(0, len(layers), n)).to(device), :, y:y + side, k:k + side]).float().chunk(2, 1)
    x = torch.where(some(DAMAGED), x * m + c, x)
    parts = list(x.clamp(0, 1).chunk(8))
    for i, part in enumerate(parts):
        if rng.random() < .5:
            few = round(side * np.exp(rng.uniform(np.log(.35), 0)))
            parts[i] = F.interpolate(resized(part, few, few, 'bicubic' if i % 2 else 'area'), (side, side), mode='bicubic' if i % 4 < 2 else 'bilinear', align_corners=False)
    x = noisy(torch.cat(parts), some(.5) * log_uniform(n, .004, .14, device))
    x = torch.where(some(.6), jpeg(x, uniform(n, 15, 95, device), some(.7)), x)
    return torch.where(some(SPOILT), x, before).clamp(0, 1)


def batch(rng, pictures, progress):
    """Squares [n,3,SIDE,SIDE] and what is to be found in them [n,k,15] (faces.asked)."""
    squares, asked = composed(rng, pictures['photos'], BATCH, SIDE)
    return aged(rng, squares, pictures['layers']), asked


def marked(asked, h, w):
    """(map of centres [n,h,w], 1 in a face's own cell and falling off around it; the face each cell belongs to [n,h,w]; places [n,2,h,w] of the
    middles of cells; where the map counts [n,h,w])."""
    n, k = asked.shape[:2]
    step = lambda v: (torch.arange(v, device=asked.device) + .5) * CELL
    y, x = step(h).view(1, 1, h, 1), step(w).view(1, 1, 1, w)
    cx, cy, fw, fh, *_, kind = (v.view(n, k, 1, 1) for v in asked.unbind(2))
    cell = lambda v: (v / CELL).floor() * CELL + CELL / 2
    sigma = (PEAK * (fw * fh).clamp(min=1).sqrt()).clamp(min=.45 * CELL)
    height = torch.exp(-((x - cell(cx)) ** 2 + (y - cell(cy)) ** 2) / (2 * sigma ** 2)) * (kind == 1)
    peaks, owner = height.max(1)
    unsure = ((kind == 0) & ((x - cx).abs() < fw / 2 + CELL / 2) & ((y - cy).abs() < fh / 2 + CELL / 2)).any(1)
    places = torch.stack([x.expand(n, 1, h, w)[:, 0], y.expand(n, 1, h, w)[:, 0]], 1)
    return peaks, owner, places, (~unsure | (peaks == 1)).float()


def disagreement(a, b):
    """1 - GIoU of boxes [m,4], centre x, y, width, height."""
    low, high = (torch.stack([t[:, :2] - t[:, 2:] / 2, t[:, :2] + t[:, 2:] / 2]) for t in (a, b))
    shared = (torch.minimum(low[1], high[1]) - torch.maximum(low[0], high[0])).clamp(min=0).prod(1)
    hull = (torch.maximum(low[1], high[1]) - torch.minimum(low[0], high[0])).prod(1)
    union = a[:, 2:].prod(1) + b[:, 2:].prod(1) - shared
    return 1 - shared / union + (hull - union) / hull


def loss(net, pair, progress):
    """Focal loss of the map of centres, 1 - GIoU of boxes and distance of points in sizes of the face, for each face."""
    x, asked = pair
    with mixed(x.device):
        out = net(x.contiguous(memory_format=torch.channels_last))
    peaks, owner, places, counted = marked(asked, *out.shape[2:])
    logit = out[:, 0]
    p = torch.sigmoid(logit)
    own = peaks == 1
    centre = torch.where(own, -(1 - p) ** 2 * F.logsigmoid(logit), -(1 - peaks) ** 4 * p ** 2 * F.logsigmoid(-logit))
    number = own.sum().clamp(min=1)
    at = (peaks > .6).nonzero(as_tuple=True)
    truth = asked[at[0], owner[at]]
    near, given = peaks[at], out.permute(0, 2, 3, 1)[at]
    place = places.permute(0, 2, 3, 1)[at]
    size = (truth[:, 2] * truth[:, 3]).sqrt()
    share = near / (1 + 3.2 * ((PEAK * size).clamp(min=.45 * CELL) / CELL) ** 2)  # so that all cells of a face weigh about as much as one
    box = disagreement(torch.cat([given[:, 1:3] + place, given[:, 3:5]], 1), truth[:, :4])
    away = (given[:, 5:] + place.repeat(1, 5) - truth[:, 4:14]).abs().mean(1) / size
    return ((centre * counted).sum() + (share * (BOX * box + POINTS * away)).sum()) / number


def sets(data, every):
    """(photo, the photo blurred, noisy, made old and grey by a fixed seed, truth [m,14], whether sure [m]) of the held-out photos; faces under
    LEAST px count as unsure."""
    rows = []
    named = sorted(labels(data, True).items())
    for i, (name, faces) in enumerate(named[::every]):
        photo = read(os.path.join(data, 'face', name))
        rng = np.random.default_rng([31, i])
        bad = degrade.noisy(rng, degrade.blurred(photo.astype(np.float32) / 255, rng.uniform(.3, 2)), rng.uniform(0, .08))
        bad, _, _ = old_photo(rng, bad.clip(0, 1), healthy=0.)
        bad = np.repeat((bad @ np.float32([.3, .59, .11]))[..., None], 3, 2)
        truth = np.array([v for _, v in faces], np.float32).reshape(-1, 14)
        sure = np.array([s for s, _ in faces], bool) & (truth[:, 2] * truth[:, 3] >= LEAST ** 2)
        rows.append((photo, np.round(bad * 255).astype(np.uint8), truth, sure))
    return rows


def validation(data):
    return sets(data, max(1, len(labels(data, True)) // CHECKED))


def score(net, rows, find=found):
    """Average precision, best F1, recall at one false face in ten photos and distance of points in distances of the eyes, on clean and on old
    photos. With `found` by one look at the photo's own size, which is quicker."""
    result = {}
    for k, name in enumerate(('', 'old_')):
        m = figures([agreement(find(net, row[k]), row[2], row[3]) for row in rows])
        result.update({name + key: m[key] for key in ('ap', 'f1', 'recall', 'points')})
    return result


def report(net, data, frozen):
    """All held-out photos, clean and made old, looked at twice as the engine does; and in how many of the frozen photos a face scores .5 or more."""
    result = score(net, sets(data, 1), lambda net, picture: searched(net, Image.fromarray(picture), .05))
    for folder in ('old', 'faces-lq', 'portraits'):
        faces = [len(searched(net, Image.open(p).convert('RGB'), .5)) for p in photos(os.path.join(frozen, folder))]
        result[folder] = {'photos': len(faces), 'withFace': sum(f > 0 for f in faces), 'faces': sum(faces)}
    return result
