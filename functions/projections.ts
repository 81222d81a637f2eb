import type { Projection } from './core/ledger/projection.ts';
import { surveyProjection } from './survey/projection.ts';

/** What the events of each topic group change in tables besides the ledger, in this order. */
export const groupProjections: Readonly<Record<string, readonly Projection[]>> = {
  survey: [surveyProjection],
  // `xapi-events` carries survey statements too: they change the survey tables alike.
  learning: [surveyProjection],
};

/** Every projection once: what is derived from the ledger, whichever group's function changes it. */
export const everyProjection: readonly Projection[] = [...new Set(Object.values(groupProjections).flat())];
