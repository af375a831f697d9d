/** Version of the installed onnxruntime (its JavaScript and native parts go together): part of every score's and latency's identity. */
import { env } from 'onnxruntime-common';

export const onnxruntimeVersion = env.versions.common;
