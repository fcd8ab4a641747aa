"""An int8 version of an ONNX graph: QuantizeLinear and DequantizeLinear (QDQ) around every convolution, as onnxruntime fuses them.

Weights are int8 per output channel, activations uint8 per tensor with ranges measured on tiles by ranges.mjs in onnxruntime-node (there
is no onnxruntime for Python here). The zero point is 0 wherever nothing is negative, so after every ReLU: with 128 there the same
network was slower than float32. Sums stay in float."""
import copy
import json
import os
import subprocess
import tempfile
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = os.path.dirname(os.path.abspath(__file__))
NODE = os.path.join(ROOT, '..', 'node_modules', '.bin', 'node')


def measured(model, names, tiles):
    """{name: (low, high)} of tensors of a graph with uint8 NHWC input, over `tiles` [n,h,w,channels]."""
    probe = copy.deepcopy(model)
    probe.graph.output.extend(helper.make_empty_tensor_value_info(n) for n in names)
    with tempfile.TemporaryDirectory() as folder:
        onnx.save(probe, os.path.join(folder, 'm.onnx'))
        np.ascontiguousarray(tiles).tofile(os.path.join(folder, 't'))
        out = subprocess.run([NODE, os.path.join(ROOT, 'ranges.mjs'), os.path.join(folder, 'm.onnx'), os.path.join(folder, 't'),
                              *map(str, tiles.shape), *names], check=True, capture_output=True)
    return {k: tuple(v) for k, v in json.loads(out.stdout).items()}


def activation(low, high, cut):
    """Scale and zero point of uint8 for the measured range, of which a share of `cut` is kept: what lies outside is clipped. 0 when nothing is negative."""
    low, high = min(cut * low, 0.), max(cut * high, 1e-6)
    scale = (high - low) / 255
    return np.float32(scale), np.uint8(round(-low / scale)) if low < -1e-6 else np.uint8(0)


def quantised(model, tiles, keep, cut):
    """The QDQ twin of `model`, a float graph between the byte interface of export.py; convolutions whose place is in `keep` (0 is the
    first, -1 the last) stay in float, and a share of `cut` of the ranges is kept. sr-2 on
    held-out photos lost .065 dB at 1, .044 at .8, .033 at .65, .035 at .5, and .092 with ranges made symmetric; repair-6 wants 1."""
    model = copy.deepcopy(model)
    g = model.graph
    weights = {t.name: t for t in g.initializer}
    convolutions = [n for n in g.node if n.op_type == 'Conv' and n.input[1] in weights]
    kept = [convolutions[i] for i in keep]
    convolutions = [n for n in convolutions if all(n is not k for k in kept)]
    users = {}
    for n in g.node:
        for name in n.input:
            users.setdefault(name, []).append(n)
    producers = {name: n for n in g.node for name in n.output}

    def result(conv):
        after = users.get(conv.output[0], [])
        return after[0].output[0] if len(after) == 1 and after[0].op_type == 'Relu' else conv.output[0]

    wanted = dict.fromkeys([n.input[0] for n in convolutions] + [result(n) for n in convolutions])
    for name in list(wanted):
        if producers[name].op_type == 'DequantizeLinear':  # the picture itself: bytes already
            del wanted[name]
    ranges = measured(model, list(wanted), tiles)

    scales, added = {}, []
    constant = lambda value, name: g.initializer.append(numpy_helper.from_array(np.asarray(value), name)) or name
    for name, (low, high) in ranges.items():
        scale, zero = scales[name] = activation(low, high, cut)
        s, z = constant(scale, name + '_s'), constant(zero, name + '_z')
        added += [helper.make_node('QuantizeLinear', [name, s, z], [name + '_q']), helper.make_node('DequantizeLinear', [name + '_q', s, z], [name + '_dq'])]
    picture_scale = np.float32(1 / 255)
    for i, n in enumerate(convolutions):
        w = numpy_helper.to_array(weights[n.input[1]])
        s_w = np.maximum(np.abs(w).reshape(len(w), -1).max(1), 1e-8).astype(np.float32) / 127
        s_x = scales[n.input[0]][0] if n.input[0] in scales else picture_scale
        names = [constant(v, f'c{i}_{k}') for k, v in (
            ('w', np.clip(np.round(w / s_w[:, None, None, None]), -127, 127).astype(np.int8)), ('ws', s_w), ('wz', np.zeros(len(w), np.int8)))]
        added.append(helper.make_node('DequantizeLinear', names, [f'c{i}_wdq'], axis=0))
        n.input[1] = f'c{i}_wdq'
        if len(n.input) > 2:
            b = numpy_helper.to_array(weights[n.input[2]])
            names = [constant(v, f'c{i}_{k}') for k, v in (
                ('b', np.round(b / (s_w * s_x)).astype(np.int32)), ('bs', (s_w * s_x).astype(np.float32)), ('bz', np.zeros(len(b), np.int32)))]
            added.append(helper.make_node('DequantizeLinear', names, [f'c{i}_bdq'], axis=0))
            n.input[2] = f'c{i}_bdq'
    for n in g.node:
        for k, name in enumerate(n.input):
            if name in scales:
                n.input[k] = name + '_dq'
    nodes = ordered(list(g.node) + added, {t.name for t in g.initializer} | {i.name for i in g.input})
    del g.node[:]
    g.node.extend(nodes)
    used = {name for n in g.node for name in n.input}
    for t in [t for t in g.initializer if t.name not in used]:
        g.initializer.remove(t)
    onnx.checker.check_model(model)
    return model


def ordered(nodes, known):
    """Nodes in an order in which every input exists."""
    result, waiting = [], nodes
    while waiting:
        ready = [n for n in waiting if all(not name or name in known for name in n.input)]
        if not ready:
            raise ValueError('expected a graph without cycles but received one')
        result += ready
        known |= {name for n in ready for name in n.output}
        waiting = [n for n in waiting if all(n is not r for r in ready)]
    return result
