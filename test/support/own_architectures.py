#!/usr/bin/env python3
"""Thirty-four small classifiers that do what published architectures do, and PyTorch's own word on their gradients.

    own_architectures.py FOLDER [NAME ...]

FOLDER/NAME/ gets model.onnx (training mode, opset 14), inputs.npy and targets.npy (two batches of four, one after the
other) and expected.json: losses, and of every Conv2d and Linear its name and the norm of its gradient in each batch,
in float64. Needs PyTorch (1.13 was used).
"""
import json
import math
import os
import sys
import warnings

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
BATCH, BATCHES, CLASSES, SIZE = 4, 2, 7, 32
C = nn.Conv2d


class Fn(nn.Module):
    """A module out of parts and a function of them."""

    def __init__(self, forward, **parts):
        super().__init__()
        for name, part in parts.items():
            setattr(self, name, part)
        self.function = forward

    def forward(self, x):
        return self.function(self, x)


def cbr(i, o, k=3, s=1, g=1, act=nn.ReLU, d=1):
    """Convolution, normalisation, activation."""
    parts = [C(i, o, k, s, d * (k // 2), groups=g, bias=False, dilation=d), nn.BatchNorm2d(o)]
    return nn.Sequential(*parts, *([act()] if act else []))


def head(i):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(i, CLASSES))


def residual(body, short=None):
    return Fn(lambda m, x: m.body(x) + (m.short(x) if m.short else x), body=body, short=short)


def squeeze(c, r=4, gate=nn.Sigmoid, act=nn.ReLU):
    parts = nn.Sequential(nn.AdaptiveAvgPool2d(1), C(c, c // r, 1), act(), C(c // r, c, 1), gate())
    return Fn(lambda m, x: x * m.gate(x), gate=parts)


def basic(i, o, s=1, act=nn.ReLU):
    short = cbr(i, o, 1, s, act=None) if s != 1 or i != o else None
    return nn.Sequential(residual(nn.Sequential(cbr(i, o, 3, s, act=act), cbr(o, o, 3, act=None)), short), act())


def bottleneck(i, o, s=1, g=1, after=None):
    body = [cbr(i, o // 2, 1), cbr(o // 2, o // 2, 3, s, g), cbr(o // 2, o, 1, act=None)]
    short = cbr(i, o, 1, s, act=None) if s != 1 or i != o else None
    return nn.Sequential(residual(nn.Sequential(*body, *([after] if after else [])), short), nn.ReLU())


def inverted(i, o, s=1, e=3, k=3, act=nn.ReLU6, se=False):
    h = i * e
    body = [cbr(i, h, 1, act=act), cbr(h, h, k, s, h, act=act)]
    body += [squeeze(h, 4, nn.Hardsigmoid if act is nn.Hardswish else nn.Sigmoid, act)] if se else []
    body += [cbr(h, o, 1, act=None)]
    return residual(nn.Sequential(*body)) if s == 1 and i == o else nn.Sequential(*body)


def net(*parts, last):
    return nn.Sequential(*parts, head(last))


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    def __init__(self, c, response=False):
        super().__init__()
        self.dw, self.norm = C(c, c, 7, padding=3, groups=c), nn.LayerNorm(c)
        self.a, self.b = nn.Linear(c, 3 * c), nn.Linear(3 * c, c)
        self.gamma = nn.Parameter(torch.full((c,), 0.5))
        self.response = response
        if response:
            self.weight, self.bias = nn.Parameter(torch.ones(3 * c)), nn.Parameter(torch.zeros(3 * c))

    def forward(self, x):
        y = F.gelu(self.a(self.norm(self.dw(x).permute(0, 2, 3, 1))))
        if self.response:
            g = y.norm(2, (1, 2), keepdim=True)
            y = self.weight * y * (g / (g.mean(-1, keepdim=True) + 1e-6)) + self.bias + y
        return x + (self.gamma * self.b(y)).permute(0, 3, 1, 2)


class Attention(nn.Module):
    def __init__(self, c, heads=2, causal=False, cosine=False):
        super().__init__()
        self.qkv, self.out, self.h, self.cosine = nn.Linear(c, 3 * c), nn.Linear(c, c), heads, cosine
        self.scale = nn.Parameter(torch.tensor(5.0)) if cosine else (c // heads) ** -0.5

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.h, c // self.h).permute(2, 0, 3, 1, 4).unbind(0)
        if self.cosine:
            q, k = F.normalize(q, dim=-1), F.normalize(k, dim=-1)
        return self.out(((q @ k.transpose(-2, -1) * self.scale).softmax(-1) @ v).transpose(1, 2).reshape(n, t, c))


class Encoder(nn.Module):
    def __init__(self, c, act=nn.GELU, **options):
        super().__init__()
        self.n1, self.n2, self.att = nn.LayerNorm(c), nn.LayerNorm(c), Attention(c, **options)
        self.mlp = nn.Sequential(nn.Linear(c, 2 * c), act(), nn.Linear(2 * c, c))

    def forward(self, x):
        x = x + self.att(self.n1(x))
        return x + self.mlp(self.n2(x))


class Vit(nn.Module):
    def __init__(self, token=True, **options):
        super().__init__()
        self.patch, self.token = C(3, 16, 8, 8), nn.Parameter(torch.randn(1, 1, 16) * 0.1) if token else None
        self.pos = nn.Parameter(torch.randn(1, 16 + token, 16) * 0.1)
        self.blocks = nn.Sequential(Encoder(16, **options), Encoder(16, **options))
        self.norm, self.fc = nn.LayerNorm(16), nn.Linear(16, CLASSES)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        if self.token is not None:
            x = torch.cat((self.token.expand(x.shape[0], -1, -1), x), 1)
        x = self.norm(self.blocks(x + self.pos))
        return self.fc(x[:, 0] if self.token is not None else x.mean(1))


class Windows(nn.Module):
    """Attention within windows, then within shifted ones, then patches merged."""

    def __init__(self, w=4):
        super().__init__()
        self.patch, self.w = C(3, 12, 4, 4), w
        self.a, self.b, self.norm = Encoder(12), Encoder(12), nn.LayerNorm(48)
        self.merge, self.fc = nn.Linear(48, 24, bias=False), nn.Linear(24, CLASSES)

    def windows(self, x, block):
        n, h, w, c = x.shape
        s = self.w
        x = x.view(n, h // s, s, w // s, s, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, s * s, c)
        return block(x).view(n, h // s, w // s, s, s, c).permute(0, 1, 3, 2, 4, 5).reshape(n, h, w, c)

    def forward(self, x):
        x = self.patch(x).permute(0, 2, 3, 1)
        x = self.windows(x, self.a)
        x = torch.roll(self.windows(torch.roll(x, (-2, -2), (1, 2)), self.b), (2, 2), (1, 2))
        x = torch.cat((x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]), -1)
        return self.fc(self.merge(self.norm(x)).mean((1, 2)))


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch, self.n1, self.n2 = C(3, 16, 8, 8), nn.LayerNorm(16), nn.LayerNorm(16)
        self.tokens = nn.Sequential(nn.Linear(16, 24), nn.GELU(), nn.Linear(24, 16))
        self.channels = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.fc = nn.Linear(16, CLASSES)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = x + self.tokens(self.n1(x).transpose(1, 2)).transpose(1, 2)
        return self.fc((x + self.channels(self.n2(x))).mean(1))


class PoolFormerBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.n1, self.n2 = nn.GroupNorm(1, c), nn.GroupNorm(1, c)
        self.mlp = nn.Sequential(C(c, 2 * c, 1), nn.GELU(), C(2 * c, c, 1))

    def forward(self, x):
        y = self.n1(x)
        x = x + F.avg_pool2d(y, 3, 1, 1, count_include_pad=False) - y
        return x + self.mlp(self.n2(x))


class Dense(nn.Module):
    def __init__(self, i, grow, n):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(i + k * grow), nn.ReLU(), C(i + k * grow, grow, 3, padding=1, bias=False))
            for k in range(n))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat((x, layer(x)), 1)
        return x


class Inception(nn.Module):
    def __init__(self, i):
        super().__init__()
        self.a, self.b = cbr(i, 4, 1), nn.Sequential(cbr(i, 4, 1), cbr(4, 6, 3))
        self.c = nn.Sequential(cbr(i, 4, 1), cbr(4, 4, 3), cbr(4, 4, 3))
        self.d = nn.Sequential(nn.MaxPool2d(3, 1, 1), cbr(i, 4, 1))

    def forward(self, x):
        return torch.cat((self.a(x), self.b(x), self.c(x), self.d(x)), 1)


class Standardised(C):
    """Weights of mean 0 and deviation 1."""

    def forward(self, x):
        w = self.weight
        w = (w - w.mean((1, 2, 3), keepdim=True)) / torch.sqrt(w.var((1, 2, 3), keepdim=True, unbiased=False) + 1e-5)
        return F.conv2d(x, w, self.bias, self.stride, self.padding)


class Scaled(C):
    """As normaliser-free networks have it, with a gain."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.gain = nn.Parameter(torch.ones(self.weight.shape[0], 1, 1, 1))

    def forward(self, x):
        w = self.weight
        n = w[0].numel()
        v = w.var((1, 2, 3), keepdim=True, unbiased=False)
        w = (w - w.mean((1, 2, 3), keepdim=True)) * torch.rsqrt((v * n).clamp(min=1e-4)) * self.gain
        return F.conv2d(x, w, self.bias, self.stride, self.padding)


class Shuffle(nn.Module):
    def __init__(self, c):
        super().__init__()
        h = c // 2
        self.b = nn.Sequential(cbr(h, h, 1), cbr(h, h, 3, g=h, act=None), cbr(h, h, 1))

    def forward(self, x):
        a, b = x.chunk(2, 1)
        x = torch.cat((a, self.b(b)), 1)
        n, c, h, w = x.shape
        return x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


class Ghost(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.a, self.b = cbr(i, o // 2, 1), cbr(o // 2, o // 2, 3, g=o // 2)

    def forward(self, x):
        y = self.a(x)
        return torch.cat((y, self.b(y)), 1)


class Rep(nn.Module):
    """Three branches that a deployed network has merged."""

    def __init__(self, c):
        super().__init__()
        self.a, self.b, self.n = cbr(c, c, 3, act=None), cbr(c, c, 1, act=None), nn.BatchNorm2d(c)

    def forward(self, x):
        return F.relu(self.a(x) + self.b(x) + self.n(x))


class Split(nn.Module):
    """Radix softmax over two branches."""

    def __init__(self, c):
        super().__init__()
        self.conv, self.down, self.up, self.c = cbr(c, 2 * c, 3, g=2), C(c, c // 2, 1), C(c // 2, 2 * c, 1), c

    def forward(self, x):
        y = self.conv(x)
        n, _, h, w = y.shape
        y = y.view(n, 2, self.c, h, w)
        g = self.up(F.relu(self.down(y.sum(1).mean((2, 3), keepdim=True)))).view(n, 2, self.c, 1, 1).softmax(1)
        return (y * g).sum(1) + x


class Selective(nn.Module):
    """Kernels of two sizes, chosen by attention."""

    def __init__(self, c):
        super().__init__()
        self.a, self.b = cbr(c, c, 3), cbr(c, c, 3, d=2)
        self.fc, self.fa, self.fb = nn.Linear(c, 4), nn.Linear(4, c), nn.Linear(4, c)

    def forward(self, x):
        a, b = self.a(x), self.b(x)
        z = F.relu(self.fc((a + b).mean((2, 3))))
        s = torch.stack((self.fa(z), self.fb(z)), 1).softmax(1)
        return a * s[:, 0, :, None, None] + b * s[:, 1, :, None, None]


class Gated(nn.Module):
    """Gated spatial units."""

    def __init__(self):
        super().__init__()
        self.patch, self.norm, self.a, self.b = C(3, 16, 8, 8), nn.LayerNorm(16), nn.Linear(16, 32), nn.Linear(16, 16)
        self.inner, self.mix, self.fc = nn.LayerNorm(16), nn.Linear(16, 16), nn.Linear(16, CLASSES)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        u, v = F.gelu(self.a(self.norm(x))).chunk(2, -1)
        v = self.mix(self.inner(v).transpose(1, 2)).transpose(1, 2)
        return self.fc((x + self.b(u * v)).mean(1))


class CoordinateAttention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a, self.h, self.w = cbr(c, 4, 1, act=nn.Hardswish), C(4, c, 1), C(4, c, 1)

    def forward(self, x):
        n, c, h, w = x.shape
        y = torch.cat((x.mean(3, keepdim=True), x.mean(2, keepdim=True).transpose(2, 3)), 2)
        a, b = self.a(y).split((h, w), 2)
        return x * self.h(a).sigmoid() * self.w(b.transpose(2, 3)).sigmoid()


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.up, self.c = cbr(3, 6), cbr(6, 8, 3, 2), nn.ConvTranspose2d(8, 6, 2, 2), cbr(12, 8)
        self.head = head(8)

    def forward(self, x):
        a = self.a(x)
        b = self.b(a)
        y = self.c(torch.cat((a, self.up(b)), 1))
        return self.head(y + F.interpolate(b, scale_factor=2, mode="bilinear", align_corners=False))


class Branches(nn.Module):
    """High resolutions kept beside low ones."""

    def __init__(self):
        super().__init__()
        self.stem, self.down = cbr(3, 6, 3, 2), cbr(6, 10, 3, 2)
        self.hi, self.lo, self.to_lo, self.to_hi = basic(6, 6), basic(10, 10), cbr(6, 10, 3, 2, act=None), cbr(10, 6, 1, act=None)
        self.fc = nn.Linear(16, CLASSES)

    def forward(self, x):
        a = self.stem(x)
        a, b = self.hi(a), self.lo(self.down(a))
        c = F.relu(a + F.interpolate(self.to_hi(b), scale_factor=2, mode="nearest"))
        d = F.relu(b + self.to_lo(a))
        return self.fc(torch.cat((c.mean((2, 3)), d.mean((2, 3))), 1))


class Low(nn.Module):
    """A layer of W + B A."""

    def __init__(self):
        super().__init__()
        self.stem, self.l = cbr(3, 8, 3, 4), nn.Linear(8, 12)
        self.A, self.B, self.fc = nn.Parameter(torch.randn(2, 8) * 0.3), nn.Parameter(torch.randn(12, 2) * 0.3), nn.Linear(12, CLASSES)

    def forward(self, x):
        x = self.stem(x).mean((2, 3))
        return self.fc(F.relu(F.linear(x, self.l.weight + self.B @ self.A, self.l.bias)))


stem = lambda o=8, act=nn.ReLU: cbr(3, o, 3, 2, act=act)  # noqa: E731

NETWORKS = {
    "residual": lambda: net(stem(), basic(8, 8), basic(8, 12, 2), last=12),
    "bottleneck": lambda: net(stem(), bottleneck(8, 16), bottleneck(16, 24, 2), last=24),
    "grouped": lambda: net(stem(), bottleneck(8, 16, g=4), bottleneck(16, 32, 2, g=4), last=32),
    "squeeze-and-excite": lambda: net(stem(), bottleneck(8, 16, after=squeeze(16)), last=16),
    "inverted": lambda: net(stem(), inverted(8, 8), inverted(8, 12, 2), last=12),
    "inverted-hard-swish": lambda: net(stem(8, nn.Hardswish), inverted(8, 8, act=nn.Hardswish, se=True), inverted(8, 12, 2, 4, 5, nn.Hardswish, True), last=12),
    "inverted-swish": lambda: net(stem(8, nn.SiLU), inverted(8, 8, act=nn.SiLU, se=True), inverted(8, 12, 2, 4, 5, nn.SiLU, True), last=12),
    "mish": lambda: net(stem(8, nn.Mish), basic(8, 12, 2, nn.Mish), last=12),
    "leaky": lambda: net(stem(8, lambda: nn.LeakyReLU(0.1)), basic(8, 12, 2, lambda: nn.LeakyReLU(0.1)), last=12),
    "elu-prelu": lambda: net(stem(8, nn.ELU), basic(8, 12, 2, lambda: nn.PReLU()), last=12),
    "convnext": lambda: net(C(3, 12, 4, 4), LayerNorm2d(12), ConvNeXtBlock(12), ConvNeXtBlock(12), last=12),
    "convnext-response": lambda: net(C(3, 12, 4, 4), LayerNorm2d(12), ConvNeXtBlock(12, True), last=12),
    "attention": lambda: Vit(),
    "attention-without-token": lambda: Vit(False),
    "attention-cosine": lambda: Vit(False, cosine=True),
    "windows": lambda: Windows(),
    "mixer": lambda: Mixer(),
    "gated": lambda: Gated(),
    "pool-former": lambda: net(C(3, 12, 4, 4), PoolFormerBlock(12), PoolFormerBlock(12), last=12),
    "dense": lambda: net(stem(), Dense(8, 4, 3), nn.BatchNorm2d(20), nn.ReLU(), C(20, 10, 1), nn.AvgPool2d(2), Dense(10, 4, 2), last=18),
    "inception": lambda: net(stem(), Inception(8), nn.MaxPool2d(3, 2), Inception(18), last=18),
    "standardised": lambda: net(Standardised(3, 8, 3, 2, 1), nn.GroupNorm(4, 8), nn.ReLU(), Standardised(8, 12, 3, 2, 1), nn.GroupNorm(4, 12), nn.ReLU(), last=12),
    "normaliser-free": lambda: net(Scaled(3, 8, 3, 2, 1), nn.GELU(), Scaled(8, 12, 3, 2, 1), nn.GELU(), last=12),
    "shuffle": lambda: net(stem(), Shuffle(8), Shuffle(8), last=8),
    "ghost": lambda: net(stem(), Ghost(8, 12), Ghost(12, 16), last=16),
    "reparametrised": lambda: net(stem(), Rep(8), Rep(8), last=8),
    "split-attention": lambda: net(stem(), Split(8), Split(8), last=8),
    "selective-kernels": lambda: net(stem(), Selective(8), last=8),
    "coordinate-attention": lambda: net(stem(), CoordinateAttention(8), basic(8, 8), last=8),
    "large-kernels": lambda: net(stem(), residual(nn.Sequential(cbr(8, 8, 13, g=8), cbr(8, 8, 1, act=None))), residual(cbr(8, 8, 7, g=8, d=2)), last=8),
    "encoder-decoder": lambda: Unet(),
    "branches": lambda: Branches(),
    "low-rank": lambda: Low(),
    "instance-norm": lambda: net(C(3, 8, 3, 2, 1), nn.InstanceNorm2d(8, affine=True), nn.ReLU(), cbr(8, 12, 3, 2), last=12),
}


def main(folder, names):
    for number, (name, make) in enumerate(NETWORKS.items()):
        if names and name not in names:
            continue
        torch.manual_seed(number)
        model = make().train()
        rng = np.random.default_rng(number)
        count = BATCH * BATCHES
        inputs = rng.standard_normal((count, 3, SIZE, SIZE)).astype("float32")
        targets = rng.integers(0, CLASSES, count).astype("int64")
        own = os.path.join(folder, name)
        os.makedirs(own, exist_ok=True)
        np.save(os.path.join(own, "inputs.npy"), inputs)
        np.save(os.path.join(own, "targets.npy"), targets)
        torch.onnx.export(model, torch.from_numpy(inputs[:BATCH]), os.path.join(own, "model.onnx"), opset_version=14,
                          training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False,
                          input_names=["image"], dynamic_axes={"image": {0: "n"}})
        model = model.double().train()
        layers = [(n, m) for n, m in model.named_modules() if isinstance(m, (C, nn.Linear))]
        losses, norms = [], {n: [] for n, _ in layers}
        for b in range(BATCHES):
            part = slice(b * BATCH, (b + 1) * BATCH)
            loss = F.cross_entropy(model(torch.from_numpy(inputs[part]).double()), torch.from_numpy(targets[part]))
            model.zero_grad()
            loss.backward()
            losses.append(loss.item())
            for n, m in layers:
                norms[n].append(m.weight.grad.norm().item())
        with open(os.path.join(own, "expected.json"), "w") as file:
            json.dump({"losses": losses, "layers": [{"name": n, "gradientNorms": norms[n]} for n, _ in layers]}, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
