import type { TrialLedger } from '../../core/ledger/trial-ledger.ts';
import type { Authority } from '../../core/xapi/index.ts';
import type { AnswerTo, DeadLetterRow } from './answer.ts';
import { cursorOf, positionOf } from './cursor.ts';
import type { DeadLetterTable } from './dead-letter-table.ts';
import { forecast } from './forecast.ts';
import type { GroupFunctions } from './group-functions.ts';
import { identityOf, type Originals, originalRecords } from './originals.ts';
import { type Invocation, planInvocations, type Replayable } from './plan.ts';
import { largestPage, type ReplayRequest } from './request.ts';
import { type Outcome, outcomeOf, tally } from './tally.ts';

export interface ReplayStores {
  readonly table: DeadLetterTable;
  readonly originals: Originals;
  readonly functions: GroupFunctions;
  readonly trial: () => TrialLedger;
  readonly authority: Authority;
  /** Whether the stores that the groups write to answer. */
  readonly healthy: () => Promise<boolean>;
  /** Whether there is time for another invocation. */
  readonly hasTime: () => boolean;
}

/** A selected row with the record that its object holds. */
interface Item extends Replayable {
  readonly row: DeadLetterRow;
}

/**
 * Replays waiting dead letters, or says what a replay would make of them, page by page while there is time; `next` is where
 * to go on. Each selected row is handled once, whatever its outcome. Only waiting rows are taken: a second replay
 * finds none of those that the first one settled.
 */
export async function replay(request: ReplayRequest, stores: ReplayStores): Promise<AnswerTo<'replay'>> {
  const { filter, limit = Number.POSITIVE_INFINITY, dryRun } = request;
  const trial = dryRun ? stores.trial() : null;
  const outcomes: Outcome[] = [];
  let next = request.after ?? null;
  for (;;) {
    const size = Math.min(largestPage, limit - outcomes.length);
    const after = next === null ? undefined : positionOf(next);
    const rows = await stores.table.select({ filter, state: 'waiting', after }, size);
    if (request.whenHealthy && rows.length > 0 && !(await stores.healthy())) {
      return { action: 'replay', dryRun, begun: outcomes.length > 0, counts: tally(outcomes), next };
    }
    outcomes.push(...(await replayPage(rows, trial, stores)));
    const last = rows.at(-1);
    next = last === undefined || rows.length < size ? null : cursorOf(last);
    if (next === null || outcomes.length >= limit || !stores.hasTime()) {
      return { action: 'replay', dryRun, begun: true, counts: tally(outcomes), next };
    }
  }
}

/** Outcomes of a page's rows, one each. What there is no time for waits. */
async function replayPage(
  rows: readonly DeadLetterRow[],
  trial: TrialLedger | null,
  stores: ReplayStores,
): Promise<Outcome[]> {
  const records = await originalRecords(rows, stores.originals);
  const items = rows.flatMap((row, position): Item[] => {
    const record = records[position] ?? null;
    return record === null ? [] : [{ group: row.group, record, row }];
  });
  const outcomes: Outcome[] = Array.from({ length: rows.length - items.length }, () => ({ kind: 'unreadable' }));
  for (const invocation of planInvocations(items)) outcomes.push(...(await outcomesOf(invocation, trial, stores)));
  return outcomes;
}

async function outcomesOf(
  invocation: Invocation<Item>,
  trial: TrialLedger | null,
  { table, functions, authority, hasTime }: ReplayStores,
): Promise<Outcome[]> {
  const { items, group, event } = invocation;
  if (trial !== null) {
    const foreseen = await forecast(invocation, trial, authority);
    return items.map(({ record }) => foreseen.get(identityOf(record)) ?? { kind: 'waiting' });
  }
  if (!hasTime()) return items.map(() => ({ kind: 'waiting' }));
  const records = items.map(({ record }) => record);
  const before = await table.states(records);
  const reported = await functions.invoke(group, event);
  const after = await table.states(records);
  return items.map(({ row, record }) => {
    const identity = identityOf(record);
    return outcomeOf({ row, before: before.get(identity), after: after.get(identity), reported });
  });
}
