"""Figures of merit of trained weights, in numpy, on the frozen evaluation photos and the held-out part of the archives.

    python3 evaluate.py --task sr|texture|severity|repair|colour|bg|refine|face --weights state/sr.pt --data DIR --eval DIR/eval

Pictures are float [h,w,3] in 0..1. Degraded sets are drawn with fixed seeds. Prints one JSON object."""
import argparse
import glob
import json
import os
import numpy as np
from scipy import ndimage

LUMA = np.array([65.481, 128.553, 24.966], np.float32)  # BT.601, 16..235


def eight_bits(x):
    return np.round(np.clip(x, 0, 1) * 255) / 255


def cut(x, border):
    return x[border:-border, border:-border] if border else x


def luma(x):
    """BT.601 luma of the 8-bit rounded picture, on the 0..255 scale without the offset of 16."""
    return eight_bits(x) @ LUMA


def psnr_y(a, b, border=0):
    """PSNR of luma in dB, `border` pixels cut off."""
    d = cut(luma(a) - luma(b), border)
    return float(10 * np.log10(255 ** 2 / max(float((d ** 2).mean()), 1e-10)))


def ssim(a, b, border=0):
    """SSIM of luma: Gaussian window 11x11, sigma 1.5 (Wang 2004)."""
    x, y = cut(luma(a), border).astype(np.float64), cut(luma(b), border).astype(np.float64)
    mean = lambda t: ndimage.gaussian_filter(t, 1.5, truncate=3.34)
    mx, my = mean(x), mean(y)
    vx, vy, vxy = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c1, c2 = (.01 * 255) ** 2, (.03 * 255) ** 2
    return float((((2 * mx * my + c1) * (2 * vxy + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2)))[5:-5, 5:-5].mean())


def gmsd(a, b, border=0):
    """Gradient magnitude similarity deviation (Xue 2014): Prewitt on 2x2-averaged luma, c = 170. Lower is better."""
    def gradient(t):
        t = cut(luma(t), border)
        h, w = t.shape[0] // 2 * 2, t.shape[1] // 2 * 2
        t = t[:h, :w].reshape(h // 2, 2, w // 2, 2).mean((1, 3))
        return np.hypot(ndimage.prewitt(t, 0), ndimage.prewitt(t, 1)) / 3
    ga, gb = gradient(a), gradient(b)
    return float(((2 * ga * gb + 170) / (ga * ga + gb * gb + 170)).std())


def colourfulness(rgb):
    """Hasler and Suesstrunk 2003, on the 0..255 scale."""
    r, g, b = (rgb[..., i] * 255 for i in range(3))
    rg, yb = r - g, (r + g) / 2 - b
    return float(np.hypot(rg.std(), yb.std()) + .3 * np.hypot(rg.mean(), yb.mean()))


def mad(a, b):
    """Mean absolute difference of two mattes in 0..1."""
    return float(np.abs(a - b).mean())


def f1(predicted, truth):
    """F1 of two boolean masks, pooled over all pixels given."""
    hit = float((predicted & truth).sum())
    return 2 * hit / max(float(predicted.sum() + truth.sum()), 1.)


def hits_within(predicted, truth, pixels):
    """Of two boolean pictures: pixels predicted within `pixels` of the truth, all predicted, true ones within `pixels` of a predicted one, all true."""
    near = lambda m: ndimage.binary_dilation(m, np.ones((3, 3)), pixels)
    return np.array([(predicted & near(truth)).sum(), predicted.sum(), (truth & near(predicted)).sum(), truth.sum()], float)


def f1_of_hits(hits):
    """F1 of what hits_within() counted, in one picture or summed over many."""
    precision, recall = hits[0] / max(hits[1], 1), hits[2] / max(hits[3], 1)
    return float(2 * precision * recall / max(precision + recall, 1e-9))


def photos(folder):
    """Sorted picture paths of a folder; an error if there are none."""
    paths = sorted(glob.glob(os.path.join(folder, '*')))
    if not paths:
        raise SystemExit(f'expected photos in {folder} but received an empty or missing folder')
    return paths


def rounded(value):
    return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else round(value, 4) if isinstance(value, float) else value


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--task', required=True, choices=['sr', 'texture', 'severity', 'repair', 'colour', 'bg', 'refine', 'face'])
    p.add_argument('--weights', required=True)
    p.add_argument('--data', help='unpacked archives, for the held-out photos')
    p.add_argument('--eval', required=True, help='folder with clean/, matting/ and so on')
    args = p.parse_args()
    import torch
    torch.set_num_threads(1)
    from configured import opened
    cfg, net, _ = opened(args.task, args.weights)
    with torch.no_grad():
        print(json.dumps(rounded(cfg.report(net, args.data, args.eval)), indent=1))


if __name__ == '__main__':
    main()
