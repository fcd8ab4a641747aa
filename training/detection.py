"""Faces from the output of FaceFinder, and how well they agree with labels. Faces are [k,15]: score, centre x, y, width, height, five points."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

CELL = 8  # pixels, of the network's output
LOOKS = 640, 256  # long sides in pixels


def shared(a, b):
    """Pixels that boxes [n,4] and [m,4], centre x, y, width, height, have in common, [n,m]."""
    low = np.maximum((a[:, None, :2] - a[:, None, 2:] / 2), (b[:, :2] - b[:, 2:] / 2))
    high = np.minimum((a[:, None, :2] + a[:, None, 2:] / 2), (b[:, :2] + b[:, 2:] / 2))
    return np.clip(high - low, 0, None).prod(2)


def overlaps(a, b):
    """IoU [n,m] of boxes as in shared()."""
    both = shared(a, b)
    return both / (a[:, 2:].prod(1)[:, None] + b[:, 2:].prod(1) - both)


def found(net, picture, least=.05):
    """Faces of uint8 [h,w,3] with a score of `least` and more, best first: peaks among 3 x 3 cells, of overlapping ones the best."""
    h, w = picture.shape[:2]
    x = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255
    out = net(F.pad(x, (0, -w % 32, 0, -h % 32)))
    score = torch.sigmoid(out[0, 0])
    peak = (score == F.max_pool2d(score[None, None], 3, 1, 1)[0, 0]) & (score >= least)
    rows, columns = np.nonzero(peak.numpy())
    faces = out[0, :, rows, columns].numpy().T.copy()
    faces[:, 0] = score[rows, columns].numpy()
    middle = (np.stack([columns, rows], 1) + .5) * CELL
    for k in (1, 5, 7, 9, 11, 13):
        faces[:, k:k + 2] += middle
    return best(faces)


def best(faces, alike=.4, part=.6, clearly=.15):
    """Faces by falling score, without those that overlap a better one by `alike`, or that a better and larger one covers by `part`, or
    that cover a smaller one by `part` which is `clearly` better."""
    faces = faces[np.argsort(-faces[:, 0], kind='stable')]
    boxes, size, score = faces[:, 1:5], faces[:, 3:5].prod(1), faces[:, 0]
    again = (overlaps(boxes, boxes) >= alike) | (shared(boxes, boxes) >= part * np.minimum(size[:, None], size)) & ((size[:, None] < size) | (score[:, None] < score - clearly))
    kept = []
    for i in range(len(faces)):
        if not again[i, kept].any():
            kept.append(i)
    return faces[kept]


def searched(net, photo, least):
    """Faces of a PIL photo in its pixels, found at each of LOOKS: faces larger than 200 px are only known small."""
    looks = []
    for side in LOOKS:
        f = side / max(photo.size)
        faces = found(net, np.asarray(photo.resize([max(1, round(v * f)) for v in photo.size], Image.LANCZOS)), least)
        looks.append(faces / np.array([1.] + [f] * 14, np.float32))
    return best(np.concatenate(looks))


def agreement(faces, truth, sure):
    """(rows [k,3] of score, whether it hits, mean distance of its points from the label's in distances of the label's eyes; number of sure
    labels). `truth` [m,14]. A face hits the sure label that it overlaps by .5 when no better one did; on a label that is not sure it does not count."""
    rows, taken = [], set()
    over = overlaps(faces[:, 1:5], truth[:, :4]) if len(truth) else np.zeros((len(faces), 0))
    for face, of_face in zip(faces, over):
        free = [(o, k) for k, o in enumerate(of_face) if o >= .5 and sure[k] and k not in taken]
        if free:
            k = max(free)[1]
            taken.add(k)
            label = truth[k, 4:].reshape(5, 2)
            apart = np.linalg.norm(face[5:].reshape(5, 2) - label, axis=1).mean() / max(1e-6, np.linalg.norm(label[0] - label[1]))
            rows.append((face[0], 1., apart))
        elif not any(o >= .3 and not s for o, s in zip(of_face, sure)):
            rows.append((face[0], 0., 0.))
    return rows, int(sum(sure))


def figures(pairs):
    """Of agreement() over many photos: average precision, best F1 and its score, recall at one false face in ten photos, median distance of points."""
    rows = np.array([r for of_photo, _ in pairs for r in of_photo] or [(0., 0., 0.)])
    rows = rows[np.argsort(-rows[:, 0], kind='stable')]
    number = max(1, sum(n for _, n in pairs))
    hits = np.cumsum(rows[:, 1])
    recall, precision = hits / number, hits / np.arange(1, len(rows) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    f1 = 2 * precision * recall / np.maximum(1e-9, precision + recall)
    best = int(f1.argmax())
    allowed = np.flatnonzero(np.cumsum(1 - rows[:, 1]) <= len(pairs) / 10)
    hit = rows[rows[:, 1] == 1]
    return {'ap': float((np.diff(recall, prepend=0) * envelope).sum()), 'f1': float(f1[best]), 'at': float(rows[best, 0]),
            'recall': float(recall[allowed[-1]]) if len(allowed) else 0., 'points': float(np.median(hit[:, 2])) if len(hit) else 1.}
