/** Version of the onnxruntime that is installed: part of every score's and latency's identity. */
import { env } from 'onnxruntime-common';

export const onnxruntimeVersion = env.versions.node ?? env.versions.common;
