#!/usr/bin/env python3
"""Scores networks of the NATS size space one after another with pytorch_zico.py: what a block of `throughput` compares.

  pytorch_throughput.py --threads 2 --batch 64 ARCH ARCH ...
The first network is scored once more before the clock starts, as a warm-up. Prints one JSON line: seconds of all
networks together, from building each to its score; starting Python and PyTorch is not counted.
"""
import argparse, json, resource, time
import torch
from pytorch_zico import Nats, score

p = argparse.ArgumentParser(); p.add_argument('archs', nargs='+'); p.add_argument('--batch', type=int, default=64); p.add_argument('--threads', type=int, default=2)
a = p.parse_args(); torch.set_num_threads(a.threads); torch.manual_seed(0)
x, y = torch.randn(a.batch * 2, 3, 32, 32), torch.randint(10, (a.batch * 2,))
batches = [(x[:a.batch], y[:a.batch]), (x[a.batch:], y[a.batch:])]
network = lambda arch: Nats([int(width) for width in arch.split(':')])
score(network(a.archs[0]), batches)
start = time.perf_counter()
for arch in a.archs: score(network(arch), batches)
print(json.dumps(dict(networks=len(a.archs), seconds=time.perf_counter() - start, peakMiB=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
