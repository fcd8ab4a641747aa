"""How alike two pictures look, to be trained on: differentiable, and the gradient weighs as the metric does."""
import torch.nn.functional as F
from damage import blurred, constant
from evaluate import LUMA


def luma(x):
    """As evaluate.py takes it, [n,1,h,w] in 0..219."""
    return F.conv2d(x, constant(tuple(map(float, LUMA)), x.device).view(1, 3, 1, 1))


def slopes(x):
    """Gradient magnitude of luma by Prewitt at half size [n,1,h/2-2,w/2-2], as evaluate.gmsd() takes it."""
    half = F.avg_pool2d(luma(x), 2)
    k = constant((1., 0., -1.), x.device).view(1, 1, 3, 1).expand(1, 1, 3, 3) / 3
    return (F.conv2d(half, k) ** 2 + F.conv2d(half, k.transpose(2, 3)) ** 2 + 1e-2).sqrt()


def dissimilar(x, y):
    """Gradient magnitude similarity deviation (Xue 2014) plus the mean lack of that similarity, to be trained on: 0 for equal pictures [n,3,h,w]."""
    a, b = slopes(x), slopes(y)
    similar = (2 * a * b + 170) / (a * a + b * b + 170)
    return ((similar.var((1, 2, 3)) + 1e-6).sqrt() + 1 - similar.mean((1, 2, 3))).mean()


def off_target(logits, mask):
    """1 less the Dice coefficient (Milletari 2016) of each mask [n,1,h,w] that is not empty, which weighs a photo with three specks as one with torn corners."""
    found = logits.float().sigmoid()
    both, either = (found * mask).sum((1, 2, 3)), (found + mask).sum((1, 2, 3))
    hurt = (mask.amax((1, 2, 3)) > 0).float()
    return (hurt * (1 - 2 * both / either)).sum() / hurt.sum().clamp(min=1)


def unstructured(x, y):
    """1 less the SSIM (Wang 2004) of luma, Gaussian windows of sigma 1.5, as evaluate.ssim() takes it: 0 for equal pictures [n,3,h,w]."""
    a, b = luma(x), luma(y)
    a, b = a - 128, b - 128  # variances as differences of squares keep their digits near 0
    mean = lambda t: blurred(t, t.new_full((len(t), 1, 1, 1), 1.5))
    ma, mb = mean(a), mean(b)
    va, vb, both = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    light = (2 * (ma + 128) * (mb + 128) + 6.5025) / ((ma + 128) ** 2 + (mb + 128) ** 2 + 6.5025)
    return 1 - (light * (2 * both + 58.5225) / (va + vb + 58.5225)).mean()
