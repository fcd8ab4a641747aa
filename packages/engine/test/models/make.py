"""Writes the small networks of the tests beside this file, with their cards: python3 make.py

red: matte = the red channel, left as it is when refined. strands: the same, refined to the red channel at full size. looks: as red, but from
logits, (red - 128) / 16, at 32 and at 512 px, their mean at 256. black: twice the size, all black. steps: x2, float NCHW BGR in -1..1, nearest neighbour. dye: takes no given colours, a = 40 and b = 20 everywhere.
marks: a face where red is stronger than green, as high as blue in pixels and as wide as 4 / 5 of that, its middle 2 px to the right and 1 px above that
of the cell, and its points at one place.
heads: bg and refine as red; a face where there is red, 64 x 80 pixels at full red and half of that at three quarters, its eyes 32 px apart. Where
green rises by 1 a pixel to the right, the left eye is 5 px below the right one; where blue does, the nose is 5 px further to the right."""
import hashlib
import json
import os
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

HERE = os.path.dirname(os.path.abspath(__file__))
BYTES = {'type': 'uint8', 'layout': 'NHWC', 'channels': 3, 'range': [0, 255], 'order': 'RGB'}


def model(folder, task, nodes, constants, kind, shapes, channels, made=None, **card):
    x, y = (helper.make_tensor_value_info(n, k, s) for n, k, s in zip(('xin', 'yout'), (kind, made or kind), shapes))
    graph = helper.make_graph(nodes, folder, [x], [y], [numpy_helper.from_array(np.array(v), k) for k, v in constants.items()])
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    path = os.path.join(HERE, folder, task + '.onnx')
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8, producer_name=''), path)
    card = {'id': folder + '-1', 'task': task, 'file': task + '.onnx', 'sha256': hashlib.sha256(open(path, 'rb').read()).hexdigest(),
            'parameters': 0, 'scale': 1, 'multiple': 1, 'overlap': 0, 'size': None, 'outputStride': 1, 'input': {'name': 'xin', **BYTES},
            'output': {'name': 'yout', **BYTES, 'channels': channels}, 'licence': 'Apache-2.0', 'date': '2026-11-25', **card}
    with open(os.path.join(HERE, folder, task + '.json'), 'w') as f:
        json.dump(card, f, indent=2)
        f.write('\n')


U8, F32 = TensorProto.UINT8, TensorProto.FLOAT
NHWC, NCHW = [1, 'h', 'w', 3], [1, 3, 'h', 'w']
TWICE = helper.make_node('Resize', ['xin', '', 'scales'], ['big'], mode='nearest', nearest_mode='floor', coordinate_transformation_mode='asymmetric')
for folder, plane in (('red', 3), ('strands', 0), ('heads', 3)):
    for task, channels, at, card in (('bg', 3, 0, {'size': 256}), ('refine', 4, plane, {'id': folder + '-rim-1', 'multiple': 4, 'overlap': 8})):
        model(folder, task, [helper.make_node('Slice', ['xin', 'from', 'to', 'axis'], ['yout'])], {'from': [at], 'to': [at + 1], 'axis': [3]},
              U8, ([1, 'h', 'w', channels], [1, 'h', 'w', 1]), 1, input={'name': 'xin', **BYTES, 'channels': channels}, **card)
LOGIT = [helper.make_node('Slice', ['xin', 'from', 'to', 'axis'], ['one']), helper.make_node('Cast', ['one'], ['some'], to=F32),
         helper.make_node('Sub', ['some', 'half'], ['apart']), helper.make_node('Div', ['apart', 'unit'], ['yout'])]
model('looks', 'bg', LOGIT, {'from': [0], 'to': [1], 'axis': [3], 'half': np.float32(128), 'unit': np.float32(16)}, U8, (NHWC, [1, 'h', 'w', 1]), 1, made=F32,
      size=256, looks=[32, 512], output={'name': 'yout', **BYTES, 'type': 'float32', 'channels': 1, 'order': 'logit'})
model('looks', 'refine', [helper.make_node('Slice', ['xin', 'from', 'to', 'axis'], ['yout'])], {'from': [3], 'to': [4], 'axis': [3]},
      U8, ([1, 'h', 'w', 4], [1, 'h', 'w', 1]), 1, id='looks-rim-1', multiple=4, overlap=8, input={'name': 'xin', **BYTES, 'channels': 4})
model('black', 'sr', [TWICE, helper.make_node('Sub', ['big', 'big'], ['yout'])],
      {'scales': np.array([1, 2, 2, 1], np.float32)}, U8, (NHWC, [1, 'oh', 'ow', 3]), 3, scale=2)
wire = {'type': 'float32', 'layout': 'NCHW', 'channels': 3, 'range': [-1, 1], 'order': 'BGR'}
model('steps', 'sr', [TWICE, helper.make_node('Identity', ['big'], ['yout'])], {'scales': np.array([1, 1, 2, 2], np.float32)},
      F32, (NCHW, [1, 3, 'oh', 'ow']), 3, scale=2, multiple=4, overlap=8, input={'name': 'xin', **wire}, output={'name': 'yout', **wire})
DYE = [helper.make_node('Slice', ['xin', 'from', 'to', 'axis'], ['two']), helper.make_node('Cast', ['two'], ['some'], to=F32),
       helper.make_node('Mul', ['some', 'nothing'], ['none']), helper.make_node('Add', ['none', 'ab'], ['yout'])]
model('dye', 'colour', DYE, {'from': [0], 'to': [2], 'axis': [3], 'nothing': np.float32(0), 'ab': np.array([40, 20], np.float32)},
      U8, (NHWC, [1, 'h', 'w', 2]), 2, made=F32, size=176,
      output={'name': 'yout', **BYTES, 'type': 'float32', 'channels': 2, 'range': [-128, 128], 'order': 'Lab a, b'})
mark = np.zeros((15, 3, 8, 8), np.float32)
for k, (r, g, b) in enumerate([(1 / 255, -1 / 255, 0), (0, 0, 0), (0, 0, 0), (0, 0, .8), (0, 0, 1)] + [(0, 0, .1), (0, 0, -.05)] * 5):
    mark[k] = np.array([r, g, b], np.float32)[:, None, None] / 64
FACE = {'size': 256, 'multiple': 32, 'outputStride': 8,
        'output': {'name': 'yout', **BYTES, 'type': 'float32', 'channels': 15, 'range': [0, 1], 'order': 'face'}}
MARK = [helper.make_node('Transpose', ['xin'], ['planes'], perm=[0, 3, 1, 2]), helper.make_node('Cast', ['planes'], ['x'], to=F32),
        helper.make_node('Conv', ['x', 'mark', 'away'], ['y'], kernel_shape=[8, 8], strides=[8, 8]), helper.make_node('Transpose', ['y'], ['yout'], perm=[0, 2, 3, 1])]
model('marks', 'face', MARK, {'mark': mark, 'away': np.array([0, 2, -1] + 12 * [0], np.float32)}, U8, (NHWC, [1, 'oh', 'ow', 15]), 15, made=F32,
      **FACE)
head = np.zeros((15, 3, 8, 8), np.float32)
head[0, 0], head[3, 0], head[4, 0] = 1 / 255 / 64, .5 / 64, .625 / 64
slope = (np.arange(8, dtype=np.float32) - 3.5) / 336
head[6, 1], head[8, 1], head[9, 2] = -2.5 * slope, 2.5 * slope, 5 * slope
model('heads', 'face', MARK, {'mark': head, 'away': np.array([0, 0, 0, -63.5, -79.375, -16, 0, 16, 0, 0, 16, -12, 32, 12, 32], np.float32)},
      U8, (NHWC, [1, 'oh', 'ow', 15]), 15, made=F32, **FACE)
