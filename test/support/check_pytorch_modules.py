#!/usr/bin/env python3
"""Holds exported PyTorch modules against what the ONNX models beside them gave.

    check_pytorch_modules.py FOLDER ...

Each folder has network.py, weights.safetensors, weights.npz, input.npy and output0.npy, output1.npy, ...
Prints one JSON object a folder: parameters, keys of the state_dict that no weight file has, the largest
difference of an output, and whether both weight files hold the same numbers.
"""
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(1)
results = []
for number, folder in enumerate(map(Path, sys.argv[1:])):
    spec = importlib.util.spec_from_file_location(f"network{number}", folder / "network.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.build().eval()
    state = {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    arrays = np.load(folder / "weights.npz")
    same = set(arrays.files) == set(state) and all(np.array_equal(arrays[k], v.numpy()) for k, v in state.items())
    with torch.no_grad():
        outputs = model(torch.from_numpy(np.load(folder / "input.npy")))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    expected = [np.load(folder / f"output{i}.npy") for i in range(len(list(folder.glob("output*.npy"))))]
    difference = max(float(np.abs(a.numpy() - b).max()) for a, b in zip(outputs, expected))
    largest = max(float(np.abs(b).max()) for b in expected)
    results.append({
        "parameters": sum(p.numel() for p in model.parameters()),
        "sameWeights": same,
        "outputs": [list(output.shape) for output in outputs],
        "expected": [list(output.shape) for output in expected],
        "difference": difference,
        "largest": largest,
        "modules": sorted({type(m).__name__ for m in model.modules()}),
    })
print(json.dumps(results))
