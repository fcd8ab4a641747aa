import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const TRAINING = join(import.meta.dirname, '..', 'training');
const NEEDS = 'import torch, onnx, numpy, scipy, PIL';

/** The first Python that has what training needs. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', NEEDS], { timeout: 60_000 }).status === 0,
);
if (!python) console.log(`training tests skipped: no Python with "${NEEDS}" (Debian: python3-torch, python3-onnx)`);

/** Batches small enough for a machine that does other things as well. */
const SMALL: readonly (readonly [string, ...string[]])[] = [
  ['sr', 'BATCH=8', 'SLOPES=0.05', 'STRUCTURE=0.15'],
  ['texture', 'BATCH=4', 'PATCH=128'],
  ['severity', 'BATCH=8'],
  ['repair', 'BATCH=4', 'LAYERS=48', 'SLOPES=0.05'],
  ['colour', 'BATCH=16', 'SIDE=96'],
  ['bg', 'BATCH=4'],
  ['refine', 'COMPOSITES=2', 'BATCH=16'],
  ['face', 'BATCH=4', 'LAYERS=8'],
];

it.skipIf(!python).each(SMALL)(
  'trains %s for a quarter of a minute on drawn pictures, and its loss falls',
  (config, ...settings) => {
    const { status, stdout, stderr } = spawnSync(
      python as string,
      ['train.py', '--config', config, '--smoke', '--minutes', '0.25', ...settings.flatMap((s) => ['--set', s])],
      { cwd: TRAINING, encoding: 'utf8', timeout: 170_000 },
    );
    expect(stderr).not.toContain('Error');
    expect(status).toBe(0);
    expect(stdout).toMatch(/loss -?\d+\.\d+ at first, -?\d+\.\d+ at last/);
  },
  180_000,
);

it.skipIf(!python)(
  'draws texture in proportion to the noise, none without, and as strong in each band as it foretells',
  () => {
    const code = `
import torch
import torch.nn.functional as F
from config import texture
from texture import DEVIATION, NONE, SIDE
net = texture.build().eval()
low = torch.rand(1, 4, 160, 160)
noise = torch.randn(1, 16, 160, 160, generator=torch.Generator().manual_seed(1))
net.parts = lambda x: (net.plain(x), torch.linspace(.02, .2, 12).view(1, 12, 1, 1).expand(1, 12, 160, 160))
with torch.no_grad():
    none, half, whole = (net(torch.cat([low, NONE + amount * DEVIATION * noise], 1)) for amount in (0, .5, 1))
    assert torch.allclose(none, net.plain(low), atol=1e-5)
    assert torch.allclose(half, (none + whole) / 2, atol=1e-5)
    found = F.conv2d((whole - none)[:, :1], net.bank).var((0, 2, 3))
    foretold = net.variances(net.parts(low)[1])[0, :, 0, 0]
    assert (found / foretold - 1).abs().max() < .1, found / foretold
`;
    const { status, stderr } = spawnSync(python as string, ['-c', code], { cwd: TRAINING, encoding: 'utf8' });
    expect(stderr).not.toContain('Error');
    expect(status).toBe(0);
  },
);

it.skipIf(!python)('draws damage and harmless things as layers that are the same on every photo', () => {
  const code = `
import numpy as np
from oldphoto import layer, rings, worn
from scenery import captions, discs, stripes, wires
photo = np.random.default_rng(1).random((96, 96, 3), np.float32)
for step in (worn, rings, wires, captions, discs, stripes):
    for seed in range(4):
        drawn = layer(np.random.default_rng(seed), 96, step).astype(np.float32).transpose(1, 2, 0)
        same = np.random.default_rng(int(np.random.default_rng(seed).integers(2 ** 63)))
        assert np.abs(photo * drawn[..., :3] + drawn[..., 3:] - step(same, photo)).max() < .01, (step, seed)
`;
  const { status, stderr } = spawnSync(python as string, ['-c', code], { cwd: TRAINING, encoding: 'utf8' });
  expect(stderr).not.toContain('Error');
  expect(status).toBe(0);
});

it.skipIf(!python)('counts the photos of an archive with their licences, and leaves the held-out ones apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hili-training-'));
  try {
    const draw = `
import numpy, os, tarfile
from PIL import Image
os.makedirs('from/small')
names = [f'{i:03}.webp' for i in range(60)]
for n in names:
    Image.fromarray(numpy.full((16, 16, 3), 90, numpy.uint8)).save('from/small/' + n)
with tarfile.open('from/small-0.tar', 'w') as t:
    t.add('from/small', 'small')
open('from/MANIFEST-small.csv', 'w').write('archive,file,licence_class\\n' + ''.join(f'small-0,small/{n},{"A" if i % 2 else "C"}\\n' for i, n in enumerate(names)))
`;
    execFileSync(python as string, ['-c', draw], { cwd: folder });
    execFileSync(python as string, [
      join(TRAINING, 'data', 'prepare.py'),
      '--from',
      join(folder, 'from'),
      '--to',
      join(folder, 'to'),
    ]);
    const [summary] = JSON.parse(readFileSync(join(folder, 'to', 'summary.json'), 'utf8'));
    expect(summary.photos + summary.heldOut).toBe(60);
    // Of these 60 names, 4 have a sha256 that starts with 00 to 0c: found with coreutils' sha256sum.
    expect(summary.heldOut).toBe(4);
    const [, a, c] = /^A (\d+), C (\d+)$/.exec(summary.licences) ?? [];
    expect(Number(a) + Number(c)).toBe(summary.photos);
    expect(summary.sha256).toMatch(/^[0-9a-f]{64}$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
