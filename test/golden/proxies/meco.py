#!/usr/bin/env python3
"""Reference values of MeCo for the networks of this folder's parent, read with PyTorch.

  meco.py FOLDER OUT.json      FOLDER holds model.onnx, inputs.npy, expected.json (for batchSize)

One batch at a time, normalisations by batch statistics; of every Conv, BatchNormalization and Relu output the first
image's map as channels x places. `meco`: the smallest eigenvalue of torch.corrcoef of all channels, NaN replaced by
0, as the authors' hook has it; a map of one place is left out. `mecoWeighted`: of the first 8 channels, times the
number of channels. float64; rounding leaves some 1e-16 where channels outnumber places, and what is below 0 counts
as 0.
"""
import json, sys
from pathlib import Path
import numpy as np, torch
from reference import Network


def least(rows):
    c = torch.nan_to_num(torch.corrcoef(rows), nan=0.) if len(rows) > 1 else torch.ones(1, 1, dtype=rows.dtype)
    return max(0., float(torch.linalg.eigvalsh(c).min()))


def main(folder, target):
    folder = Path(folder)
    n = json.loads((folder / 'expected.json').read_text())['batchSize']
    x = torch.tensor(np.load(folder / 'inputs.npy')).double()
    batches = []
    for i in range(0, len(x), n):
        net = Network(str(folder / 'model.onnx'), torch.float64)
        with torch.no_grad(): net.run(x[i:i + n])
        maps = {'Layers': net.acts, 'BatchNorms': net.norms, 'Relus': [r.relu() for r in net.relus]}
        own = {}
        for name, values in maps.items():
            own['meco' + name], own['weighted' + name] = [], []
            for v in values:
                if v.dim() < 4 or v.shape[2] * v.shape[3] == 1: continue
                rows = v[0].detach().flatten(1)
                own['meco' + name].append(least(rows))
                own['weighted' + name].append(len(rows) * least(rows[:8]))
        own['meco'] = sum(sum(own['meco' + name]) for name in maps)
        own['mecoWeighted'] = sum(sum(own['weighted' + name]) for name in maps)
        batches.append(own)
    Path(target).write_text(json.dumps({'name': folder.name, 'batchSize': n, 'torch': torch.__version__, 'batches': batches}, indent=1) + '\n')


if __name__ == '__main__': main(*sys.argv[1:3])
