"""Networks that enlarge, and the one that tells them how badly a photo is spoilt. Widths and layers as in model.py."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from model import Pair, begun_small, he_init


class SuperResolution(nn.Module):
    """Enlargement by `scale`: [n,4,h,w] in 0..1, RGB and a plane that says how badly the photo is spoilt (0 not at all, 1 heavy blur, noise or
    JPEG) -> [n,3,scale h,scale w]. Residual pairs with one long skip, added to the bilinear enlargement. With `coarse` 2 the trunk runs at half
    the size of the photo (h, w even): the 6x6 stride-2 head is a pixel-unshuffle by 2 followed by a 3x3 convolution."""

    def __init__(self, scale, width, pairs, coarse):
        super().__init__()
        self.scale, self.coarse = scale, coarse
        self.head = nn.Conv2d(4, width, 6, 2, 2) if coarse == 2 else nn.Conv2d(4, width, 3, padding=1)
        self.body = nn.Sequential(*[Pair(width) for _ in range(pairs)])
        self.tail = nn.Conv2d(width, 3 * (scale * coarse) ** 2, 3, padding=1)
        begun_small(self)

    def seen(self, x):
        """What the trunk makes of a picture [n,4,h,w], before the tail: [n,width,h / coarse,w / coarse]."""
        first = F.relu(self.head(x))
        return self.body(first) + first

    def shown(self, x, seen):
        """The enlargement of a picture, of what was `seen` in it."""
        detail = F.pixel_shuffle(self.tail(seen).float(), self.scale * self.coarse)
        return detail + F.interpolate(x[:, :3].float(), scale_factor=self.scale, mode='bilinear', align_corners=False)

    def forward(self, x):
        return self.shown(x, self.seen(x))


class Severity(nn.Module):
    """How badly pieces of 128 x 128 pixels are spoilt: sRGB [n,3,h,w] in 0..1 (h, w multiples of 128) -> [n,1,h/128,w/128] in 0..1. Only what
    differs from pixel to pixel counts, so the first layer sees the picture without its mean over 5 x 5 pixels beside the picture."""

    def __init__(self, widths=(32, 48, 64, 96)):
        super().__init__()
        layers, before = [], 6
        for w in widths:
            layers += [nn.Conv2d(before, w, 3, 1 if before == 6 else 2, 1), nn.ReLU(True)]
            before = w
        self.body = nn.Sequential(*layers)
        self.judge = nn.Sequential(nn.Conv2d(2 * before, 64, 1), nn.ReLU(True), nn.Conv2d(64, 1, 1))
        he_init(self)

    def forward(self, x):
        smooth = F.avg_pool2d(F.pad(x, (2, 2, 2, 2), mode='replicate'), 5, 1)
        f = self.body(torch.cat([x - .5, 8 * (x - smooth)], 1)).float()
        side = 16  # of a piece at the last layer
        mean = F.avg_pool2d(f, side)
        most = F.max_pool2d(F.avg_pool2d(f, 4), side // 4)
        return torch.sigmoid(self.judge(torch.cat([mean, most], 1)))
