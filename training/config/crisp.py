"""The crisp twin of the x4 network: goes on from its weights against a discriminator, so that texture is drawn where the mean would be smooth.
Blind pictures and everything else as in config/sr.py. The discriminator lives in `pictures` and is trained inside `loss`."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import spectral_norm
from config import sr
from config.sr import deployed, pairs, report, score, validation

RATE = 2e-4
WEIGHT_DECAY = 0.
SCALE, BATCH, PATCH = 4, 16, 192
WIDTH, PAIRS, COARSE, CLEAN = 48, 8, 1, .3
ADVERSARIAL, MATCHING, PIXELS = .05, 1., 1.
JUDGE_RATE, ALONE = 2e-4, .06  # the discriminator's rate, and the share of the run in which it learns alone
ARCHIVES = sr.ARCHIVES


def settle():
    """The constants of config/sr.py are those of this file."""
    for name in ('SCALE', 'BATCH', 'PATCH', 'WIDTH', 'PAIRS', 'COARSE', 'CLEAN'):
        setattr(sr, name, globals()[name])


def build():
    settle()
    return sr.build()


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


def load(data, rng, device):
    settle()
    torch.manual_seed(1)
    judge = Judge().to(device, memory_format=torch.channels_last)
    return {'photos': sr.load(data, rng, device), 'judge': judge, 'optimiser': torch.optim.AdamW(judge.parameters(), JUDGE_RATE, betas=(.9, .99))}


def batch(rng, pictures, progress):
    return (*sr.batch(rng, pictures['photos'], progress), pictures)


def loss(net, made, progress):
    """One step of the discriminator, then the network's loss: pixels, matching features and the verdict (hinge)."""
    low, high, pictures = made
    judge, wide = pictures['judge'], dict(memory_format=torch.channels_last)
    with torch.autocast(low.device.type, dtype=torch.bfloat16):
        out = net(low.contiguous(**wide))
        true, _ = judge(high.contiguous(**wide))
        false, _ = judge(out.detach().contiguous(**wide))
    pictures['optimiser'].zero_grad(set_to_none=True)
    (F.relu(1 - true).mean() + F.relu(1 + false).mean()).backward()
    pictures['optimiser'].step()
    plain = F.l1_loss(out, high) + sr.EDGES * sum(F.l1_loss(out.diff(dim=d), high.diff(dim=d)) for d in (2, 3))
    if progress < ALONE:
        return PIXELS * plain
    judge.requires_grad_(False)
    with torch.autocast(low.device.type, dtype=torch.bfloat16):
        verdict, made_features = judge(out.contiguous(**wide))
        with torch.no_grad():
            _, true_features = judge(high.contiguous(**wide))
    judge.requires_grad_(True)
    matching = sum(F.l1_loss(a.float(), b.float()) / b.float().abs().mean() for a, b in zip(made_features, true_features)) / len(true_features)
    return PIXELS * plain + .1 * MATCHING * matching - .1 * ADVERSARIAL * verdict.mean()
