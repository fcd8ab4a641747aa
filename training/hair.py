"""Loose hair drawn around heads, with its exact alpha: few cut-outs have any."""
import torch
import torch.nn.functional as F
from damage import blurred, constant

STRANDS, POINTS = 96, 64
BAND = .33     # of a person's height that is head, for one as wide as high


def splat(x, y, value, h, w):
    """[n,1,h,w] with `value` [n,k] added at x, y [n,k], each shared among the four pixels around it."""
    x, y = x[:, None] - .5, y[:, None] - .5
    column, row = (torch.floor(v) + constant(d, v.device).view(1, 4, 1) for v, d in ((x, (0, 1, 0, 1)), (y, (0, 0, 1, 1))))
    share = (1 - (x - column).abs()) * (1 - (y - row).abs()) * value[:, None] * ((column >= 0) & (column < w))
    at = (row + 1).clamp(0, h + 1) * w + column.clamp(0, w - 1)
    out = torch.zeros(len(x), (h + 2) * w, device=x.device).scatter_add_(1, at.flatten(1).long(), share.flatten(1))
    return out.view(-1, 1, h + 2, w)[:, :, 1:-1]


def haired(people, y, tall, broad):
    """People [n,4,h,w], colour times alpha, most of them with strands behind the upper rim of the head. y, tall, broad [n,1,1,1]: where
    they end below, their height and their width, in pixels."""
    n, _, h, w = people.shape
    device = people.device
    head = BAND * tall * (broad / tall).clamp(.25, 1)
    small = F.avg_pool2d(people, 4)
    a = small[:, 3:]
    rows, columns = (constant(tuple(4 * i + 2 for i in range(v // 4)), device) for v in (h, w))
    upper = (rows[:, None] < y - tall + head) * a
    rim = (upper * (1 - a)).flatten(1)
    area = upper.sum((2, 3), keepdim=True).clamp(min=.01)
    middle = (upper * columns).sum((2, 3), keepdim=True) / area

    root = torch.multinomial(rim + 1e-9, STRANDS, replacement=True).view(n, STRANDS, 1)
    dice = torch.rand(n, STRANDS, 9, device=device).split(1, 2)
    ry, rx = (root // (w // 4)) * 4 + 4 * dice[0], (root % (w // 4)) * 4 + 4 * dice[1]
    head, middle, low, style = head.view(n, 1, 1), middle.view(n, 1, 1), (y - tall + .8 * head).view(n, 1, 1), torch.rand(n, 4, 1, 1, device=device)
    angle = torch.atan2(ry - low, rx - middle) + (dice[2] - .5) * 2.4
    long = head * (.1 + .6 * style[:, 0] * dice[3])
    t = constant(tuple((i + .5) / POINTS for i in range(POINTS)), device)
    curl = .12 * style[:, 1] ** 2 * torch.sin(12 * t * (.3 + dice[4]) + 6.3 * dice[5])
    ahead, aside, fall = t - .1, curl + (dice[6] - .5) * t * t, style[:, 2] * t * t
    c, s = torch.cos(angle), torch.sin(angle)
    px, py = rx + long * (c * ahead - s * aside), ry + long * (s * ahead + c * aside + fall)
    width = (.15 + .75 * dice[7]) * (1 - .8 * t) * (dice[8] < .2 + style[:, 3])
    strands = splat(px.flatten(1), py.flatten(1), (width * long / POINTS).flatten(1), h, w).clamp(max=.95)

    near = blurred(small, torch.full_like(y, 2.))
    mean = (small * upper).sum((2, 3), keepdim=True) / area
    colour = F.interpolate(near + .02 * mean, (h, w), mode='bilinear', align_corners=False)
    strands = strands * (torch.rand_like(y) < .7) * (rim.sum(1) > .5).view(n, 1, 1, 1)
    behind = (1 - people[:, 3:]) * strands
    return people + behind * torch.cat([(colour[:, :3] / colour[:, 3:].clamp(min=.005)).clamp(0, 1), torch.ones_like(behind)], 1)
