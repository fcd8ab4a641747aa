"""The network that finds faces."""
import torch
import torch.nn as nn
from model import conv_bn, he_init, twice


class FaceFinder(nn.Module):
    """Faces with five points: sRGB [n,3,h,w] in 0..1 (h, w multiples of 32) -> [n,15,h/8,w/8], for each cell of 8 x 8 pixels the logit of a
    face's centre lying there, that face's centre as x and y from the middle of the cell, its width and height, and five times x and y from the
    middle of the cell, all in pixels. Offsets are learnt in units of the face's size, so that large faces and small ones weigh alike."""

    SMALLEST = 16.  # pixels, the size of a face whose learnt size is 0

    def __init__(self, widths=(16, 32, 64, 96, 96)):
        super().__init__()
        w = widths
        self.near = nn.Sequential(conv_bn(3, w[0], 2), conv_bn(w[0], w[1], 2), conv_bn(w[1], w[2], 2), conv_bn(w[2], w[2]))
        self.mid = nn.Sequential(conv_bn(w[2], w[3], 2), conv_bn(w[3], w[3]))
        self.far = nn.Sequential(conv_bn(w[3], w[4], 2), conv_bn(w[4], w[4]), conv_bn(w[4], w[4]))
        self.lift_far = nn.Conv2d(w[4], w[3], 1)
        self.lift_mid = nn.Conv2d(w[3], w[2], 1)
        self.back_mid = conv_bn(w[3], w[3])
        self.back_near = conv_bn(w[2], w[2])
        self.tail = nn.Conv2d(w[2], 15, 1)
        he_init(self)
        self.tail.weight.data *= .1
        self.tail.bias.data[0] = -4.

    def forward(self, x):
        near = self.near(x - .5)
        mid = self.mid(near)
        mid = self.back_mid(mid + twice(self.lift_far(self.far(mid))))
        out = self.tail(self.back_near(near + twice(self.lift_mid(mid)))).float()
        size = self.SMALLEST * out[:, 3:5].clamp(-3, 5).exp()
        return torch.cat([out[:, :1], out[:, 1:3] * size, size, out[:, 5:] * size.repeat(1, 5, 1, 1)], 1)


class FaceScores(nn.Module):
    """FaceFinder as the engine runs it: its logits as scores in 0..1."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        out = self.net(x)
        return torch.cat([torch.sigmoid(out[:, :1]), out[:, 1:]], 1)
