#!/usr/bin/env python3
"""One EfficientNet-B0-like candidate (no squeeze-and-excite) with pytorch_zico.py, batch 16, two batches.

  pytorch_mbconv.py --size 224 --threads 2 [--group 32] [--swish]
With --group, depthwise convolutions whose width is a multiple of it have groups of so many channels instead;
with --swish every Relu is a swish. One warm-up, then one timed candidate; prints one JSON line.
"""
import argparse, json, resource, time
import torch
import pytorch_zico

p = argparse.ArgumentParser(); p.add_argument('--size', type=int, default=224); p.add_argument('--batch', type=int, default=16); p.add_argument('--threads', type=int, default=2); p.add_argument('--group', type=int, default=0); p.add_argument('--swish', action='store_true'); p.add_argument('--channels-last', action='store_true')
a = p.parse_args(); torch.set_num_threads(a.threads); torch.manual_seed(0)
depthwise = pytorch_zico.conv_bn
def grouped(i, o, k=3, s=1, g=1, act=True):
    return depthwise(i, o, k, s, i // a.group if g > 1 and i % a.group == 0 else g, act)
if a.group: pytorch_zico.conv_bn = grouped
if a.swish: pytorch_zico.nn.ReLU = torch.nn.SiLU
batches = [(torch.randn(a.batch, 3, a.size, a.size), torch.randint(1000, (a.batch,))) for _ in range(2)]
for _ in range(2):
    start = time.perf_counter()
    pytorch_zico.score(*pytorch_zico.in_format(pytorch_zico.mbnet(), batches, a.channels_last))
    seconds = time.perf_counter() - start
print(json.dumps(dict(seconds=seconds, peakMiB=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
