/** How the window has a model converted. */
import type { ConvertReport } from '../export/convert/report.ts';
import type { ConvertProgress, ConvertRequest } from '../export/convert/request.ts';

/** Starts the converting child. Throws what it throws, and the signal's reason. */
export type Convert = (
  request: Omit<ConvertRequest, 'productVersion' | 'assetsFolder'>,
  onProgress: (progress: ConvertProgress) => void,
  signal: AbortSignal,
) => Promise<ConvertReport>;
