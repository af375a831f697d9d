/** Convolutions and their transposes, tap by tap. Source: ONNX Conv, ConvTranspose. */
import type { Node } from '../../../main/graph/graph.ts';
import type { Evaluations, Value } from './value.ts';
import type { Known } from '../../../main/common/known.ts';

export const convolutions: Evaluations = {
  Conv: ({ attributes }, [x, weight, bias], [out]) => convolution(attributes, x, weight, bias, out),
  /** Every value of the image adds its multiple of the kernel to the output. */
  ConvTranspose({ attributes }, [x, weight, bias], [out]) {
    const { group, strides, dilations, pads } = attributes;
    const [batch, inChannels, height, width] = x.shape as Known<number>;
    const [, outPerGroup, kernelHeight, kernelWidth] = weight.shape as Known<number>;
    const [, outChannels, outHeight, outWidth] = out.shape as Known<number>;
    const plane = outHeight * outWidth;
    if (bias)
      out.data.forEach((_, i) => (out.data[i] = bias.data[Math.floor(i / plane) % outChannels]!));
    const add = (n: number, c: number, row: number, column: number) => {
      const value = x.data[((n * inChannels + c) * height + row) * width + column]!;
      const first = Math.floor(c / (inChannels / group)) * outPerGroup;
      for (let m = 0; m < outPerGroup; m++) {
        for (let i = 0; i < kernelHeight; i++) {
          for (let j = 0; j < kernelWidth; j++) {
            const y = row * strides[0] + i * dilations[0] - pads[0];
            const z = column * strides[1] + j * dilations[1] - pads[1];
            if (y < 0 || y >= outHeight || z < 0 || z >= outWidth) continue;
            const tap = weight.data[((c * outPerGroup + m) * kernelHeight + i) * kernelWidth + j]!;
            out.data[((n * outChannels + first + m) * outHeight + y) * outWidth + z]! +=
              value * tap;
          }
        }
      }
    };
    for (let n = 0; n < batch; n++) {
      for (let c = 0; c < inChannels; c++) {
        for (let row = 0; row < height; row++) {
          for (let column = 0; column < width; column++) add(n, c, row, column);
        }
      }
    }
  },
};

function convolution(
  attributes: Extract<Node, { kind: 'Conv' }>['attributes'],
  x: Value,
  weight: Value,
  bias: Value | undefined,
  out: Value,
): void {
  const { group, strides, dilations, pads } = attributes;
  const [batch, outChannels, outHeight, outWidth] = out.shape as Known<number>;
  const [, inChannels, height, width] = x.shape as Known<number>;
  const [, inPerGroup, kernelHeight, kernelWidth] = weight.shape as Known<number>;
  const outPerGroup = outChannels / group;
  let index = 0;
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < outChannels; m++) {
      const first = Math.floor(m / outPerGroup) * inPerGroup;
      for (let row = 0; row < outHeight; row++) {
        for (let column = 0; column < outWidth; column++) {
          let sum = bias ? bias.data[m]! : 0;
          for (let c = 0; c < inPerGroup; c++) {
            for (let i = 0; i < kernelHeight; i++) {
              const y = row * strides[0] + i * dilations[0] - pads[0];
              if (y < 0 || y >= height) continue;
              const xRow = ((n * inChannels + first + c) * height + y) * width;
              const wRow = ((m * inPerGroup + c) * kernelHeight + i) * kernelWidth;
              for (let j = 0; j < kernelWidth; j++) {
                const place = column * strides[1] + j * dilations[1] - pads[1];
                if (place < 0 || place >= width) continue;
                sum += x.data[xRow + place]! * weight.data[wRow + j]!;
              }
            }
          }
          out.data[index++] = sum;
        }
      }
    }
  }
}
