#!/usr/bin/env python3
"""Losses, gradient norms and capped ZiCo of a network with its loss, in double precision, by PyTorch.

  pytorch_float64.py FOLDER
FOLDER/manifest.json has the nodes of the graph in training mode, what its initialisers are and how large the
batches are; numbers.f32 the initialisers, inputs.f32 the images, targets.i32 the classes. Prints one JSON line.
"""
import json, math, pathlib, sys
import numpy as np, torch
import torch.nn.functional as F

folder = pathlib.Path(sys.argv[1])
manifest = json.loads((folder / "manifest.json").read_text())
torch.set_num_threads(1)
flat = np.fromfile(folder / "numbers.f32", dtype="<f4")


def pad(x, pads, value=0.0):
    return F.pad(x, (pads[1], pads[3], pads[0], pads[2]), value=value)


def average(a, x):
    total = F.avg_pool2d(pad(x, a["pads"]), a["kernel"], a["strides"], divisor_override=1)
    counted = torch.ones_like(x) if not a["countIncludePad"] else None
    if counted is None: return total / math.prod(a["kernel"])
    return total / F.avg_pool2d(pad(counted, a["pads"]), a["kernel"], a["strides"], divisor_override=1)


def gemm(a, x, w, c=None):
    y = a["alpha"] * (x.T if a["transA"] else x) @ (w.T if a["transB"] else w)
    return y if c is None else y + a["beta"] * c


def resize(a, x):
    rows, columns = [torch.tensor(m["numbers"], dtype=torch.float64).reshape(m["shape"]) for m in (a["rows"], a["columns"])]
    return torch.einsum("rh,nkhw,sw->nkrs", rows, x, columns)


operators = {
    "Conv": lambda a, x, w, b=None: F.conv2d(pad(x, a["pads"]), w, b, a["strides"], 0, a["dilations"], a["group"]),
    "BatchNormalization": lambda a, x, s, b, *_: F.batch_norm(x, None, None, s, b, True, eps=a["epsilon"]),
    "Relu": lambda a, x: F.relu(x),
    "Sigmoid": lambda a, x: torch.sigmoid(x),
    "HardSwish": lambda a, x: F.hardswish(x),
    "HardSigmoid": lambda a, x: torch.clamp(a["alpha"] * x + a["beta"], 0, 1),
    "Add": lambda a, x, y: x + y,
    "Mul": lambda a, x, y: x * y,
    "Identity": lambda a, x: x,
    "Flatten": lambda a, x: x.flatten(a["axis"]),
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "ReduceMean": lambda a, x: x.mean(a["axes"], keepdim=a["keepDims"]),
    "AveragePool": average,
    "MaxPool": lambda a, x: F.max_pool2d(pad(x, a["pads"], -math.inf), a["kernel"], a["strides"], 0, a["dilations"]),
    "Gemm": gemm,
    "Concat": lambda a, *xs: torch.cat(xs, a["axis"]),
    "Resize": resize,
    "SoftmaxCrossEntropyLoss": lambda a, x, t: F.cross_entropy(x, t, ignore_index=255),
}


def run(values):
    for node in manifest["nodes"]:
        own = [values[name] for name in node["inputs"] if name]
        values[node["outputs"][0]] = operators[node["kind"]](node["attributes"], *own)
    return values[manifest["loss"]]


numbers = {}
for one in manifest["initializers"]:
    part = flat[one["offset"] : one["offset"] + math.prod(one["shape"])].reshape(one["shape"])
    numbers[one["name"]] = torch.from_numpy(part.astype(np.float64))
for name in manifest["weights"]: numbers[name].requires_grad_()
images = np.fromfile(folder / "inputs.f32", dtype="<f4").reshape([manifest["batches"], manifest["batchSize"], *manifest["inputShape"]])
targets = np.fromfile(folder / "targets.i32", dtype="<i4").reshape([manifest["batches"], manifest["batchSize"], *manifest["targetShape"]])
losses, gradients = [], {name: [] for name in manifest["weights"]}
for x, t in zip(images, targets):
    values = {**numbers, manifest["image"]: torch.from_numpy(x.astype(np.float64)), manifest["targets"]: torch.from_numpy(t.astype(np.int64))}
    loss = run(values)
    losses.append(loss.item())
    for name, g in zip(manifest["weights"], torch.autograd.grad(loss, [numbers[name] for name in manifest["weights"]], allow_unused=True)):
        # A layer that leads nowhere.
        gradients[name].append(np.zeros(numbers[name].numel()) if g is None else g.flatten().numpy())
capped = 0.0
for name, own in gradients.items():
    g = np.stack(own); deviation = g.std(0); there = deviation > 0
    total = np.minimum(np.abs(g).mean(0)[there] / deviation[there], manifest["termCap"]).sum()
    capped += math.log(total) if total > 0 else 0.0
norms = [[float(np.linalg.norm(g)) for g in own] for own in gradients.values()]
print(json.dumps(dict(losses=losses, norms=norms, capped=capped)))
