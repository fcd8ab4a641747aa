"""Searches the decoding of trained colour weights on held-out photos: what to write into DECODING of config/colour.py.

    python3 calibrate.py --weights runs/colour/last.pt --data DIR [--every 4] [--most 1] [--brown 6]

Prints the present decoding and the best of the combinations, by what they gain over grey in balanced AuC (the area under the curve of ab errors up
to 150, each pixel weighted by 1 / (share of its colour + .001)), among those of at most `--most` of the true colourfulness and at most
`--brown` points too much brown. The engine's upsampling takes about a tenth of the colourfulness away."""
import argparse
import csv
import glob
import itertools
import json
import os
import numpy as np
import torch
import torch.nn.functional as F
from configured import opened
from evaluate import colourfulness
from labspace import ab_bins, to_lab, to_rgb
from model import ColourDecoder
from pictures import listing

TEMPERATURES, UNDO, AGREEMENT, GAIN = (.6, .8, 1., 1.2), (.2, .4, .6, .8), (0., .25, .5, .8), (1.3, 1.8, 2.4)
# of the true colour: upper share of the photo, hue in degrees, chroma, L, whether of a photo of people, least share; and the hues that pass
REGIONS = {'sky': (.5, 215, 285, 8, 50, 100, False, .12, 210, 280), 'foliage': (1, 103, 140, 14, 15, 80, False, .15, 95, 150),
           'skin': (1, 30, 72, 10, 20, 88, True, .2, 25, 75)}
MISTAKEN = os.path.join(os.path.dirname(__file__), '..', 'bench', 'eval', 'mistaken-regions.json')  # photos whose region is none by eye


def of_people(data):
    """Names of the photos whose category says people."""
    names = set()
    for manifest in glob.glob(os.path.join(data, 'MANIFEST-*.csv')):
        with open(manifest, encoding='utf-8') as f:
            names |= {r['file'] for r in csv.DictReader(f) if r.get('category', '').startswith('people')}
    return names


def polar(ab):
    """Hue in degrees 0 to 360 and chroma of [2,...]."""
    return torch.rad2deg(torch.atan2(ab[1], ab[0])) % 360, ab.norm(dim=0)


def regions(light, truth, people):
    """{name: mask [h,w]} of the regions that a photo has by rule."""
    (hue, chroma), found = polar(truth[0]), {}
    for name, (upper, low, high, least, dark, bright, wanted, share, _, _) in REGIONS.items():
        mask = (hue >= low) & (hue <= high) & (chroma >= least) & (light[0, 0] >= dark) & (light[0, 0] <= bright)
        mask[round(upper * len(mask)):] = False
        if wanted == people and float(mask.float().mean()) >= share * upper:
            found[name] = mask
    return found


def gathered(cfg, net, data, every):
    """Per photo: L and true ab at a quarter of the size, logits, regions."""
    names, photos = of_people(data), []
    with open(MISTAKEN, encoding='utf-8') as f:
        mistaken = json.load(f)
    for path in listing(data, *cfg.COLOUR, held=True)[::every]:
        lab = to_lab(cfg.fitted(path))
        light, truth = (F.avg_pool2d(x, 4) for x in (lab[:, :1], lab[:, 1:]))
        logits = net(torch.cat([lab[:, :1] / 50 - 1, lab.new_zeros(1, 3, *lab.shape[2:])], 1))
        name = os.path.basename(path)
        found = regions(light, truth, name in names)
        photos.append((light, truth, logits, {k: m for k, m in found.items() if name not in mistaken.get(k, ())}))
    return photos


def measured(cfg, net, photos, decodings):
    """One row of figures for each decoding (temperature, undo, agreement, gain); those of equal temperature and undo are to follow each other."""
    rarity, rows = (net.log_weight / cfg.BALANCE).exp(), []
    weights = [rarity[cfg.nearest(truth)] for _, truth, _, _ in photos]
    colour = lambda light, ab: colourfulness(to_rgb(torch.cat([light, ab], 1))[0].permute(1, 2, 0).numpy())
    mean_error = lambda ab, truth, weight: [float((far := (ab - truth).norm(dim=1).clamp(max=150)).mean()), float((far * weight).mean())]
    true = np.mean([[colour(light, truth), cfg.brown(truth)] for light, truth, _, _ in photos], 0)
    grey = np.mean([mean_error(0 * truth, truth, weight) for (_, truth, _, _), weight in zip(photos, weights)], 0)
    scale = float(np.mean([float(w.mean()) for w in weights]))
    for key, group in itertools.groupby(decodings, lambda d: d[:2]):
        decoder = ColourDecoder(net, *key, 0., 1.)
        blends = [decoder.blend(logits) for _, _, logits, _ in photos]
        for decoder.agreement, decoder.gain in (d[2:] for d in group):
            sums, passed = [], {name: [] for name in REGIONS}
            for (light, truth, _, found), blend, weight in zip(photos, blends, weights):
                ab = decoder.strengthened(*blend)
                sums.append([*mean_error(ab, truth, weight), colour(light, ab), cfg.brown(ab)])
                for name, mask in found.items():
                    hue, chroma = polar(ab[0, :, mask].mean(1))
                    passed[name].append(float((hue >= REGIONS[name][8]) & (hue <= REGIONS[name][9]) & (chroma >= 6)))
            error, balanced, ours, brown = np.mean(sums, 0)
            rows.append({'decoding': (*key, decoder.agreement, decoder.gain), 'balanced': 100 * (grey[1] - balanced) / scale / 150, 'plain': 100 * (grey[0] - error) / 150,
                         'error': error, 'grey': grey[0], 'ratio': ours / true[0], 'brown': 100 * (brown - true[1]),
                         **{name: 100 * float(np.mean(v)) if v else 0. for name, v in passed.items()}})
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--weights', required=True)
    p.add_argument('--data', required=True)
    p.add_argument('--every', type=int, default=4, help='uses every n-th held-out photo')
    p.add_argument('--most', type=float, default=1.)
    p.add_argument('--brown', type=float, default=6.)
    args = p.parse_args()
    torch.set_num_threads(1)
    cfg, net, _ = opened('colour', args.weights)
    with torch.no_grad():
        photos = gathered(cfg, net, args.data, args.every)
        rows = measured(cfg, net, photos, [cfg.DECODING, *itertools.product(TEMPERATURES, UNDO, AGREEMENT, GAIN)])
    allowed = [r for r in rows[1:] if r['ratio'] <= args.most and r['brown'] <= args.brown]
    print(f'{len(photos)} photos, {len(rows)} decodings, {len(allowed)} allowed')
    for r in [rows[0], *sorted(allowed, key=lambda r: -r['balanced'])[:12]]:
        print(r['decoding'], '  '.join(f'{k} {v:.2f}' for k, v in r.items() if k != 'decoding'))


if __name__ == '__main__':
    main()
