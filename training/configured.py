"""A configuration with the constants that a run overrode, and networks from the weights it left."""
import ast
import importlib
import sys
import torch


def configured(name, settings=()):
    """config/NAME.py with NAME=VALUE settings applied; stops with a message when a constant does not exist."""
    cfg = importlib.import_module('config.' + name)
    for item in settings:
        key, value = item.split('=', 1)
        if not hasattr(cfg, key):
            sys.exit(f'expected a constant of config/{name}.py for --set but received {key}')
        setattr(cfg, key, ast.literal_eval(value))
    return cfg


def opened(name, path, part='ema'):
    """(configuration, network for inference, state) of a checkpoint, built with the settings it was trained with."""
    state = torch.load(path, map_location='cpu')
    cfg = configured(name, state.get('settings', ()))
    net = cfg.build().eval()
    net.load_state_dict(floats(state[part]))
    return cfg, net, state


def floats(weights):
    """Weights kept as float16, as float32."""
    return {k: v.float() if v.dtype == torch.float16 else v for k, v in weights.items()}


def grown(own, saved):
    """`saved` weights for a net whose layers are as wide or wider: what overlaps is taken over, the rest stays as initialised.
    A layer that lacks in `saved`, or has another kernel, stays whole."""
    for name, weight in own.items():
        old = saved.get(name)
        if old is None or old.dim() != weight.dim() or old.shape[2:] != weight.shape[2:]:
            continue
        part = tuple(slice(min(a, b)) for a, b in zip(weight.shape, old.shape))
        weight[part] = old[part].to(weight.dtype)
    return own
