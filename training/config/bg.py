"""Alpha of the person in a portrait, trained on cut-outs composited onto real backgrounds and on photos with hard masks."""
import csv
import glob
import math
import os
import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from degrade import jpeg
from model import Looks, MatteUNet
from pictures import drawn, listing, read

RATE = 8e-4
WEIGHT_DECAY = .01
BATCH = 8
SHAPES = ((160, 160), (192, 128), (128, 192), (160, 192))    # height, width of a batch, for the first 70 %
LARGE = ((224, 224), (256, 192), (192, 256))                 # for the rest
INFER = 288    # long side at which the engine runs it
COMPOSITED = .55
BAND = 3.      # weight of the soft edge
GAIN = 1.5     # of the logits, see Looks; 2.5 takes .001 off the MAD and makes the rim .5 of dE2000 worse
COLOUR = os.path.join(os.path.dirname(__file__), '..', 'state', 'colour.pt')
# categories of MANIFEST-colour.csv that show no people, or only tiny ones
PLACES = ('buildings', 'sea', 'mountains', 'forest', 'glacier', 'interiors', 'food', 'houses', 'country', 'gardens', 'market', 'farm', 'flowers', 'cats and dogs')

ARCHIVES = ('matting.tar', 'matting-2.tar', 'sharp-1.tar', 'sharp-2.tar', 'colour-1.tar', 'colour-2.tar', 'colour-3.tar')
CARD = {'scale': 1, 'multiple': 96, 'overlap': 0, 'size': INFER, 'outputStride': 1,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'output': {'name': 'yout', 'type': 'uint8', 'layout': 'NHWC', 'channels': 1, 'range': [0, 255], 'order': 'alpha'},
        'notes': 'Alpha of the person, 255 inside. Whole picture at once, long side near size; the engine sharpens the rim at full size. Four looks inside.'}


def build():
    return MatteUNet()


def start(net):
    """A fresh run begins with the released colour network."""
    net.begin_with(torch.load(COLOUR, map_location='cpu')['ema'])


def deployed(net):
    """What the engine runs: float NCHW sRGB in 0..1 to alpha in 0..1."""
    return Looks(net, GAIN)


def fitted(path, mode, side=384):
    im = Image.open(path).convert(mode)
    f = side / max(im.size)
    return np.asarray(im.resize((max(1, round(im.width * f)), max(1, round(im.height * f))), Image.BOX if f < 1 else Image.BICUBIC))


def plain(rgb, alpha):
    """The colour behind a cut-out: the median where alpha is 0."""
    outside = rgb[alpha < 3]
    return np.median(outside, 0) if len(outside) > 50 else np.array([255., 255., 255.])


def cut_out(rgb, alpha, true):
    """The person alone, uint8 [h,w,4], colour times alpha. A hard mask is taken in by a pixel and softened."""
    a = alpha[..., None] / 255
    if true:
        colour = rgb - (1 - a) * plain(rgb, alpha)
    else:
        a = (cv2.GaussianBlur(cv2.erode(alpha, np.ones((3, 3))), (0, 0), .8) / 255)[..., None]
        colour = rgb * a
    return np.round(np.concatenate([np.clip(colour, 0, 255 * a), 255 * a], 2)).astype(np.uint8)


def people(data, held=False):
    """(rgb, alpha, true alpha or hard mask) of every matting photo; the small holes of hard masks are filled."""
    rows = []
    for path in listing(data, 'matting/*/img/*', held=held):
        folder, name = os.path.split(os.path.dirname(path))[0], os.path.splitext(os.path.basename(path))[0]
        alpha = glob.glob(os.path.join(folder, 'alpha', name + '.*'))
        if alpha:
            true = os.path.basename(folder) in ('headshot', 'cutout', 'cutout2')
            a = fitted(alpha[0], 'L')
            rows.append((fitted(path, 'RGB'), a if true else cv2.morphologyEx(a, cv2.MORPH_CLOSE, np.ones((7, 7))), true))
    return rows


def load(data, rng):
    """Real photos with hard masks, cut-out people (those with true alpha thrice) and places without people, all uint8."""
    if data is None:
        disc = np.zeros((256, 192), np.uint8)
        disc[60:, 40:150] = 255
        rows, places = [(drawn(rng, 192, 256), disc, bool(i % 2)) for i in range(8)], [drawn(rng, 256, 256) for _ in range(8)]
    else:
        rows = people(data)
        with open(os.path.join(data, 'MANIFEST-colour.csv')) as f:
            names = {r['file'] for r in csv.DictReader(f) if r['category'].startswith(PLACES) and r['people'] != 'yes'}
        places = [fitted(p, 'RGB', 320) for p in listing(data, 'sharp/scenes/*.webp')]
        places += [read(p) for p in listing(data, 'colour/*.webp') if os.path.basename(p) in names]
    return {'photos': [r for r in rows if not r[2]], 'places': places,
            'cut': [(cut_out(*r), r[2]) for r in rows for _ in range(3 if r[2] else 1)]}


def window(rng, pictures, shape, low):
    """The same random window of several [h,w,...] arrays, resized to `shape`; maybe mirrored."""
    h, w = pictures[0].shape[:2]
    k = min(h / shape[0], w / shape[1]) * rng.uniform(low, 1)
    ch, cw = int(shape[0] * k), int(shape[1] * k)
    y, x, flip = rng.integers(0, h - ch + 1), rng.integers(0, w - cw + 1), rng.random() < .5
    out = [cv2.resize(p[y:y + ch, x:x + cw], shape[::-1], interpolation=cv2.INTER_AREA if k > 1 else cv2.INTER_LINEAR) for p in pictures]
    return [np.float32(p[:, ::-1] if flip else p) / 255 for p in out]


def place(rng, places, shape):
    """A background [h,w,3]: a real place, blurred or not, or a plain or graded studio wall."""
    if rng.random() < .25:
        a, b = rng.uniform(.05, 1, (2, 3))
        ramp = np.linspace(0, 1, shape[0])[:, None, None] * (rng.random() < .5)
        return (a * (1 - ramp) + (.7 * a + .3 * b) * ramp) * np.ones((*shape, 3))
    behind = window(rng, [places[rng.integers(len(places))]], shape, .5)[0]
    return cv2.GaussianBlur(behind, (0, 0), rng.uniform(.5, 6)) if rng.random() < .6 else behind


def pasted(rng, cut, shape):
    """A cut-out person [h,w,4] at a random size, turned a little, standing on the lower edge if the source did."""
    h, w = cut.shape[:2]
    rows, columns = np.flatnonzero(cut[..., 3].max(1) > 40), np.flatnonzero(cut[..., 3].max(0) > 40)
    if not len(rows):
        return np.zeros((*shape, 4), np.float32)
    tall = shape[0] * rng.uniform(.45, 1.15)
    scale = tall / (rows[-1] - rows[0] + 1)
    angle, mirror = math.radians(rng.normal(0, 5)), rng.choice([-1, 1])
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    foot, middle = rows[-1], (columns[0] + columns[-1]) / 2
    ground = shape[0] + rng.uniform(0, .25) * tall if foot > h - 4 or rng.random() < .4 else shape[0] - rng.uniform(0, .2) * shape[0]
    x, y = shape[1] * rng.uniform(.2, .8), max(ground, tall + 2)
    m = np.array([[mirror * c, -s, x - mirror * c * middle + s * foot], [mirror * s, c, y - mirror * s * middle - c * foot]])
    if foot > h - 4:
        cut = np.concatenate([cut, np.repeat(cut[-1:], h // 2, 0)])  # so that a turned person leaves no gap at the edge
    return cv2.warpAffine(cut, m, shape[::-1], flags=cv2.INTER_LINEAR).astype(np.float32) / 255


def composite(rng, pictures, shape):
    """A cut-out person before a place, lit differently, with the alpha and whether it is true."""
    cut, true = pictures['cut'][rng.integers(len(pictures['cut']))]
    person = pasted(rng, cut, shape)
    a = person[..., 3:]
    gain = rng.uniform(.7, 1.15) * rng.uniform(.92, 1.08, 3)
    return np.minimum(person[..., :3] * gain, a) + (1 - a) * place(rng, pictures['places'], shape), a[..., 0], true


def spoilt(rng, image):
    """Grey for one in eight, then exposure, blur, noise and JPEG."""
    if rng.random() < .12:
        image = np.repeat(image @ np.array([.299, .587, .114])[:, None], 3, 2)
    image = np.clip(image, 0, 1) ** rng.uniform(.7, 1.4)
    if rng.random() < .25:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(.4, 1.2))
    image = np.clip(image + rng.normal(0, rng.uniform(0, .03), image.shape), 0, 1)
    return jpeg(image, rng.uniform(55, 95)) if rng.random() < .3 else image.astype(np.float32)


def batch(rng, pictures, progress):
    """Pictures [n,3,h,w], their alpha [n,1,h,w] and whether it is true [n,1,1,1]; the shape differs from batch to batch."""
    shapes = LARGE if progress > .7 else SHAPES
    shape, rows = shapes[rng.integers(len(shapes))], []
    for _ in range(BATCH):
        if rng.random() < COMPOSITED:
            image, a, true = composite(rng, pictures, shape)
        else:
            image, a = window(rng, pictures['photos'][rng.integers(len(pictures['photos']))][:2], shape, .65)
            true = False
        rows.append((spoilt(rng, image), a[..., None].astype(np.float32), true))
    x, a = (torch.from_numpy(np.stack([r[i] for r in rows])).permute(0, 3, 1, 2) for i in (0, 1))
    return x, a, torch.tensor([r[2] for r in rows]).float().view(-1, 1, 1, 1)


def loss(net, pair, progress):
    """L1 on alpha plus cross-entropy; soft edges weigh more where alpha is true and nothing at the rim of a hard mask."""
    x, a, true = pair
    with torch.autocast(x.device.type, dtype=torch.bfloat16):
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
        unit = CARD['multiple']
        size = tuple(max(unit, round(v * f / unit) * unit) for v in im.size)
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
    values = mad(deployed(net).eval(), rows)
    return {'mad': float(np.mean(values)), 'worst': max(values)}


def report(net, data, frozen):
    values = mad(deployed(net).eval(), pairs(frozen))
    return {'photos': len(values), 'mad': float(np.mean(values)), 'madWorst': max(values)}
