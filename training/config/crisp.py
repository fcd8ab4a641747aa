"""Texture beside the x4 network, which stays as it is: a second tail learns, against a discriminator, to draw texture where the mean of all
likely pictures is smooth, for the engine to add as much of it as is asked for.
What it draws must also look true to the features of the discriminator and of our colour network, which has learnt what things look like.
Blind pictures and everything else as in config/sr.py. The discriminator lives in `pictures` and is trained inside `loss`."""
import os
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import spectral_norm
from config import sr
from config.sr import deployed, validation
from configured import floats, opened
from enlargement import CrispSuperResolution
from likeness import dissimilar
from model import ColourUNet, mixed

RATE = 2e-4
WEIGHT_DECAY = 0.
SCALE, BATCH, PATCH = 4, 16, 192
WIDTH, PAIRS, COARSE, CLEAN = 48, 8, 1, .3
PLAIN = 'sr4'  # state that it begins with and leaves as it is; the line above is its shape. For sr: SCALE 2, COARSE 2, WIDTH and PATCH as it has them
TEXTURE = 5    # pairs of the second tail
ADVERSARIAL, MATCHING, SEEN, PIXELS = .01, .1, .1, .3
SLOPES = 0.    # weight of the dissimilarity of slopes, see likeness.py
JUDGE_RATE, ALONE = 2e-4, .06  # the discriminator's rate, and the share of the run in which it learns alone
ARCHIVES = sr.ARCHIVES
STATE = os.path.join(os.path.dirname(__file__), '..', 'state')


def settle():
    """The constants of config/sr.py are those of this file."""
    for name in ('SCALE', 'BATCH', 'PATCH', 'WIDTH', 'PAIRS', 'COARSE', 'CLEAN'):
        setattr(sr, name, globals()[name])


def card():
    """That of config/sr.py, with a fifth plane."""
    settle()
    card = sr.card()
    return {**card, 'overlap': card['overlap'] + (2 * TEXTURE + 1) * COARSE, 'input': {**card['input'], 'channels': 5, 'order': 'RGB, strength, texture'},
            'notes': card['notes'] + ' Texture, likewise: how much is drawn beside what is likeliest, 0 nothing.'}


def build():
    settle()
    return CrispSuperResolution(sr.build(), WIDTH, TEXTURE)


def start(net):
    """A fresh run begins with the network of PLAIN."""
    net.plain.load_state_dict(floats(torch.load(os.path.join(STATE, PLAIN + '.pt'), map_location='cpu')['ema']))


def textured(net, amount=1.):
    """The network as config/sr.py calls it, with this much texture asked for."""
    return lambda low: net(asked(low, amount))


def asked(low, amount=1.):
    """Pictures with strength [n,4,h,w], and the texture that is asked for as a fifth plane."""
    return torch.cat([low, torch.full_like(low[:, :1], amount)], 1)


def score(net, rows):
    """That of config/sr.py at full texture, which must lose decibels: judge it by eye."""
    return sr.score(textured(net), rows)


def report(net, data, frozen):
    """That of config/sr.py at full and at half texture."""
    return {name: sr.report(textured(net, amount), data, frozen) for name, amount in (('full', 1.), ('half', .5))}


class Judge(nn.Module):
    """U-Net discriminator with spectral norm (Wang et al., Real-ESRGAN, 2021), a quarter as wide: [n,3,h,w] -> a verdict for every pixel, and its features."""

    def __init__(self, w=24):
        super().__init__()
        conv = lambda a, b, k, s: spectral_norm(nn.Conv2d(a, b, k, s, 1, bias=False))
        self.first = nn.Conv2d(3, w, 3, 1, 1)
        self.down = nn.ModuleList([conv(w, 2 * w, 4, 2), conv(2 * w, 4 * w, 4, 2), conv(4 * w, 8 * w, 4, 2)])
        self.up = nn.ModuleList([conv(8 * w, 4 * w, 3, 1), conv(4 * w, 2 * w, 3, 1), conv(2 * w, w, 3, 1)])
        self.last = nn.Sequential(conv(w, w, 3, 1), nn.LeakyReLU(.2), nn.Conv2d(w, 1, 3, 1, 1))

    def forward(self, x):
        features = [F.leaky_relu(self.first(x), .2)]
        for down in self.down:
            features.append(F.leaky_relu(down(features[-1]), .2))
        y = features[-1]
        for i, up in enumerate(self.up):
            y = F.leaky_relu(up(F.interpolate(y, scale_factor=2, mode='bilinear', align_corners=False)), .2) + features[2 - i]
        return self.last(y).float(), features[1:]


def features(eye, x):
    """Three levels of the colour network's encoder, of RGB [n,3,h,w] in 0..1 without its colours: twice the luma - 1 is near L / 50 - 1."""
    luma = 2 * F.conv2d(x, x.new_tensor((.299, .587, .114)).view(1, 3, 1, 1)) - 1
    rows = [torch.cat([luma, torch.zeros_like(x)], 1).contiguous(memory_format=torch.channels_last)]
    for level in eye.enc[:3]:
        rows.append(level(rows[-1]))
    return rows[1:]


def apart(made, true):
    """Mean absolute difference of features, as a share of the true ones' mean."""
    return sum(F.l1_loss(a.float(), b.float()) / b.float().abs().mean() for a, b in zip(made, true)) / len(true)


def load(data, rng, device):
    settle()
    torch.manual_seed(1)
    judge = Judge().to(device, memory_format=torch.channels_last)
    eye = opened('colour', os.path.join(STATE, 'colour.pt'))[1] if data else ColourUNet(8, (16, 16, 16, 16)).eval()
    return {'photos': sr.load(data, rng, device), 'judge': judge, 'optimiser': torch.optim.AdamW(judge.parameters(), JUDGE_RATE, betas=(.9, .99)),
            'eye': eye.requires_grad_(False).to(device, memory_format=torch.channels_last)}


def batch(rng, pictures, progress):
    return (*sr.batch(rng, pictures['photos'], progress), pictures)


def loss(net, made, progress):
    """One step of the discriminator, then the network's loss: pixels, matching features and the verdict (hinge)."""
    low, high, pictures = made
    judge, wide = pictures['judge'], dict(memory_format=torch.channels_last)
    with mixed(low.device):
        out = net(asked(low).contiguous(**wide))
        true, _ = judge(high.contiguous(**wide))
        false, _ = judge(out.detach().contiguous(**wide))
    pictures['optimiser'].zero_grad(set_to_none=True)
    (F.relu(1 - true).mean() + F.relu(1 + false).mean()).backward()
    pictures['optimiser'].step()
    plain = F.l1_loss(out, high) + sr.EDGES * sum(F.l1_loss(out.diff(dim=d), high.diff(dim=d)) for d in (2, 3))
    plain = plain + (SLOPES * dissimilar(out, high) if SLOPES else 0.)
    if progress < ALONE:
        return PIXELS * plain
    judge.requires_grad_(False)
    with mixed(low.device):
        verdict, judged = judge(out.contiguous(**wide))
        seen = features(pictures['eye'], out)
        with torch.no_grad():
            _, judged_true = judge(high.contiguous(**wide))
            seen_true = features(pictures['eye'], high)
    judge.requires_grad_(True)
    return PIXELS * plain + MATCHING * apart(judged, judged_true) + SEEN * apart(seen, seen_true) - ADVERSARIAL * verdict.mean()
