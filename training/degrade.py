"""Damage drawn onto clean crops, float32 [h,w,3] in 0..1. Every function takes a numpy Generator first."""
import io
import numpy as np
from PIL import Image
from scipy import ndimage

FILTERS = (Image.BICUBIC, Image.BICUBIC, Image.BICUBIC, Image.LANCZOS, Image.BOX, Image.BILINEAR)


def to_u8(x):
    return (np.clip(x, 0, 1) * 255 + .5).astype(np.uint8)


def resized(x, width, height, kind):
    """PIL's antialiased resampling of a float picture, through 8 bits."""
    return np.asarray(Image.fromarray(to_u8(x)).resize((width, height), kind), np.float32) / 255


def jpeg(x, quality, subsampling=2):
    buffer = io.BytesIO()
    Image.fromarray(to_u8(x)).save(buffer, 'JPEG', quality=int(quality), subsampling=subsampling)
    return np.asarray(Image.open(buffer), np.float32) / 255


def blurred(x, sigma_y, sigma_x=None):
    return ndimage.gaussian_filter(x, (sigma_y, sigma_x or sigma_y, 0), mode='nearest')


def noisy(rng, x, sigma):
    """Gaussian noise, a quarter of the time grey, sometimes softened as a denoiser or a resize would."""
    n = rng.standard_normal(x.shape[:2] + ((1,) if rng.random() < .4 else (3,)), np.float32)
    if rng.random() < .3:
        n = blurred(n, .6) * 1.8
    return x + sigma * n


def halved(rng, hr, damage):
    """The pair for x2 super-resolution: a half-size uint8 picture of `hr`.
    With probability 1 - damage a clean antialiased shrink, otherwise light to medium blur, noise and JPEG as a phone or the web leaves them."""
    h, w = hr.shape[0] // 2, hr.shape[1] // 2
    if rng.random() >= damage:
        return to_u8(resized(hr, w, h, FILTERS[rng.integers(5)]))
    x = hr
    if rng.random() < .6:
        s = rng.uniform(.4, 1.9)
        x = blurred(x, s, s * rng.uniform(.8, 1.25))
    if rng.random() < .25:
        x = noisy(rng, x, rng.uniform(.004, .03))
    if rng.random() < .25:
        f = rng.uniform(.62, 1.1)
        x = resized(x, round(w * 2 * f), round(h * 2 * f), FILTERS[rng.integers(6)])
    x = resized(x, w, h, FILTERS[rng.integers(6)])
    if rng.random() < .45:
        x = noisy(rng, x, np.exp(rng.uniform(np.log(.004), np.log(.05))))
    if rng.random() < .75:
        x = jpeg(x, rng.uniform(40, 96), 2 if rng.random() < .7 else 0)
    return to_u8(x)
