"""Alpha at the rim of a person at the size of the photo: what a matte of 288 px cannot hold. Composites of cut-outs with true alpha, and their matte as bg gives it."""
import os
import numpy as np
import torch
import torch.nn.functional as F
import compositing
import portraits
from config import bg
from configured import opened
from damage import blurred, chance, turned, uniform
from model import MatteUNet, Refiner, mixed

RATE = 1e-3
WEIGHT_DECAY = 0.
COMPOSITES, TILES, TILE = 3, 12, 96   # drawn at once: COMPOSITES x TILES pieces of TILE px
HELD = 3       # composites of each of the twelve held-out draws
BATCH, KEPT, EVERY = 48, 30, 3        # pieces of a step, out of those drawn last, so many draws; steps between two draws, which cost as much as five steps
SHAPES = ((640, 512), (512, 640), (768, 576))
SIDE, SCENE = 576, 832   # long side of cut-outs, most of which are 448 to 576 px; of places, as sharp as the people before them
BAND = 4.      # weight of the soft edge
SLOPES = 1.    # of the error of slopes
STRAY = .5     # share of mattes whose rim lies elsewhere, by up to a tenth of the matte or so
DOUBTS = .3    # share of mattes that doubt somewhere amid the person or the place, as bg does in hats and dark sleeves
NEGATIVES = .3 # of pieces shown as negatives with their colours swapped: people have dark hair before something light more often than not
UNSURE, NEAR = .02, 24   # the engine asks this network within NEAR px of where the matte is not so near to 0 or 1
CONTRAST, AROUND = .6, 8   # of the engine's packages/engine/src/matte.ts
MATTE = os.path.join(os.path.dirname(__file__), '..', 'state', 'bg.pt')

ARCHIVES = bg.ARCHIVES
CARD = {'scale': 1, 'multiple': 4, 'overlap': 56, 'size': None, 'outputStride': 1,
        'input': {'name': 'xin', 'type': 'uint8', 'layout': 'NHWC', 'channels': 4, 'range': [0, 255], 'order': 'RGB, alpha'},
        'output': {'name': 'yout', 'type': 'uint8', 'layout': 'NHWC', 'channels': 1, 'range': [0, 255], 'order': 'alpha'},
        'notes': "Alpha of a person's rim, hair above all, at 1024 px of the photo's long side, from the photo and the matte of bg enlarged to it."}


def build():
    return Refiner()


def deployed(net):
    """What the engine runs: float NCHW, sRGB and the enlarged matte in 0..1, to alpha."""
    return net


def load(data, rng, device, held=False):
    """Cut-outs with true alpha, places, and the network whose mattes are refined, on the device."""
    portraits.SIDE, portraits.SCENE = SIDE, SCENE
    portraits.CANVAS = compositing.CANVAS = SIDE + 8
    compositing.SCENES, compositing.HAIR = .85, .6
    pictures = portraits.loaded(data, rng, device, held)
    cut, at = pictures['cut']
    pictures['order'] = torch.arange(len(at), device=at.device)[at[:, 5] > 0]
    matte = opened('bg', MATTE)[1] if data else MatteUNet((16, 16, 16, 16)).eval()
    return {**pictures, 'matte': bg.deployed(matte).eval().requires_grad_(False).to(device, memory_format=torch.channels_last)}


def astray(a):
    """Mattes [n,1,h,w] with the mistakes of photos that the network has not seen: it knows these cut-outs. Doubts, blur, and rims that are
    drawn too wide, too narrow or beside the true ones, as around loose hair."""
    n, _, h, w = a.shape
    device = a.device
    rough = lambda channels, rows: F.interpolate(torch.randn(n, channels, rows, rows, device=device), (h, w), mode='bicubic', align_corners=False)
    logit = torch.logit(a.clamp(.002, .998)) + chance(n, .6, device) * uniform(n, 0, 2, device) * rough(1, 6)
    logit = logit + chance(n, DOUBTS, device) * uniform(n, 2, 7, device) * rough(1, 4)
    a = blurred(torch.sigmoid(logit), chance(n, .5, device) * uniform(n, .3, 2.5, device))
    stray = chance(n, STRAY, device)
    wide = F.interpolate(blurred(F.avg_pool2d(a, 2, ceil_mode=True), uniform(n, .6, 2.2, device)), (h, w), mode='bilinear', align_corners=False)
    moved = torch.sigmoid(torch.logit(wide.clamp(.002, .998)) * uniform(n, 1.5, 3, device) + uniform(n, 1, 3, device) * rough(1, 5))
    a = torch.where(stray & chance(n, .6, device), moved, a)
    still = torch.eye(2, 3, device=device).repeat(n, 1, 1)
    still[:, :, 2] = chance(n, .5, device).view(n, 1) * 3 * torch.randn(n, 2, device=device) / 288
    flow = stray * uniform(n, 0, 14, device) / 288 * rough(2, 8)
    grid = F.affine_grid(still, a.shape, align_corners=False) + flow.permute(0, 2, 3, 1)
    return F.grid_sample(a, grid, padding_mode='border', align_corners=False)


def negatives(x):
    """Pieces [n,4,h,w], a share of them with the light turned around and red, green and blue in another order; the matte as it is."""
    rgb = x[:, :3]
    other = 1 - rgb[:, torch.randperm(3).to(x.device)]
    return torch.cat([torch.where(chance(len(x), NEGATIVES, x.device), other, rgb), x[:, 3:]], 1)


def seen(matte, x, spoil=lambda a: a):
    """The matte of pictures [n,3,h,w] as the engine enlarges it, before anything is refined."""
    h, w = x.shape[2:]
    with torch.no_grad(), mixed(x.device):
        a = bg.matte(matte, x)
    a = spoil(a)
    mean = F.avg_pool2d(a, 2 * AROUND + 1, 1, AROUND, count_include_pad=False)
    a = (a + CONTRAST * (mean - .5)).clamp(0, 1)
    return F.interpolate(a, (h, w), mode='bicubic', align_corners=False).clamp(0, 1)


def pieces(x, coarse, a):
    """(RGB and matte [n,4,TILE,TILE], alpha) of TILES places a picture where the matte or the truth is soft."""
    unsure = ((coarse > UNSURE) & (coarse < 1 - UNSURE)) | ((a > .03) & (a < .97))
    inner = F.max_pool2d(unsure.float()[:, :, TILE // 2:1 - TILE // 2, TILE // 2:1 - TILE // 2], 8, 8)
    at = torch.multinomial(inner.flatten(1) + 1e-6, TILES)
    whole = torch.cat([x, coarse, a], 1)
    rows = []
    for i, places in enumerate(at.tolist()):
        for p in places:
            y, left = 8 * (p // inner.shape[3]), 8 * (p % inner.shape[3])
            rows.append(whole[i, :, y:y + TILE, left:left + TILE])
    both = torch.stack(rows)
    return both[:, :4], both[:, 4:]


def composites(rng, pictures, n, spoil=astray):
    x, a, _ = compositing.composed(rng, pictures, n + 1, n / (n + 1), SHAPES[rng.integers(len(SHAPES))])
    x, a = x[:n], a[:n]
    return pieces(x, seen(pictures['matte'], x, spoil), a)


def batch(rng, pictures, progress):
    kept = pictures.setdefault('kept', [])
    pictures['steps'] = pictures.get('steps', 0) + 1
    if len(kept) < 2 or pictures['steps'] % EVERY == 0:
        kept.append(torch.cat(composites(rng, pictures, COMPOSITES), 1))
        del kept[:-KEPT]
    drawn = [kept[i][rng.integers(len(kept[i]))] for i in rng.integers(len(kept), size=BATCH)]
    both = turned(torch.stack(drawn))
    return negatives(both[:, :4]), both[:, 4:]


def loss(net, pair, progress):
    x, a = pair
    with mixed(x.device):
        out = net(x.contiguous(memory_format=torch.channels_last))
    near = F.max_pool2d(a, 5, 1, 2) - (1 - F.max_pool2d(1 - a, 5, 1, 2))
    slope = sum(F.l1_loss(out.diff(dim=d), a.diff(dim=d)) for d in (2, 3))
    return ((1 + BAND * near) * (out - a).abs()).mean() + SLOPES * slope


def soft_error(out, a):
    """Mean difference where the truth is soft, between .05 and .95."""
    band = (a > .05) & (a < .95)
    return float((out - a).abs()[band].mean())


def validation(data):
    """Pieces of composites of held-out cut-outs, by a fixed seed, with the mattes as they are and led astray."""
    with torch.random.fork_rng():
        rows = []
        for spoil in (lambda a: a, astray):
            rng = np.random.default_rng(4)
            torch.manual_seed(4)
            pictures = load(data, rng, 'cpu', held=True)
            rows.append([composites(rng, pictures, HELD, spoil) for _ in range(12)])
        return rows


def score(net, rows):
    result = {}
    for name, some in zip(('', '_astray'), rows):
        x, a = (torch.cat(parts) for parts in zip(*some))
        out = torch.cat([net(part) for part in x.split(16)]).clamp(0, 1)
        result |= {'soft' + name: soft_error(out, a), 'mad' + name: float((out - a).abs().mean()), 'mad_before' + name: float((x[:, 3:] - a).abs().mean())}
    return result


def report(net, data, frozen):
    """The frozen portraits at 1024 px, whole, before and after."""
    matte = bg.deployed(opened('bg', MATTE)[1]).eval()
    rows = []
    for picture, truth in bg.frozen_pairs(frozen, 1024, 4):
        a = F.interpolate(torch.from_numpy(truth)[None, None], picture.shape[2:], mode='area')
        coarse = seen(matte, picture)
        unsure = ((coarse > UNSURE) & (coarse < 1 - UNSURE)).float()
        near = F.max_pool2d(unsure, 2 * NEAR + 1, 1, NEAR) > 0
        out = torch.where(near, net(torch.cat([picture, coarse], 1)).clamp(0, 1), coarse.round())
        rows.append([soft_error(out, a), soft_error(coarse, a), float((out - a).abs().mean()), float((coarse - a).abs().mean())])
    return dict(zip(('soft', 'softBefore', 'mad', 'madBefore'), np.mean(rows, 0).tolist()))
