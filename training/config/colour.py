"""Colour for black-and-white photos: a U-Net with a scene vector classifies the Lab ab bin of each 4x4 block. Colours given at places are
part of the input in half of the batches' samples; without any it colours by itself."""
import csv
import math
import os
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from damage import blurred, chance, log_uniform, noisy, uniform
from evaluate import colourfulness
from labspace import ab_bins, lightness, linear, to_lab, to_rgb
from model import ColourDecoder, ColourUNet, mixed
from pictures import drawn, each, listing

RATE = 2e-3
WEIGHT_DECAY = .05
DROPOUT = .1
BATCH, SIDE, STORED = 64, 160, 176
WIDTHS = (32, 64, 128, 192)
BALANCE = .4             # class weights (p + .001)^-BALANCE: 0 none, 1 fully rebalanced; the decoding undoes them
TONE = .2                # jitter of contrast and brightness of the luminance
ZOOM, STRETCH = .55, .2  # least share of a side that a sample shows, and how far its two sides differ from each other
OLD = 1 / 3              # share of samples whose luminance is that of an old print
GIVEN, DENSE = .5, .03   # share of samples with colours given at places, and everywhere
MOST, WIDEST = 24, 9     # places of a sample, pixels of a place

# decoding, tuned on held-out photos by calibrate.py: temperature, share of the class weights undone, exponent of the agreement of bins, gain
# of chroma where they disagree
DECODING = (1., .2, .5, 2.4)
INFER = 176    # long side at which the engine runs it

ARCHIVES = ('colour-1.tar', 'colour-2.tar', 'colour-3.tar', 'small-0.tar')
CARD = {'scale': 1, 'multiple': 16, 'overlap': 0, 'size': INFER, 'outputStride': 4,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 6, 'range': [0, 255], 'order': 'RGB, given a + 128, b + 128, 255 where given'},
        'output': {'name': 'yout', 'type': 'float32', 'layout': 'NHWC', 'channels': 2, 'range': [-128, 128], 'order': 'Lab a, b'},
        'notes': 'Probable colours for a black-and-white photo; chroma shrinks where it is unsure. Whole picture at once, long side near size. '
                 'Three more planes hold colours given at places, as squares of 1 to 9 pixels: 128, 128, 0 where none is given.'}

COLOUR = ('colour/*.webp', 'small/*.webp')


def build():
    return ColourUNet(len(ab_bins()), WIDTHS, DROPOUT)


def deployed(net):
    """What the engine runs: float NCHW in 0..1, sRGB and the three planes of given colours, to ab at a quarter of the size."""
    return ColourDecoder(net, *DECODING)


def squared(path):
    return np.asarray(Image.open(path).convert('RGB').resize((STORED, STORED), Image.LANCZOS))


def people(data):
    """Names of the photos of colour-3 that show people: skin of every tone."""
    with open(os.path.join(data, 'MANIFEST-colour.csv'), encoding='utf-8') as f:
        return {r['file'] for r in csv.DictReader(f) if r['archive'] == 'colour-3' and r['people'] == 'yes'}


def load(data, rng, device):
    """uint8 [n,3,STORED,STORED], the whole picture squeezed into a square; people of colour-3 twice."""
    if data is None:
        paths, twice = [], set()
        pictures = [drawn(rng, STORED, STORED) for _ in range(64)]
    else:
        paths, twice = listing(data, *COLOUR), people(data)
        pictures = each(squared, paths)
    pictures += [picture for picture, path in zip(pictures, paths) if os.path.basename(path) in twice]
    return torch.from_numpy(np.stack(pictures)).to(device).permute(0, 3, 1, 2).contiguous()


def frequencies(lab):
    """Share of each bin, [bins], from Lab pictures."""
    near = nearest(lab[:, 1:])
    return torch.bincount(near.flatten(), minlength=len(ab_bins())).float() / near.numel()


def nearest(ab):
    """Index of the nearest bin of [n,2,h,w], as [n,h,w]."""
    centres = ab_bins(ab.device)
    flat = ab.permute(0, 2, 3, 1).reshape(-1, 2)
    return (flat @ centres.T - .5 * (centres ** 2).sum(1)).argmax(1).view(ab.shape[0], *ab.shape[2:])


def class_weights(pictures):
    """Weights of the bins, mean 1 over the training colours, measured on 1,500 pictures."""
    some = torch.randperm(len(pictures))[:1500].to(pictures.device)
    p = frequencies(to_lab(pictures[some][:, :, ::8, ::8].float() / 255))
    w = (p + .001) ** -BALANCE
    return w / (p * w).sum()


def windows(pictures):
    """[n,3,SIDE,SIDE]: a random window of each picture, half of them mirrored."""
    n, device = len(pictures), pictures.device
    size = ZOOM + (1 - ZOOM) * torch.rand(n, 1, device=device)
    sides = (size * torch.exp(STRETCH * (2 * torch.rand(n, 2, device=device) - 1))).clamp(max=1)
    shift = (1 - sides) * (2 * torch.rand(n, 2, device=device) - 1)
    sides[:, 0] *= (torch.rand(n, device=device) < .5) * 2. - 1
    grid = F.affine_grid(torch.cat([torch.diag_embed(sides), shift[:, :, None]], 2), (n, 3, SIDE, SIDE), align_corners=False)
    return F.grid_sample(pictures, grid, padding_mode='border', align_corners=False)


def aged(rgb):
    """Grey [n,1,h,w] as an old print holds it: orthochromatic (hardly any red) or panchromatic, faded, soft, noisy. sRGB values."""
    n, device = len(rgb), rgb.device
    between = lambda low, high: uniform(n, low, high, device)
    ortho = chance(n, .3, device)
    red = torch.where(ortho, between(0, .1), between(.15, .35))
    green = torch.where(ortho, between(.4, .6), between(.45, .6))
    grey = red * rgb[:, :1] + green * rgb[:, 1:2] + (1 - red - green) * rgb[:, 2:]
    black, white = between(0, .12), between(.82, 1)
    grey = black + (white - black) * grey.clamp(min=1e-4) ** between(.8, 1.25)
    return noisy(blurred(grey, between(0, 1.)), log_uniform(n, .004, .04, device)).clamp(0, 1)


def given(ab, counts, generator=None):
    """Planes [n,3,h,w] of the network's input: the mean true ab (/ 110, up to 3 off) in as many random squares as `counts` [n] says, and 1 there."""
    n, _, h, w = ab.shape
    draw = lambda *shape: torch.rand(shape, device=ab.device, generator=generator)
    order = torch.arange(max(h, w, MOST), device=ab.device)
    side = (1 + WIDEST * draw(n, MOST)).floor()

    def spans(length):
        first = (draw(n, MOST) * (length + 1 - side)).floor()[..., None]
        return ((order[:length] >= first) & (order[:length] < first + side[..., None])).float()

    rows, columns = spans(h) * (order[:MOST] < counts[:, None])[..., None], spans(w)
    mean = (torch.einsum('nkh,nchw->nkcw', rows, ab) * columns[:, :, None]).sum(3) / side[..., None] ** 2
    mean = mean + 6 * draw(n, MOST, 2) - 3
    cover = torch.einsum('nkh,nkw->nhw', rows, columns)[:, None]
    painted = torch.einsum('nkch,nkw->nchw', mean[..., None] * rows[:, :, None], columns)
    return torch.cat([painted / cover.clamp(min=1) / 110, (cover > 0).float()], 1)


def drawn_places(ab):
    """`given` for a training batch: none, some (their number is geometric with mean 8, at most MOST), or everywhere."""
    n, device = len(ab), ab.device
    counts = 1 + (torch.rand(n, device=device).clamp(min=1e-6).log() / math.log(7 / 8)).floor()
    planes = given(ab, counts.clamp(max=MOST) * (torch.rand(n, device=device) < GIVEN))
    return torch.where(chance(n, DENSE, device), torch.cat([ab / 110, torch.ones_like(ab[:, :1])], 1), planes)


def batch(rng, pictures, progress):
    """Inputs [n,4,SIDE,SIDE] of ColourUNet, luminance jittered, and bin indices [n,SIDE/4,SIDE/4]."""
    device, old = pictures.device, int(BATCH * OLD)
    rgb = windows(pictures[torch.randint(len(pictures), (BATCH,), device=device)].float() / 255)
    lab = to_lab(rgb)
    light = torch.cat([lightness(linear(aged(rgb[:old]))), lab[old:, :1]])
    light = (light / 50 - 1) * uniform(BATCH, 1 - TONE, 1 + TONE, device) + uniform(BATCH, -TONE / 2, TONE / 2, device)
    return torch.cat([light, drawn_places(lab[:, 1:])], 1), nearest(F.avg_pool2d(lab[:, 1:], 4))


def begin(net, pictures):
    """Stores the logarithm of the class weights in the network: the loss and the decoding use the same ones."""
    net.log_weight.copy_(class_weights(pictures).log())


def loss(net, pair, progress):
    """Cross-entropy with class weights; blocks in which a colour is given count twice."""
    x, target = pair
    with mixed(x.device):
        logits = net(x.contiguous(memory_format=torch.channels_last))
    weight = net.log_weight.exp()[target] * (1 + F.max_pool2d(x[:, 3:], 4)[:, 0])
    return (F.cross_entropy(logits, target, reduction='none') * weight).sum() / weight.sum()


def validation(data):
    """120 held-out photos, squeezed to SIDE: inputs without given colours, 40 inputs with ten, and true ab at a quarter of the size."""
    pictures = np.stack(each(squared, listing(data, *COLOUR, held=True)[::4][:120]))
    rgb = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    lab = to_lab(F.interpolate(rgb, (SIDE, SIDE), mode='bilinear', antialias=True, align_corners=False))
    light, ab = lab[:, :1] / 50 - 1, lab[:, 1:]
    places = given(ab[:40], torch.full((40,), 10), torch.Generator().manual_seed(0))
    return torch.cat([light, torch.zeros_like(light).expand(-1, 3, -1, -1)], 1), torch.cat([light[:40], places], 1), F.avg_pool2d(ab, 4)


def score(net, checks):
    """Mean ab distance to the truth against plain grey's, and the ratio of mean chroma, with the class weights undone, at T = 1 and .5;
    `given` is the distance with ten colours given."""
    plain, hinted, truth = checks
    unweighted = lambda x: torch.cat([net(chunk) for chunk in x.split(40)]) - net.log_weight.view(1, -1, 1, 1)
    decoded = lambda logits: torch.einsum('nkhw,kc->nchw', F.softmax(logits, 1), ab_bins(logits.device))
    distance = lambda x: float((x - truth[:len(x)]).norm(dim=1).mean())
    logits = unweighted(plain)
    ab = decoded(2 * logits)
    return {'ce': float(F.cross_entropy(logits, nearest(truth))), 'error': distance(ab), 'mean_error': distance(decoded(logits)),
            'grey': float(truth.norm(dim=1).mean()), 'chroma': float(ab.norm(dim=1).mean() / truth.norm(dim=1).mean()),
            'given': distance(decoded(2 * unweighted(hinted)))}


def fitted(path):
    """A photo [1,3,h,w] in 0..1 at the engine's size, with its aspect."""
    im = Image.open(path).convert('RGB')
    f = INFER / max(im.size)
    w, h = (max(16, round(v * f / 16) * 16) for v in im.size)
    return torch.from_numpy(np.array(im.resize((w, h), Image.LANCZOS))).permute(2, 0, 1)[None].float() / 255


def wire(grey, planes):
    """The six planes that the engine gives: `grey` [n,3,h,w] in 0..1 and `given`'s planes."""
    return torch.cat([grey, ((planes[:, :2] * 110 + 128) / 255).clamp(0, 1), planes[:, 2:]], 1)


def brown(ab):
    """Share of the pixels of hue 40 to 85 degrees and chroma 5 to 20."""
    chroma, hue = ab.norm(dim=1), torch.atan2(ab[:, 1], ab[:, 0])
    return float(((chroma > 5) & (chroma < 20) & (hue > .698) & (hue < 1.484)).float().mean())


def report(net, data, frozen):
    """Held-out photos at the engine's size with their aspect: ab error against plain grey's, colourfulness against the true one's, the share
    of brown above the true one, in points, and what ten given colours gain in PSNR of RGB."""
    decoder, sums, generator = deployed(net), [], torch.Generator().manual_seed(0)
    for path in listing(data, *COLOUR, held=True):
        rgb = fitted(path)
        lab = to_lab(rgb)
        grey = to_rgb(torch.cat([lab[:, :1], lab[:, 1:] * 0], 1))
        ten = given(lab[:, 1:], torch.tensor([10]), generator)
        light, truth = F.avg_pool2d(lab[:, :1], 4), F.avg_pool2d(lab[:, 1:], 4)
        ab, helped = (decoder(wire(grey, planes)) for planes in (ten * 0, ten))
        full = [to_rgb(torch.cat([light, x], 1))[0].permute(1, 2, 0).numpy() for x in (ab, truth)]
        grown = [to_rgb(torch.cat([lab[:, :1], F.interpolate(x, scale_factor=4, mode='bilinear', align_corners=False)], 1)) for x in (ab, helped)]
        psnr = [float(-10 * torch.log10(((x - rgb) ** 2).mean())) for x in grown]
        sums.append([float((ab - truth).norm(dim=1).mean()), float(truth.norm(dim=1).mean()), *map(colourfulness, full), brown(ab) - brown(truth),
                     psnr[0], psnr[1] - psnr[0]])
    m = np.mean(sums, 0)
    return {'photos': len(sums), 'abError': m[0], 'abErrorGrey': m[1], 'colourfulness': m[2], 'colourfulnessTrue': m[3],
            'ratio': m[2] / m[3], 'brownPoints': 100 * m[4], 'psnr': m[5], 'hintGain': m[6]}
