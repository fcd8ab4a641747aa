"""What belongs to the picture and looks like damage: wires, captions, discs and stripes, drawn into clean photos so that a network learns to
leave them. Pictures as in oldphoto.py."""
import math
import string
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from degrade import blurred
from oldphoto import ink, log_uniform, over, strokes, wires

FONT = ImageFont.load_default()  # 11 px high, without a font file
LETTERS = string.ascii_letters + string.digits + '.,-&() '


def caption(rng, h, w):
    """Coverage [h,w] of a line of letters 7 to 40 px high, a little crooked."""
    text = ''.join(rng.choice(list(LETTERS), rng.integers(3, 16)))
    left, top, right, bottom = FONT.getbbox(text)
    im = Image.new('L', (right + 4, bottom + 4))
    ImageDraw.Draw(im).text((2, 2), text, 255, FONT)
    factor = log_uniform(rng, .7, 3.6)
    im = im.resize((round(im.width * factor), round(im.height * factor)), Image.BICUBIC).rotate(math.degrees(rng.normal(0, .1)), Image.BICUBIC, expand=True)
    page = Image.new('L', (w, h))
    page.paste(im, (int(rng.uniform(-.3, .8) * w), int(rng.uniform(-.05, .95) * h)))
    return np.asarray(page, np.float32) / 255


def captions(rng, x):
    """One to three lines, each in an ink of its own."""
    for _ in range(rng.integers(1, 4)):
        x = over(x, caption(rng, *x.shape[:2]) * rng.uniform(.6, 1), ink(rng, rng.random() < .7))
    return x


def discs(rng, x):
    """Buttons, pearls, lamps and barrels: discs of one size and ink, in a row or, the larger ones, strewn: small strewn ones are dust."""
    h, w = x.shape[:2]
    n, r = rng.integers(2, 16), log_uniform(rng, 1.2, 9)
    if r < 4 or rng.random() < .5:
        places = rng.uniform(0, (w, h)) + np.arange(n)[:, None] * r * np.array([rng.uniform(2.2, 5), rng.normal(0, 1)])
    else:
        places = rng.uniform(0, (w, h), (n, 2))
    yy, xx = np.mgrid[:h, :w].astype(np.float32)
    nearest = np.minimum.reduce([np.hypot(xx - a, yy - b) for a, b in places])
    return over(x, np.clip(r + .5 - nearest, 0, 1) * rng.uniform(.6, 1), ink(rng, rng.random() < .7))


def stripes(rng, x):
    """Parallel bars of a scarf, a railing or a blind."""
    h, w = x.shape[:2]
    width, angle = log_uniform(rng, 1.5, 9), rng.uniform(0, math.pi)
    along, across = np.array([math.cos(angle), math.sin(angle)]), np.array([-math.sin(angle), math.cos(angle)])
    begin, length, apart = rng.uniform(0, (w, h)), rng.uniform(15, 120), rng.uniform(1.6, 3) * width
    bars = [(np.stack([begin + k * apart * across, begin + k * apart * across + length * along]), width, 1.) for k in range(rng.integers(2, 7))]
    return over(x, blurred(strokes(h, w, bars)[..., None], .5)[..., 0], ink(rng, rng.random() < .7))


def scenery(rng, x):
    """One of these; every step is x * m + c with an m and a c that do not depend on x, as oldphoto.layer() wants it."""
    return (wires, captions, discs, stripes)[rng.choice(4, p=(.4, .25, .2, .15))](rng, x)
