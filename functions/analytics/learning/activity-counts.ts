import { z } from 'zod';
import { adl } from '../../core/xapi/prefixes.ts';
import { groupCount, groupedBy, groups, left, type Part, partsFor, sumOver } from '../search/grouped.ts';
import { metric } from '../search/metrics.ts';
import { type Filter, having } from './base.ts';
import { registeredAnswer, registeredTime } from './time-spent.ts';

const attempting: Filter = { terms: { verb: [`${adl}attempted`, `${adl}initialized`] } };

/** A bucket's 1 or 0, to be summed. */
function flag(path: Readonly<Record<string, string>>, source: string) {
  return { bucket_script: { buckets_path: path, script: { lang: 'painless', source: `${source} ? 1 : 0` } } };
}

/** What is counted learner by learner, and registration by registration: of all, or of a part of them. */
export function counted(part?: Part) {
  return {
    learners: {
      filter: having('agent_key'),
      aggs: {
        counted: groupedBy('agent_key', part, {
          completed: { max: { field: 'completes' } },
          first: { min: { field: 'timestamp' } },
          last: { max: { field: 'timestamp' } },
          attempting: { filter: attempting },
          durations: { value_count: { field: 'duration_seconds' } },
          active: flag(
            { first: 'first', last: 'last' },
            'Math.floor(params.last / 86400000.0) > Math.floor(params.first / 86400000.0)',
          ),
          timed: flag({ durations: 'durations' }, 'params.durations > 0'),
          tried: flag({ attempting: 'attempting>_count' }, 'params.attempting > 0'),
        }),
        all: groupCount('counted'),
        completed: sumOver('counted>completed'),
        active: sumOver('counted>active'),
        timed: sumOver('counted>timed'),
        tried: sumOver('counted>tried'),
        estimate: { cardinality: { field: 'agent_key' } },
      },
    },
    attempts: {
      filter: attempting,
      aggs: {
        counted: groupedBy('attempt', part, {}),
        all: groupCount('counted'),
        estimate: { cardinality: { field: 'attempt' } },
      },
    },
    registered: registeredTime(part),
  };
}

/** What the engine answers to `counted`. */
export const countedAnswer = z.object({
  learners: z
    .object({
      counted: left,
      all: groups,
      completed: metric,
      active: metric,
      timed: metric,
      tried: metric,
      estimate: metric,
    })
    .prefault({}),
  attempts: z.object({ counted: left, all: groups, estimate: metric }).prefault({}),
  registered: registeredAnswer,
});
export type Counted = z.infer<typeof countedAnswer>;

/** Parts in which what is counted must be asked for anew, because one request could not hold it. */
export function partsOf({ learners, attempts, registered }: Counted): readonly Part[] {
  const missing = [learners, attempts, registered].some(({ counted }) => counted.sum_other_doc_count > 0);
  const most = Math.max(learners.estimate.value ?? 0, attempts.estimate.value ?? 0, registered.sittings.value ?? 0);
  return missing ? partsFor(most) : [];
}
