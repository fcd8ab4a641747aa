"""sRGB and CIE Lab (D65), and the grid of ab bins that the colour network chooses from."""
import functools
import torch

# linear sRGB -> XYZ (IEC 61966-2-1)
XYZ = torch.tensor([[.4124564, .3575761, .1804375], [.2126729, .7151522, .0721750], [.0193339, .1191920, .9503041]])
WHITE = torch.tensor([.95047, 1., 1.08883]).view(1, 3, 1, 1)
BIN_STEP = 12.


def linear(rgb):
    """sRGB 0..1 to linear light."""
    return torch.where(rgb > .04045, ((rgb.clamp(min=.04045) + .055) / 1.055) ** 2.4, rgb / 12.92)


def cube_root(t):
    return torch.where(t > .008856, t.clamp(min=.008856) ** (1 / 3), 7.787 * t + 16 / 116)


@functools.lru_cache(None)
def matrices(device):
    """The matrix to XYZ, its inverse, and the white point, kept on `device`."""
    return XYZ.to(device), torch.linalg.inv(XYZ).to(device), WHITE.to(device)


def lightness(y):
    """L of relative luminance [...] in 0..1."""
    return 116 * cube_root(y) - 16


def to_lab(rgb):
    """[n,3,h,w] sRGB 0..1 -> Lab."""
    to_xyz, _, white = matrices(rgb.device)
    xyz = torch.einsum('ij,njhw->nihw', to_xyz, linear(rgb)) / white
    f = cube_root(xyz)
    return torch.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)


def to_rgb(lab):
    """Lab [n,3,h,w] -> sRGB clipped to 0..1."""
    _, from_xyz, white = matrices(lab.device)
    fy = (lab[:, 0] + 16) / 116
    f = torch.stack([fy + lab[:, 1] / 500, fy, fy - lab[:, 2] / 200], 1)
    xyz = torch.where(f > .206893, f ** 3, (f - 16 / 116) / 7.787) * white
    c = torch.einsum('ij,njhw->nihw', from_xyz, xyz).clamp(0, 1)
    return torch.where(c > .0031308, 1.055 * c.clamp(min=1e-6) ** (1 / 2.4) - .055, 12.92 * c).clamp(0, 1)


@functools.lru_cache(None)
def ab_bins(device='cpu'):
    """[bins,2] on `device`: the points of a 12-unit grid of ab that lie inside the sRGB gamut (with half a step of margin)."""
    steps = torch.linspace(0, 1, 33)
    cube = torch.stack(torch.meshgrid(steps, steps, steps, indexing='ij')).view(1, 3, -1, 1)
    cells = torch.round(to_lab(cube)[0, 1:, :, 0].T / BIN_STEP)
    return (torch.unique(cells, dim=0) * BIN_STEP).to(device)
