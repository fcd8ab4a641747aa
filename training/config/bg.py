"""Alpha of the person in a portrait, trained on cut-outs composited onto real backgrounds and on photos with hard masks."""
import glob
import os
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from model import MatteUNet
from pictures import drawn, listing

RATE = 1.5e-3
WEIGHT_DECAY = .01
BATCH, SIDE = 8, 256
INFER = 320    # long side at which the engine runs it
COMPOSITED = .7
BAND = 3.      # weight of the soft edge

ARCHIVES = ('matting.tar', 'matting-2.tar')
CARD = {'scale': 1, 'multiple': 32, 'overlap': 0, 'size': INFER, 'outputStride': 1,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'output': {'name': 'yout', 'type': 'uint8', 'layout': 'NHWC', 'channels': 1, 'range': [0, 255], 'order': 'alpha'},
        'notes': 'Alpha of the person, 255 inside. Whole picture at once, long side near size; the engine sharpens the rim at full size.'}


def build():
    return MatteUNet()


def deployed(net):
    """What the engine runs: float NCHW sRGB in 0..1 to alpha in 0..1."""
    return net


def fitted(path, mode, side=384):
    im = Image.open(path).convert(mode)
    f = side / max(im.size)
    return np.asarray(im.resize((max(1, round(im.width * f)), max(1, round(im.height * f))), Image.BOX if f < 1 else Image.BICUBIC))


def load(data, rng):
    """People as (rgb, alpha, true alpha or not) and backgrounds without people, all uint8."""
    if data is None:
        disc = np.zeros((256, 192), np.uint8)
        disc[60:220, 40:150] = 255
        return {'people': [(drawn(rng, 192, 256), disc, True) for _ in range(8)], 'places': [drawn(rng, 256, 256) for _ in range(8)]}
    people = []
    for path in listing(data, 'matting/*/img/*'):
        stem = os.path.splitext(os.path.basename(path))[0]
        source = path.split(os.sep)[-3]
        alpha = glob.glob(os.path.join(os.path.dirname(os.path.dirname(path)), 'alpha', stem + '.*'))
        if alpha:
            people.append((fitted(path, 'RGB'), fitted(alpha[0], 'L'), source in ('headshot', 'cutout', 'cutout2')))
    places = [fitted(p, 'RGB', 320) for p in listing(data, 'sharp/scenes/*.webp')]
    return {'people': people, 'places': places}


def plain(rgb, alpha):
    """The colour behind a cut-out: the median where alpha is 0."""
    outside = rgb[alpha < 3]
    return np.median(outside, 0) if len(outside) > 50 else np.array([255., 255., 255.])


def crop(rng, pictures, side, low):
    """The same random square of several [h,w,...] arrays, resized to `side`; the person may touch the border but not the top."""
    h, w = pictures[0].shape[:2]
    size = int(min(h, w) * rng.uniform(low, 1))
    y, x = int(rng.integers(0, (h - size) // 2 + 1)), int(rng.integers(0, w - size + 1))
    flip = rng.random() < .5
    out = []
    for p in pictures:
        q = np.asarray(Image.fromarray(p[y:y + size, x:x + size]).resize((side, side), Image.BILINEAR))
        out.append((q[:, ::-1] if flip else q).astype(np.float32) / 255)
    return out


def place(rng, places):
    """A background of [SIDE,SIDE,3]: a real place, blurred or not, or a plain or graded studio wall."""
    if rng.random() < .35:
        a, b = rng.uniform(.05, 1, (2, 3))
        ramp = np.linspace(0, 1, SIDE)[:, None, None] * (rng.random() < .5)
        return (a * (1 - ramp) + (.7 * a + .3 * b) * ramp) * np.ones((SIDE, SIDE, 3))
    behind = crop(rng, [places[rng.integers(len(places))]], SIDE, .5)[0]
    if rng.random() < .6:
        f = int(rng.integers(2, 12))
        behind = np.asarray(Image.fromarray((behind * 255).astype(np.uint8)).resize((SIDE // f, SIDE // f), Image.BOX).resize((SIDE, SIDE), Image.BICUBIC)) / 255.
    return behind


def batch(rng, pictures, progress):
    rows = []
    for _ in range(BATCH):
        rgb, alpha, true = pictures['people'][rng.integers(len(pictures['people']))]
        image, a = crop(rng, [rgb, alpha], SIDE, .7)
        a = a[..., None]
        if true and rng.random() < COMPOSITED:
            back = plain(rgb, alpha) / 255
            person = np.clip((image - (1 - a) * back) / np.maximum(a, .05), 0, 1)
            image = a * np.clip(person * rng.uniform(.75, 1.2, 3) ** rng.uniform(0, 1), 0, 1) + (1 - a) * place(rng, pictures['places'])
        if rng.random() < .12:
            image = np.repeat(image @ np.array([.299, .587, .114])[:, None], 3, 2)
        image = np.clip(image, 0, 1) ** rng.uniform(.75, 1.35) + rng.normal(0, rng.uniform(0, .03), image.shape)
        rows.append((np.clip(image, 0, 1).astype(np.float32), a.astype(np.float32), true))
    x, a = (torch.from_numpy(np.stack([r[i] for r in rows])).permute(0, 3, 1, 2) for i in (0, 1))
    return x, a, torch.tensor([r[2] for r in rows]).float().view(-1, 1, 1, 1)


def loss(net, pair, progress):
    """L1 on alpha plus cross-entropy; soft edges weigh more where alpha is true and nothing at the rim of a hard mask."""
    x, a, true = pair
    with torch.autocast('cpu', dtype=torch.bfloat16):
        logits = net.logits(x.contiguous(memory_format=torch.channels_last))
    near = F.max_pool2d(a, 9, 1, 4) - (1 - F.max_pool2d(1 - a, 9, 1, 4))
    weight = 1 + true * BAND * near - (1 - true) * near
    out = torch.sigmoid(logits)
    return (weight * ((out - a).abs() + .3 * F.binary_cross_entropy_with_logits(logits, a, reduction='none'))).mean()


def pairs(frozen):
    rows = []
    for alpha in sorted(glob.glob(frozen + '/matting/*.alpha.png')):
        im, a = Image.open(alpha.replace('.alpha.png', '.jpg')).convert('RGB'), Image.open(alpha).convert('L')
        f = INFER / max(im.size)
        size = tuple(max(32, round(v * f / 32) * 32) for v in im.size)
        rows.append((torch.from_numpy(np.array(im.resize(size, Image.BOX))).permute(2, 0, 1)[None].float() / 255, np.asarray(a, np.float32) / 255))
    return rows


def mad(net, rows):
    values = []
    for x, truth in rows:
        out = F.interpolate(net(x), truth.shape, mode='bilinear', align_corners=False)[0, 0].numpy()
        values.append(float(np.abs(out - truth).mean()))
    return values


def validation(data, photos):
    return pairs(os.path.dirname(os.path.dirname(photos[0])))


def score(net, rows):
    values = mad(net, rows)
    return {'mad': float(np.mean(values)), 'worst': max(values)}


def report(net, data, frozen):
    values = mad(net, pairs(frozen))
    return {'photos': len(values), 'mad': float(np.mean(values)), 'madWorst': max(values)}
