"""A synthesiser of old photos: what is in the scene and the print's tone stays in the target, damage and digitising do not.
Pictures are float32 [h,w,3] in 0..1; widths are in pixels of a photo of about 768 px short side. No global fading: the engine corrects that."""
import math
import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from degrade import blurred, jpeg, noisy, resized

FINE = 3  # strokes are drawn this much larger and averaged down


def log_uniform(rng, low, high):
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def strokes(h, w, lines):
    """Antialiased coverage [h,w] of polylines given as (points [n,2] x,y, width, opacity)."""
    total = np.zeros((h, w), np.float32)
    for opacity in sorted({o for _, _, o in lines}):
        im = Image.new('L', (w * FINE, h * FINE))
        pen = ImageDraw.Draw(im)
        for points, width, o in lines:
            if o == opacity:
                pen.line([(float(x) * FINE, float(y) * FINE) for x, y in points], fill=255, width=max(1, round(width * FINE)), joint='curve')
        total = np.maximum(total, opacity * np.asarray(im.resize((w, h), Image.BOX), np.float32) / 255)
    return total


def walk(rng, x, y, angle, length, wobble, step=6.):
    """Points of a line that starts at x, y and wanders."""
    n = max(2, int(length / step))
    angles = angle + np.cumsum(rng.normal(0, wobble, n))
    return np.stack([x + np.cumsum(np.cos(angles)) * step, y + np.cumsum(np.sin(angles)) * step], 1)


def cloud(rng, h, w, sigma):
    """Smooth noise with mean 0 and standard deviation 1; coarse noise is made small and enlarged."""
    f = max(1, int(sigma / 2))
    small = rng.standard_normal((h // f + 4, w // f + 4)).astype(np.float32)
    small = ndimage.gaussian_filter(small, sigma / f, mode='wrap')
    im = Image.fromarray(small / (small.std() + 1e-6)).resize(((w // f + 4) * f, (h // f + 4) * f), Image.BICUBIC)
    return np.asarray(im)[:h, :w]


def ink(rng, light):
    """A colour near white paper, or near black, slightly tinted."""
    base = rng.uniform(.78, 1.) if light else rng.uniform(0, .22)
    return np.clip(base + rng.normal(0, .03, 3), 0, 1).astype(np.float32)


def over(x, alpha, colour):
    return x * (1 - alpha[..., None]) + alpha[..., None] * colour


def tone(rng, x):
    """Black and white (panchromatic or orthochromatic) in 45 %, half of those toned sepia; kept in the target."""
    if rng.random() >= .45:
        return x
    r, g = (rng.uniform(0, .1), rng.uniform(.4, .6)) if rng.random() < .3 else (rng.uniform(.15, .35), rng.uniform(.45, .6))
    x = np.repeat((x @ np.float32([r, g, 1 - r - g]))[..., None], 3, 2)
    if rng.random() < .5:
        s = rng.uniform(.1, .5)
        x = x ** np.float32([1 - .35 * s, 1., 1 + .9 * s]) * np.float32([1, 1 - .05 * s, 1 - .25 * s])
    return x


def wires(rng, x):
    """Thin lines of the scene (wires, ropes, branches): damage must be told from them, so they stay in the target."""
    h, w = x.shape[:2]
    lines = [(walk(rng, rng.uniform(-20, w), rng.uniform(0, h), rng.normal(0, .7), rng.uniform(40, 300), .03), log_uniform(rng, .8, 4), rng.uniform(.6, 1)) for _ in range(rng.integers(1, 5))]
    return over(x, blurred(strokes(h, w, lines)[..., None], .5)[..., 0], ink(rng, rng.random() < .3))


def scratches(rng, x):
    h, w = x.shape[:2]
    for light in (True, False):
        lines = []
        for _ in range(min(8, rng.poisson(2.2 if light else 1.))):
            angle = math.pi / 2 + rng.normal(0, .14) if rng.random() < .5 else rng.uniform(0, math.pi)
            points = walk(rng, rng.uniform(0, w), rng.uniform(-.5 * h, .8 * h), angle, log_uniform(rng, 20, 320), rng.choice([.01, .05, .15]))
            width, opacity = log_uniform(rng, .6, 5), round(rng.uniform(.3, 1), 1)
            if rng.random() < .3:
                for k in range(0, len(points) - 3, 5):
                    lines.append((points[k:k + rng.integers(2, 5)], width, opacity))
            else:
                lines.append((points, width, opacity))
        if lines:
            x = over(x, strokes(h, w, lines), ink(rng, light))
    return x


def cracks(rng, x, widest=2.):
    """Branching cracks of the emulsion: a light core beside a dark edge."""
    h, w = x.shape[:2]
    lines, tips = [], [(rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0, 6.3)) for _ in range(rng.integers(1, 4))]
    for _ in range(14):
        x0, y0, angle = tips.pop(0) if tips else (rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0, 6.3))
        points = walk(rng, x0, y0, angle, rng.uniform(12, 60), .35, 4.)
        lines.append((points, 1, 1.))
        tips += [(*points[-1], angle + rng.normal(0, .8)) for _ in range(rng.integers(1, 3))]
    width, opacity = log_uniform(rng, .6, widest), rng.uniform(.5, 1)
    alpha = strokes(h, w, [(p, width, 1.) for p, _, _ in lines])
    x = over(x, .5 * opacity * np.roll(alpha, (1, 1), (0, 1)), ink(rng, False))
    return over(x, opacity * alpha, ink(rng, rng.random() < .8))


def fold(rng, x):
    """A line across the picture with flaked core and shaded sides."""
    h, w = x.shape[:2]
    angle = rng.choice([0, math.pi / 2]) + rng.normal(0, .08)
    yy, xx = np.mgrid[:h, :w].astype(np.float32)
    bend = cloud(rng, h, w, 12) * rng.uniform(0, 1.5)
    d = (xx - rng.uniform(0, w)) * math.sin(angle) - (yy - rng.uniform(0, h)) * math.cos(angle) + bend
    reach = rng.uniform(6, 30)
    x = x * (1 + rng.uniform(-.2, .2) * np.sign(d) * np.exp(-np.abs(d) / reach))[..., None]
    width = rng.uniform(.8, 4) * (1 + .5 * cloud(rng, h, w, 2.5))
    core = np.clip(width - np.abs(d), 0, 1) * np.clip(.6 + .5 * cloud(rng, h, w, 5), 0, 1)
    return over(x, core * rng.uniform(.5, 1), ink(rng, rng.random() < .8))


def missing(rng, x):
    """Emulsion gone: ragged blobs of paper with a fibre rim."""
    h, w = x.shape[:2]
    field = cloud(rng, h, w, rng.uniform(4, 12)) + .25 * cloud(rng, h, w, 1.5)
    level = np.quantile(field, 1 - rng.uniform(.003, .06))
    hole = np.clip((field - level) * 6, 0, 1)
    rim = np.clip((field - level + .35) * 3, 0, 1) * (1 - hole)
    light = rng.random() < .8
    return over(over(x, .4 * rim, ink(rng, not light)), hole, ink(rng, light))


def dust(rng, x):
    """Specks and hairs, seven in ten light."""
    h, w = x.shape[:2]
    for light, share in ((True, .7), (False, .3)):
        lines = []
        for _ in range(rng.poisson(rng.choice([3, 8, 20, 50]) * share * h * w / 50000)):
            x0, y0 = rng.uniform(0, w), rng.uniform(0, h)
            r = min(5., .4 * (1 - rng.random()) ** -.7)
            lines.append((walk(rng, x0, y0, rng.uniform(0, 6.3), 2 * max(1, r * rng.uniform(.2, 1.2)), .8, 1.), 2 * r, round(rng.uniform(.4, 1), 1)))
        for _ in range(rng.poisson(.5 * share)):
            lines.append((walk(rng, rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0, 6.3), rng.uniform(10, 80), .25, 3.), rng.uniform(.5, 1.3), round(rng.uniform(.4, 1), 1)))
        if lines:
            x = over(x, strokes(h, w, lines), ink(rng, light))
    return x


def stains(rng, x):
    """A stain with a dark ring, or foxing spots."""
    h, w = x.shape[:2]
    warm = np.float32([1, .93, .8])
    if rng.random() < .6:
        field = cloud(rng, h, w, rng.uniform(8, 24)) + .2 * cloud(rng, h, w, 3)
        level = np.quantile(field, 1 - rng.uniform(.02, .2))
        inside = np.clip((field - level) * rng.uniform(2, 8), 0, 1)
        ring = np.exp(-((field - level) / .12) ** 2) * rng.uniform(0, .4)
        return x * warm ** (inside * rng.uniform(.3, 1.6) + ring)[..., None] * (1 - .35 * ring)[..., None]
    spots = [(np.array([[a, b], [a + 1, b]]), 2 * rng.uniform(1.5, 9), 1.) for a, b in rng.uniform(0, min(h, w), (rng.integers(2, 14), 2))]
    alpha = ndimage.gaussian_filter(strokes(h, w, spots), rng.uniform(.7, 2.5))
    return over(x, alpha * rng.uniform(.2, .7), np.float32([.55, .4, .22]) * rng.uniform(.7, 1.4))


def grain(rng, x):
    """Silver grain: strongest in the middle tones, clumped."""
    h, w = x.shape[:2]
    sigma, amount = rng.uniform(.4, 1.3), log_uniform(rng, .01, .06)
    n = ndimage.gaussian_filter(rng.standard_normal((h, w, 1 if rng.random() < .6 else 3)).astype(np.float32), (sigma, sigma, 0))
    return x + 2 * amount * n / (n.std() + 1e-6) * np.sqrt(np.clip(x * (1 - x), .02, .25))


def digitised(rng, x):
    """A scan or a photo of the print: shrunk and enlarged, softened, noisy, JPEG once or twice."""
    h, w = x.shape[:2]
    if rng.random() < .3:
        f = rng.uniform(.55, 1)
        x = resized(resized(x, round(w * f), round(h * f), Image.BICUBIC), w, h, Image.BICUBIC)
    if rng.random() < .3:
        x = noisy(rng, x, rng.uniform(.003, .024))
    if rng.random() < .7:
        for _ in range(1 + (rng.random() < .25)):
            x = jpeg(x, rng.uniform(45, 96), 2 if rng.random() < .7 else 0)
    return x


def worn(rng, x, crack=2.):
    """Local damage of every kind by chance; every step is x * m + c with an m and a c that do not depend on x, and so is the whole."""
    for chance, step in ((.25, stains), (.3, cracks), (.25, fold), (.15, missing), (.7, scratches), (.6, dust)):
        if rng.random() < chance:
            x = step(rng, x, crack) if step is cracks else step(rng, x)
    return x


def rings(rng, x):
    """Light rings around a dark middle, 2 to 6 px in radius: drops on the plate or flaws of its coating. Not in the frozen evaluation."""
    h, w = x.shape[:2]
    yy, xx = np.mgrid[:h, :w].astype(np.float32)
    for _ in range(rng.integers(1, 9)):
        r, width = rng.uniform(2, 6), rng.uniform(.8, 1.8)
        far = np.hypot(xx - rng.uniform(0, w), yy - rng.uniform(0, h))
        x = over(x, np.clip(r + .5 - far, 0, 1) * rng.uniform(.2, .9), ink(rng, False))
        x = over(x, np.clip(width / 2 + .5 - np.abs(far - r), 0, 1) * rng.uniform(.6, 1), ink(rng, True))
    return x


def worse(rng, x, crack=2.):
    """`worn`, and rings in one of eight."""
    x = worn(rng, x, crack)
    return rings(rng, x) if rng.random() < .125 else x


def layer(rng, side, step=worn, **settings):
    """`step` as float16 [6,side,side]: m and c of x * m + c, three channels each."""
    seed = int(rng.integers(2 ** 63))
    black, white = (step(np.random.default_rng(seed), np.full((side, side, 3), v, np.float32), **settings) for v in (0, 1))
    return np.concatenate([white - black, black], 2).transpose(2, 0, 1).astype(np.float16)


def old_photo(rng, x, healthy=.25, soft=.45, grainy=.55, crack=2.):
    """(damaged, target, mask): mask is where scratches, cracks, folds, losses, dust or stains changed a pixel by more than 12/255.
    A share of `healthy` is to be returned untouched; of the others one in seven has no local damage, `soft` are blurred and `grainy`
    have grain; cracks are up to `crack` pixels wide. The defaults are those of the frozen evaluation."""
    x = tone(rng, x)
    if rng.random() < .15:
        x = wires(rng, x)
    target = x
    if rng.random() < healthy:
        return target, target, np.zeros(x.shape[:2], bool)
    if rng.random() < soft:
        x = blurred(x, log_uniform(rng, .3, 1.3))
    if rng.random() < grainy:
        x = grain(rng, x)
    before = x
    if rng.random() < .85:
        x = worn(rng, x, crack)
    mask = np.abs(np.clip(x, 0, 1) - np.clip(before, 0, 1)).max(2) > 12 / 255
    return np.clip(digitised(rng, x), 0, 1), target, mask
