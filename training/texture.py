"""Texture beside an enlargement: noise, as strong in each band of size and direction as the true detail there is likely to differ."""
import math
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from model import Pair, he_init

CENTRES = (.36, .21, .12)  # of the bands, cycles a pixel of the enlargement
DIRECTIONS = 4
SIDE = 13
NONE, DEVIATION = 128 / 255, 32 / 255  # of the noise planes: their middle, and the standard deviation that draws all of the texture


def bands():
    """[len(CENTRES) DIRECTIONS,1,SIDE,SIDE] kernels of unit energy and mean 0: log-Gabor (Field 1987), about an octave wide, times |cos|^3 of the direction."""
    n = 64
    fy, fx = np.meshgrid(np.fft.fftfreq(n), np.fft.fftfreq(n), indexing='ij')
    radius, angle = np.maximum(np.hypot(fx, fy), 1e-6), np.arctan2(fy, fx)
    middle = slice(n // 2 - SIDE // 2, n // 2 + SIDE // 2 + 1)
    rows = []
    for centre in CENTRES:
        for k in range(DIRECTIONS):
            spectrum = np.exp(-np.log(radius / centre) ** 2 / (2 * .42 ** 2)) * np.abs(np.cos(angle - math.pi * k / DIRECTIONS)) ** 3
            kernel = np.fft.fftshift(np.fft.ifft2(spectrum).real)[middle, middle]
            kernel = kernel - kernel.mean()
            rows.append(kernel / np.sqrt((kernel ** 2).sum()))
    return torch.tensor(np.stack(rows)[:, None], dtype=torch.float32)


class TexturedSuperResolution(nn.Module):
    """An enlargement that stays as it is, and texture beside it: [n,4 + scale^2,h,w] in 0..1 -> [n,3,scale h,scale w]. The first four planes
    are those of the enlargement; the others are white noise at its size, pixel-unshuffled, around NONE. The network says from what the
    enlargement's own trunk has seen how strong each band of the noise shall be, and the sum is added to luma: in proportion to the noise,
    so its amplitude is how much texture is drawn. Noise knows no grid, so it draws no mesh."""

    def __init__(self, plain, width, pairs):
        super().__init__()
        self.plain = plain.requires_grad_(False)
        self.body = nn.Sequential(*[Pair(width) for _ in range(pairs)])
        self.register_buffer('bank', bands())
        self.tail = nn.Conv2d(width, len(self.bank), 3, padding=1)
        he_init(self.body)
        he_init(self.tail)
        for part in (*(pair.two for pair in self.body), self.tail):
            part.weight.data *= .1
        nn.init.constant_(self.tail.bias, -4.)

    def parts(self, x):
        """The enlargement of [n,4,h,w], and the amplitudes [n,bands,h / coarse,w / coarse] of noise of deviation 1."""
        with torch.no_grad():
            seen = self.plain.seen(x)
            picture = self.plain.shown(x, seen)
        return picture, F.softplus(self.tail(self.body(seen)).float()) * .1

    def larger(self, amplitudes):
        return F.interpolate(amplitudes, scale_factor=self.plain.scale * self.plain.coarse, mode='bilinear', align_corners=False)

    def variances(self, amplitudes):
        """What each band would find in the texture that these amplitudes draw: [n,bands,h,w] of the same size."""
        found = F.conv2d(F.pad(self.bank, (SIDE - 1,) * 4), self.bank)
        both = torch.einsum('ikyx,jkyx->kij', found, found)
        return torch.einsum('nihw,njhw,kij->nkhw', amplitudes, amplitudes, both)

    def forward(self, x):
        picture, amplitudes = self.parts(x[:, :4])
        noise = F.pixel_shuffle((x[:, 4:].float() - NONE) / DEVIATION, self.plain.scale)
        drawn = F.conv2d(noise, self.bank, padding=SIDE // 2)
        return picture + (self.larger(amplitudes) * drawn).sum(1, keepdim=True)
