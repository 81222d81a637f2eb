import type { Validated } from '../../functions/core/batch/entry.ts';
import { ledgerEntryOf } from '../../functions/core/batch/process-batch.ts';
import type { LedgerEntry } from '../../functions/core/ledger/ledger.ts';
import { isJsonObject, storedForm, upcast, validateStatement } from '../../functions/core/xapi/index.ts';

const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;
let offsets = 0;

export interface MessageOptions {
  readonly topic?: string;
  readonly offset?: number;
}

/** A message as the pipeline hands it to the ledger, through the real steps. @throws Error if it is not valid. */
export function validated(
  value: unknown,
  { topic = 'xapi-events', offset = offsets++ }: MessageOptions = {},
): Validated {
  if (!isJsonObject(value)) throw new Error('A message is an object');
  const record = {
    cluster: 'arn:aws:kafka:us-east-1:000000000000:cluster/test/1',
    topic,
    partition: 0,
    offset,
    timestamp: 1_770_000_000_000,
    timestampType: 'CREATE_TIME',
    key: null,
    value: Buffer.from(JSON.stringify(value)),
    headers: [],
  };
  const result = upcast({ value, topic, record });
  const outcome = validateStatement(result.statement);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
  return {
    kind: 'validated',
    record,
    received: value,
    upcast: result,
    statement: storedForm(outcome.statement, { authority }),
  };
}

export function entry(value: unknown, options?: MessageOptions): LedgerEntry {
  return ledgerEntryOf('learning', validated(value, options));
}

/** What PostgreSQL alone refuses: there is no year 0 in its calendar. */
export const refusedTimestamp = '0000-01-01T00:00:00.000Z';
