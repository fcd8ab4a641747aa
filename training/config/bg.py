"""Alpha of the person in a portrait, trained on cut-outs composited onto real backgrounds and on photos with hard masks."""
import glob
import os
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from compositing import composed
from configured import floats
from model import Logits, MatteUNet, mixed
from portraits import loaded, people

RATE = 8e-4
WEIGHT_DECAY = .01
BATCH = 8
WIDTHS = (32, 64, 128, 192)
SHAPES = ((160, 160), (192, 128), (128, 192), (160, 192))    # height, width of a batch, for the first 70 %
LARGE = ((224, 224), (256, 192), (192, 256))                 # for the rest
LOOKS = (224, 320, 512)    # long sides at which the engine runs it: a small one shows what belongs to a person, a large one where it ends
SUMMED = 288   # long side at which the mean of what it says is taken: at 512 px, the matte is too hard for refine, .224 off where it is soft and not .207
COMPOSITED = .55
BAND = 3.      # weight of the soft edge
COLOUR = os.path.join(os.path.dirname(__file__), '..', 'state', 'colour.pt')

ARCHIVES = ('matting.tar', 'matting-2.tar', 'sharp-1.tar', 'sharp-2.tar', 'colour-1.tar', 'colour-2.tar', 'colour-3.tar')
CARD = {'scale': 1, 'multiple': 32, 'overlap': 0, 'size': SUMMED, 'looks': list(LOOKS), 'outputStride': 1,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'output': {'name': 'yout', 'type': 'float32', 'layout': 'NHWC', 'channels': 1, 'range': [0, 1], 'order': 'logit'},
        'notes': 'Logit of the person\'s alpha. Whole picture at once, at each of the long sides in looks: the mean of its logits at size counts. Another network, refine, looks at the rim again. '
                 'Beside cut-outs it learned from photos of people that bg-6 and a small segmentation network under the MIT licence judged together (data/taught.mjs).'}


def build():
    return MatteUNet(WIDTHS)


def start(net):
    """A fresh run begins with the colour network in COLOUR, where its layers are as wide."""
    net.begin_with(floats(torch.load(COLOUR, map_location='cpu')['ema']))


def deployed(net):
    """What the engine runs at each of LOOKS: float NCHW sRGB in 0..1 to the logits of alpha."""
    return Logits(net)


def sized(x, long):
    """Height and width of pictures [n,3,h,w] with a long side near `long`, multiples of what the network takes."""
    unit, most = CARD['multiple'], max(x.shape[2:])
    return [max(unit, round(v * long / most / unit) * unit) for v in x.shape[2:]]


def matte(look, x):
    """Alpha of pictures [n,3,h,w] as the engine makes it of all LOOKS, at SUMMED px."""
    total = 0
    for long in LOOKS:
        small = F.interpolate(x, sized(x, long), mode='bicubic', antialias=True, align_corners=False).clamp(0, 1)
        logits = look(small.contiguous(memory_format=torch.channels_last)).float()
        total = total + F.interpolate(logits, sized(x, SUMMED), mode='bilinear', align_corners=False) / len(LOOKS)
    return torch.sigmoid(total)


def load(data, rng, device):
    """Real photos with hard masks or judged ones, cut-out people and places without people, all uint8 on the device."""
    return loaded(data, rng, device, taught=True)


def batch(rng, pictures, progress):
    """Pictures [n,3,h,w], their alpha [n,1,h,w] and whether it is true [n,1,1,1]; the shape differs from batch to batch."""
    shapes = LARGE if progress > .7 else SHAPES
    return composed(rng, pictures, BATCH, COMPOSITED, shapes[rng.integers(len(shapes))])


def loss(net, pair, progress):
    """L1 on alpha plus cross-entropy; soft edges weigh more where alpha is true and nothing at the rim of a mask, judged pixels as they are sure."""
    x, a, true = pair
    with mixed(x.device):
        logits = net.logits(x.contiguous(memory_format=torch.channels_last))
    near = F.max_pool2d(a, 9, 1, 4) - (1 - F.max_pool2d(1 - a, 9, 1, 4))
    weight = 1 + true * BAND * near - (1 - true) * near
    weight = weight * torch.where(true > 0, torch.ones_like(a), (2 * a - 1).abs())
    out = torch.sigmoid(logits)
    return (weight * ((out - a).abs() + .3 * F.binary_cross_entropy_with_logits(logits, a, reduction='none'))).mean()


def pair(im, alpha, side=LOOKS[-1], unit=CARD['multiple']):
    """A photo at a long side of `side` [1,3,h,w], both sides multiples of `unit`, and its alpha as float [h,w]."""
    f = side / max(im.size)
    size = tuple(max(unit, round(v * f / unit) * unit) for v in im.size)
    return torch.from_numpy(np.array(im.resize(size, Image.BOX))).permute(2, 0, 1)[None].float() / 255, np.asarray(alpha, np.float32) / 255


def frozen_pairs(frozen, *size):
    return [pair(Image.open(p.replace('.alpha.png', '.jpg')).convert('RGB'), Image.open(p).convert('L'), *size) for p in sorted(glob.glob(frozen + '/matting/*.alpha.png'))]


def mad(look, rows):
    values = []
    for x, truth in rows:
        out = F.interpolate(matte(look, x), truth.shape, mode='bilinear', align_corners=False)[0, 0].numpy()
        values.append(float(np.abs(out - truth).mean()))
    return values


def validation(data):
    """The held-out portraits."""
    return [pair(Image.fromarray(rgb), alpha) for rgb, alpha, _ in people(data, held=True)]


def score(net, rows):
    values = mad(deployed(net).eval(), rows)
    return {'mad': float(np.mean(values)), 'worst': max(values)}


def report(net, data, frozen):
    values = mad(deployed(net).eval(), frozen_pairs(frozen))
    return {'photos': len(values), 'mad': float(np.mean(values)), 'madWorst': max(values)}
