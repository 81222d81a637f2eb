import {
  answerSchema,
  type DeadLetterAnswer,
  type ReplayCounts,
} from '../../functions/operations/dead-letters/answer.ts';
import type { DeadLetterRequestInput } from '../../functions/operations/dead-letters/request.ts';
import { tally } from '../../functions/operations/dead-letters/tally.ts';
import { type Asking, openAsking } from '../function.ts';

type DeadLetterAsking = Asking<DeadLetterRequestInput, DeadLetterAnswer>;
export type Ask = DeadLetterAsking['ask'];

/** @param endpoint of the local environment; without it AWS, with the environment's credentials and region. */
export function openAsk(stage: string, endpoint: string | undefined): DeadLetterAsking {
  return openAsking({ stage, name: 'dead-letters', endpoint }, answerSchema);
}

/** Goes on until everything that is meant was handled, or nothing is begun. */
export async function replayAll(
  ask: Ask,
  request: Extract<DeadLetterRequestInput, { readonly action: 'replay' }>,
): Promise<{ readonly begun: boolean; readonly counts: ReplayCounts }> {
  let counts = tally([]);
  let after: string | undefined;
  for (;;) {
    const rest = request.limit === undefined ? {} : { limit: request.limit - counts.selected };
    const answer = await ask({ ...request, ...rest, ...(after === undefined ? {} : { after }) });
    counts = sum(counts, answer.counts);
    const complete = answer.next === null || (request.limit !== undefined && counts.selected >= request.limit);
    if (complete || !answer.begun) return { begun: answer.begun, counts };
    after = answer.next ?? undefined;
  }
}

function sum(left: ReplayCounts, right: ReplayCounts): ReplayCounts {
  const rules = { ...left.rules };
  for (const [rule, count] of Object.entries(right.rules)) rules[rule] = (rules[rule] ?? 0) + count;
  return {
    selected: left.selected + right.selected,
    accepted: left.accepted + right.accepted,
    duplicate: left.duplicate + right.duplicate,
    rejected: left.rejected + right.rejected,
    transient: left.transient + right.transient,
    waiting: left.waiting + right.waiting,
    unreadable: left.unreadable + right.unreadable,
    rules,
  };
}
