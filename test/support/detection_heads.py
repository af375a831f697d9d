#!/usr/bin/env python3
"""Small detectors with the heads that published ones have, and what PyTorch makes of their losses and gradients.

    detection_heads.py FOLDER

For each detector FOLDER/NAME/ gets model.onnx, inputs.npy, targets.npy (two batches of two images, one after the
other; boxes as rows of x1, y1, x2, y2, class, filled up with class -1) and expected.json: the loss of each batch,
and of each convolution its name and the norm of its gradient in each batch, in float64.

Matching and losses are written here from the papers and implementations that docs/detection-heads.md names, box by
box, without a look at the product's. Needs PyTorch (1.13 was used), not the onnx package.
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
SIZE, BATCH, BATCHES, CLASSES = 64, 2, 2, 3
EPS = 1e-7


def block(i, o, s):
    return nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), nn.SiLU())


class Backbone(nn.Module):
    """Maps of strides 8, 16 and 32, or the last of them."""

    def __init__(self, levels=3):
        super().__init__()
        self.stem = nn.Sequential(block(3, 6, 2), block(6, 8, 2), block(8, 8, 2))
        self.down1, self.down2 = block(8, 10, 2), block(10, 12, 2)
        self.widths = [8, 10, 12][3 - levels:]
        self.levels = levels

    def forward(self, x):
        a = self.stem(x)
        b = self.down1(a)
        return [a, b, self.down2(b)][3 - self.levels:]


def flat(x):
    return x.flatten(2).transpose(1, 2)


class Anchors(nn.Module):
    """YOLOv5: one convolution a scale."""

    kind = "yolo-anchors"

    def __init__(self, levels=3, tail="raw", anchors=3, classes=CLASSES):
        super().__init__()
        self.backbone, self.tail, self.a, self.c = Backbone(levels), tail, anchors, classes
        self.m = nn.ModuleList(nn.Conv2d(w, anchors * (5 + classes), 1) for w in self.backbone.widths)

    def raw(self, x):
        return [m(f) for m, f in zip(self.m, self.backbone(x))]

    def forward(self, x):
        raw = self.raw(x)
        if self.tail == "maps":
            return tuple(raw)
        out = []
        for r in raw:
            n, _, h, w = r.shape
            r = r.view(n, self.a, 5 + self.c, h, w).permute(0, 1, 3, 4, 2)
            if self.tail == "raw":
                out.append(r)
                continue
            y = r.sigmoid()
            xy, wh, rest = y.split((2, 2, 1 + self.c), 4)
            out.append(torch.cat((xy * 2 - 0.5, (wh * 2) ** 2, rest), 4).reshape(n, -1, 5 + self.c))
        if self.tail == "raw":
            return tuple(out)
        boxes = torch.cat(out, 1)
        if self.tail == "decoded":
            return boxes
        score, index = (boxes[..., 4] * boxes[..., 5:].max(-1)[0]).topk(7, 1)
        return score, boxes.gather(1, index.unsqueeze(-1).expand(-1, -1, 4))


class Cells(nn.Module):
    """YOLOX: decoupled convolutions, joined a scale, classes and objectness behind a sigmoid."""

    kind = "yolo-cells"

    def __init__(self, joined=True):
        super().__init__()
        self.backbone = Backbone()
        w = self.backbone.widths
        self.stems = nn.ModuleList(block(i, 8, 1) for i in w)
        self.cls = nn.ModuleList(nn.Conv2d(8, CLASSES, 1) for _ in w)
        self.reg = nn.ModuleList(nn.Conv2d(8, 4, 1) for _ in w)
        self.obj = nn.ModuleList(nn.Conv2d(8, 1, 1) for _ in w)

    def raw(self, x):
        out = []
        for i, f in enumerate(self.backbone(x)):
            f = self.stems[i](f)
            out.append((self.cls[i](f), self.reg[i](f), self.obj[i](f)))
        return out

    def forward(self, x):
        maps = [torch.cat((reg, obj.sigmoid(), cls.sigmoid()), 1) for cls, reg, obj in self.raw(x)]
        return torch.cat([m.flatten(2) for m in maps], 2).permute(0, 2, 1)


class Distributions(nn.Module):
    """YOLOv8: a distribution over each side's distance; raw maps, or boxes as it exports them."""

    kind = "yolo-distributions"

    def __init__(self, tail="maps", bins=16):
        super().__init__()
        self.backbone, self.tail, self.bins = Backbone(), tail, bins
        w = self.backbone.widths
        self.cv2 = nn.ModuleList(nn.Conv2d(i, 4 * bins, 1) for i in w)
        self.cv3 = nn.ModuleList(nn.Conv2d(i, CLASSES, 1) for i in w)
        self.dfl = nn.Conv2d(bins, 1, 1, bias=False)
        self.dfl.weight.data[:] = torch.arange(bins, dtype=torch.float).view(1, bins, 1, 1)
        self.dfl.requires_grad_(False)

    def raw(self, x):
        return [(a(f), b(f)) for a, b, f in zip(self.cv2, self.cv3, self.backbone(x))]

    def forward(self, x):
        maps = [torch.cat(pair, 1) for pair in self.raw(x)]
        if self.tail == "maps":
            return tuple(maps)
        x = torch.cat([m.flatten(2) for m in maps], 2)
        box, cls = x.split((4 * self.bins, CLASSES), 1)
        n, _, p = box.shape
        d = self.dfl(box.view(n, 4, self.bins, p).transpose(2, 1).softmax(1)).view(n, 4, p)
        low, high = d.chunk(2, 1)
        return torch.cat((-low, high, cls.sigmoid()), 1)


class Distances(nn.Module):
    """YOLO26: the distances of the sides as they are, boxes as it exports them."""

    kind = "yolo-distances"

    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        w = self.backbone.widths
        self.cv2 = nn.ModuleList(nn.Conv2d(i, 4, 1) for i in w)
        self.cv3 = nn.ModuleList(nn.Conv2d(i, CLASSES, 1) for i in w)
        cells = [(x + 0.5, y + 0.5, s) for s in (8, 16, 32) for y in range(SIZE // s) for x in range(SIZE // s)]
        x, y, s = torch.tensor(cells).unbind(1)
        self.register_buffer("at", torch.stack((x, y)))
        self.register_buffer("strides", s)

    def raw(self, x):
        return [(a(f), b(f)) for a, b, f in zip(self.cv2, self.cv3, self.backbone(x))]

    def forward(self, x):
        raw = self.raw(x)
        low, high = torch.cat([box.flatten(2) for box, _ in raw], 2).chunk(2, 1)
        boxes = torch.cat((self.at - low, self.at + high), 1) * self.strides
        return torch.cat((boxes, torch.cat([cls.flatten(2) for _, cls in raw], 2).sigmoid()), 1)


class OneMap(nn.Module):
    """NanoDet: classes and distributions out of one convolution a scale."""

    kind = "yolo-distributions"

    def __init__(self, bins=8):
        super().__init__()
        self.backbone, self.bins = Backbone(), bins
        self.m = nn.ModuleList(nn.Conv2d(i, CLASSES + 4 * bins, 1) for i in self.backbone.widths)

    def raw(self, x):
        maps = [m(f).split((CLASSES, 4 * self.bins), 1) for m, f in zip(self.m, self.backbone(x))]
        return [(box, cls) for cls, box in maps]

    def forward(self, x):
        maps = [torch.cat((cls.sigmoid(), box), 1) for box, cls in self.raw(x)]
        return torch.cat([flat(m) for m in maps], 1)


class Ssd(nn.Module):
    kind = "ssd"

    def __init__(self, anchors=(4, 6, 4), background=True):
        super().__init__()
        self.backbone, self.anchors, self.background = Backbone(), anchors, background
        c = CLASSES + background
        w = self.backbone.widths
        self.scores = nn.ModuleList(nn.Conv2d(i, a * c, 3, padding=1) for i, a in zip(w, anchors))
        self.boxes = nn.ModuleList(nn.Conv2d(i, a * 4, 3, padding=1) for i, a in zip(w, anchors))

    def raw(self, x):
        return [(s(f), b(f)) for s, b, f in zip(self.scores, self.boxes, self.backbone(x))]

    def forward(self, x):
        raw = self.raw(x)
        n = raw[0][0].shape[0]
        c = CLASSES + self.background
        scores = torch.cat([s.permute(0, 2, 3, 1).reshape(n, -1, c) for s, _ in raw], 1)
        boxes = torch.cat([b.permute(0, 2, 3, 1).reshape(n, -1, 4) for _, b in raw], 1)
        return (scores.softmax(2) if self.background else scores.sigmoid()), boxes


class Fcos(nn.Module):
    """One head for all scales."""

    kind = "fcos"

    def __init__(self, distances="relu", centerness=True):
        super().__init__()
        self.backbone, self.distances, self.centerness = Backbone(), distances, centerness
        self.lateral = nn.ModuleList(nn.Conv2d(i, 8, 1) for i in self.backbone.widths)
        self.tower = block(8, 8, 1)
        self.cls, self.reg = nn.Conv2d(8, CLASSES, 3, padding=1), nn.Conv2d(8, 4, 3, padding=1)
        if centerness:
            self.ctr = nn.Conv2d(8, 1, 3, padding=1)

    def raw(self, x):
        out = []
        for lateral, f in zip(self.lateral, self.backbone(x)):
            f = self.tower(lateral(f))
            reg = self.reg(f)
            out.append((self.cls(f), reg.relu() if self.distances == "relu" else reg)
                       + ((self.ctr(f),) if self.centerness else ()))
        return out

    def forward(self, x):
        raw = self.raw(x)
        out = [torch.cat([flat(level[i]) for level in raw], 1) for i in range(len(raw[0]))]
        return tuple(out)


# Overlaps ---------------------------------------------------------------------------------------


def overlap(a, b):
    low, high = torch.max(a[:2], b[:2]), torch.min(a[2:], b[2:])
    common = (high - low).clamp(min=0).prod()
    union = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - common + EPS
    return common / union, union


def around(a, b):
    return torch.max(a[2:], b[2:]) - torch.min(a[:2], b[:2])


def giou(a, b):
    iou, union = overlap(a, b)
    whole = around(a, b).prod() + EPS
    return iou - (whole - union) / whole


def ciou(a, b):
    iou, _ = overlap(a, b)
    distance = ((a[:2] + a[2:] - b[:2] - b[2:]) ** 2).sum() / 4
    (w1, h1), (w2, h2) = a[2:] - a[:2], b[2:] - b[:2]
    v = 4 / math.pi ** 2 * (torch.atan(w2 / (h2 + EPS)) - torch.atan(w1 / (h1 + EPS))) ** 2
    alpha = (v / (v - iou + (1 + EPS))).detach()
    return iou - (distance / ((around(a, b) ** 2).sum() + EPS) + v * alpha)


def bce(x, t):
    return F.binary_cross_entropy_with_logits(x, t, reduction="sum")


def focal(x, t):
    p = x.sigmoid()
    pt = p * t + (1 - p) * (1 - t)
    alpha = 0.25 * t + 0.75 * (1 - t)
    return (alpha * (1 - pt) ** 2 * F.binary_cross_entropy_with_logits(x, t, reduction="none")).sum()


def one_hot(c, n=CLASSES):
    return F.one_hot(torch.tensor(int(c)), n).double()


# Matching ---------------------------------------------------------------------------------------

LEARNED = {
    1: [[(42, 55), (62, 133), (138, 162), (211, 284), (320, 302)]],
    2: [[(10, 14), (23, 27), (37, 58)], [(81, 82), (135, 169), (344, 319)]],
    3: [[(10, 13), (16, 30), (33, 23)], [(30, 61), (62, 45), (59, 119)], [(116, 90), (156, 198), (373, 326)]],
}


def by_ratio(boxes, anchors, stride, h, w):
    """(anchor, row, column) -> box, for one image and one scale, as YOLOv5's build_targets."""
    match = {}
    for index, (x1, y1, x2, y2, _) in enumerate(boxes):
        gx, gy = (x1 + x2) / 2 / stride, (y1 + y2) / 2 / stride
        cells = [(int(gx), int(gy))]
        if gx % 1 < 0.5 and gx > 1:
            cells.append((int(gx) - 1, int(gy)))
        if (w - gx) % 1 < 0.5 and w - gx > 1:
            cells.append((int(gx) + 1, int(gy)))
        if gy % 1 < 0.5 and gy > 1:
            cells.append((int(gx), int(gy) - 1))
        if (h - gy) % 1 < 0.5 and h - gy > 1:
            cells.append((int(gx), int(gy) + 1))
        for a, (aw, ah) in enumerate(anchors):
            rw, rh = (x2 - x1) / aw, (y2 - y1) / ah
            if max(rw, 1 / rw, rh, 1 / rh) >= 4:
                continue
            for cx, cy in cells:
                match.setdefault((a, cy, cx), index)
    return match


def by_centre(boxes, strides, maps):
    """(level, row, column) -> box, for one image, as FCOS with centre sampling."""
    match = {}
    for level, (s, (h, w)) in enumerate(zip(strides, maps)):
        for y in range(h):
            for x in range(w):
                px, py = (x + 0.5) * s, (y + 0.5) * s
                best = None
                for index, (x1, y1, x2, y2, _) in enumerate(boxes):
                    sides = (px - x1, py - y1, x2 - px, y2 - py)
                    if min(sides) <= 0:
                        continue
                    if abs(px - (x1 + x2) / 2) >= 1.5 * s or abs(py - (y1 + y2) / 2) >= 1.5 * s:
                        continue
                    low = 4 * s if level > 0 else 0
                    high = 8 * s if level < len(maps) - 1 else math.inf
                    if not low < max(sides) <= high:
                        continue
                    area = (x2 - x1) * (y2 - y1)
                    if best is None or area < best[0]:
                        best = (area, index)
                if best:
                    match[level, y, x] = best[1]
    for index, (x1, y1, x2, y2, _) in enumerate(boxes):
        if index in list(match.values()):
            continue
        half = max(x2 - x1, y2 - y1) / 2
        level = next((i for i, s in enumerate(strides) if half <= 8 * s), len(strides) - 1)
        s, (h, w) = strides[level], maps[level]
        match[level, min(int((y1 + y2) / 2 / s), h - 1), min(int((x1 + x2) / 2 / s), w - 1)] = index
    return match


def default_boxes(maps, counts):
    """(level, row, column, anchor) -> centre x, y, width, height, as SSD's paper has them."""
    boxes = {}
    m = len(maps)
    scales = [0.2 + 0.7 * k / (m - 1) for k in range(m)] + [1.0]
    for k, ((h, w), count) in enumerate(zip(maps, counts)):
        s = scales[k]
        shapes = [(s, s)] if count == 3 else [(s, s), (math.sqrt(s * scales[k + 1]),) * 2]
        for ratio in (2, 3, 4):
            shapes += [(s * math.sqrt(ratio), s / math.sqrt(ratio)), (s / math.sqrt(ratio), s * math.sqrt(ratio))]
        for y in range(h):
            for x in range(w):
                for a in range(count):
                    boxes[k, y, x, a] = ((x + 0.5) / w * SIZE, (y + 0.5) / h * SIZE,
                                         shapes[a][0] * SIZE, shapes[a][1] * SIZE)
    return boxes


def by_overlap(boxes, defaults):
    def iou(d, b):
        x, y, w, h = d
        iw = min(x + w / 2, b[2]) - max(x - w / 2, b[0])
        ih = min(y + h / 2, b[3]) - max(y - h / 2, b[1])
        if iw <= 0 or ih <= 0:
            return 0.0
        return iw * ih / (w * h + (b[2] - b[0]) * (b[3] - b[1]) - iw * ih)

    match, forced = {}, {}
    table = {key: [iou(d, b) for b in boxes] for key, d in defaults.items()}
    for key, row in table.items():
        if row and max(row) >= 0.5:
            match[key] = row.index(max(row))
    for index in range(len(boxes)):
        key = max(table, key=lambda k: table[k][index])
        if table[key][index] > 0:
            forced.setdefault(key, index)
    return {**match, **forced}


# Losses -----------------------------------------------------------------------------------------


def loss_anchors(net, raw, images):
    levels = len(raw)
    anchors = LEARNED[levels]
    balance = {1: [4.0], 2: [4.0, 1.0], 3: [4.0, 1.0, 0.4]}[levels]
    total = 0
    for level, r in enumerate(raw):
        n, _, h, w = r.shape
        stride = SIZE // h
        r = r.view(n, net.a, 5 + net.c, h, w).permute(0, 1, 3, 4, 2)
        objects = torch.zeros(n, net.a, h, w, dtype=torch.float64)
        box_losses, class_losses = [], []
        for image, boxes in enumerate(images):
            for (a, y, x), index in by_ratio(boxes, anchors[level], stride, h, w).items():
                p = r[image, a, y, x]
                s = p[:4].sigmoid()
                centre = (s[:2] * 2 - 0.5 + torch.tensor([x, y])) * stride
                size = (s[2:] * 2) ** 2 * torch.tensor(anchors[level][a])
                predicted = torch.cat((centre - size / 2, centre + size / 2))
                overlapping = ciou(predicted, torch.tensor(boxes[index][:4]))
                box_losses.append(1 - overlapping)
                objects[image, a, y, x] = overlapping.detach().clamp(min=0)
                class_losses.append(bce(p[5:], one_hot(boxes[index][4], net.c)) / net.c)
        scale = 3 / levels
        if box_losses:
            total = total + 0.05 * scale * sum(box_losses) / len(box_losses)
            total = total + 0.5 * net.c / 80 * scale * sum(class_losses) / len(class_losses)
        mean = F.binary_cross_entropy_with_logits(r[..., 4], objects)
        total = total + scale * (SIZE / 640) ** 2 * balance[level] * mean
    return total * len(images)


def loss_cells(net, raw, images):
    maps = [tuple(level[0].shape[2:]) for level in raw]
    strides = [SIZE // h for h, _ in maps]
    matches = [by_centre(boxes, strides, maps) for boxes in images]
    count = max(1, sum(len(m) for m in matches))
    total = 0
    for image, (boxes, match) in enumerate(zip(images, matches)):
        for level, (cls, reg, obj) in enumerate(raw):
            wanted = torch.zeros(maps[level], dtype=torch.float64)
            for (at, y, x), index in match.items():
                if at != level:
                    continue
                t = reg[image, :, y, x]
                centre, size = (t[:2] + torch.tensor([x, y])) * strides[level], t[2:].exp() * strides[level]
                iou, _ = overlap(torch.cat((centre - size / 2, centre + size / 2)), torch.tensor(boxes[index][:4]))
                wanted[y, x] = 1
                total = total + 5 * (1 - iou ** 2)
                total = total + bce(cls[image, :, y, x], one_hot(boxes[index][4]) * iou.detach())
            total = total + bce(obj[image, 0], wanted)
    return total / count


def loss_distributions(net, raw, images):
    maps = [tuple(level[0].shape[2:]) for level in raw]
    strides = [SIZE // h for h, _ in maps]
    matches = [by_centre(boxes, strides, maps) for boxes in images]
    count = max(1, sum(len(m) for m in matches))
    bins = torch.arange(net.bins, dtype=torch.float64)
    total = 0
    for image, (boxes, match) in enumerate(zip(images, matches)):
        for level, (box, cls) in enumerate(raw):
            wanted = torch.zeros_like(cls[image])
            for (at, y, x), index in match.items():
                if at != level:
                    continue
                s = strides[level]
                p = box[image, :, y, x].view(4, net.bins)
                d = (p.softmax(1) * bins).sum(1) * s
                centre = torch.tensor([(x + 0.5) * s, (y + 0.5) * s])
                target = torch.tensor(boxes[index][:4])
                total = total + 7.5 * (1 - ciou(torch.cat((centre - d[:2], centre + d[2:])), target))
                sides = torch.cat((centre - target[:2], target[2:] - centre)) / s
                sides = sides.clamp(0, net.bins - 1 - 0.01)
                low = sides.long()
                share = sides - low
                ce = F.cross_entropy(p, low, reduction="none") * (1 - share)
                ce = ce + F.cross_entropy(p, low + 1, reduction="none") * share
                total = total + 1.5 * ce.mean()
                wanted[int(boxes[index][4]), y, x] = 1
            total = total + 0.5 * bce(cls[image], wanted)
    return total / count


def loss_distances(net, raw, images):
    maps = [tuple(level[0].shape[2:]) for level in raw]
    strides = [SIZE // h for h, _ in maps]
    matches = [by_centre(boxes, strides, maps) for boxes in images]
    count = max(1, sum(len(m) for m in matches))
    total = 0
    for image, (boxes, match) in enumerate(zip(images, matches)):
        for level, (box, cls) in enumerate(raw):
            wanted = torch.zeros_like(cls[image])
            for (at, y, x), index in match.items():
                if at != level:
                    continue
                s = strides[level]
                d = box[image, :, y, x] * s
                centre = torch.tensor([(x + 0.5) * s, (y + 0.5) * s])
                target = torch.tensor(boxes[index][:4])
                total = total + 7.5 * (1 - ciou(torch.cat((centre - d[:2], centre + d[2:])), target))
                sides = torch.cat((centre - target[:2], target[2:] - centre))
                total = total + 1.5 * F.l1_loss(d / SIZE, sides / SIZE)
                wanted[int(boxes[index][4]), y, x] = 1
            total = total + 0.5 * bce(cls[image], wanted)
    return total / count


def loss_ssd(net, raw, images):
    maps = [tuple(s.shape[2:]) for s, _ in raw]
    defaults = default_boxes(maps, net.anchors)
    matches = [by_overlap(boxes, defaults) for boxes in images]
    count = max(1, sum(len(m) for m in matches))
    without = len(defaults) * len(images) - count
    share = min(1, 3 * count / without)
    c = CLASSES + net.background
    total = 0
    for image, (boxes, match) in enumerate(zip(images, matches)):
        for (level, y, x, a), (dx, dy, dw, dh) in defaults.items():
            scores = raw[level][0][image, a * c:(a + 1) * c, y, x]
            index = match.get((level, y, x, a))
            if index is not None:
                x1, y1, x2, y2, cls = boxes[index]
                wanted = torch.tensor([((x1 + x2) / 2 - dx) / dw / 0.1, ((y1 + y2) / 2 - dy) / dh / 0.1,
                                       math.log((x2 - x1) / dw) / 0.2, math.log((y2 - y1) / dh) / 0.2])
                offsets = raw[level][1][image, a * 4:(a + 1) * 4, y, x]
                total = total + F.smooth_l1_loss(offsets, wanted, reduction="sum")
            if net.background:
                target = torch.tensor([0 if index is None else 1 + int(boxes[index][4])])
                ce = F.cross_entropy(scores[None], target)
                total = total + (ce if index is not None else share * ce)
            else:
                t = torch.zeros(c, dtype=torch.float64) if index is None else one_hot(boxes[index][4])
                total = total + focal(scores, t)
    return total / count


def loss_fcos(net, raw, images):
    maps = [tuple(level[0].shape[2:]) for level in raw]
    strides = [SIZE // h for h, _ in maps]
    matches = [by_centre(boxes, strides, maps) for boxes in images]
    count = max(1, sum(len(m) for m in matches))
    classes, boxes_lost, central, weight = 0, 0, 0, 0
    for image, (boxes, match) in enumerate(zip(images, matches)):
        for level, maps_of in enumerate(raw):
            cls, reg = maps_of[:2]
            wanted = torch.zeros_like(cls[image])
            for (at, y, x), index in match.items():
                if at != level:
                    continue
                s = strides[level]
                d = reg[image, :, y, x]
                d = (d if net.distances == "relu" else d.exp()) * s
                centre = torch.tensor([(x + 0.5) * s, (y + 0.5) * s])
                target = torch.tensor(boxes[index][:4])
                sides = torch.cat((centre - target[:2], target[2:] - centre)).clamp(min=1e-3)
                l, t, r, b = sides.tolist()
                ctr = math.sqrt(min(l, r) / max(l, r) * min(t, b) / max(t, b))
                importance = ctr if net.centerness else 1.0
                weight += importance
                lost = 1 - giou(torch.cat((centre - d[:2], centre + d[2:])), target)
                boxes_lost = boxes_lost + importance * lost
                if net.centerness:
                    central = central + bce(maps_of[2][image, 0, y, x], torch.tensor(ctr))
                wanted[int(boxes[index][4]), y, x] = 1
            classes = classes + focal(cls[image], wanted)
    return classes / count + boxes_lost / weight + central / count


LOSSES = {"yolo-anchors": loss_anchors, "yolo-cells": loss_cells, "yolo-distributions": loss_distributions,
          "yolo-distances": loss_distances, "ssd": loss_ssd, "fcos": loss_fcos}

NETWORKS = {
    "yolo-anchors-maps": lambda: Anchors(tail="maps"),
    "yolo-anchors-raw": lambda: Anchors(),
    "yolo-anchors-decoded": lambda: Anchors(tail="decoded"),
    "yolo-anchors-best": lambda: Anchors(tail="best"),
    "yolo-anchors-two-scales": lambda: Anchors(levels=2, tail="decoded", classes=4),
    "yolo-cells": lambda: Cells(),
    "yolo-distributions-maps": lambda: Distributions(),
    "yolo-distributions-decoded": lambda: Distributions(tail="decoded"),
    "yolo-distributions-eight": lambda: Distributions(tail="decoded", bins=8),
    "yolo-distributions-one-map": lambda: OneMap(),
    "ssd": lambda: Ssd(),
    "ssd-sigmoid": lambda: Ssd(anchors=(2, 2, 2), background=False),
    "fcos": lambda: Fcos(),
    "fcos-exp": lambda: Fcos(distances="exp"),
    "fcos-no-centerness": lambda: Fcos(distances="exp", centerness=False),
    "yolo-distances": lambda: Distances(),
}


def data(seed):
    rng = np.random.default_rng(seed)
    count = BATCH * BATCHES
    inputs = rng.standard_normal((count, 3, SIZE, SIZE)).astype("float32")
    targets = np.zeros((count, 4, 5), "float32")
    targets[..., 4] = -1
    for image in range(count):
        for i in range(1 + image):
            w, h = np.exp(rng.uniform(np.log(6), np.log(52), 2))
            x, y = rng.uniform(0, SIZE - w), rng.uniform(0, SIZE - h)
            targets[image, i] = (x, y, x + w, y + h, rng.integers(CLASSES))
    return inputs, targets


def main(folder):
    for number, (name, make) in enumerate(NETWORKS.items()):
        torch.manual_seed(number)
        net = make().train()
        for p in net.modules():
            if isinstance(p, nn.Conv2d) and p.weight.requires_grad:
                nn.init.kaiming_normal_(p.weight)
        inputs, targets = data(number)
        own = os.path.join(folder, name)
        os.makedirs(own, exist_ok=True)
        np.save(os.path.join(own, "inputs.npy"), inputs)
        np.save(os.path.join(own, "targets.npy"), targets)
        torch.onnx.export(net, torch.from_numpy(inputs[:BATCH]), os.path.join(own, "model.onnx"), opset_version=13,
                          training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False,
                          input_names=["image"], dynamic_axes={"image": {0: "n"}})
        net = net.double().train()
        convolutions = [(n, m) for n, m in net.named_modules()
                        if isinstance(m, nn.Conv2d) and m.weight.requires_grad]
        losses, norms = [], {n: [] for n, _ in convolutions}
        for b in range(BATCHES):
            part = slice(b * BATCH, (b + 1) * BATCH)
            images = [[tuple(float(v) for v in row) for row in image if row[4] >= 0] for image in targets[part]]
            torch.set_default_dtype(torch.float64)
            loss = LOSSES[net.kind](net, net.raw(torch.from_numpy(inputs[part]).double()), images)
            torch.set_default_dtype(torch.float32)
            net.zero_grad()
            loss.backward()
            losses.append(loss.item())
            for n, m in convolutions:
                norms[n].append(0.0 if m.weight.grad is None else m.weight.grad.norm().item())
        expected = {"kind": net.kind, "losses": losses,
                    "layers": [{"name": n, "gradientNorms": norms[n]} for n, _ in convolutions]}
        with open(os.path.join(own, "expected.json"), "w") as file:
            json.dump(expected, file, indent=1)


if __name__ == "__main__":
    main(sys.argv[1])
