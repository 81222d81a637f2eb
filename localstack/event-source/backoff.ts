/** How long to wait between attempts. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * The wait before an attempt after so many failed ones in a row: doubles up to a maximum, and is spread over
 * the upper half of that, so that pollers that failed together do not come back together.
 */
export function backoffMs({ baseMs, maxMs }: Backoff, failures: number, random: () => number = Math.random): number {
  if (failures <= 0) {
    return 0;
  }
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(ceiling * (0.5 + random() / 2));
}
