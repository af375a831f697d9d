#!/usr/bin/env python3
"""Scores networks of the NATS size space one after another with pytorch_zico.py: what a block of `throughput` compares.

  pytorch_throughput.py --threads 2 --batch 64 [--batches 2] ARCH ARCH ...
The first network is scored once more before the clock starts, as a warm-up. Prints one JSON line: seconds of all
networks together, from building each to its score; starting Python and PyTorch is not counted. With
--processor-time, seconds of a processor for each network.
"""
import argparse, json, resource, time
import torch
from pytorch_zico import Nats, in_format, score

p = argparse.ArgumentParser(); p.add_argument('archs', nargs='+'); p.add_argument('--batch', type=int, default=64); p.add_argument('--batches', type=int, default=2); p.add_argument('--channels-last', action='store_true'); p.add_argument('--processor-time', action='store_true'); p.add_argument('--threads', type=int, default=2)
a = p.parse_args(); torch.set_num_threads(a.threads); torch.manual_seed(0)
batches = [(torch.randn(a.batch, 3, 32, 32), torch.randint(10, (a.batch,))) for _ in range(a.batches)]
network = lambda arch: Nats([int(width) for width in arch.split(':')])
score(*in_format(network(a.archs[0]), batches, a.channels_last))
clock = time.process_time if a.processor_time else time.perf_counter
start = clock()
for arch in a.archs: score(*in_format(network(arch), batches, a.channels_last))
print(json.dumps(dict(networks=len(a.archs), seconds=(clock() - start) / (len(a.archs) if a.processor_time else 1), peakMiB=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
