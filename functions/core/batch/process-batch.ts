import pMap from 'p-map';
import { type DeadLetterStore, deadLetterOf, envelopeOf, objectKeyOf } from '../dead-letter/dead-letter.ts';
import { TransientError } from '../errors.ts';
import type { KafkaBatchResponse } from '../kafka/event.ts';
import type { SourceRecord } from '../kafka/record.ts';
import type { Confirmation, Ledger, LedgerEntry, LedgerOutcome } from '../ledger/ledger.ts';
import type { Projection } from '../ledger/projection.ts';
import type { StatementRow } from '../ledger/row.ts';
import { writeChunk } from '../ledger/write.ts';
import { objectives } from '../observability/metric-catalogue.ts';
import { peopleNamedIn } from '../people/named.ts';
import { personOf } from '../people/person.ts';
import { documentOf } from '../search/document.ts';
import type { IndexOutcome, SearchIndex } from '../search/search-index.ts';
import { canonicalHash, eventName, receivedHash, type ValidationError } from '../xapi/index.ts';
import { chunksOf } from './chunk.ts';
import type { BatchCounts } from './counts.ts';
import { countEntries, countSearchable } from './counts.ts';
import type { Entry, Rejected, Validated } from './entry.ts';
import { hasTime, patiently, type TimeBudget } from './patience.ts';

/** The stores a batch is written to. */
export interface Stores {
  readonly ledger: Ledger;
  readonly index: SearchIndex;
  readonly deadLetters: DeadLetterStore;
}

export interface BatchOptions extends TimeBudget {
  readonly group: string;
  readonly projections: readonly Pick<Projection, 'refuse'>[];
  /** Records of one transaction, at most. */
  readonly chunkRecords: number;
  /** Bytes of received values of one transaction, at most; a larger single record is a chunk of its own. */
  readonly chunkBytes: number;
  /** Objects written to the dead letter bucket at once. */
  readonly deadLetterConcurrency: number;
}

export interface BatchResult {
  readonly response: KafkaBatchResponse;
  readonly counts: BatchCounts;
}

/**
 * Writes a batch: ledger first, in chunks of one transaction each; then the index, in bulk, and its confirmation; dead
 * letters at the end, bytes before row. A record is reported as a batch item failure exactly if it has to come again.
 *
 * While a store is down the batch waits within the invocation's time; what is not done then is reported. Whatever step is interrupted, a repetition of the batch completes it: the ledger knows what it has, rows that wait
 * for their document are indexed when their record comes again, and dead letters have keys of their own.
 *
 * @throws ConfigurationError so that the whole batch comes again and an alarm tells.
 */
export async function processBatch(
  entries: readonly Entry<Validated>[],
  stores: Stores,
  options: BatchOptions,
): Promise<BatchResult> {
  const counts = countEntries(entries);
  const again: SourceRecord[] = [];
  const ruled = entries.map((entry) => applyRules(entry, options.projections));
  const rejected: Rejected[] = ruled.filter((entry) => entry.kind === 'rejected');
  const valid = ruled.filter((entry) => entry.kind === 'validated');

  for (const chunk of chunksOf(valid, options)) {
    if (!hasTime(options)) {
      again.push(...chunk.map(({ record }) => record));
      continue;
    }
    const { refused, unfinished } = await writeAndIndex(chunk, stores, options, counts);
    rejected.push(...refused);
    again.push(...unfinished);
  }
  const began = performance.now();
  again.push(...(await writeDeadLetters(rejected, stores, options, counts)));
  counts.steps.deadLetters = performance.now() - began;

  counts.retried += again.length;
  return {
    response: {
      batchItemFailures: again.map(({ topic, partition, offset }) => ({
        itemIdentifier: { partition: `${topic}-${partition}`, offset },
      })),
    },
    counts,
  };
}

interface ChunkResult {
  readonly refused: readonly Rejected[];
  readonly unfinished: readonly SourceRecord[];
}

/** Ledger, then index, then confirmation: each waits for its store as long as there is time. */
async function writeAndIndex(
  chunk: readonly Validated[],
  { ledger, index }: Stores,
  options: BatchOptions,
  counts: BatchCounts,
): Promise<ChunkResult> {
  const entries = chunk.map((entry) => ledgerEntryOf(options.group, entry));
  const began = performance.now();
  const written = await unlessDown(() => patiently('database', () => writeChunk(ledger, entries), options));
  const committed = performance.now();
  counts.steps.ledger += committed - began;
  if (written === null) return { refused: [], unfinished: chunk.map(({ record }) => record) };
  const refused: Rejected[] = [];
  const waiting: Waiting[] = [];
  /** Records whose own document is due, now or still. */
  const due: SourceRecord[] = [];
  let accepted = 0;
  for (const [position, { record }] of chunk.entries()) {
    const outcome = written.outcomes[position];
    if (outcome === undefined) throw new Error('The ledger answered for fewer entries than it was given');
    const rejection = rejectionOf(outcome);
    if (rejection !== null) refused.push({ kind: 'rejected', record, rejection });
    if (outcome.kind === 'accepted') accepted += 1;
    if (outcome.kind === 'duplicate') counts.duplicates += 1;
    if (outcome.kind === 'erased') counts.erased += 1;
    if ((outcome.kind === 'accepted' || outcome.kind === 'duplicate') && outcome.row !== null) {
      waiting.push({ record, row: outcome.row });
      due.push(record);
    }
  }
  counts.accepted += accepted;
  counts.ledgerWrites += accepted + written.effects.length;
  const records = new Map(chunk.map(({ statement, record }) => [statement.id, record]));
  for (const { row, causedBy } of written.effects) {
    waiting.push({ record: records.get(causedBy) ?? null, row });
    if (row.origin === 'platform' && !row.voided) counts.announced += 1;
  }
  const { confirmations, unfinished } = await indexRows(waiting, written.generations, index, options);
  const confirmed = await unlessDown(() =>
    patiently('database', () => ledger.confirm(confirmations), options).then(() => true),
  );
  counts.steps.index += performance.now() - committed;
  if (confirmed === null) return { refused, unfinished: recordsOf(waiting) };
  counts.indexed += confirmations.length;
  counts.documentsRefused += confirmations.filter(({ refusal }) => refusal !== null).length;
  const open = new Set(unfinished);
  countSearchable(
    counts,
    due.filter((record) => !open.has(record)).map(({ timestamp }) => timestamp),
    { now: Date.now(), objectiveMillis: objectives.freshMillis },
  );
  return { refused, unfinished };
}

/** A committed row whose document is to be written, and the record that brought it or caused its change; null if none did. */
interface Waiting {
  readonly record: SourceRecord | null;
  readonly row: StatementRow;
}

function recordsOf(waiting: readonly Waiting[]): SourceRecord[] {
  return [...new Set(waiting.flatMap(({ record }) => (record === null ? [] : [record])))];
}

/** Writes documents until each is taken or refused, or the time is used up: then its record is unfinished. */
async function indexRows(
  waiting: readonly Waiting[],
  generations: readonly number[],
  index: SearchIndex,
  options: BatchOptions,
): Promise<{ readonly confirmations: readonly Confirmation[]; readonly unfinished: readonly SourceRecord[] }> {
  const confirmations: Confirmation[] = [];
  let open = waiting;
  const writeOpen = async (): Promise<void> => {
    const outcomes = await index.write(
      open.map(({ row }) => ({ document: documentOf(row), version: row.documentVersion })),
      generations,
    );
    const still: Waiting[] = [];
    for (const [position, item] of open.entries()) {
      const outcome: IndexOutcome = outcomes[position] ?? { kind: 'transient' };
      if (outcome.kind === 'transient') still.push(item);
      else confirmations.push(confirmationOf(item.row, outcome));
    }
    open = still;
    if (open.length > 0) throw new TransientError(`The index did not take ${open.length} documents`);
  };
  if (open.length > 0) await unlessDown(() => patiently('index', writeOpen, options));
  return { confirmations, unfinished: recordsOf(open) };
}

function confirmationOf(row: StatementRow, outcome: IndexOutcome): Confirmation {
  return {
    id: row.id,
    documentVersion: row.documentVersion,
    refusal: outcome.kind === 'refused' ? outcome.reason : null,
  };
}

/** A validated record, or its rejection by the first business rule that refuses it. */
export function applyRules(
  entry: Entry<Validated>,
  projections: readonly Pick<Projection, 'refuse'>[],
): Entry<Validated> {
  if (entry.kind === 'rejected') return entry;
  const { record, statement } = entry;
  const event = eventName(record.topic, statement);
  for (const projection of projections) {
    const error = projection.refuse?.({ event, body: statement }) ?? null;
    if (error !== null) return { kind: 'rejected', record, rejection: { class: 'rule', errors: [error] } };
  }
  return entry;
}

/** The result, or null where a store was down until the time was used up. */
async function unlessDown<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    return null;
  }
}

/** What the ledger needs to know of a validated record. */
export function ledgerEntryOf(group: string, { record, received, upcast, statement }: Validated): LedgerEntry {
  return {
    record,
    statement,
    receivedHash: receivedHash(received),
    canonicalHash: canonicalHash(statement, { timestampAssigned: upcast.timestampAssigned }),
    group,
    event: eventName(record.topic, statement),
    person: personOf(statement.actor),
    identityLink: upcast.identityLink,
    delivery: upcast.delivery,
    upcastRules: upcast.rules,
  };
}

/** The dead letter's reason for an outcome, or null where the ledger has the record. */
export function rejectionOf(outcome: LedgerOutcome): Rejected['rejection'] | null {
  switch (outcome.kind) {
    case 'conflict':
      return { class: 'conflict', errors: [conflictError] };
    case 'unstorable':
      return { class: 'unstorable', errors: [unstorableError(outcome.sqlState)] };
    default:
      return null;
  }
}

const conflictError: ValidationError = {
  path: '$.id',
  rule: 'conflict',
  requirement: 'Part 3, 2.1.1',
  expected: 'an id of its own, or the same statement again',
  found: 'another statement under this id',
};

function unstorableError(sqlState: string): ValidationError {
  return {
    path: '$',
    rule: 'unstorable',
    requirement: 'PostgreSQL',
    expected: 'content that the ledger can hold',
    found: `SQLSTATE ${sqlState}`,
  };
}

/** Bytes to the bucket with no transaction open, then the rows. Returns the records for which either failed. */
async function writeDeadLetters(
  rejected: readonly Rejected[],
  { ledger, deadLetters }: Stores,
  options: BatchOptions,
  counts: BatchCounts,
): Promise<SourceRecord[]> {
  const { group, deadLetterConcurrency } = options;
  const named = rejected.map(({ record, rejection }) => ({
    record,
    class: rejection.class,
    personIds: peopleNamedIn(record.value),
  }));
  const erased = await unlessDown(() => patiently('database', () => ledger.eraseAmong(group, named), options));
  if (erased === null) return rejected.map(({ record }) => record);
  counts.erased += erased.size;
  const kept = rejected.filter((_, position) => {
    const known = named[position];
    return known === undefined || !erased.has(known);
  });
  const put = async (entry: Rejected): Promise<Rejected | null> => {
    const write = () => deadLetters.put(objectKeyOf(entry.record), envelopeOf(group, entry));
    return unlessDown(() => patiently('dead-letters', write, options).then(() => entry));
  };
  const placed = await pMap(kept, put, { concurrency: deadLetterConcurrency });
  const written = placed.filter((entry) => entry !== null);
  const rows = written.map((entry) => deadLetterOf(group, deadLetters.bucket, entry));
  const recorded = await unlessDown(() =>
    patiently('database', () => ledger.recordDeadLetters(rows), options).then(() => true),
  );
  const handled = new Set(recorded === null ? [] : written);
  for (const { rejection } of handled) {
    counts.rejected[rejection.class] = (counts.rejected[rejection.class] ?? 0) + 1;
    for (const rule of new Set(rejection.errors.map((error) => error.rule))) {
      counts.rules[rule] = (counts.rules[rule] ?? 0) + 1;
    }
  }
  return kept.filter((entry) => !handled.has(entry)).map(({ record }) => record);
}
