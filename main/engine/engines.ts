/**
 * The engines, one line each. What both sides of the bridge know of them stands in common/engines.ts; what they are
 * made of lies in a folder each, which exports a `kind`.
 */
import type { EngineName } from '../common/engines.ts';
import type { EngineKind } from './engine-kind.ts';
import { kind as onednn } from './onednn/kind.ts';
import { kind as onnxruntime } from './onnxruntime/kind.ts';

export const engineKinds: Readonly<Record<EngineName, EngineKind>> = { onednn, onnxruntime };
