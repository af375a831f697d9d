#!/usr/bin/env python3
"""Published architectures with weights at random, as ONNX files of PyTorch's exporter, to be converted.

    foreign_models.py IMAGES.npy FOLDER [NAME ...]

IMAGES.npy (float32, N x 3 x H x W) give the running statistics of BatchNormalization, and their size is that of the
networks' images. Needs torch, torchvision, timm and onnx (tried with 2.5.1, 0.20.1, 1.0.31 and 1.23.2).
"""
import os
import sys
import warnings

import numpy as np
import timm
import torch
import torchvision

warnings.filterwarnings("ignore")
torch.set_num_threads(1)

OF_TIMM = {
    "resnet18": "resnet18",
    "mobilenetv3-large": "mobilenetv3_large_100",
    "mobilenetv3-small": "mobilenetv3_small_100",
    "ghostnet": "ghostnet_100",
    "efficientnet-lite0": "efficientnet_lite0",
    "mobilenetv2": "mobilenetv2_100",
    "regnety-002": "regnety_002",
    "repvgg-a0": "repvgg_a0",
    "densenet121": "densenet121",
    "convnext-atto": "convnext_atto",
    "fbnetc": "fbnetc_100",
}
OF_TORCHVISION = {
    "shufflenet-v2": lambda: torchvision.models.shufflenet_v2_x1_0(weights=None),
    "squeezenet": lambda: torchvision.models.squeezenet1_1(weights=None),
    "googlenet": lambda: torchvision.models.googlenet(weights=None, aux_logits=False, init_weights=True),
}


class First(torch.nn.Module):
    """A dictionary's first entry is the output."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        y = self.model(x)
        return next(iter(y.values())) if isinstance(y, dict) else y


def with_statistics(model, images):
    """As training leaves them: means and variances of the images, layer after layer."""
    for module in model.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.momentum = None
            module.reset_running_stats()
            module.train()
        else:
            module.training = False
    with torch.no_grad():
        model(images)
    return model.eval()


def main(images, folder, names):
    os.makedirs(folder, exist_ok=True)
    images = torch.from_numpy(np.load(images))
    for name in names or [*OF_TIMM, *OF_TORCHVISION]:
        torch.manual_seed(24)
        made = timm.create_model(OF_TIMM[name]) if name in OF_TIMM else OF_TORCHVISION[name]()
        model = with_statistics(First(made).eval(), images)
        file = os.path.join(folder, f"{name}.onnx")
        torch.onnx.export(model, images[:1], file, input_names=["image"], output_names=["scores"], opset_version=17)
        print(name, os.path.getsize(file), sum(p.numel() for p in model.parameters()), flush=True)


main(sys.argv[1], sys.argv[2], sys.argv[3:])
