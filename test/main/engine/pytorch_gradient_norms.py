#!/usr/bin/env python3
"""Gradient norms of a network of NATS-Bench's size space, by PyTorch (Debian: python3-torch).

  pytorch_gradient_norms.py FOLDER

FOLDER/manifest.json says {"batchSize", "relu", "weights": [{"name", "shape", "offset"}]}; FOLDER/weights.f32
and inputs.f32 hold little-endian floats, targets.i32 class numbers. Prints {"losses", "norms": {layer: [...]}}.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

folder = pathlib.Path(sys.argv[1])
manifest = json.loads((folder / "manifest.json").read_text())
torch.set_num_threads(1)


def tensor(file, dtype):
    return torch.from_numpy(np.fromfile(folder / file, dtype=dtype).copy())


flat = tensor("weights.f32", "<f4")
weights = {}
for entry in manifest["weights"]:
    size = int(np.prod(entry["shape"]))
    part = flat[entry["offset"] : entry["offset"] + size].reshape(entry["shape"])
    weights[entry["name"]] = part.clone().requires_grad_()

relu = F.relu if manifest["relu"] else lambda x: x


def norm(x):
    return F.batch_norm(x, None, None, training=True, eps=1e-5)


def conv(name, x, stride=1):
    weight = weights[name + ".conv"]
    return F.conv2d(x, weight, stride=stride, padding=weight.shape[2] // 2)


def op(name, x, stride=1):
    return norm(conv(name, relu(x), stride))


def cell(name, x):
    n1 = op(name + ".op01", x)
    n2 = op(name + ".op02", x) + op(name + ".op12", n1)
    skip = norm(conv(name + ".skip", x)) if name + ".skip.conv" in weights else x
    return skip + op(name + ".op13", n1) + op(name + ".op23", n2)


def reduce(name, x):
    main = op(name + ".main.1", op(name + ".main.0", x, stride=2))
    return conv(name + ".shortcut", F.avg_pool2d(x, 2)) + main


def network(x):
    x = norm(conv("stem", x))
    for index, block in enumerate([cell, reduce, cell, reduce, cell]):
        x = block(f"body.{index}", x)
    return F.linear(relu(norm(x)).mean((2, 3)), weights["head"])


inputs = tensor("inputs.f32", "<f4").reshape(-1, manifest["batchSize"], 3, 32, 32)
targets = tensor("targets.i32", "<i4").long().reshape(-1, manifest["batchSize"])
losses, norms = [], {name: [] for name in weights}
for x, y in zip(inputs, targets):
    loss = F.cross_entropy(network(x), y)
    losses.append(loss.item())
    for name, gradient in zip(weights, torch.autograd.grad(loss, list(weights.values()))):
        norms[name].append(gradient.double().norm().item())
print(json.dumps({"losses": losses, "norms": norms}))
