"""Batches of people before places, made in PyTorch on the device that trains: what differs from sample to sample comes from torch's own
generator, what a batch shares from numpy's. A GPU waits for few large kernels rather than many small ones: the numbers of a function are
drawn at once, and all layers are sampled by one grid. Colour of people is premultiplied by alpha."""
import math
import torch
import torch.nn.functional as F
from damage import blurred, constant, jpeg, noisy
from hair import haired
from portraits import CANVAS

MIP = 200      # long side up to which canvases are halved before sampling, so that nothing aliases
SCENES = .5    # share of backgrounds from the sharp scenes
WALLS = .25    # of backgrounds that are plain or graded
ALIKE = .15    # of backgrounds in the colour of hair or clothes
EMPTY = .07    # of composites without a person
SECOND = .1    # of composites with another person half behind
HAIR = .4      # of batches where most people get loose hair around the head


def drawn(n, device, *ranges):
    """Uniform numbers for n samples, one [n,1,1,1] for each range (low, high), [n,k,1,1] for (low, high, k)."""
    counts = [r[2] if len(r) > 2 else 1 for r in ranges]
    low = constant(tuple(r[0] for r, k in zip(ranges, counts) for _ in range(k)), device)
    span = constant(tuple(r[1] - r[0] for r, k in zip(ranges, counts) for _ in range(k)), device)
    return torch.addcmul(low, span, torch.rand(n, sum(counts), device=device)).view(n, -1, 1, 1).split(counts, 1)


def some(rng, n, share):
    """About `share` of n, at random up or down; between 1 and n - 1."""
    return min(n - 1, max(1, int(n * share + rng.random())))


def windows(at, shape):
    """Matrices [n,2,3] from the output to canvases, both in -1..1: random windows of pictures with rows `at` of canvases(), maybe mirrored."""
    n, (h, w, low) = len(at), at.view(-1, 3, 1, 1).split(1, 1)
    part, y, x, mirror = drawn(n, at.device, (0, 1), (0, 2), (0, 2), (-1, 1))
    k = torch.minimum(h / shape[0], w / shape[1]) * (low + part * (1 - low))
    high, wide = k * shape[0], k * shape[1]
    zero = torch.zeros_like(k)
    return torch.cat([torch.sign(mirror) * wide, zero, wide - 1 + x * (w - wide), zero, high, high - 1 + y * (h - high)], 1).view(n, 2, 3)


def standing(at, n, seconds, shape):
    """Matrices [n + seconds,2,3] that put cut-outs with rows `at` of cut_outs() into the picture at a random size, turned a little, on the lower
    edge if the source stood there; the last `seconds` beside the first ones. And where they end below, how tall and how broad they are [n + seconds,1,1,1]."""
    (h, w), total, device = shape, n + seconds, at.device
    top, foot, middle, broad, on, _ = at.view(total, -1, 1, 1).split(1, 1)
    tall, x, fall, low, mirror, turn, more, size, beside = drawn(
        total, device, (.45 * h, 1.15 * h), (.2 * w, .8 * w), (0, 1), (0, 1), (-1, 1), (-.1, .1), (-.1, .1), (.75, 1.05), (-.35, .35))
    x = torch.cat([x[:n], x[:seconds] + tall[:seconds] * (beside + .25 * torch.sign(beside))[n:]])
    tall = torch.cat([tall[:n], tall[:seconds] * size[n:]])
    y = torch.maximum(h + fall * torch.where(on > low - .4, .25 * tall, constant((-.2 * h,), device)), tall + 2)
    k, mirror, turn = (foot - top) / tall, torch.sign(mirror), turn + more
    c, s, ahead, down = k * torch.cos(turn), k * torch.sin(turn), w / 2 - x, h / 2 - y
    mc, ms = mirror * c, mirror * s
    return torch.cat([mc * (w / 2), ms * (h / 2), middle + mc * ahead + ms * down,
                      s * (-w / 2), c * (h / 2), foot + c * down - s * ahead], 1).view(total, 2, 3), y, tall, broad / k


def sampled(layers, matrices, shape):
    """float [n,c,h,w] in 0..1 from each uint8 [n,c,S,S] of `layers`, by the matrices of all; twice too large and averaged."""
    grid = F.affine_grid(matrices, (len(matrices), 1, 2 * shape[0], 2 * shape[1]), align_corners=False)
    grid[..., 1].clamp_(max=1 - 2 / CANVAS)  # the last row of a cut-out goes on without end
    out = []
    for canvas, part in zip(layers, grid.split([len(canvas) for canvas in layers])):
        x = canvas.float() / 255
        if max(shape) <= MIP:
            x = F.avg_pool2d(x, 2)
        out.append(F.avg_pool2d(F.grid_sample(x, part, align_corners=False), 2))
    return out


def slopes(n, shape, device):
    """[n,1,h,w] that rises from -1 to 1 through the picture in a random direction."""
    turn, = drawn(n, device, (-math.pi, math.pi))
    y, x = (constant(tuple(1.4 * (i + .5) / v - .7 for i in range(v)), device) for v in shape)
    return torch.cos(turn) * x + torch.sin(turn) * y[:, None]


def lit(people, slope):
    """Exposure, colour, and light from one side."""
    gain, shade, side = drawn(len(people), people.device, (.7, 1.15), (.92, 1.08, 3), (0, .2))
    colour, a = people.split((3, 1), 1)
    return torch.cat([torch.minimum(colour * (gain * shade * (1 + side * slope)), a), a], 1)


def wide(x, low, high):
    """Blurred by `low` to `high` px (9 at most)."""
    small = blurred(F.avg_pool2d(x, 4), drawn(len(x), x.device, (low / 4, high / 4))[0])
    return F.interpolate(small, x.shape[2:], mode='bilinear', align_corners=False)


def walled(behind, slope):
    """Backgrounds, sharp or blurred, some of them made plain or graded walls."""
    kind, sigma, wall, one, other, graded = drawn(len(behind), behind.device, (0, 1), (.5, 2.2), (0, 1), (.05, 1, 3), (-.5, .5, 3), (-.2, .5))
    soft = torch.where(kind < .65, blurred(behind, sigma), wide(behind, 2., 9.))
    behind = torch.where(kind < .4, behind, soft)
    return torch.where(wall < WALLS, (one + other * (1 + slope) * graded.clamp(min=0)).clamp(0, 1), behind)


def alike(behind, people, y, tall):
    """Some backgrounds shifted to the colour of a band through the hair or the clothes of who stands before them."""
    which, hair, clothes, shade, contrast, near = drawn(len(behind), behind.device, (0, 1), (.85, 1.), (.1, .5), (-.04, .04, 3), (.3, 1.), (0, 1))
    rows = constant(tuple(range(behind.shape[2])), behind.device)[:, None]
    band = people * ((rows - y + torch.where(which < .5, hair, clothes) * tall).abs() < .08 * tall)
    colour, area = band.sum((2, 3), keepdim=True).split((3, 1), 1)
    shifted = colour / area.clamp(min=1) + shade + contrast * (behind - behind.mean((2, 3), keepdim=True))
    return torch.where((near < ALIKE) & (area > 9), shifted.clamp(0, 1), behind)


def composited(people, behind, seconds, y, tall):
    """Lit people before places [n,3,h,w] and alpha [n,1,h,w]. The last `seconds` of the people stand behind the first ones. The light of the
    place wraps around them and tints them."""
    n, shape, device = len(behind), behind.shape[2:], behind.device
    slope = slopes(len(people), shape, device)
    people = lit(people, slope)
    people = torch.cat([people[:seconds] + (1 - people[:seconds, 3:]) * people[n:], people[seconds:n]])
    empty, wrap, tint = drawn(n, device, (0, 1), (-.3, .3), (0, .08))
    colour, a = (people * (empty > EMPTY)).split((3, 1), 1)
    behind = alike(walled(behind, slope[:n]), people, y[:n], tall[:n])
    free = torch.cat([behind * (1 - a), 1 - a], 1)
    light, share = wide(free, 3., 9.).split((3, 1), 1)
    colour = colour + wrap.clamp(min=0) * (a * light - share * colour)
    return torch.lerp(colour, a * behind.mean((2, 3), keepdim=True), tint) + free[:, :3], a


def spoilt(x):
    """Grey or sepia for one in eight, then exposure, blur, noise and JPEG."""
    grey, sepia, tone, gamma, soft, sigma, grain, coded, quality, halved = drawn(
        len(x), x.device, (0, 1), (0, 1), (.8, 1.1, 3), (.7, 1.4), (0, 1), (.4, 1.2), (0, .03), (0, 1), (55, 95), (0, 1))
    luma = (x * constant((.299, .587, .114), x.device).view(1, 3, 1, 1)).sum(1, keepdim=True)
    x = torch.where(grey < .12, torch.where(sepia < .5, luma * tone, luma), x).clamp(1e-4, 1) ** gamma
    x = noisy(torch.where(soft < .25, blurred(x, sigma), x), grain).clamp(0, 1)
    return torch.where(coded < .3, jpeg(x, quality, halved < .5), x)


def composed(rng, pictures, n, share, shape):
    """n portraits [n,3,h,w] in 0..1 from loaded() pictures, `share` of them composites and the rest photos as they are; their alpha
    [n,1,h,w] and whether it is true [n,1,1,1]. n >= 3; h and w multiples of 16."""
    (cut, stood), order = pictures['cut'], pictures['order']
    k = max(2, some(rng, n, share))
    seconds, scenes = int(k * SECOND + rng.random()), some(rng, k, SCENES)
    stacks, counts = (*pictures['places'], pictures['photos']), (scenes, k - scenes, n - k)
    index = [torch.randint(len(at), (m,), device=order.device) for (_, at), m in zip(stacks[:2], counts)]
    index.append(pictures['shown'][torch.randint(len(pictures['shown']), (counts[2],), device=order.device)])
    who = order[torch.randint(len(order), (k + seconds,), device=order.device)]
    placed, y, tall, broad = standing(stood[who], k, seconds, shape)
    seen = windows(torch.cat([at[i] for (_, at), i in zip(stacks, index)]), shape)
    people, scene, small, photo = sampled([cut[who], *(canvas[i] for (canvas, _), i in zip(stacks, index))], torch.cat([placed, seen]), shape)
    if rng.random() < HAIR:
        people = haired(people, y, tall, broad)
    x, a = composited(people, torch.cat([scene, small]), seconds, y, tall)
    true = stood[who][:, 5]
    true = torch.cat([true[:seconds] * true[k:], true[seconds:k], true.new_zeros(n - k)]).view(-1, 1, 1, 1)
    return spoilt(torch.cat([x, photo[:, :3]])), torch.cat([a, photo[:, 3:]]).clamp(0, 1), true
