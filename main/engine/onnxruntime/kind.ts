/** The onnxruntime engine, as main/engine/engines.ts lists it. */
import type { EngineKind } from '../engine-kind.ts';
import { OnnxRuntimeEngine } from './engine.ts';
import { scoringVersion } from './version.ts';

export const onnxruntimeKind: EngineKind = {
  here: () => ({ version: scoringVersion }),
  checks: false,
  open: (options) => new OnnxRuntimeEngine(options),
  computing: async () => (await import('./computing.ts')).onnxruntimeComputing,
};
