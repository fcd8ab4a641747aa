"""How badly a photo is spoilt by blur, noise and JPEG, 0 to 1: what config/sr.py calls strength. The engine asks it before it enlarges."""
import numpy as np
import torch
from config import sr
from damage import turned
from evaluate import photos
from enlargement import Severity
from model import mixed
from pictures import crops, listing, sharp_photos

RATE = 1e-3
WEIGHT_DECAY = .01
BATCH, PATCH = 16, 256
CLEAN = .3

ARCHIVES = sr.ARCHIVES
CARD = {'scale': 1, 'multiple': 128, 'overlap': 0, 'size': None, 'outputStride': 128,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'output': {'name': 'yout', 'type': 'float32', 'layout': 'NHWC', 'channels': 1, 'range': [0, 1], 'order': 'severity'},
        'notes': 'How badly a piece of a photo at its own size is spoilt by blur, noise and JPEG, one figure for each 128 x 128 pixels.'}


def build():
    return Severity()


def deployed(net):
    """What the engine runs: float NCHW sRGB in 0..1 to severity [n,1,h/128,w/128] in 0..1."""
    return net


def load(data, rng, device):
    return sharp_photos(rng, data, PATCH, device)


def batch(rng, pictures, progress):
    high = turned(crops(rng, pictures, BATCH, PATCH)).float() / 255
    return sr.spoilt(rng, high, 2, CLEAN)


def loss(net, pair, progress):
    low, strength = pair
    with mixed(low.device):
        out = net(low.contiguous(memory_format=torch.channels_last))
    return (out - strength).abs().mean() + (out - strength).pow(2).mean()


def sets(paths):
    """(low, strength) of crops of each photo, clean and spoilt, by fixed seeds."""
    sr.SCALE = 2
    rows = []
    for clean, bad, _ in sr.sets(paths, PATCH, 5) + sr.sets(paths, PATCH, 6):
        rows += [(x[:, :3], float(x[0, 3, 0, 0])) for x in (clean, bad)]
    return rows


def validation(data):
    return sets(listing(data, 'sharp/*/*.webp', held=True))


def score(net, rows):
    """Mean error, that of clean photos, and the share of clean ones taken for worse than .25."""
    out, truth = np.array([float(net(x).mean()) for x, _ in rows]), np.array([s for _, s in rows])
    clean = truth == 0
    return {'error': float(np.abs(out - truth).mean()), 'clean': float(out[clean].mean()), 'alarm': float((out[clean] > .25).mean()), 'spread': float(np.corrcoef(out, truth)[0, 1])}


def report(net, data, frozen):
    return score(net, sets(photos(frozen + '/clean')))
