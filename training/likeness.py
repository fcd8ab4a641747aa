"""How alike two pictures look, to be trained on: differentiable, and the gradient weighs as the metric does."""
import torch.nn.functional as F
from damage import constant
from evaluate import LUMA


def slopes(x):
    """Gradient magnitude of luma by Prewitt at half size [n,1,h/2-2,w/2-2], as evaluate.gmsd() takes it."""
    half = F.avg_pool2d(F.conv2d(x, constant(tuple(map(float, LUMA)), x.device).view(1, 3, 1, 1)), 2)
    k = constant((1., 0., -1.), x.device).view(1, 1, 3, 1).expand(1, 1, 3, 3) / 3
    return (F.conv2d(half, k) ** 2 + F.conv2d(half, k.transpose(2, 3)) ** 2 + 1e-2).sqrt()


def dissimilar(x, y):
    """Gradient magnitude similarity deviation (Xue 2014) plus the mean lack of that similarity, to be trained on: 0 for equal pictures [n,3,h,w]."""
    a, b = slopes(x), slopes(y)
    similar = (2 * a * b + 170) / (a * a + b * b + 170)
    return ((similar.var((1, 2, 3)) + 1e-6).sqrt() + 1 - similar.mean((1, 2, 3))).mean()
