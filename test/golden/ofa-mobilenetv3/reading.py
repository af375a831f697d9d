"""Parameters and multiply-adds of MobileNetV3 as once-for-all has it (Cai et al., ICLR 2020), read from the paper
and its published network definition, in PyTorch 1.13. Writes counts.json beside it:

    python3 reading.py    (with PyTorch 1.13)

Layers are counted where they run: a convolution or fully connected layer by its weights times its output's places.
"""
import json
import os
import random

import torch
from torch import nn


def divisible(value, by=8):
    nearest = max(by, int(value + by / 2) // by * by)
    return nearest + by if nearest < 0.9 * value else nearest


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        inner = divisible(channels // 4)
        self.reduce = nn.Conv2d(channels, inner, 1)
        self.expand = nn.Conv2d(inner, channels, 1)

    def forward(self, x):
        y = x.mean((2, 3), keepdim=True)
        y = self.expand(torch.relu(self.reduce(y)))
        return x * nn.functional.relu6(y + 3) / 6


def layer(inside, outside, kernel, stride, groups, activation):
    parts = [
        nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outside),
    ]
    return parts + ([activation()] if activation else [])


class Block(nn.Module):
    def __init__(self, inside, outside, kernel, stride, expansion, activation, squeeze):
        super().__init__()
        inner = divisible(round(inside * expansion))
        parts = layer(inside, inner, 1, 1, 1, activation) if expansion > 1 else []
        parts += layer(inner, inner, kernel, stride, inner, activation)
        parts += [SqueezeExcite(inner)] if squeeze else []
        parts += layer(inner, outside, 1, 1, 1, None)
        self.body = nn.Sequential(*parts)
        self.residual = stride == 1 and inside == outside

    def forward(self, x):
        y = self.body(x)
        return x + y if self.residual else y


STAGES = [
    (24, 2, nn.ReLU, False),
    (40, 2, nn.ReLU, True),
    (80, 2, nn.Hardswish, False),
    (112, 1, nn.Hardswish, True),
    (160, 2, nn.Hardswish, True),
]


def network(blocks):
    """blocks: for each of the five stages a list of (kernel, expansion)."""
    parts = layer(3, 16, 3, 2, 1, nn.Hardswish)
    parts.append(Block(16, 16, 3, 1, 1, nn.ReLU, False))
    width = 16
    for (channels, stride, activation, squeeze), chosen in zip(STAGES, blocks):
        for i, (kernel, expansion) in enumerate(chosen):
            step = stride if i == 0 else 1
            parts.append(Block(width, channels, kernel, step, expansion, activation, squeeze))
            width = channels
    parts += layer(width, 960, 1, 1, 1, nn.Hardswish)
    parts += [nn.AdaptiveAvgPool2d(1), nn.Conv2d(960, 1280, 1, bias=False), nn.Hardswish()]
    return nn.Sequential(*parts, nn.Flatten(), nn.Linear(1280, 1000))


def counted(net, size):
    macs = 0

    def add(module, _, output):
        nonlocal macs
        places = output.shape[2] * output.shape[3] if output.dim() == 4 else 1
        macs += module.weight.numel() * places

    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(add)
    with torch.no_grad():
        net.eval()(torch.zeros(1, 3, size, size))
    return sum(p.numel() for p in net.parameters()), macs


def main():
    random.seed(0)
    cases = [("largest", [[(7, 6)] * 4] * 5, 224), ("smallest", [[(3, 3)] * 2] * 5, 128)]
    for i in range(20):
        blocks = [
            [(random.choice([3, 5, 7]), random.choice([3, 4, 6])) for _ in range(random.choice([2, 3, 4]))]
            for _ in range(5)
        ]
        cases.append((f"random {i}", blocks, random.randrange(128, 225, 4)))
    rows = []
    for name, blocks, size in cases:
        parameters, macs = counted(network(blocks), size)
        rows.append({"name": name, "size": size, "blocks": blocks, "parameters": parameters, "macs": macs})
    with open(os.path.join(os.path.dirname(__file__), "counts.json"), "w") as file:
        file.write("[\n" + ",\n".join(" " + json.dumps(row) for row in rows) + "\n]\n")


main()
