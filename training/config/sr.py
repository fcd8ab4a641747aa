"""Blind x2 super-resolution: plain 32 channels, a mix of clean and lightly to moderately damaged halves."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from degrade import halved, resized, to_u8
from evaluate import gmsd, photos, psnr_y, ssim
from model import PlainSR
from pictures import drawn, listing, random_crop, read, shrunk, turned

RATE = 1e-3
WEIGHT_DECAY = 0.
BATCH, PATCH = 16, 96
WIDTH, DEPTH = 32, 10
CLEAN_START = .12  # the first part of a fresh run sees clean halves only: the trunk leaves the skip connection sooner (0 when resuming)
DAMAGED = .55

ARCHIVES = ('sharp-1.tar', 'sharp-2.tar')
CARD = {'scale': 2, 'multiple': 1, 'overlap': 12, 'size': None, 'outputStride': 1,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'output': {'name': 'yout', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'notes': 'Blind x2 enlargement: clean photos and light to medium blur, noise and JPEG. Receptive field 12 pixels, so tiles equal the whole.'}


def build():
    return PlainSR(WIDTH, DEPTH)


def deployed(net):
    """What the engine runs: float NCHW sRGB in 0..1 to the same at twice the size."""
    return net


def load(data, rng):
    """Training pictures as a list of uint8 [h,w,3]; drawn ones without archives."""
    if data is None:
        return [drawn(rng, 256, 192) for _ in range(16)]
    paths = listing(data, 'sharp/*/*.webp')
    return [shrunk(p, s) for p in paths for s in (rng.uniform(.5, .7), rng.uniform(.7, .95))]


def batch(rng, pictures, progress):
    """Half-size inputs and their originals, float NCHW in 0..1."""
    lows, highs = [], []
    while len(lows) < BATCH:
        picture = pictures[rng.integers(len(pictures))]
        if min(picture.shape[:2]) < PATCH:
            continue
        high = np.ascontiguousarray(turned(rng, random_crop(rng, picture, PATCH))).astype(np.float32) / 255
        lows.append(halved(rng, high, 0 if progress < CLEAN_START else DAMAGED))
        highs.append(high)
    nchw = lambda x: torch.from_numpy(np.stack(x)).permute(0, 3, 1, 2)
    return nchw(lows).float() / 255, nchw(highs)


def loss(net, pair, progress):
    low, high = pair
    with torch.autocast(low.device.type, dtype=torch.bfloat16):
        out = net(low.contiguous(memory_format=torch.channels_last))
    slope = lambda t, d: t.diff(dim=d)
    edges = F.l1_loss(slope(out, 2), slope(high, 2)) + F.l1_loss(slope(out, 3), slope(high, 3))
    return F.l1_loss(out, high) + .1 * edges


def validation(data, photos):
    """Eight clean photos (halved by antialiased bicubic) and the same ones blurred, noised and JPEG-coded, by a fixed seed."""
    rng = np.random.default_rng(7)
    pairs = []
    for p in photos[:8]:
        high = read(p)[:384, :384].astype(np.float32) / 255
        pairs.append((halved(rng, high, 0), halved(rng, high, 1), high))
    return pairs


def score(net, pairs):
    """PSNR-Y gain over bicubic enlargement, on clean and on damaged halves."""
    gains = {'clean': [], 'blind': []}
    for clean, damaged, high in pairs:
        for name, low in (('clean', clean), ('blind', damaged)):
            x = torch.from_numpy(low).permute(2, 0, 1)[None].float() / 255
            out = net(x)[0].permute(1, 2, 0).numpy()
            plain = F.interpolate(x, scale_factor=2, mode='bicubic', align_corners=False)[0].permute(1, 2, 0).numpy()
            gains[name].append(psnr_y(out, high, 4) - psnr_y(plain, high, 4))
    return {k: float(np.mean(v)) for k, v in gains.items()}


def pairs(paths):
    """Clean photos halved by antialiased bicubic (uint8), and the photos in 0..1: what int8 is judged on."""
    for path in paths:
        high = read(path).astype(np.float32) / 255
        yield to_u8(resized(high, high.shape[1] // 2, high.shape[0] // 2, Image.BICUBIC)), high


def report(net, data, frozen):
    """24 clean photos, halved cleanly and with damage (fixed seed): PSNR-Y, SSIM and GMSD of the network and of Lanczos3."""
    rng = np.random.default_rng(2024)
    rows = {'clean': [], 'blind': []}
    for path in photos(frozen + '/clean'):
        high = read(path).astype(np.float32) / 255
        low_clean = to_u8(resized(high, high.shape[1] // 2, high.shape[0] // 2, Image.BICUBIC))
        for name, low in (('clean', low_clean), ('blind', halved(rng, high, 1))):
            out = net(torch.from_numpy(low).permute(2, 0, 1)[None].float() / 255)[0].permute(1, 2, 0).numpy()
            plain = resized(low.astype(np.float32) / 255, high.shape[1], high.shape[0], Image.LANCZOS)
            rows[name].append([f(x, high, 4) for x in (out, plain) for f in (psnr_y, ssim, gmsd)])
    result = {}
    for name, values in rows.items():
        m = np.mean(values, 0)
        result[name] = {'psnrY': m[0], 'gainOverLanczos': m[0] - m[3], 'worstGain': float(min(v[0] - v[3] for v in values)),
                        'ssim': m[1], 'ssimLanczos': m[4], 'gmsd': m[2], 'gmsdLanczos': m[5]}
    return {k: {n: float(x) for n, x in v.items()} for k, v in result.items()}
