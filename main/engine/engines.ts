/**
 * The engines, one line each. What both sides of the bridge know about them is in common/engines.ts; each is
 * implemented in a folder of its own, which exports an `EngineKind`.
 */
import type { EngineName } from '../common/engines.ts';
import type { EngineKind } from './engine-kind.ts';
import { onednnKind as onednn } from './onednn/kind.ts';
import { onnxruntimeKind as onnxruntime } from './onnxruntime/kind.ts';

export const engineKinds: Readonly<Record<EngineName, EngineKind>> = { onednn, onnxruntime };
