/**
 * What a person says of a trained model. Accuracies are percent, whatever their metric; what is compared with one
 * another has the same metric and the same images.
 */
import { z } from 'zod';

export const leastAccuracy = 0;
export const mostAccuracy = 100;
/** Characters of a metric or of a data set's name. */
export const longestName = 100;
/** Metrics that are offered; any other name can be typed. */
export const usualMetrics = ['top-1', 'top-5', 'mIoU', 'mAP'] as const;
/** From this many networks on, an order says something. */
export const leastToCompare = 3;

const name = z
  .string()
  .transform((text) => text.trim().replace(/\s+/g, ' '))
  .pipe(z.string().min(1).max(longestName));

export const statedSchema = z.strictObject({
  accuracy: z.number().min(leastAccuracy).max(mostAccuracy),
  metric: name,
  data: name,
});

/** What a person says of a trained model. */
export type Stated = Readonly<z.infer<typeof statedSchema>>;

/** Why it cannot be believed; null where it can. */
export function faultOfStated({ accuracy, metric, data }: Stated): string | null {
  if (!Number.isFinite(accuracy)) return 'The accuracy is not a number.';
  if (accuracy < leastAccuracy || accuracy > mostAccuracy) {
    return `The accuracy is ${accuracy}, and accuracies are percent from ${leastAccuracy} to ${mostAccuracy}.`;
  }
  const names = { metric, 'data set': data };
  for (const [what, text] of Object.entries(names)) {
    if (text.trim() === '') return `The ${what} is not named.`;
    if (text.trim().length > longestName) {
      return `The name of the ${what} has ${text.trim().length} characters; ${longestName} are enough.`;
    }
  }
  return null;
}

/** Accuracies with the same key can be compared. */
export const comparedBy = ({ metric, data }: Pick<Stated, 'metric' | 'data'>): string =>
  JSON.stringify([metric.toLowerCase(), data.toLowerCase()]);

/** Of a share given as a number up to 1, where percent are meant; null where that is unlikely. */
export function perhapsAShare({ accuracy }: Pick<Stated, 'accuracy'>): string | null {
  if (accuracy === 0 || accuracy > 1) return null;
  return `${accuracy} was taken as ${accuracy} %.`;
}
