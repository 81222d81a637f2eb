import { contentProjection } from './content/projection.ts';
import type { Projection } from './core/ledger/projection.ts';
import { surveyProjection } from './survey/projection.ts';
import { trainingProjection } from './training/projection.ts';

/** What the events of each topic group change in tables besides the ledger, in this order. */
export const groupProjections: Readonly<Record<string, readonly Projection[]>> = {
  survey: [surveyProjection],
  // `xapi-events` carries survey statements too: they change the survey tables alike.
  learning: [surveyProjection],
  training: [trainingProjection],
  content: [contentProjection],
};

/** Every projection once: what is derived from the ledger, whichever group's function changes it. */
export const everyProjection: readonly Projection[] = [...new Set(Object.values(groupProjections).flat())];
