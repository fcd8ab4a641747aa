"""The networks. All take and give float32 NCHW; only 3x3 (and 1x1) convolutions with ReLU at widths that are
multiples of 16, because those reach 80 to 95 % of the CPU's peak in onnxruntime; no attention, no layer norm."""
import functools
import torch
import torch.nn as nn
import torch.nn.functional as F
from labspace import XYZ, ab_bins, lightness, linear


@functools.lru_cache(None)
def halves_quickly(device):
    """Whether `device` multiplies in bfloat16. A CPU without such instructions is twenty times slower at it than in float32."""
    if device.type != 'cpu':
        return True
    with open('/proc/cpuinfo') as f:
        return 'avx512_bf16' in f.read()


def mixed(device):
    """Autocast to bfloat16 where it is the faster."""
    return torch.autocast(device.type, torch.bfloat16, enabled=halves_quickly(device))


def he_init(net):
    """He initialisation of every convolution, zero biases."""
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, nonlinearity='relu')
            if m.bias is not None:
                nn.init.zeros_(m.bias)


class Pair(nn.Module):
    """Residual block: x + conv(relu(conv(x))), the second convolution begun at a tenth."""

    def __init__(self, width):
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, padding=1)
        self.two = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return x + self.two(F.relu(self.one(x)))


def begun_small(net):
    """He initialisation, with residual blocks near the identity and a tail near 0."""
    he_init(net)
    for m in net.modules():
        if isinstance(m, Pair):
            m.two.weight.data *= .1
    net.tail.weight.data *= .1


def conv_bn(cin, cout, stride=1):
    """3x3 convolution, batch norm (folded into it at export), ReLU."""
    return nn.Sequential(nn.Conv2d(cin, cout, 3, stride, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(True))


def twice(x):
    return F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=False)


class ColourUNet(nn.Module):
    """Luminance and colours given at places [n,4,h,w] (Lab L / 50 - 1; a / 110, b / 110 and 1 where one is given, else 0; h, w multiples of 16)
    -> logits of the ab bins at a quarter of the size [n,bins,h/4,w/4]. A vector pooled over the whole picture is added at 1/16, so that one
    place knows the kind of scene."""

    def __init__(self, bins, widths=(32, 64, 128, 192), dropout=0.):
        super().__init__()
        w = widths
        self.enc = nn.ModuleList([
            nn.Sequential(conv_bn(4, w[0], 2), conv_bn(w[0], w[0])),
            nn.Sequential(conv_bn(w[0], w[1], 2), conv_bn(w[1], w[1])),
            nn.Sequential(conv_bn(w[1], w[2], 2), conv_bn(w[2], w[2])),
            nn.Sequential(conv_bn(w[2], w[3], 2), conv_bn(w[3], w[3]), conv_bn(w[3], w[3]))])
        self.register_buffer('log_weight', torch.zeros(bins))  # log of the class weights it was trained with
        self.mid = nn.Sequential(conv_bn(w[3], w[3]), nn.Conv2d(w[3], w[3], 3, padding=1, bias=False), nn.BatchNorm2d(w[3]))
        nn.init.zeros_(self.mid[2].weight)
        self.scene = nn.Conv2d(w[3], w[3], 1)
        self.dropout = nn.Dropout2d(dropout)
        self.up3 = conv_bn(w[3] + w[2], w[2])
        self.up2 = conv_bn(w[2] + w[1], w[1])
        self.out = nn.Conv2d(w[1], bins, 1)

    def forward(self, x):
        a = self.enc[0](x)
        b = self.enc[1](a)
        c = self.enc[2](b)
        d = self.enc[3](c)
        d = F.relu(d + self.mid(d))
        d = self.dropout(d + self.scene(d.mean((2, 3), keepdim=True)))
        c = self.up3(torch.cat([twice(d), c], 1))
        return self.out(self.up2(torch.cat([twice(c), b], 1))).float()


class ColourDecoder(nn.Module):
    """The colour network as the engine runs it: [n,6,h,w] in 0..1 -> Lab a, b [n,2,h/4,w/4]. The six planes are sRGB, the given a and b as
    (value + 128) / 255, and 1 where they are given; where the last is 0 the two before it do not matter.
    Undoes a share of the class weights, takes the annealed mean of the bins, and shrinks or strengthens the chroma by how far they agree:
    the length of the plain mean against the mean length is 1 when all probable bins agree in hue and near 0 when they cancel out."""

    def __init__(self, net, temperature, undo, agreement, gain):
        super().__init__()
        self.net, self.temperature, self.agreement, self.gain = net, temperature, agreement, gain
        self.register_buffer('bias', undo * net.log_weight.view(1, -1, 1, 1))
        self.register_buffer('centres', ab_bins().T.reshape(2, -1, 1, 1).contiguous())
        self.register_buffer('lengths', ab_bins().norm(dim=1).view(1, -1, 1, 1))
        self.register_buffer('luminance', XYZ[1].view(1, 3, 1, 1).clone())

    def blend(self, logits):
        """Mean ab of the probable bins, and how far they agree (0..1)."""
        sharp = F.softmax((logits - self.bias) / self.temperature, 1)
        ab = F.conv2d(sharp, self.centres)
        return ab, ((ab.pow(2).sum(1, keepdim=True) + 1e-4).sqrt() / (F.conv2d(sharp, self.lengths) + 1.)).clamp(0, 1)

    def strengthened(self, ab, agree):
        """The mean of bins that disagree is too pale; one of bins that agree, as where a colour is given, stays as it is."""
        return ab * agree ** self.agreement * (1 + (self.gain - 1) * (1 - agree))

    def forward(self, x):
        light = lightness(F.conv2d(linear(x[:, :3]), self.luminance))
        given = x[:, 5:]
        return self.strengthened(*self.blend(self.net(torch.cat([light / 50 - 1, (x[:, 3:5] * 255 - 128) / 110 * given, given], 1))))


class RepairUNet(nn.Module):
    """Repair of local damage: [n,3,h,w] in 0..1 (h, w multiples of 16) -> the repaired picture x + r, or with parts=True also the logits
    of the damage mask [n,1,h,w]. Nothing gates r: with a sigmoid before it the net gained nothing on grain.
    The 6x6 stride-2 head is a pixel-unshuffle by 2 followed by a 3x3 convolution."""

    def __init__(self, widths=(48, 48, 64, 96), blocks=(1, 1, 2, 2)):
        super().__init__()
        w = widths
        self.head = nn.Conv2d(3, w[0], 6, 2, 2)
        self.enc = nn.ModuleList([nn.Sequential(*[Pair(w[i]) for _ in range(blocks[i])]) for i in range(4)])
        self.down = nn.ModuleList([nn.Conv2d(w[i], w[i + 1], 3, 2, 1) for i in range(3)])
        self.lift = nn.ModuleList([nn.Conv2d(w[i + 1], w[i], 1) for i in range(3)])
        self.dec = nn.ModuleList([Pair(w[i]) for i in range(3)])
        self.tail = nn.Conv2d(w[0], 16, 3, padding=1)
        begun_small(self)

    def forward(self, x, parts=False):
        levels = [self.enc[0](F.relu(self.head(x)))]
        for i in range(3):
            levels.append(self.enc[i + 1](F.relu(self.down[i](levels[-1]))))
        t = levels[3]
        for i in (2, 1, 0):
            t = self.dec[i](twice(self.lift[i](t)) + levels[i])
        out = F.pixel_shuffle(self.tail(t).float(), 2)
        y = x.float() + out[:, :3]
        return (y, out[:, 3:4]) if parts else y


class MatteUNet(nn.Module):
    """Alpha of the person: sRGB [n,3,h,w] in 0..1 (h, w multiples of 32) -> [n,1,h,w] in 0..1. Down to 1/16, with its scene vector and
    way back to 1/4, it is the colour network, whose weights it begins with; a level at 1/32 is added, and a last one at half size
    whose four outputs a pixel are the four pixels of the full size."""

    def __init__(self, widths=(32, 64, 128, 192)):
        super().__init__()
        w = widths
        self.enc = nn.ModuleList([
            nn.Sequential(conv_bn(3, w[0], 2), conv_bn(w[0], w[0])),
            nn.Sequential(conv_bn(w[0], w[1], 2), conv_bn(w[1], w[1])),
            nn.Sequential(conv_bn(w[1], w[2], 2), conv_bn(w[2], w[2])),
            nn.Sequential(conv_bn(w[2], w[3], 2), conv_bn(w[3], w[3]), conv_bn(w[3], w[3]))])
        self.scene = nn.Conv2d(w[3], w[3], 1)
        self.deep = nn.Sequential(conv_bn(w[3], w[3], 2), conv_bn(w[3], w[3]), nn.Conv2d(w[3], w[3], 1))
        nn.init.zeros_(self.deep[2].weight)
        self.up3 = conv_bn(w[3] + w[2], w[2])
        self.up2 = conv_bn(w[2] + w[1], w[1])
        self.up1 = conv_bn(w[1] + w[0], w[0])
        self.tail = nn.Conv2d(w[0], 4, 3, padding=1)

    def begin_with(self, colour):
        """Takes over the weights of a ColourUNet's state dict where layers are as wide. Of its first convolution it takes the plane of
        luminance, which held L / 50 - 1: near twice the luma - 1."""
        own = self.state_dict()
        first = 2 * colour['enc.0.0.0.weight'][:, :1] * torch.tensor([.299, .587, .114]).view(1, 3, 1, 1)
        for k, v in {**colour, 'enc.0.0.0.weight': first}.items():
            if k in own and own[k].shape == v.shape:
                own[k].copy_(v)

    def logits(self, x):
        a = self.enc[0](x - .5)
        b = self.enc[1](a)
        c = self.enc[2](b)
        d = self.enc[3](c)
        d = d + self.scene(d.mean((2, 3), keepdim=True)) + twice(self.deep(d))
        c = self.up3(torch.cat([twice(d), c], 1))
        b = self.up2(torch.cat([twice(c), b], 1))
        return F.pixel_shuffle(self.tail(self.up1(torch.cat([twice(b), a], 1))).float(), 2)

    def forward(self, x):
        return torch.sigmoid(self.logits(x))


class Logits(nn.Module):
    """The matting network as the engine runs it at each of several sizes: [n,3,h,w] in 0..1 -> logits of alpha [n,1,h,w]."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net.logits(x)


class Refiner(nn.Module):
    """Alpha at the rim of a person: [n,4,h,w] in 0..1 (h, w multiples of 4), RGB and the matte that a smaller look gave, enlarged -> alpha
    [n,1,h,w]. Residual pairs at a half and a quarter of the size; what they find is added to the given matte."""

    def __init__(self, widths=(32, 64), blocks=(2, 4)):
        super().__init__()
        w, wide = widths
        pairs = lambda width, n: nn.Sequential(*[Pair(width) for _ in range(n)])
        self.head = nn.Conv2d(4, w, 6, 2, 2)
        self.near = pairs(w, blocks[0])
        self.down = nn.Conv2d(w, wide, 3, 2, 1)
        self.far = pairs(wide, blocks[1])
        self.lift = nn.Conv2d(wide, w, 1)
        self.back = pairs(w, blocks[0])
        self.tail = nn.Conv2d(w, 4, 3, padding=1)
        begun_small(self)

    def forward(self, x):
        near = self.near(F.relu(self.head(x)))
        far = self.far(F.relu(self.down(near)))
        detail = self.tail(self.back(twice(self.lift(far)) + near))
        return x[:, 3:].float() + F.pixel_shuffle(detail.float(), 2)
