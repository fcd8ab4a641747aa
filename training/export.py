"""Writes trained weights as an ONNX file and its card for the engine, and proves that both compute the same.

    python3 export.py --task sr --weights runs/sr/last.pt --id sr-1 --data DIR [--as sr4] [--eval DIR/eval] [--int8] [--keep]

The graph takes `xin` uint8 NHWC and gives `yout`; conversion, batch norms and decoding are inside; weights are stored in float16
and cast to float32 when loaded (half the file, same speed). The result is compared with PyTorch by verify.mjs in onnxruntime-node.
--int8 also writes TASK.int8.onnx (quantise.py), for the engine to choose where it is faster and agrees.
--keep also replaces state/TASK.pt, the float16 weights that the next training run resumes from."""
import argparse
import copy
import datetime
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import warnings
import numpy as np
import onnx
import torch
from configured import opened
from onnx import TensorProto, helper, numpy_helper

ROOT = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(ROOT, '..', 'packages', 'engine', 'models')
OPSET = 17
warnings.filterwarnings('ignore', category=UserWarning, module='torch.onnx')


def float_graph(net, channels, side):
    """The network as an ONNX model on float NCHW, batch norms folded by the exporter."""
    out = io.BytesIO()
    torch.onnx.export(net, torch.rand(1, channels, side, side), out, opset_version=OPSET, input_names=['x'], output_names=['y'],
                      dynamic_axes={'x': {2: 'h', 3: 'w'}, 'y': {2: 'oh', 3: 'ow'}})
    model = onnx.load_from_string(out.getvalue())
    if any(n.op_type == 'BatchNormalization' for n in model.graph.node):
        raise SystemExit('expected folded batch norms for the export but found a BatchNormalization node')
    return model


def byte_interface(model, channels_in, channels_out, float_out):
    """Replaces x and y by `xin` (uint8 NHWC) and `yout` (uint8 NHWC, rounded and clipped; or float32 NHWC)."""
    g = model.graph
    constants = [numpy_helper.from_array(np.float32(1 / 255), 'io_scale'), numpy_helper.from_array(np.uint8(0), 'io_zero')]
    g.initializer.extend(constants)
    before = [helper.make_node('Transpose', ['xin'], ['xin_nchw'], perm=[0, 3, 1, 2]),
              helper.make_node('DequantizeLinear', ['xin_nchw', 'io_scale', 'io_zero'], ['x'])]
    after = [] if float_out else [helper.make_node('QuantizeLinear', ['y', 'io_scale', 'io_zero'], ['y_bytes'])]
    after.append(helper.make_node('Transpose', ['y' if float_out else 'y_bytes'], ['yout'], perm=[0, 2, 3, 1]))
    nodes = before + list(g.node) + after
    del g.node[:], g.input[:], g.output[:], g.value_info[:]
    g.node.extend(nodes)
    g.input.append(helper.make_tensor_value_info('xin', TensorProto.UINT8, [1, 'h', 'w', channels_in]))
    g.output.append(helper.make_tensor_value_info('yout', TensorProto.FLOAT if float_out else TensorProto.UINT8, [1, 'oh', 'ow', channels_out]))


def half_weights(model):
    """Stores float32 initialisers of more than 64 numbers as float16 behind a Cast, which runtimes fold when loading."""
    g, casts = model.graph, []
    for tensor in [t for t in g.initializer if t.data_type == TensorProto.FLOAT and np.prod(t.dims) > 64]:
        values = numpy_helper.to_array(tensor).astype(np.float16)
        casts.append(helper.make_node('Cast', [tensor.name + '_f16'], [tensor.name], to=TensorProto.FLOAT))
        g.initializer.remove(tensor)
        g.initializer.append(numpy_helper.from_array(values, tensor.name + '_f16'))
    nodes = casts + list(g.node)
    del g.node[:]
    g.node.extend(nodes)


def halved_net(net):
    """Rounds the weights of `net` to float16, so that PyTorch and the file hold the same numbers."""
    for v in net.state_dict().values():
        if v.dtype == torch.float32:
            v.copy_(v.half().float())
    return net


def run(file, picture, channels, float_out, stride=1, scale=1, repeats=1):
    """Output [h,w,channels] of a model file for a uint8 picture [h,w,channels in] in onnxruntime-node, and the least CPU milliseconds of a run."""
    node = os.path.join(ROOT, '..', 'node_modules', '.bin', 'node')
    h, w, planes = picture.shape
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, 'in'), os.path.join(folder, 'out')
        np.ascontiguousarray(picture).tofile(source)
        done = subprocess.run([node, os.path.join(ROOT, 'verify.mjs'), file, source, target, *map(str, (h, w, planes, repeats))], check=True, capture_output=True)
        got = np.fromfile(target, np.float32 if float_out else np.uint8)
    return got.reshape(h * scale // stride, w * scale // stride, channels), float(done.stdout)


def verify(file, deployed, card, size):
    """Largest difference between PyTorch and onnxruntime-node on one random picture (in 1/255 steps, or units of ab)."""
    rng = np.random.default_rng(3)
    coarse = rng.integers(0, 256, (1, card['input']['channels'], size[0] // 8, size[1] // 8)).astype(np.float32)
    x = torch.nn.functional.interpolate(torch.from_numpy(coarse), size, mode='bicubic').clamp(0, 255).round()
    x = (x + torch.from_numpy(rng.normal(0, 6, x.shape).astype(np.float32))).clamp(0, 255).round()
    with torch.no_grad():
        expected = deployed(x / 255)[0].permute(1, 2, 0).numpy()
    float_out = card['output']['type'] == 'float32'
    got, _ = run(file, x[0].permute(1, 2, 0).numpy().astype(np.uint8), card['output']['channels'], float_out, card['outputStride'], card['scale'])
    return float(np.abs(got - expected).max() if float_out else np.abs(got.astype(np.float32) - np.clip(expected, 0, 1) * 255).max())


def write_int8(cfg, card, target, model, data, frozen, keep, cut):
    """Writes TARGET.int8.onnx and gives its entry of the card: what it loses in PSNR-Y against float32 on the frozen photos, and how much
    faster it is on this CPU."""
    from evaluate import photos, psnr_y
    from quantise import quantised
    rng = np.random.default_rng(1)
    pictures = cfg.load(data, rng, 'cpu')
    torch.manual_seed(1)
    tiles = np.concatenate([(cfg.batch(rng, pictures, 1.)[0].permute(0, 2, 3, 1).numpy() * 255 + .5).astype(np.uint8) for _ in range(6)])
    file, plain = (f'{target}{kind}.onnx.part' for kind in ('.int8', ''))
    onnx.save(quantised(model, tiles, keep, cut), file)
    rows = []
    for picture, truth in cfg.pairs(photos(frozen + '/clean')):
        (a, ms_a), (b, ms_b) = (run(f, picture, 3, False, 1, card['scale'], 3) for f in (plain, file))
        rows.append([psnr_y(a / 255, truth, 4) - psnr_y(b / 255, truth, 4), ms_a, ms_b])
    loss, float_ms, int_ms = np.mean(rows, 0)
    return {'file': os.path.basename(file)[:-len('.part')], 'sha256': hashlib.sha256(open(file, 'rb').read()).hexdigest(),
            'psnrLoss': round(float(loss), 4), 'speedUp': round(float(float_ms / int_ms), 2)}


def macs_per_pixel(deployed, channels, side):
    """Multiply-adds of all convolutions for one pixel of the input."""
    total, hooks = [0], []
    for m in deployed.modules():
        if isinstance(m, torch.nn.Conv2d):
            hooks.append(m.register_forward_hook(lambda m, _, out: total.__setitem__(0, total[0] + out.shape[2] * out.shape[3] * m.weight.numel())))
    with torch.no_grad():
        deployed(torch.rand(1, channels, side, side))
    for hook in hooks:
        hook.remove()
    return total[0] / side ** 2


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--task', required=True, choices=['sr', 'texture', 'severity', 'repair', 'colour', 'bg', 'refine', 'face'])
    p.add_argument('--weights', required=True)
    p.add_argument('--id', required=True)
    p.add_argument('--as', dest='name', help='name of the files, by default the task')
    p.add_argument('--to', default=MODELS, help='folder of the model file and its card')
    p.add_argument('--data', required=True, help='unpacked archives; their summary.json is quoted on the card')
    p.add_argument('--eval', help='evaluation photos; without it the card keeps the scores it has')
    p.add_argument('--keep', action='store_true')
    p.add_argument('--int8', nargs='*', type=int, metavar='PLACE', help='also writes an int8 version; convolutions at these places stay float')
    p.add_argument('--cut', type=float, default=.7, help='share of the measured ranges that int8 keeps')
    args = p.parse_args()
    torch.set_num_threads(1)
    cfg, net, state = opened(args.task, args.weights)
    halved_net(net)
    deployed, card, name = cfg.deployed(net).eval(), cfg.card() if hasattr(cfg, 'card') else cfg.CARD, args.name or args.task
    float_out, channels = card['output']['type'] == 'float32', card['input']['channels']
    unit = card['multiple']
    side = -(-192 // unit) * unit

    model = float_graph(deployed, channels, side)
    byte_interface(model, channels, card['output']['channels'], float_out)
    whole = copy.deepcopy(model)
    half_weights(model)
    model.producer_name, model.graph.name = '', args.id
    onnx.checker.check_model(model)
    os.makedirs(args.to, exist_ok=True)
    target = os.path.join(args.to, name)
    file = target + '.onnx'
    onnx.save(model, file + '.part')
    worst = verify(file + '.part', deployed, card, (-(-144 // unit) * unit, -(-112 // unit) * unit))
    limit = .25 if float_out else 1.
    if worst > limit + .5 * (not float_out):
        sys.exit(f'expected a difference of at most {limit} for {name} in onnxruntime-node but received {worst:.3f}')
    card_file = target + '.json'
    old = json.load(open(card_file)) if os.path.exists(card_file) else {}
    scores = old.get('scores', {})
    if args.eval:
        from evaluate import rounded
        with torch.no_grad():
            scores = rounded(cfg.report(net, args.data, args.eval))
    summary = json.load(open(os.path.join(args.data, 'summary.json')))
    card = {'id': args.id, 'task': name, 'file': name + '.onnx', 'sha256': hashlib.sha256(open(file + '.part', 'rb').read()).hexdigest(),
            'parameters': sum(v.numel() for v in net.parameters()), 'macsPerPixel': macs_per_pixel(deployed, channels, side), **card, 'trainingData': [s for s in summary if s['name'] in cfg.ARCHIVES],
            'licence': 'Apache-2.0', 'scores': scores,
            'date': datetime.date.today().isoformat(), 'precision': 'float32, stored as float16'}
    if args.int8 is not None:
        card['int8'] = write_int8(cfg, card, target, whole, args.data, args.eval, args.int8, args.cut)
    # Weights and card change together: an engine that runs meanwhile compares them.
    os.replace(file + '.part', file)
    if args.int8 is not None:
        os.replace(f'{target}.int8.onnx.part', f'{target}.int8.onnx')
    with open(card_file, 'w') as f:
        json.dump(card, f, indent=2)
        f.write('\n')
    if args.keep:
        kept = {k: v.half() if v.dtype == torch.float32 else v for k, v in state['ema'].items()}
        torch.save({'config': args.task, 'settings': state.get('settings', []), 'net': kept, 'ema': kept}, os.path.join(ROOT, 'state', name + '.pt'))
    print(json.dumps({'file': os.path.relpath(file, ROOT), 'bytes': os.path.getsize(file), 'worstDifference': worst, 'scores': scores}, indent=1))


if __name__ == '__main__':
    main()
