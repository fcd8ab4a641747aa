"""Repair of old photos: local damage, grain, JPEG and slight blur; tone and colour stay (the engine corrects fading)."""
import mmap
import os
import numpy as np
import torch
import torch.nn.functional as F
from damage import blurred, chance, jpeg, log_uniform, noisy, resized, turned, uniform
from evaluate import f1, f1_of_hits, gmsd, hits_within, photos, psnr_y, ssim
from likeness import dissimilar, off_target, unstructured
from model import RepairUNet, mixed
from oldphoto import layer, old_photo, worse
from pictures import crops, listing, read, sharp_photos
from scenery import scenery

RATE = 1e-3
WEIGHT_DECAY = 0.
BATCH, PATCH = 8, 160
WIDTHS, BLOCKS = (48, 48, 64, 96), (1, 1, 2, 2)
WORSE = .3     # share of the photos that get a second layer of damage
LAYERS, WORKERS = 256, 0  # layers of damage at hand; processes that draw new ones all the time (without, one is drawn a step)
OF_THE_MACHINE = ('LAYERS', 'WORKERS')  # settings of a run that its weights do not keep
HEALTHY = 2.   # weight of the loss on pictures that must come back untouched
DAMAGED = 2.5  # weight on damaged pixels: at 4 sound photos lose 1 % of their pixels to it, at 1.5 real cracks stay; repair-4 ended at 1.5
SQUARE = 4.    # share of the squared error: large errors (scratches) pull harder than grain
MASK = .2      # weight of the mask's cross-entropy
SLOPES = 0.    # weight of the dissimilarity of slopes, see likeness.py
STRUCTURE = 0. # weight of what SSIM lacks
DICE = 0.      # weight of what the masks' overlap lacks
SOFT = .4      # share of the photos that are soft themselves and stay so: or else every soft photo would be sharpened
HEALTHY_SHARE, SOFTER, GRAINY, CRACK = .17, .3, .65, 4.  # shares of photos untouched, blurred, with grain; widest crack in pixels

GRAIN, NOISE, NOISY = .06, .2, .2   # strongest grain, standard deviation in the middle tones, of 1; strongest noise, and the share of grain that reaches up to it
HARMLESS = .25 # share of photos with something drawn in that stays

ARCHIVES = ('sharp-1.tar', 'sharp-2.tar')
CARD = {'scale': 1, 'multiple': 16, 'overlap': 160, 'size': None, 'outputStride': 1,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'output': {'name': 'yout', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'notes': 'Removes scratches, cracks, folds, dust, hairs, stains, grain and JPEG blocks; leaves tone and colour. Large losses are filled smoothly, without new detail.'}


def build():
    return RepairUNet(WIDTHS, BLOCKS)


def deployed(net):
    """What the engine runs: float NCHW sRGB in 0..1 to the repaired picture."""
    return net


class Layers:
    """Damage to lay onto any photo, float16 [n,6,side,side] on the device (oldphoto.layer): drawn on the CPU, 18 ms each, so each is used more than once."""

    def __init__(self, n, side, step, **settings):
        self.draw, self.rng = (lambda rng: layer(rng, side, step, **settings)), np.random.default_rng(5)
        shape = (6, side, side)
        self.fresh = None
        if WORKERS:
            self.fresh = np.frombuffer(mmap.mmap(-1, 2 * n * int(np.prod(shape))), np.float16).reshape(n, *shape)  # shared with the processes
            for k in range(WORKERS):
                if os.fork() == 0:
                    self.work(k, os.getppid())
        first = torch.from_numpy(np.stack([self.draw(self.rng) for _ in range(min(n, 48))]))
        self.held = first.repeat(-(-n // len(first)), 1, 1, 1)[:n]

    def work(self, k, parent):
        """Draws for ever, in a process of its own, the slots k, k + WORKERS and so on; ends with its parent."""
        rng, slot = np.random.default_rng([9, k]), k
        while os.getppid() == parent:
            self.fresh[slot] = self.draw(rng)
            slot = slot + WORKERS if slot + WORKERS < len(self.fresh) else k
        os._exit(0)

    def renew(self):
        """Takes over a few of the drawn ones."""
        if self.fresh is None:
            self.held[self.rng.integers(len(self.held))] = torch.from_numpy(self.draw(self.rng)).to(self.held.device)
            return
        at = int(self.rng.integers(len(self.fresh) - 4))
        block = torch.from_numpy(self.fresh[at:at + 4].copy())
        ready = block.flatten(1).abs().amax(1) > 0  # the memory begins with zeros
        if bool(ready.all()):
            self.held[at:at + 4] = block.to(self.held.device)

    def some(self, rng, n, size):
        """(m, c) [n,3,size,size] of n layers, at random places."""
        y, x = (int(v) for v in rng.integers(0, self.held.shape[2] - size + 1, 2))
        rows = torch.from_numpy(rng.integers(0, len(self.held), n)).to(self.held.device)
        both = turned(self.held[rows, :, y:y + size, x:x + size]).float()
        return both[:, :3], both[:, 3:]


def load(data, rng, device):
    """Photos; layers of damage, and of what belongs to the scene and looks like it."""
    side = PATCH + PATCH // 3
    layers = {'damage': Layers(LAYERS, side, worse, crack=CRACK), 'scenery': Layers(LAYERS // 8, side, scenery)}
    for kind in layers.values():  # only now: a process that used CUDA should not fork
        kind.held = kind.held.to(device)
    return {'photos': sharp_photos(rng, data, PATCH, device), **layers}


def toned(x):
    """oldphoto.tone for a batch: black and white in 45 %, half of those sepia."""
    n, device = len(x), x.device
    ortho = chance(n, .3, device)
    r = torch.where(ortho, uniform(n, 0, .1, device), uniform(n, .15, .35, device))
    g = torch.where(ortho, uniform(n, .4, .6, device), uniform(n, .45, .6, device))
    grey = (r * x[:, :1] + g * x[:, 1:2] + (1 - r - g) * x[:, 2:]).expand_as(x)
    s = uniform(n, .1, .5, device) * chance(n, .5, device)
    sepia = grey ** torch.cat([1 - .35 * s, torch.ones_like(s), 1 + .9 * s], 1) * torch.cat([torch.ones_like(s), 1 - .05 * s, 1 - .25 * s], 1)
    return torch.where(chance(n, .45, device), sepia, x)


def grained(x):
    """oldphoto.grain for a batch, up to GRAIN, or for a share NOISY up to NOISE."""
    n, device = len(x), x.device
    strength = torch.where(chance(n, NOISY, device), log_uniform(n, GRAIN / 2, NOISE, device), log_uniform(n, .01, GRAIN, device))
    noise = torch.randn_like(x)
    noise = blurred(torch.where(chance(n, .6, device), noise[:, :1], noise), uniform(n, .4, 1.3, device))
    noise = noise / noise.std((1, 2, 3), keepdim=True)
    return x + 2 * strength * noise * (x * (1 - x)).clamp(.02, .25).sqrt()


def digitised(rng, x):
    """oldphoto.digitised for a batch."""
    n, device = len(x), x.device
    parts = list(x.clamp(0, 1).chunk(4))
    for i, part in enumerate(parts):
        if rng.random() < .3:
            small = resized(part, *(round(v * rng.uniform(.55, 1)) for v in part.shape[2:]), 'bicubic')
            parts[i] = F.interpolate(small, part.shape[2:], mode='bicubic', align_corners=False)
    x = torch.cat(parts)
    x = noisy(x, chance(n, .3, device) * uniform(n, .003, .024, device))
    once = chance(n, .7, device)
    twice, halved = once & chance(n, .25, device), chance(n, .7, device)
    x = torch.where(once, jpeg(x, uniform(n, 45, 96, device), halved), x)
    return torch.where(twice, jpeg(x, uniform(n, 45, 96, device), halved), x)


def batch(rng, pictures, progress):
    """Damaged pictures, their targets and masks [n,1,h,w]: what oldphoto.old_photo gives for one picture, with more of what looks like damage, more
    grain, and rings. The mask is where local damage
    changed a pixel by more than 12/255; a share of the photos is soft itself and stays so."""
    n, damage, harmless = BATCH, pictures['damage'], pictures['scenery']
    damage.renew()
    harmless.renew()
    x = turned(crops(rng, pictures['photos'], n, PATCH)).float() / 255
    device = x.device
    x = toned(blurred(x, chance(n, SOFT, device) * log_uniform(n, .3, 1.2, device)))
    m, c = harmless.some(rng, n, PATCH)
    target = torch.where(chance(n, HARMLESS, device), x * m + c, x)
    x = blurred(target, chance(n, SOFTER, device) * log_uniform(n, .3, 1.3, device))
    x = torch.where(chance(n, GRAINY, device), grained(x), x)
    hurt = x
    for share in (.85, WORSE):
        m, c = damage.some(rng, n, PATCH)
        hurt = torch.where(chance(n, share, device), hurt * m + c, hurt)
    mask = ((hurt.clamp(0, 1) - x.clamp(0, 1)).abs().amax(1, keepdim=True) > 12 / 255).float()
    healthy = chance(n, HEALTHY_SHARE, device)
    return torch.where(healthy, target, digitised(rng, hurt)).clamp(0, 1), target, mask * ~healthy


def loss(net, pair, progress):
    damaged, target, mask = pair
    with mixed(damaged.device):
        out, logits = net(damaged.contiguous(memory_format=torch.channels_last), parts=True)
    healthy = (damaged == target).flatten(1).all(1).float().view(-1, 1, 1, 1)
    weight = 1 + (HEALTHY - 1) * healthy + (DAMAGED - 1) * mask
    error = out - target
    edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
    alike = SLOPES * dissimilar(out, target) if SLOPES else 0.
    alike += STRUCTURE * unstructured(out, target) if STRUCTURE else 0.
    alike += DICE * off_target(logits, mask) if DICE else 0.
    return alike + (weight * (error.abs() + SQUARE * error ** 2)).mean() + .1 * edges + MASK * F.binary_cross_entropy_with_logits(logits, mask, pos_weight=mask.new_tensor(1.5))


def synthetic(paths, side, seed):
    """(clean crop, damaged, target, mask) of each photo by a fixed seed; every one has local damage."""
    rows = []
    for i, path in enumerate(paths):
        rng = np.random.default_rng([seed, i])
        clean = read(path)
        clean = clean[:min(side, clean.shape[0]) // 16 * 16, :min(side, clean.shape[1]) // 16 * 16].astype(np.float32) / 255
        while True:
            damaged, target, mask = old_photo(rng, clean)
            if mask.any():
                break
        rows.append((clean, damaged, target, mask))
    return rows


def pairs(paths):
    """Photos made old (uint8) and their targets in 0..1: what int8 is judged on."""
    for _, damaged, target, _ in synthetic(paths, 384, 2024):
        yield np.round(damaged * 255).astype(np.uint8), target


def validation(data):
    return synthetic(listing(data, 'sharp/*/*.webp', held=True)[::3], 384, 11)


def measured(net, rows):
    """Per photo: PSNR-Y, SSIM, GMSD of output and of input against the target, PSNR-Y of the clean photo through the net, share of the
    clean photo taken for damage, F1 of its mask within 2 px; and F1 of all masks together, to the pixel and within 2 px."""
    values, masks, hits = [], [], []
    tensor = lambda x: torch.from_numpy(np.round(x * 255) / 255).float().permute(2, 0, 1)[None]
    picture = lambda t: t[0].permute(1, 2, 0).numpy()
    for clean, damaged, target, mask in rows:
        out, logits = net(tensor(damaged), parts=True)
        same, alarm = net(tensor(clean), parts=True)
        masks.append((logits[0, 0].numpy() > 0, mask))
        hits.append(hits_within(*masks[-1], 2))
        values.append([f(x, target) for x in (picture(out), damaged) for f in (psnr_y, ssim, gmsd)]
                      + [psnr_y(picture(same), clean), float((alarm > 0).float().mean()), f1_of_hits(hits[-1])])
    return np.array(values), f1(*(np.concatenate([m[i].ravel() for m in masks]) for i in (0, 1))), f1_of_hits(sum(hits))


def score(net, rows):
    values, mask_f1, _ = measured(net, rows)
    return {'gain': float((values[:, 0] - values[:, 3]).mean()), 'clean': float(values[:, 6].mean()), 'worst_clean': float(values[:, 6].min()), 'f1': mask_f1}


def report(net, data, frozen):
    """24 clean photos made old by fixed seeds, and the same photos undamaged."""
    values, mask_f1, within2 = measured(net, synthetic(photos(frozen + '/clean'), 768, 2024))
    m = values.mean(0)
    return {'psnrY': m[0], 'psnrYInput': m[3], 'gain': m[0] - m[3], 'worstGain': float((values[:, 0] - values[:, 3]).min()), 'ssim': m[1], 'ssimInput': m[4],
            'gmsd': m[2], 'gmsdInput': m[5], 'maskF1': mask_f1, 'maskF1Within2': m[8], 'maskF1Within2OfAll': within2, 'falseAlarm': m[7], 'cleanPsnrY': m[6], 'cleanPsnrYWorst': float(values[:, 6].min())}
