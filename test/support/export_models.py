#!/usr/bin/env python3
"""Exports small networks as PyTorch users have them, and what PyTorch itself makes of their gradients.

    export_models.py FOLDER [NAME ...]

For each network FOLDER/NAME/ gets inputs.npy and targets.npy (two batches, one after the other),
opsetNN-MODE-BATCH.onnx files and one expected-MODE.json a mode: the layers in the order they run, with
name, number of weights, output feature map, gradient norms (float64) and ZiCo sums of the gradients.
MODE is train (BatchNorm with batch statistics) or folded (evaluation mode, BatchNorm folded away);
BATCH is open or static. Needs PyTorch (1.13 was used), not the onnx package.
"""
import copy
import json
import os
import sys
import warnings

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
BATCH, BATCHES, CLASSES, SIZE = 4, 2, 5, 24
TERM_CAP = 1000.0


class ConvBn(nn.Module):
    """Convolution, BatchNorm and an activation."""

    def __init__(self, i, o, k=3, s=1, groups=1, act=nn.ReLU, pad=None):
        super().__init__()
        pad = k // 2 if pad is None else pad
        self.conv = nn.Conv2d(i, o, k, s, pad, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(o)
        self.act = act() if act else nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class Head(nn.Module):
    def __init__(self, i):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(i, CLASSES)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(x), 1))


class ResNet(nn.Module):
    class Block(nn.Module):
        def __init__(self, i, o, s):
            super().__init__()
            self.a = ConvBn(i, o, 3, s)
            self.b = ConvBn(o, o, 3, act=None)
            self.down = ConvBn(i, o, 1, s, act=None) if s != 1 or i != o else nn.Identity()

        def forward(self, x):
            return F.relu(self.b(self.a(x)) + self.down(x))

    def __init__(self):
        super().__init__()
        self.stem = ConvBn(3, 8, 7, 2)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.blocks = nn.Sequential(self.Block(8, 8, 1), self.Block(8, 12, 2))
        self.head = Head(12)

    def forward(self, x):
        return self.head(self.blocks(self.pool(self.stem(x))))


class MobileNetV3(nn.Module):
    class Squeeze(nn.Module):
        def __init__(self, c):
            super().__init__()
            self.a, self.b = nn.Conv2d(c, 4, 1), nn.Conv2d(4, c, 1)

        def forward(self, x):
            s = F.adaptive_avg_pool2d(x, 1)
            return x * F.hardsigmoid(self.b(F.relu(self.a(s))))

    class Block(nn.Module):
        def __init__(self, i, m, o, k, s, act):
            super().__init__()
            self.up = ConvBn(i, m, 1, act=act)
            self.depth = ConvBn(m, m, k, s, groups=m, act=act)
            self.squeeze = MobileNetV3.Squeeze(m)
            self.down = ConvBn(m, o, 1, act=None)
            self.skip = s == 1 and i == o

        def forward(self, x):
            y = self.down(self.squeeze(self.depth(self.up(x))))
            return x + y if self.skip else y

    def __init__(self):
        super().__init__()
        self.stem = ConvBn(3, 8, 3, 2, act=nn.Hardswish)
        self.blocks = nn.Sequential(
            self.Block(8, 16, 8, 3, 1, nn.ReLU6),
            self.Block(8, 24, 12, 5, 2, nn.Hardswish),
        )
        self.head = Head(12)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)))


class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = ConvBn(3, 8)
        self.a = ConvBn(8, 4, act=nn.Tanh)
        self.b = ConvBn(12, 4, act=nn.Tanh)
        self.transition = ConvBn(16, 8, 1, act=nn.Tanh)
        self.c = ConvBn(8, 4, act=nn.Tanh)
        self.head = Head(12)

    def forward(self, x):
        x = self.stem(x)
        x = torch.cat([x, self.a(x)], 1)
        x = torch.cat([x, self.b(x)], 1)
        x = F.avg_pool2d(self.transition(x), 2, 2)
        return self.head(F.dropout(torch.cat([x, self.c(x)], 1), 0.0))


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        act = nn.SiLU
        self.stem = ConvBn(3, 8, 3, 2, act=act, pad=0)
        self.one = ConvBn(8, 4, 1, act=act)
        self.wide = nn.Sequential(nn.Conv2d(8, 4, (1, 7), padding=(0, 3)), nn.Conv2d(4, 4, (7, 1), padding=(3, 0)))
        self.pooled = ConvBn(8, 4, 1, act=act)
        self.reduce = ConvBn(12, 8, 3, 2, act=act, pad=0)
        self.head = Head(20)

    def forward(self, x):
        x = F.max_pool2d(self.stem(x), 3, 2, ceil_mode=True)
        pooled = self.pooled(F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))
        x = torch.cat([self.one(x), torch.tanh(self.wide(x)), pooled], 1)
        down = F.avg_pool2d(x, 3, 2, ceil_mode=False, count_include_pad=True)
        return self.head(torch.cat([self.reduce(x), down], 1))


class UNet(nn.Module):
    """Segments at half the size of its images; the loss resizes the logits."""

    def __init__(self):
        super().__init__()
        act = lambda: nn.LeakyReLU(0.2)
        self.a = ConvBn(3, 6, 3, 2, act=act)
        self.b = ConvBn(6, 8, 3, 2, act=act)
        self.c = ConvBn(8, 10, 3, 2, act=act)
        self.up = nn.ConvTranspose2d(10, 8, 2, 2)
        self.d = ConvBn(16, 8, act=act)
        self.e = ConvBn(14, 6, act=act)
        self.classify = nn.Conv2d(6, CLASSES, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(a)
        x = self.d(torch.cat([self.up(self.c(b)), b], 1))
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        x = self.e(torch.cat([x, a], 1))
        x = F.interpolate(x, size=(9, 9), mode="bilinear", align_corners=True)
        return self.classify(F.interpolate(x, size=a.shape[2:], mode="nearest"))


class ConvNeXt(nn.Module):
    class Block(nn.Module):
        def __init__(self, c):
            super().__init__()
            self.depth = nn.Conv2d(c, c, 7, padding=3, groups=c)
            self.norm = nn.LayerNorm(c, eps=1e-6)
            self.up, self.down = nn.Linear(c, 4 * c), nn.Linear(4 * c, c)
            self.gamma = nn.Parameter(0.5 * torch.ones(c))

        def forward(self, x):
            y = self.norm(self.depth(x).permute(0, 2, 3, 1))
            y = self.gamma * self.down(F.gelu(self.up(y)))
            return x + y.permute(0, 3, 1, 2)

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, 4)
        self.blocks = nn.Sequential(self.Block(8), self.Block(8))
        self.norm = nn.LayerNorm(8)
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x):
        return self.fc(self.norm(self.blocks(self.stem(x)).mean([-2, -1])))


class ViT(nn.Module):
    class Block(nn.Module):
        def __init__(self, c, heads):
            super().__init__()
            self.heads = heads
            self.norm1, self.norm2 = nn.LayerNorm(c), nn.LayerNorm(c)
            self.qkv, self.out = nn.Linear(c, 3 * c), nn.Linear(c, c)
            self.up, self.down = nn.Linear(c, 2 * c), nn.Linear(2 * c, c)

        def forward(self, x):
            B, N, C = x.shape
            qkv = self.qkv(self.norm1(x)).reshape(B, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
            q, k, v = qkv[0], qkv[1], qkv[2]
            attention = ((q @ k.transpose(-2, -1)) * (C // self.heads) ** -0.5).softmax(dim=-1)
            x = x + self.out((attention @ v).transpose(1, 2).reshape(B, N, C))
            return x + self.down(F.gelu(self.up(self.norm2(x))))

    def __init__(self, token=True):
        super().__init__()
        self.patches = nn.Conv2d(3, 12, 6, 6)
        self.token = nn.Parameter(torch.randn(1, 1, 12)) if token else None
        self.position = nn.Parameter(0.1 * torch.randn(1, 16 + token, 12))
        self.blocks = nn.Sequential(self.Block(12, 3), self.Block(12, 2))
        self.fc = nn.Linear(12, CLASSES)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        if self.token is not None:
            x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
        x = self.blocks(x + self.position)
        return self.fc(x[:, 0] if self.token is not None else x.mean(1))


class ViTWithoutToken(ViT):
    def __init__(self):
        super().__init__(token=False)


class Attention(nn.Module):
    """PyTorch's own attention, which keeps the images in the second axis."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 12, 6, 6)
        self.layer = nn.TransformerEncoderLayer(12, 3, 16, 0.0, activation="gelu")
        self.fc = nn.Linear(12, CLASSES)

    def forward(self, x):
        x = self.patches(x).flatten(2).permute(2, 0, 1)
        return self.fc(self.layer(x).mean(0))


class Windows(nn.Module):
    """Shifted windows: rolled images cut into squares, as Swin has them."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, 4)
        self.mix = nn.Linear(9, 9)
        self.merge = nn.Linear(32, 12, bias=False)
        self.fc = nn.Linear(12, CLASSES)

    def forward(self, x):
        x = self.patches(x).permute(0, 2, 3, 1)
        B, H, W, C = x.shape
        x = torch.roll(x, shifts=(-1, -1), dims=(1, 2))
        windows = x.view(B, H // 3, 3, W // 3, 3, C).permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, 9, C)
        windows = torch.tanh(self.mix(windows.transpose(1, 2))).transpose(1, 2)
        x = windows.view(B, H // 3, W // 3, 3, 3, C).permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, C)
        x = torch.roll(x, shifts=(1, 1), dims=(1, 2))
        parts = [x[:, i::2, j::2, :] for i in (0, 1) for j in (0, 1)]
        return self.fc(torch.tanh(self.merge(torch.cat(parts, -1))).mean((1, 2)))


class ShuffleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = ConvBn(3, 8, 3, 2, act=nn.Tanh)
        self.a = ConvBn(4, 4, 1, act=nn.Tanh)
        self.depth = ConvBn(4, 4, 3, groups=4, act=None)
        self.b = ConvBn(4, 4, 1, act=nn.Tanh)
        self.grouped = ConvBn(8, 8, 3, 2, groups=2, act=nn.Tanh)
        self.head = Head(8)

    def forward(self, x):
        x = self.stem(x)
        left, right = x.chunk(2, dim=1)
        x = torch.cat([left, self.b(self.depth(self.a(right)))], 1)
        n, c, h, w = x.size()
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)
        return self.head(self.grouped(x))


class GroupNormNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 8, 3, 2), nn.Conv2d(8, 12, 3, 2)
        self.norm1, self.norm2 = nn.GroupNorm(4, 8), nn.GroupNorm(2, 12)
        self.c, self.norm3 = nn.Conv2d(12, 8, 3, padding=2, dilation=2), nn.InstanceNorm2d(8, affine=True)
        nn.init.uniform_(self.norm1.weight, 0.5, 1.5)
        nn.init.normal_(self.norm2.bias)
        self.head = Head(8)

    def forward(self, x):
        x = F.silu(self.norm1(self.a(F.pad(x, (0, 1, 0, 1)))))
        x = F.silu(self.norm2(self.b(F.pad(x, (1, 1, 1, 0)))))
        return self.head(torch.sigmoid(self.norm3(self.c(x))))


class PReluNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.act1 = nn.Conv2d(3, 8, 3, 2, 1), nn.PReLU(8)
        self.b, self.act2 = nn.Conv2d(8, 8, 3, 1, 1), nn.ELU(0.7)
        self.c, self.act3 = nn.Conv2d(8, 16, 3, 1, 1), nn.PReLU()
        self.fc1, self.fc2 = nn.Linear(4 * 2 * 2, 12), nn.Linear(16, CLASSES)

    def forward(self, x):
        x = self.act1(self.a(x))
        x = self.act2(self.b(x)) + F.interpolate(F.avg_pool2d(x, 2), scale_factor=2, mode="nearest")
        x = F.pixel_shuffle(self.act3(self.c(x)), 2)
        one, two = torch.split(x, [1, 3], dim=1)
        x = torch.cat([two * one.sigmoid(), one], 1)
        x = F.adaptive_avg_pool2d(x, 2).view(x.size(0), -1)
        x = F.softplus(x) if False else torch.clamp(x, min=-3.0)
        return self.fc2(torch.cat([torch.tanh(self.fc1(x)), x[:, :4]], dim=1))


class Shared(nn.Module):
    """One head over two levels of a pyramid, and one convolution used three times."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, 2, 1)
        self.again = nn.Conv2d(6, 6, 3, 1, 1)
        self.head = nn.Linear(6, CLASSES)

    def forward(self, x):
        x = torch.tanh(self.again(torch.tanh(self.stem(x))))
        small = torch.tanh(self.again(F.avg_pool2d(x, 2)))
        smaller = torch.tanh(self.again(F.max_pool2d(small, 2)))
        return sum(self.head(level.mean((2, 3))) for level in (x, small, smaller))


NETWORKS = {
    "resnet": ResNet,
    "mobilenet-v3": MobileNetV3,
    "densenet": DenseNet,
    "inception": Inception,
    "unet": UNet,
    "convnext": ConvNeXt,
    "vit": ViT,
    "vit-without-token": ViTWithoutToken,
    "attention": Attention,
    "windows": Windows,
    "shufflenet": ShuffleNet,
    "group-norm": GroupNormNet,
    "prelu": PReluNet,
    "shared": Shared,
}
OPSETS = (9, 10, 11, 12, 13, 14, 15, 16, 17)


def folded(model):
    """Evaluation mode with every BatchNorm folded into the convolution before it."""
    model = copy.deepcopy(model).eval()
    for module in model.modules():
        if isinstance(module, ConvBn):
            module.conv = nn.utils.fusion.fuse_conv_bn_eval(module.conv, module.bn)
            module.bn = nn.Identity()
    return model


def gradients(model, inputs, targets, dtype):
    """Layers in the order they run: (name, module, output shape), and their gradients, one array a batch."""
    model = copy.deepcopy(model).to(dtype)
    names = {module: name for name, module in model.named_modules()}
    order = {}

    def note(module, _inputs, output):
        if names[module] not in order:
            order[names[module]] = (module, tuple(output.shape))

    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(note)
    # Attention reads its weights without calling its modules.
    losses, collected = [], {}
    for b in range(BATCHES):
        part = slice(b * BATCH, (b + 1) * BATCH)
        model.zero_grad()
        logits = model(inputs[part].to(dtype))
        if logits.dim() == 4 and logits.shape[2:] != targets.shape[1:]:
            logits = F.interpolate(logits, size=targets.shape[1:], mode="bilinear", align_corners=False)
        loss = F.cross_entropy(logits, targets[part], ignore_index=255)
        loss.backward()
        losses.append(loss.item())
        for name, parameter in model.named_parameters():
            if name.endswith("weight") and parameter.dim() in (2, 4) and parameter.grad is not None:
                collected.setdefault(name, []).append(parameter.grad.detach().double().numpy().copy())
    return losses, order, collected


def sums(grads):
    g = np.stack([x.ravel() for x in grads])
    mean, std = np.abs(g).mean(0), g.std(0)
    term = mean[std > 0] / std[std > 0]
    return float(term.sum()), float(np.minimum(term, TERM_CAP).sum())


def described(model, inputs, targets):
    """What PyTorch says in float64, and how far its own float32 is from that."""
    losses, order, exact = gradients(model, inputs, targets, torch.float64)
    _, _, single = gradients(model, inputs, targets, torch.float32)
    layers, drift, zico = [], 0.0, [0.0, 0.0]
    for name, grads in exact.items():
        if isinstance(dict(model.named_modules())[name.rpartition(".")[0]], nn.ConvTranspose2d):
            continue
        norms = [float(np.linalg.norm(g)) for g in grads]
        norms32 = [float(np.linalg.norm(g)) for g in single[name]]
        drift = max([drift] + [abs(a / b - 1) for a, b in zip(norms32, norms)])
        total, capped = sums(grads)
        zico[0] += float(np.log(capped))
        zico[1] += float(np.log(sums(single[name])[1]))
        module, shape = order.get(name.rpartition(".")[0], (None, None))
        layers.append({
            "name": name[: -len(".weight")] if name.endswith(".weight") else name,
            "weights": int(grads[0].size),
            "output": list(shape[1:]) if shape and len(shape) == 4 and isinstance(module, nn.Conv2d) else None,
            "gradientNorms": norms,
            "sumCapped": capped,
        })
    return {
        "losses": losses,
        "layers": layers,
        "zicoCapped": zico[0],
        "parameters": sum(p.numel() for p in model.parameters()),
        "singleNormDrift": drift,
        "singleZicoDrift": abs(zico[1] / zico[0] - 1),
    }


def data(segments, seed):
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(BATCHES * BATCH, 3, SIZE, SIZE, generator=generator)
    shape = (BATCHES * BATCH, SIZE, SIZE) if segments else (BATCHES * BATCH,)
    targets = torch.randint(0, CLASSES, shape, generator=generator)
    if segments:
        targets[:, :3, ::2] = 255
    return inputs, targets


def export(model, file, opset, mode, open_batch, inputs):
    training = torch.onnx.TrainingMode.TRAINING if mode == "train" else torch.onnx.TrainingMode.EVAL
    # Another number of images than in a batch, which the reader has to get rid of.
    example = inputs[: BATCH if open_batch else 1 if mode == "folded" else 3]
    axes = {"images": {0: "batch"}, "logits": {0: "batch"}} if open_batch else None
    torch.onnx.export(
        copy.deepcopy(model), example, file, training=training, opset_version=opset,
        do_constant_folding=mode != "train", input_names=["images"], output_names=["logits"], dynamic_axes=axes,
    )


def main(folder, names):
    for name in names or NETWORKS:
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        at = lambda file: os.path.join(folder, name, file)
        for seed in range(40):
            torch.manual_seed(seed)
            model = NETWORKS[name]().train()
            for parameter in model.parameters():  # equal tensors would be exported as one
                if parameter.dim() == 1:
                    parameter.data.add_(0.1 * torch.randn_like(parameter))
            inputs, targets = data(name == "unet", seed)
            with torch.no_grad():
                model(inputs)  # running statistics, for the folded form
            forms = {"train": model, "folded": folded(model)}
            expected = {mode: described(form, inputs, targets) for mode, form in forms.items()}
            # A mask that flips by rounding moves a layer: such seeds say nothing about an exporter.
            if all(e["singleNormDrift"] < 1e-5 and e["singleZicoDrift"] < 1e-3 for e in expected.values()):
                break
        else:
            raise SystemExit(f"{name}: PyTorch does not agree with itself for any seed")
        np.save(at("inputs.npy"), inputs.numpy())
        np.save(at("targets.npy"), targets.numpy())
        for mode, form in forms.items():
            with open(at(f"expected-{mode}.json"), "w") as file:
                json.dump({**expected[mode], "batchSize": BATCH, "classes": CLASSES, "seed": seed}, file)
            for opset in OPSETS:
                for open_batch in (True, False):
                    kind = "open" if open_batch else "static"
                    try:
                        export(form, at(f"opset{opset}-{mode}-{kind}.onnx"), opset, mode, open_batch, inputs)
                    except Exception as error:  # what this PyTorch cannot export is none of our business
                        print(f"{name} opset {opset} {mode} {kind}: {str(error).splitlines()[0]}")
        print(name, "seed", seed, {m: (len(e["layers"]), e["singleNormDrift"]) for m, e in expected.items()})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
