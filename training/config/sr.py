"""Super-resolution by 2 or 4: clean photos and spoilt ones, told apart by a plane that holds how badly the photo is spoilt."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from damage import blurred, chance, clipped, jpeg, noisy, resized, turned, uniform
from enlargement import SuperResolution
from evaluate import gmsd, photos, psnr_y, ssim
from likeness import dissimilar, unstructured
from model import mixed
from pictures import crops, listing, read, sharp_photos

RATE = 1e-3
WEIGHT_DECAY = 0.
SCALE, BATCH, PATCH = 2, 16, 96   # PATCH is the side of an enlarged crop, a multiple of 16 SCALE
WIDTH, PAIRS, COARSE = 64, 8, 2
CLEAN = .3     # share of photos that are only shrunk
EDGES = .2     # weight of the error of slopes
SLOPES = 0.    # weight of their dissimilarity, see likeness.py: sr4-2 had .05, which took 13 % off its GMSD on spoilt photos at no price in PSNR
STRUCTURE = 0. # weight of what SSIM lacks, which gave repair decibels as well
JITTER = .04   # of the strength that the net is told, for the engine's estimate errs too

ARCHIVES = ('sharp-1.tar', 'sharp-2.tar')


def card():
    return {'scale': SCALE, 'multiple': COARSE, 'overlap': (2 * PAIRS + 2) * COARSE, 'size': None, 'outputStride': 1,
            'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 4, 'range': [0, 255], 'order': 'RGB, strength'},
            'output': {'name': 'yout', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
            'notes': f'Enlargement by {SCALE}. Strength, the same for every pixel, says how badly the photo is spoilt by blur, noise and JPEG: 0 not at all, 255 heavily.'}


def build():
    return SuperResolution(SCALE, WIDTH, PAIRS, COARSE)


def deployed(net):
    """What the engine runs: float NCHW, sRGB in 0..1 and the strength, to sRGB at SCALE times the size."""
    return net


def load(data, rng, device):
    return sharp_photos(rng, data, PATCH, device)


def level(value, low, high):
    """0 at `low`, 1 at `high`, on a logarithmic scale."""
    return ((value / low).clamp(min=1e-6).log() / np.log(high / low)).clamp(0, 1)


def spoilt(rng, high, scale, clean):
    """(low, strength) of pictures [n,3,h,w]: shrunk by `scale`, and but for a share of `clean` blurred, noisy and JPEG-coded as phones, scans
    and the web leave them. strength [n,1,1,1] in 0..1 is that of the worst of these."""
    n, device = len(high), high.device
    bad = ~chance(n, clean, device)
    some = lambda p: (bad & chance(n, p, device)).float()
    x = high if scale == 2 else resized(high, high.shape[2] * 2 // scale, high.shape[3] * 2 // scale, 'bicubic')
    h, w = x.shape[2] // 2, x.shape[3] // 2
    much = uniform(n, .1, 1, device)  # so that light damage is as common as heavy
    to = lambda: much * uniform(n, 0, 1, device) ** .5
    sigma = some(.75) * (.2 + 1.5 * to())
    x = blurred(x, sigma, sigma * uniform(n, .8, 1.25, device))
    early, noise = some(.2) * .03 * to(), some(.5) * .004 * 12.5 ** to()
    x = noisy(x, early)
    web, quality = some(.2), 95 - 55 * to()
    x = torch.where(web > 0, jpeg(x, quality, chance(n, .7, device)), x)
    sharper = some(.07)
    x = x + sharper * uniform(n, .3, 1.2, device) * (x - blurred(x, torch.full_like(sigma, 1.)))
    parts = []
    for part, spoil in zip(x.clamp(0, 1).chunk(4), bad.chunk(4)):
        kind = rng.choice(['bicubic', 'bicubic', 'bicubic', 'bilinear', 'area'])
        if rng.random() < .3:
            f = rng.uniform(.62, 1.1)
            crooked = resized(part, round(2 * h * f), round(2 * w * f), kind)
            part = torch.where(spoil, F.interpolate(crooked, (2 * h, 2 * w), mode='bicubic', align_corners=False).clamp(0, 1), part)
        parts.append(resized(part, h, w, kind))
    x = noisy(torch.cat(parts), noise)
    coded, final = some(.75), 96 - 56 * to()
    x = torch.where(coded > 0, jpeg(x, final, chance(n, .7, device)), clipped(x))
    worst = [level(sigma, .2, 1.7), level(noise, .004, .05), level(early / 2, .004, .05), coded * (100 - final) / 60, web * (100 - quality) / 90]
    return x, torch.stack(worst).amax(0)


def told(low, strength):
    """The network's input [n,4,h,w]: the picture and its strength as a plane."""
    return torch.cat([low, strength.expand(-1, 1, *low.shape[2:])], 1)


def batch(rng, pictures, progress):
    high = turned(crops(rng, pictures, BATCH, PATCH)).float() / 255
    low, strength = spoilt(rng, high, SCALE, CLEAN)
    return told(low, (strength + JITTER * torch.randn_like(strength)).clamp(0, 1)), high


def loss(net, pair, progress):
    low, high = pair
    with mixed(low.device):
        out = net(low.contiguous(memory_format=torch.channels_last))
    slope = lambda t, d: t.diff(dim=d)
    edges = F.l1_loss(slope(out, 2), slope(high, 2)) + F.l1_loss(slope(out, 3), slope(high, 3))
    alike = (SLOPES * dissimilar(out, high) if SLOPES else 0.) + (STRUCTURE * unstructured(out, high) if STRUCTURE else 0.)
    return F.l1_loss(out, high) + EDGES * edges + alike


def sets(paths, side, seed):
    """(clean low, spoilt low with its strength, high) of each photo, the damage by a fixed seed; low as the network takes it."""
    rows, unit = [], 16 * SCALE
    with torch.random.fork_rng(devices=[]):
        for i, path in enumerate(paths):
            torch.manual_seed(seed + i)
            high = read(path)
            h, w = (min(side, v) // unit * unit for v in high.shape[:2])
            high = torch.from_numpy(high[:h, :w].copy()).permute(2, 0, 1)[None].float() / 255
            clean = resized(high, h // SCALE, w // SCALE, 'bicubic')
            rows.append((told(clean, torch.zeros(1, 1, 1, 1)), told(*spoilt(np.random.default_rng([seed, i]), high, SCALE, 0.)), high))
    return rows


def validation(data):
    return sets(listing(data, 'sharp/*/*.webp', held=True)[::3], 384, 7)


def picture(t):
    return t[0].permute(1, 2, 0).numpy()


def measured(net, rows):
    """For clean and for spoilt ones: rows of PSNR-Y, SSIM and GMSD of the network and of Lanczos3."""
    result = {'clean': [], 'blind': []}
    for clean, bad, high in rows:
        for name, low in (('clean', clean), ('blind', bad)):
            small = Image.fromarray((picture(low[:, :3]) * 255 + .5).astype(np.uint8))
            plain = np.asarray(small.resize(high.shape[:1:-1], Image.LANCZOS), np.float32) / 255
            result[name].append([f(x, picture(high), 4) for x in (picture(net(low)), plain) for f in (psnr_y, ssim, gmsd)])
    return {k: np.array(v) for k, v in result.items()}


def score(net, rows):
    """PSNR-Y gain over Lanczos3 and share of its GMSD, on clean and on spoilt photos."""
    m = {k: v.mean(0) for k, v in measured(net, rows).items()}
    return {k + name: float(v) for k in m for name, v in (('', m[k][0] - m[k][3]), ('_gmsd', m[k][2] / m[k][5]))}


def pairs(paths):
    """Clean photos shrunk by antialiased bicubic (uint8, with strength 0), and the photos in 0..1: what int8 is judged on."""
    for clean, _, high in sets(paths, 768, 2024):
        yield (picture(clean) * 255 + .5).astype(np.uint8), picture(high)


def report(net, data, frozen):
    """24 clean photos, shrunk cleanly and with damage (fixed seed): PSNR-Y, SSIM and GMSD of the network and of Lanczos3."""
    result = {}
    for name, values in measured(net, sets(photos(frozen + '/clean'), 768, 2024)).items():
        m = values.mean(0)
        result[name] = {'psnrY': m[0], 'gainOverLanczos': m[0] - m[3], 'worstGain': (values[:, 0] - values[:, 3]).min(),
                        'ssim': m[1], 'ssimLanczos': m[4], 'gmsd': m[2], 'gmsdLanczos': m[5]}
    return {k: {n: float(x) for n, x in v.items()} for k, v in result.items()}
