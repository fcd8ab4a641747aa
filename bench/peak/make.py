"""Writes the two models that the bench takes for the machine's peak: 16 convolutions of 64 channels, 3x3, in float32 and in int8, that
all share one weight so that the files stay small. They enlarge by 2 like the engine's own `sr` and are called the same way.

    python3 bench/peak/make.py"""
import hashlib
import json
import os
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
CHANNELS, DEPTH = 64, 16
rng = np.random.default_rng(0)


def normal(*shape):
    return rng.normal(0, (2 / np.prod(shape[1:])) ** .5, shape).astype(np.float32)


def graph(int8):
    first, inner, last = normal(CHANNELS, 3, 3, 3), normal(CHANNELS, CHANNELS, 3, 3), normal(12, CHANNELS, 3, 3)
    constants = {'io_scale': np.float32(1 / 255), 'io_zero': np.uint8(0), 'first': first, 'last': last}
    conv = lambda x, w, y: helper.make_node('Conv', [x, w], [y], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    nodes = [helper.make_node('Transpose', ['xin'], ['planes'], perm=[0, 3, 1, 2]),
             helper.make_node('DequantizeLinear', ['planes', 'io_scale', 'io_zero'], ['x']),
             conv('x', 'first', 'c'), helper.make_node('Relu', ['c'], ['t0'])]
    if int8:
        step = np.abs(inner).max((1, 2, 3)) / 127
        constants |= {'bytes': np.round(inner / step[:, None, None, None]).astype(np.int8), 'step': step.astype(np.float32),
                      'w_zero': np.zeros(CHANNELS, np.int8), 'scale': np.float32(4 / 255), 'zero': np.uint8(0)}
    else:
        constants['inner'] = inner
    for i in range(DEPTH):
        x, w = f't{i}', 'inner'
        if int8:
            nodes += [helper.make_node('QuantizeLinear', [x, 'scale', 'zero'], [f'q{i}']),
                      helper.make_node('DequantizeLinear', [f'q{i}', 'scale', 'zero'], [f'd{i}']),
                      helper.make_node('DequantizeLinear', ['bytes', 'step', 'w_zero'], [f'w{i}'], axis=0)]
            x, w = f'd{i}', f'w{i}'
        nodes += [conv(x, w, f'c{i}'), helper.make_node('Relu', [f'c{i}'], [f't{i + 1}'])]
    nodes += [conv(f't{DEPTH}', 'last', 'out'), helper.make_node('DepthToSpace', ['out'], ['large'], blocksize=2, mode='CRD'),
              helper.make_node('QuantizeLinear', ['large', 'io_scale', 'io_zero'], ['bytes_out']),
              helper.make_node('Transpose', ['bytes_out'], ['yout'], perm=[0, 2, 3, 1])]
    tensors = [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()]
    return helper.make_graph(nodes, 'peak', [helper.make_tensor_value_info('xin', TensorProto.UINT8, [1, 'h', 'w', 3])],
                             [helper.make_tensor_value_info('yout', TensorProto.UINT8, [1, 'oh', 'ow', 3])], tensors)


for name in ('float32', 'int8'):
    model = helper.make_model(graph(name == 'int8'), opset_imports=[helper.make_opsetid('', 17)], ir_version=8, producer_name='')
    onnx.checker.check_model(model)
    folder = os.path.join(HERE, name)
    os.makedirs(folder, exist_ok=True)
    onnx.save(model, os.path.join(folder, 'peak.onnx'))
    wire = {'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'}
    card = {'id': f'peak-{name}', 'task': 'sr', 'file': 'peak.onnx',
            'sha256': hashlib.sha256(open(os.path.join(folder, 'peak.onnx'), 'rb').read()).hexdigest(),
            'parameters': 9 * (3 * CHANNELS + DEPTH * CHANNELS ** 2 + 12 * CHANNELS), 'scale': 2, 'multiple': 1, 'overlap': DEPTH + 2,
            'input': {'name': 'xin', **wire}, 'output': {'name': 'yout', **wire}, 'licence': 'Apache-2.0', 'date': '2026-11-25',
            'macsPerPixel': 9 * (3 * CHANNELS + DEPTH * CHANNELS ** 2 + 12 * CHANNELS),
            'notes': 'Random weights: for the bench only. `parameters` counts the shared weight once a layer.'}
    with open(os.path.join(folder, 'sr.json'), 'w') as f:
        json.dump(card, f, indent=2)
        f.write('\n')
