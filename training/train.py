"""Trains one network for a number of minutes of wall clock and leaves its weights in runs/NAME.

    python3 train.py --config sr --minutes 30 --data DIR [--resume state/sr.pt] [--set RATE=5e-4] [--device cuda]

The learning rate follows warm-up, stable, decay (WSD) over the wall clock: the last quarter falls to almost 0. Just before it
the state is kept as stable.pt: that is what a longer run resumes from. last.pt holds the running average (EMA) to release.
Batches are made on the device; the figures printed now and then are those of held-out photos."""
import argparse
import os
import sys
import time
import numpy as np
import torch
from configured import configured, floats, grown

ROOT = os.path.dirname(os.path.abspath(__file__))
DECAY_FROM = .75
SMOKE_BATCHES = 4  # which a smoke test learns over and over: fresh ones differ more than twenty steps on a slow CPU teach


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--config', required=True)
    p.add_argument('--minutes', type=float, required=True)
    p.add_argument('--until', type=float, default=float('inf'), metavar='EPOCH', help='ends by then, with its rate fallen, however long reading took: for rented time')
    p.add_argument('--data', help='folder of the unpacked archives (data/prepare.py)')
    p.add_argument('--resume', help='weights to begin with; layers may have been narrower')
    p.add_argument('--name', help='folder in runs/, by default the config')
    p.add_argument('--seed', type=int, default=0)
    p.add_argument('--threads', type=int, default=1)
    p.add_argument('--device', default='cpu', help='cpu or cuda')
    p.add_argument('--check', type=float, default=120, help='seconds from one line of figures to the next')
    p.add_argument('--smoke', action='store_true', help='drawn pictures, fails unless the loss falls')
    p.add_argument('--set', action='append', default=[], metavar='NAME=VALUE', help='overrides a constant of the config')
    return p.parse_args()


def rate(progress, seconds, top):
    """WSD: ten seconds of warm-up (or a tenth of a shorter run), stable, then linear to 1 % over the last quarter."""
    decay = 1 if progress < DECAY_FROM else max(.01, (1 - progress) / (1 - DECAY_FROM))
    return top * min(1., max((seconds + .5) / 10, 10 * progress)) * decay


def weights(net):
    return {k: v.detach().clone() for k, v in net.state_dict().items()}


def average(ema, net, step):
    """Running average of weights with a memory of about 1,000 steps; integer counters are copied."""
    keep, now = min(.999, (1 + step) / (10 + step)), net.state_dict()
    real = [k for k, v in now.items() if v.dtype.is_floating_point]
    torch._foreach_mul_([ema[k] for k in real], keep)
    torch._foreach_add_([ema[k] for k in real], [now[k] for k in real], alpha=1 - keep)
    for k in now.keys() - set(real):
        ema[k].copy_(now[k])


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    torch.backends.cudnn.benchmark = True
    rng = np.random.default_rng(args.seed)
    cfg = configured(args.config, args.set)
    if not args.smoke and not args.data:
        sys.exit('expected --data DIR (see data/prepare.py) or --smoke but received neither')
    folder = os.path.join(ROOT, 'runs', args.name or args.config + ('-smoke' if args.smoke else ''))
    os.makedirs(folder, exist_ok=True)

    data = None if args.smoke else args.data
    pictures = cfg.load(data, rng, args.device)
    checks = cfg.validation(data) if data else None
    net = cfg.build()
    if args.resume:
        net.load_state_dict(grown(net.state_dict(), floats(torch.load(args.resume, map_location='cpu')['net'])))
    elif hasattr(cfg, 'start') and data:
        cfg.start(net)
    if hasattr(cfg, 'begin'):
        cfg.begin(net, pictures)
    net.to(args.device, memory_format=torch.channels_last)
    ema = weights(net)
    twin = cfg.build().eval()
    optimiser = torch.optim.AdamW(net.parameters(), cfg.RATE, betas=(.9, .99), weight_decay=cfg.WEIGHT_DECAY)
    print(f'{args.config}: {sum(p.numel() for p in net.parameters())} parameters, {args.minutes} minutes on {args.device}', flush=True)

    settings = [s for s in args.set if s.split('=')[0] not in getattr(cfg, 'OF_THE_MACHINE', ())]

    def save(file):
        parts = {name: {k: v.cpu() for k, v in part.items()} for name, part in (('net', net.state_dict()), ('ema', ema))}
        torch.save({'config': args.config, 'settings': settings, **parts, 'step': step, 'seconds': seconds}, os.path.join(folder, file + '.part'))
        os.replace(os.path.join(folder, file + '.part'), os.path.join(folder, file))

    def figures():
        if checks is None:
            return ''
        twin.load_state_dict(ema)
        with torch.no_grad():
            return '  '.join(f'{k} {v:+.3f}' for k, v in cfg.score(twin, checks).items())

    step, recent, history, next_check, stable = 0, [], [], args.check / 2, False
    begun = time.time()
    length = min(args.minutes * 60, max(1., args.until - begun))
    drawn = [cfg.batch(rng, pictures, 1.) for _ in range(SMOKE_BATCHES)] if args.smoke else []
    while (seconds := time.time() - begun) < length or (args.smoke and step < 20):
        progress = min(1., seconds / length)
        for group in optimiser.param_groups:
            group['lr'] = rate(progress, seconds, cfg.RATE)
        if not stable and progress >= DECAY_FROM:
            save('stable.pt')
            stable = True
        net.train()
        value = cfg.loss(net, drawn[step % SMOKE_BATCHES] if drawn else cfg.batch(rng, pictures, progress), progress)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.)
        optimiser.step()
        average(ema, net, step)
        step += 1
        recent.append(value.detach())
        if seconds > next_check:
            next_check += args.check
            losses = torch.stack(recent).tolist()
            history, recent = history + losses, []
            print(f'{seconds / 60:5.1f} min  step {step:6d}  loss {np.mean(losses):.4f}  {figures()}', flush=True)
            save('last.pt')
    seconds = time.time() - begun
    save('last.pt')
    print(f'END  {figures()}', flush=True)
    if args.smoke:
        history += torch.stack(recent).tolist()
        fifth = max(1, step // 5 // SMOKE_BATCHES) * SMOKE_BATCHES
        first, last = np.mean(history[:fifth]), np.mean(history[-fifth:])
        print(f'loss {first:.4f} at first, {last:.4f} at last')
        if not last < first:
            sys.exit('expected a falling loss for the smoke test but received a rising one')
    print(f'{step} steps in {seconds / 60:.1f} minutes, weights in {os.path.relpath(folder, ROOT)}/last.pt', flush=True)


if __name__ == '__main__':
    main()
