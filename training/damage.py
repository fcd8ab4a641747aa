"""Damage for whole batches in PyTorch, on the GPU or the CPU: [n,3,h,w] float32 in 0..1. What differs from sample to sample comes from
torch's own generator as [n,1,1,1] tensors, what a batch shares (sizes) from a numpy Generator. degrade.py does the same to one picture in
numpy, where figures must be repeatable."""
import functools
import math
import torch
import torch.nn.functional as F

RADIUS = 6  # of the Gaussians, three times the largest sigma
LUMINANCE = ((16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55), (14, 13, 16, 24, 40, 57, 69, 56), (14, 17, 22, 29, 51, 87, 80, 62),
             (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92), (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99))
CHROMINANCE = ((17, 18, 24, 47), (18, 21, 26, 66), (24, 26, 56, 99), (47, 66, 99, 99))  # the other quarters are 99
YCC = ((.299, .587, .114), (-.168736, -.331264, .5), (.5, -.418688, -.081312))
RGB = ((1., 0., 1.402), (1., -.344136, -.714136), (1., 1.772, 0.))

TABLES = tuple(v for row in LUMINANCE for v in row), tuple(CHROMINANCE[i][j] if i < 4 and j < 4 else 99 for i in range(8) for j in range(8))


@functools.lru_cache(None)
def constant(values, device):
    """A tensor of numbers, copied to the device once."""
    return torch.tensor(values, dtype=torch.float32).to(device)


def uniform(n, low, high, device):
    return torch.empty(n, 1, 1, 1, device=device).uniform_(low, high)


def log_uniform(n, low, high, device):
    return torch.exp(uniform(n, math.log(low), math.log(high), device))


def chance(n, p, device):
    """bool [n,1,1,1], each True with probability p."""
    return torch.rand(n, 1, 1, 1, device=device) < p


def clipped(x):
    """Rounded to 8 bits."""
    return (x.clamp(0, 1) * 255).round() / 255


def gaussians(sigma):
    """[n,1,1,2 RADIUS + 1] kernels of sum 1; a sigma near 0 gives the identity."""
    return torch.softmax(constant(tuple(-i * i / 2 for i in range(-RADIUS, RADIUS + 1)), sigma.device) / sigma.clamp(min=.05) ** 2, 3)


def blurred(x, sigma_y, sigma_x=None):
    """Gaussian blur, sigmas [n,1,1,1] in pixels, at most 2.2; edges repeated."""
    n, c, h, w = x.shape
    flat = F.pad(x, (RADIUS,) * 4, mode='replicate').reshape(1, n * c, h + 2 * RADIUS, w + 2 * RADIUS)
    down = gaussians(sigma_y).expand(n, c, 1, -1).reshape(n * c, 1, 1, -1)
    across = down if sigma_x is None else gaussians(sigma_x).expand(n, c, 1, -1).reshape(n * c, 1, 1, -1)
    return F.conv2d(F.conv2d(flat, across, groups=n * c), down.transpose(2, 3), groups=n * c).view(n, c, h, w)


def noisy(x, sigma):
    """Gaussian noise of `sigma` [n,1,1,1], two fifths grey; three in ten softened as a denoiser or a resize would."""
    n, device = len(x), x.device
    noise = torch.randn_like(x)
    noise = torch.where(chance(n, .4, device), noise[:, :1], noise)
    soft = chance(n, .3, device)
    k = constant((.1966, .6068, .1966), device)  # sigma .6
    small = F.conv2d(F.pad(noise.flatten(0, 1)[:, None], (1, 1, 1, 1), mode='replicate'), (k[:, None] * k).view(1, 1, 3, 3)).view_as(x)
    return x + sigma * torch.where(soft, 1.8 * small, noise)


def resized(x, h, w, kind):
    """Antialiased 'bicubic' or 'bilinear', or 'area'; rounded to 8 bits."""
    if kind == 'area':
        return clipped(F.interpolate(x, (h, w), mode='area'))
    return clipped(F.interpolate(x, (h, w), mode=kind, align_corners=False, antialias=True))


@functools.lru_cache(None)
def cosines(device):
    """The 8 x 8 DCT-II of a block as one matrix [64,64]."""
    m = [[math.cos(math.pi * (2 * i + 1) * u / 16) / (2 if u else math.sqrt(8)) for i in range(8)] for u in range(8)]
    m = torch.tensor(m)
    return torch.kron(m, m).to(device)


def coded(planes, table):
    """Planes [n,c,h,w] (0..255, less 128) through DCT, quantisation by table [n,c,1,64] and back."""
    n, c, h, w = planes.shape
    dct = cosines(planes.device)
    blocks = planes.view(n, c, h // 8, 8, w // 8, 8).transpose(3, 4).reshape(n, c, -1, 64) @ dct.T
    blocks = (blocks / table).round() * table @ dct
    return blocks.view(n, c, h // 8, w // 8, 8, 8).transpose(3, 4).reshape(n, c, h, w)


def jpeg(x, quality, halved):
    """What JPEG of `quality` (1..100, [n,1,1,1], the tables of libjpeg) leaves; chroma at half size where `halved`. h, w multiples of 16."""
    device = x.device
    q = quality.floor()
    tables = constant((TABLES[0], TABLES[1], TABLES[1]), device).view(3, 1, 64)
    tables = ((tables * torch.where(q < 50, 5000 / q, 200 - 2 * q) + 50) / 100).floor().clamp(1, 255)
    ycc = F.conv2d(clipped(x) * 255, constant(YCC, device).view(3, 3, 1, 1), constant((-128., 0., 0.), device))
    full = coded(ycc, tables)
    small = F.interpolate(coded(F.avg_pool2d(ycc[:, 1:], 2), tables[:, 1:]), scale_factor=2, mode='bilinear', align_corners=False)
    ycc = torch.cat([full[:, :1], torch.where(halved, small, full[:, 1:])], 1)
    return clipped(F.conv2d(ycc, constant(RGB, device).view(3, 3, 1, 1), constant((128.,) * 3, device)) / 255)


def turned(*pictures):
    """Square pictures [n,c,s,s], all turned alike: each eighth of the batch by another of the eight turns."""
    out = []
    for x in pictures:
        parts = list(x.chunk(8))
        for i, part in enumerate(parts):
            part = part.flip(3) if i & 1 else part
            part = part.flip(2) if i & 2 else part
            parts[i] = part.transpose(2, 3) if i & 4 else part
        out.append(torch.cat(parts))
    return out if len(out) > 1 else out[0]
