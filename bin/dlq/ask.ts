import type { z } from 'zod';
import { type AnswerTo, answerSchema, type ReplayCounts } from '../../functions/operations/dead-letters/answer.ts';
import type { DeadLetterRequestInput } from '../../functions/operations/dead-letters/request.ts';
import { tally } from '../../functions/operations/dead-letters/tally.ts';
import { openFunction } from '../function.ts';

/** Asks the deployed function. @throws Error with what the function says is wrong. */
export type Ask = <Action extends DeadLetterRequestInput['action']>(
  request: DeadLetterRequestInput & { readonly action: Action },
) => Promise<AnswerTo<Action>>;

/** @param endpoint of the local environment; without it AWS, with the environment's credentials and region. */
export function openAsk(stage: string, endpoint: string | undefined): { readonly ask: Ask; close(): void } {
  const { invoke, close } = openFunction({ stage, name: 'dead-letters', endpoint });
  return { ask: async (request) => answerTo(request.action, await invoke(request)), close };
}

function answerTo<Action extends DeadLetterRequestInput['action']>(action: Action, value: unknown): AnswerTo<Action> {
  const answer = answerSchema.parse(value);
  if (isAnswerTo(action, answer)) return answer;
  throw new Error(`The function answered to ${answer.action}: is this the release that is deployed?`);
}

function isAnswerTo<Action extends DeadLetterRequestInput['action']>(
  action: Action,
  answer: z.infer<typeof answerSchema>,
): answer is AnswerTo<Action> {
  return answer.action === action;
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
