"""Repair of old photos: local damage, grain, JPEG and slight blur; tone and colour stay (the engine corrects fading)."""
import numpy as np
import torch
import torch.nn.functional as F
from degrade import blurred
from evaluate import f1, f1_within, gmsd, photos, psnr_y, ssim
from model import RepairUNet
from oldphoto import log_uniform, old_photo
from pictures import drawn, listing, random_crop, read, shrunk, turned

RATE = 1e-3
WEIGHT_DECAY = 0.
BATCH, PATCH = 8, 160
WIDTHS, BLOCKS = (48, 48, 64, 96), (1, 1, 2, 2)
HEALTHY = 2.   # weight of the loss on pictures that must come back untouched
DAMAGED = 2.5  # weight on damaged pixels: at 4 sound photos lose 1 % of their pixels to it, at 1.5 real cracks stay; repair-4 ended at 1.5
SQUARE = 4.    # share of the squared error: large errors (scratches) pull harder than grain
MASK = .2      # weight of the mask's cross-entropy
SOFT = .4      # share of the photos that are soft themselves and stay so: or else every soft photo would be sharpened
SHARES = {'healthy': .17, 'soft': .3, 'grainy': .65, 'crack': 4.}

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


def load(data, rng):
    """Training pictures, uint8 [h,w,3], each at two sizes."""
    if data is None:
        return [drawn(rng, 320, 240) for _ in range(16)]
    paths = listing(data, 'sharp/*/*.webp')
    return [shrunk(p, s) for p in paths for s in (rng.uniform(.5, .7), rng.uniform(.7, .95))]


def batch(rng, pictures, progress):
    """Damaged pictures, their targets (float NCHW) and masks [n,1,h,w]."""
    rows = []
    while len(rows) < BATCH:
        picture = pictures[rng.integers(len(pictures))]
        if min(picture.shape[:2]) >= PATCH:
            crop = np.ascontiguousarray(turned(rng, random_crop(rng, picture, PATCH))).astype(np.float32) / 255
            if rng.random() < SOFT:
                crop = blurred(crop, log_uniform(rng, .3, 1.2))
            rows.append(old_photo(rng, crop, **SHARES))
    damaged, target = (torch.from_numpy(np.stack([r[i] for r in rows]).astype(np.float32)).permute(0, 3, 1, 2) for i in (0, 1))
    return damaged, target, torch.from_numpy(np.stack([r[2] for r in rows])).float()[:, None]


def loss(net, pair, progress):
    damaged, target, mask = pair
    with torch.autocast(damaged.device.type, dtype=torch.bfloat16):
        out, logits = net(damaged.contiguous(memory_format=torch.channels_last), parts=True)
    healthy = (damaged == target).flatten(1).all(1).float().view(-1, 1, 1, 1)
    weight = 1 + (HEALTHY - 1) * healthy + (DAMAGED - 1) * mask
    error = out - target
    edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
    return (weight * (error.abs() + SQUARE * error ** 2)).mean() + .1 * edges + MASK * F.binary_cross_entropy_with_logits(logits, mask, pos_weight=mask.new_tensor(1.5))


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


def validation(data, paths):
    return synthetic(paths[:8], 384, 11)


def measured(net, rows):
    """Per photo: PSNR-Y, SSIM, GMSD of output and of input against the target, PSNR-Y of the clean photo through the net, share of the
    clean photo taken for damage, F1 of its mask within 2 px; and F1 of all masks, to the pixel."""
    values, masks = [], []
    tensor = lambda x: torch.from_numpy(np.round(x * 255) / 255).float().permute(2, 0, 1)[None]
    picture = lambda t: t[0].permute(1, 2, 0).numpy()
    for clean, damaged, target, mask in rows:
        out, logits = net(tensor(damaged), parts=True)
        same, alarm = net(tensor(clean), parts=True)
        masks.append((logits[0, 0].numpy() > 0, mask))
        values.append([f(x, target) for x in (picture(out), damaged) for f in (psnr_y, ssim, gmsd)]
                      + [psnr_y(picture(same), clean), float((alarm > 0).float().mean()), f1_within(*masks[-1], 2)])
    return np.array(values), f1(*(np.concatenate([m[i].ravel() for m in masks]) for i in (0, 1)))


def score(net, rows):
    values, mask_f1 = measured(net, rows)
    return {'gain': float((values[:, 0] - values[:, 3]).mean()), 'clean': float(values[:, 6].mean()), 'worst_clean': float(values[:, 6].min()), 'f1': mask_f1}


def report(net, data, frozen):
    """24 clean photos made old by fixed seeds, and the same photos undamaged."""
    values, mask_f1 = measured(net, synthetic(photos(frozen + '/clean'), 768, 2024))
    m = values.mean(0)
    return {'psnrY': m[0], 'psnrYInput': m[3], 'gain': m[0] - m[3], 'worstGain': float((values[:, 0] - values[:, 3]).min()), 'ssim': m[1], 'ssimInput': m[4],
            'gmsd': m[2], 'gmsdInput': m[5], 'maskF1': mask_f1, 'maskF1Within2': m[8], 'falseAlarm': m[7], 'cleanPsnrY': m[6], 'cleanPsnrYWorst': float(values[:, 6].min())}
