"""Texture beside an enlargement, which stays as it is: how far the true detail is from what is likeliest, in bands of size and direction.
Blind pictures and everything else as in config/sr.py. The likelihood is that of a Laplace distribution for each band."""
import json
import math
import os
import numpy as np
import torch
import torch.nn.functional as F
from config import sr
from configured import floats
from damage import blurred
from evaluate import photos
from model import mixed
from texture import DEVIATION, NONE, SIDE, TexturedSuperResolution

RATE = 1e-3
WEIGHT_DECAY = 0.
SCALE, BATCH, PATCH = 4, 16, 192
WIDTH, PAIRS, COARSE, CLEAN = 48, 8, 1, .3
PLAIN = 'sr4'  # state that it begins with and leaves as it is; the line above is its shape. For sr: SCALE 2, COARSE 2, WIDTH 64
TEXTURE = 3    # pairs of the second body
FLOOR = .002   # deviation that is always there, of 1: less than a step of 8 bits
EDGE = .06     # slope at which half of the texture is drawn: noise would fray an edge
ARCHIVES = sr.ARCHIVES
STATE = os.path.join(os.path.dirname(__file__), '..', 'state')


def settle():
    """The constants of config/sr.py are those of this file."""
    for name in ('SCALE', 'BATCH', 'PATCH', 'WIDTH', 'PAIRS', 'COARSE', 'CLEAN'):
        setattr(sr, name, globals()[name])


def card():
    """That of config/sr.py, with planes of noise."""
    settle()
    card = sr.card()
    # Amplitudes change so slowly that the second body's own reach makes no difference of 1/255 (tiles.test.ts); the noise's kernel does.
    with open(os.path.join(STATE, '..', '..', 'packages', 'engine', 'models', PLAIN + '.json')) as f:
        beside = json.load(f)['id']
    return {**card, 'beside': beside, 'overlap': card['overlap'] + 2 * COARSE,
            'input': {**card['input'], 'channels': 4 + SCALE ** 2, 'order': 'RGB, strength, noise'},
            'notes': f'{card["notes"]} Noise: white, at the size of the enlargement, pixel-unshuffled; 128 draws no texture, a standard deviation of 32 all of it.'}


def build():
    settle()
    return TexturedSuperResolution(sr.build(), WIDTH, TEXTURE)


def deployed(net):
    """What the engine runs: float NCHW in 0..1, sRGB, the strength and noise, to sRGB at SCALE times the size."""
    return net


def start(net):
    """A fresh run begins with the network of PLAIN."""
    net.plain.load_state_dict(floats(torch.load(os.path.join(STATE, PLAIN + '.pt'), map_location='cpu')['ema']))


def load(data, rng, device):
    settle()
    return sr.load(data, rng, device)


def validation(data):
    settle()
    return sr.validation(data)


def noised(low, amount=0., seed=7):
    """Enlargements' input [n,4,h,w] with planes of noise that ask for this much texture."""
    noise = torch.randn(len(low), SCALE ** 2, *low.shape[2:], generator=torch.Generator().manual_seed(seed)).to(low.device)
    return torch.cat([low, NONE + amount * DEVIATION * noise], 1)


def batch(rng, pictures, progress):
    low, high = sr.batch(rng, pictures, progress)
    return noised(low), high


def pairs(paths):
    """Those of config/sr.py with half of the texture: what int8 is judged on."""
    settle()
    for picture, high in sr.pairs(paths):
        low = noised(torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255, .5)
        yield (low[0].clamp(0, 1).permute(1, 2, 0).numpy() * 255 + .5).astype(np.uint8), high


def grey(x):
    return F.conv2d(x, x.new_tensor((.299, .587, .114)).view(1, 3, 1, 1))


def calm(y):
    """[n,1,h,w] in 0..1: how far luma [n,1,h,w] of the enlargement shows no edge within a few pixels."""
    gy, gx = (F.pad(y, pad, mode='replicate').diff(dim=d) for pad, d in (((0, 0, 1, 0), 2), ((1, 0, 0, 0), 3)))
    slope = F.max_pool2d(gx ** 2 + gy ** 2, 9, 1, 4).sqrt()
    return 1 / (1 + (blurred(slope, torch.full_like(y[:, :1, :1, :1], 2.)) / EDGE) ** 2)


def unlikelihood(net, low, high):
    """Mean negative log-likelihood of what the enlargement lacks, where it is calm, in each band."""
    with mixed(low.device):
        picture, amplitudes = net.parts(low[:, :4].contiguous(memory_format=torch.channels_last))
    inner = slice(SIDE // 2, -(SIDE // 2))
    lacking = F.conv2d(grey(high - picture), net.bank).abs() * calm(grey(picture))[:, :, inner, inner]
    mean = (net.larger(net.variances(amplitudes) + FLOOR ** 2) * 2 / math.pi).sqrt()[:, :, inner, inner]
    return (lacking / mean + mean.log()).mean()


def loss(net, pair, progress):
    return unlikelihood(net, *pair)


def score(net, rows):
    """Mean negative log-likelihood on clean and on spoilt photos: the lower the better."""
    return {name: float(np.mean([float(unlikelihood(net, row[i], row[2])) for row in rows])) for i, name in enumerate(('clean', 'blind'))}


def report(net, data, frozen):
    """24 clean photos, shrunk cleanly and with damage: their likelihood, and for each amount of texture how much of the true variance of fine
    detail the enlargement has, over all bands and photos."""
    settle()
    rows = sr.sets(photos(frozen + '/clean'), 768, 2024)
    found = lambda x: float(F.conv2d(grey(x.clamp(0, 1)), net.bank).pow(2).mean())
    result = {'unlikelihood': score(net, rows)}
    for i, name in enumerate(('clean', 'blind')):
        true = sum(found(row[2]) for row in rows)
        result[name] = {f'share{amount}': sum(found(net(noised(row[i], amount))) for row in rows) / true for amount in (0, .5, 1)}
    return result
