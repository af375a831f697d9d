#!/usr/bin/env python3
"""What onnxruntime's own quantize_static makes of networks that `npm run bench -- quantize-static write` wrote.

    quantize_static.py FOLDER FIGURES.json [NAME ...]

Each FOLDER/NAME/ has model.onnx, calibration.npy and heldout.npy; networks that FIGURES.json knows are left out. Weights per
channel and activations in int8, minimum and maximum, after quant_pre_process. Decibels are 10 log10(sum y^2 / sum
(y - q)^2) over all outputs of the held-out images, bytes are of the file.
"""
import json
import os
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process


class Images(CalibrationDataReader):
    def __init__(self, name, images):
        self.feeds = iter([{name: image[None]} for image in images])

    def get_next(self):
        return next(self.feeds, None)


def run(file, name, images):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return [session.run(None, {name: image[None]}) for image in images]


def decibels(expected, given):
    signal = noise = 0.0
    for one, other in zip(expected, given):
        for y, q in zip(one, other):
            signal += float(np.sum(np.square(y, dtype=np.float64)))
            noise += float(np.sum(np.square(y - q, dtype=np.float64)))
    return 10 * np.log10(signal / noise)


def main(folder, place, names):
    figures = {}
    if os.path.exists(place):
        with open(place) as file:
            figures = json.load(file)["figures"]
    for name in names or sorted(os.listdir(folder)):
        at = lambda file: os.path.join(folder, name, file)
        if name in figures or not os.path.exists(at("model.onnx")):
            continue
        calibration, heldout = np.load(at("calibration.npy")), np.load(at("heldout.npy"))
        image = onnxruntime.InferenceSession(at("model.onnx")).get_inputs()[0].name
        expected = run(at("model.onnx"), image, heldout)
        with tempfile.TemporaryDirectory() as work:
            prepared, written = os.path.join(work, "prepared.onnx"), os.path.join(work, "int8.onnx")
            quant_pre_process(at("model.onnx"), prepared)
            quantize_static(
                prepared,
                written,
                Images(image, calibration),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                activation_type=QuantType.QInt8,
                weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax,
            )
            sqnr = float(decibels(expected, run(written, image, heldout)))
            figures[name] = {"decibels": round(sqnr, 2), "bytes": os.path.getsize(written)}
        print(name, figures[name], flush=True)
        versions = {"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__}
        with open(place, "w") as file:
            json.dump({"versions": versions, "figures": figures}, file, indent=1)
            file.write("\n")


main(sys.argv[1], sys.argv[2], sys.argv[3:])
