/** The onednn engine, as main/engine/engines.ts lists it. */
import { WorkbenchError, type ErrorReport } from '../../errors.ts';
import type { EngineKind } from '../engine-kind.ts';
import { builtVersion } from './addon.ts';
import { OneDnnEngine } from './engine.ts';

const missing: ErrorReport = {
  code: 'engine-unavailable',
  message: 'The onednn engine was not built.',
  hint: 'Build it with "npm run build:native" (docs/native.md), or choose onnxruntime.',
};

export const onednnKind: EngineKind = {
  here(precision) {
    const version = builtVersion(precision);
    return version === null ? { version, missing } : { version };
  },
  checks: true,
  open({ mayHandOn, ...options }) {
    const version = builtVersion(options.precision);
    if (version === null) throw WorkbenchError.fromReport(missing);
    return new OneDnnEngine({ ...options, version, otherwise: mayHandOn ? 'onnxruntime' : null });
  },
  computing: async () => (await import('./computing.ts')).onednnComputing,
};
