"""Colour for black-and-white photos: a U-Net with a scene vector classifies the Lab ab bin of each 4x4 block."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from labspace import ab_bins, to_lab, to_rgb
from evaluate import colourfulness
from model import ColourDecoder, ColourUNet
from pictures import drawn, listing

RATE = 2e-3
WEIGHT_DECAY = .02
BATCH, SIDE, STORED = 32, 128, 160
WIDTHS = (32, 64, 128, 192)
BALANCE = .4   # class weights (p + .001)^-BALANCE: 0 none, 1 fully rebalanced; the decoding undoes them
TONE = .2      # jitter of contrast and brightness of the luminance

# decoding, tuned on held-out photos: temperature, share of the class weights undone, exponent of the agreement of bins, gain of chroma
DECODING = (1., .4, .5, 1.4)
INFER = 144    # long side at which the engine runs it

ARCHIVES = ('colour-1.tar', 'colour-2.tar', 'colour-3.tar', 'small-0.tar')
CARD = {'scale': 1, 'multiple': 16, 'overlap': 0, 'size': INFER, 'outputStride': 4,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'},
        'output': {'name': 'yout', 'type': 'float32', 'layout': 'NHWC', 'channels': 2, 'range': [-128, 128], 'order': 'Lab a, b'},
        'notes': 'Probable colours for a black-and-white photo; chroma shrinks where it is unsure. Whole picture at once, long side near size.'}

COLOUR = ('colour/*.webp', 'small/*.webp')


def build():
    return ColourUNet(len(ab_bins()), WIDTHS)


def deployed(net):
    """What the engine runs: float NCHW sRGB in 0..1 to ab at a quarter of the size."""
    return ColourDecoder(net, *DECODING)


def squared(path):
    return np.asarray(Image.open(path).convert('RGB').resize((STORED, STORED), Image.LANCZOS))


def load(data, rng):
    """uint8 [n,3,STORED,STORED], the whole picture squeezed into a square."""
    if data is None:
        pictures = [drawn(rng, STORED, STORED) for _ in range(64)]
    else:
        pictures = [squared(p) for p in listing(data, *COLOUR)]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).contiguous()


def frequencies(lab):
    """Share of each bin, [bins], from Lab pictures."""
    near = nearest(lab[:, 1:])
    return torch.bincount(near.flatten(), minlength=len(ab_bins())).float() / near.numel()


def nearest(ab):
    """Index of the nearest bin of [n,2,h,w], as [n,h,w]."""
    centres = ab_bins()
    flat = ab.permute(0, 2, 3, 1).reshape(-1, 2)
    return (flat @ centres.T - .5 * (centres ** 2).sum(1)).argmax(1).view(ab.shape[0], *ab.shape[2:])


def class_weights(pictures):
    """Weights of the bins, mean 1 over the training colours, measured on 1,500 pictures."""
    p = frequencies(to_lab(pictures[torch.randperm(len(pictures))[:1500]][:, :, ::8, ::8].float() / 255))
    w = (p + .001) ** -BALANCE
    return w / (p * w).sum()


def batch(rng, pictures, progress):
    """Luminance inputs [n,1,SIDE,SIDE] (L / 50 - 1, tone jittered) and bin indices [n,SIDE/4,SIDE/4]."""
    rows = torch.from_numpy(rng.integers(0, len(pictures), BATCH))
    side = int(rng.integers(SIDE - 16, STORED + 1))
    y, x = (int(v) for v in rng.integers(0, STORED - side + 1, 2))
    rgb = pictures[rows][:, :, y:y + side, x:x + side].float() / 255
    if side != SIDE:
        rgb = F.interpolate(rgb, (SIDE, SIDE), mode='bilinear', antialias=side > SIDE, align_corners=False)
    flip = torch.from_numpy(rng.random(BATCH) < .5).view(-1, 1, 1, 1)
    lab = to_lab(torch.where(flip, rgb.flip(3), rgb))
    uniform = lambda low, high: torch.from_numpy(rng.uniform(low, high, (BATCH, 1, 1, 1)).astype(np.float32))
    light = (lab[:, :1] / 50 - 1) * uniform(1 - TONE, 1 + TONE) + uniform(-TONE / 2, TONE / 2)
    return light, nearest(F.avg_pool2d(lab[:, 1:], 4))


def begin(net, pictures):
    """Stores the logarithm of the class weights in the network: the loss and the decoding use the same ones."""
    net.log_weight.copy_(class_weights(pictures).log())


def loss(net, pair, progress):
    light, target = pair
    with torch.autocast(light.device.type, dtype=torch.bfloat16):
        logits = net(light.contiguous(memory_format=torch.channels_last))
    return F.cross_entropy(logits, target, weight=net.log_weight.exp())


def validation(data, photos):
    """240 held-out photos, squeezed to SIDE: luminance and true ab at a quarter of the size."""
    pictures = np.stack([squared(p) for p in listing(data, *COLOUR, held=True)[::2][:240]])
    rgb = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    lab = to_lab(F.interpolate(rgb, (SIDE, SIDE), mode='bilinear', antialias=True, align_corners=False))
    return lab[:, :1] / 50 - 1, F.avg_pool2d(lab[:, 1:], 4)


def score(net, pairs):
    """Mean ab distance to the truth against plain grey's, and the ratio of mean chroma, with the class weights undone, at T = 1 and .5."""
    light, truth = pairs
    logits = torch.cat([net(chunk) for chunk in light.split(40)]) - net.log_weight.view(1, -1, 1, 1)
    ab = torch.einsum('nkhw,kc->nchw', F.softmax(logits / .5, 1), ab_bins())
    mean_ab = torch.einsum('nkhw,kc->nchw', F.softmax(logits, 1), ab_bins())
    distance = lambda x: float((x - truth).norm(dim=1).mean())
    return {'ce': float(F.cross_entropy(logits, nearest(truth))), 'error': distance(ab), 'mean_error': distance(mean_ab),
            'grey': float(truth.norm(dim=1).mean()), 'chroma': float(ab.norm(dim=1).mean() / truth.norm(dim=1).mean())}


def report(net, data, frozen):
    """Held-out photos at the engine's size with their aspect: ab error against plain grey's, colourfulness against the true one's,
    and the share of brown (hue 40 to 85 degrees, chroma 5 to 20) above the true one, in points."""
    decoder, sums = deployed(net), []
    for path in listing(data, *COLOUR, held=True):
        im = Image.open(path).convert('RGB')
        f = INFER / max(im.size)
        w, h = (max(16, round(v * f / 16) * 16) for v in im.size)
        rgb = torch.from_numpy(np.array(im.resize((w, h), Image.LANCZOS))).permute(2, 0, 1)[None].float() / 255
        lab = to_lab(rgb)
        grey = to_rgb(torch.cat([lab[:, :1], lab[:, 1:] * 0], 1))
        ab, truth = decoder(grey), F.avg_pool2d(lab[:, 1:], 4)
        light = F.avg_pool2d(lab[:, :1], 4)
        full = [to_rgb(torch.cat([light, x], 1))[0].permute(1, 2, 0).numpy() for x in (ab, truth)]
        brown = [float(((x.norm(dim=1) > 5) & (x.norm(dim=1) < 20) & ((h := torch.atan2(x[:, 1], x[:, 0])) > .698) & (h < 1.484)).float().mean()) for x in (ab, truth)]
        sums.append([float((ab - truth).norm(dim=1).mean()), float(truth.norm(dim=1).mean()), *map(colourfulness, full), *brown])
    m = np.mean(sums, 0)
    return {'photos': len(sums), 'abError': m[0], 'abErrorGrey': m[1], 'colourfulness': m[2], 'colourfulnessTrue': m[3],
            'ratio': m[2] / m[3], 'brownPoints': 100 * (m[4] - m[5])}
