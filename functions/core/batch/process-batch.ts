import pMap from 'p-map';
import { type DeadLetterStore, deadLetterOf, envelopeOf, objectKeyOf } from '../dead-letter/dead-letter.ts';
import { TransientError } from '../errors.ts';
import type { KafkaBatchResponse } from '../kafka/event.ts';
import type { SourceRecord } from '../kafka/record.ts';
import type { Confirmation, Ledger, LedgerEntry, LedgerOutcome } from '../ledger/ledger.ts';
import type { StatementRow } from '../ledger/row.ts';
import { writeChunk } from '../ledger/write.ts';
import { personOf } from '../people/person.ts';
import { documentOf } from '../search/document.ts';
import type { IndexOutcome, SearchIndex } from '../search/search-index.ts';
import { canonicalHash, eventName, receivedHash, type ValidationError } from '../xapi/index.ts';
import { chunksOf } from './chunk.ts';
import type { BatchCounts } from './counts.ts';
import { countEntries } from './counts.ts';
import type { Entry, Rejected, Validated } from './entry.ts';

/** The stores a batch is written to. */
export interface Stores {
  readonly ledger: Ledger;
  readonly index: SearchIndex;
  readonly deadLetters: DeadLetterStore;
}

export interface BatchOptions {
  readonly group: string;
  /** Milliseconds that the invocation has left. */
  readonly remainingMillis: () => number;
  /** Records of one transaction, at most. */
  readonly chunkRecords: number;
  /** Bytes of received values of one transaction, at most; a larger single record is a chunk of its own. */
  readonly chunkBytes: number;
  /** A chunk is not begun with less time than this left: what is not done is reported and comes again. */
  readonly reserveMillis: number;
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
 * Whatever step is interrupted, a repetition of the batch completes it: the ledger knows what it has, rows that wait
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
  const rejected: Rejected[] = entries.filter((entry) => entry.kind === 'rejected');
  const valid = entries.filter((entry) => entry.kind === 'validated');

  let storeDown = false;
  for (const chunk of chunksOf(valid, options)) {
    if (storeDown || options.remainingMillis() < options.reserveMillis) {
      again.push(...chunk.map(({ record }) => record));
      continue;
    }
    try {
      const { refused, unfinished } = await writeAndIndex(chunk, stores, options, counts);
      rejected.push(...refused);
      again.push(...unfinished);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      storeDown = true;
      again.push(...chunk.map(({ record }) => record));
    }
  }
  again.push(...(await writeDeadLetters(rejected, stores, options, counts)));

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

async function writeAndIndex(
  chunk: readonly Validated[],
  { ledger, index }: Stores,
  { group }: BatchOptions,
  counts: BatchCounts,
): Promise<ChunkResult> {
  const { outcomes, generations } = await writeChunk(
    ledger,
    chunk.map((entry) => ledgerEntryOf(group, entry)),
  );
  const refused: Rejected[] = [];
  const waiting: { record: SourceRecord; row: StatementRow }[] = [];
  for (const [position, { record }] of chunk.entries()) {
    const outcome = outcomes[position];
    if (outcome === undefined) throw new Error('The ledger answered for fewer entries than it was given');
    const rejection = rejectionOf(outcome);
    if (rejection !== null) refused.push({ kind: 'rejected', record, rejection });
    if (outcome.kind === 'accepted') counts.accepted += 1;
    if (outcome.kind === 'duplicate') counts.duplicates += 1;
    if ((outcome.kind === 'accepted' || outcome.kind === 'duplicate') && outcome.row !== null) {
      waiting.push({ record, row: outcome.row });
    }
  }
  return { refused, unfinished: await indexRows(waiting, generations, ledger, index, counts) };
}

/** Writes the documents of committed rows and confirms them. Returns the records that must come again for it. */
async function indexRows(
  waiting: readonly { readonly record: SourceRecord; readonly row: StatementRow }[],
  generations: readonly number[],
  ledger: Ledger,
  index: SearchIndex,
  counts: BatchCounts,
): Promise<SourceRecord[]> {
  if (waiting.length === 0) return [];
  const outcomes = await index.write(
    waiting.map(({ row }) => ({ document: documentOf(row), version: row.documentVersion })),
    generations,
  );
  const unfinished: SourceRecord[] = [];
  const confirmations: Confirmation[] = [];
  for (const [position, { record, row }] of waiting.entries()) {
    const outcome: IndexOutcome = outcomes[position] ?? { kind: 'transient' };
    if (outcome.kind === 'transient') {
      unfinished.push(record);
      continue;
    }
    if (outcome.kind === 'refused') counts.documentsRefused += 1;
    confirmations.push({
      id: row.id,
      documentVersion: row.documentVersion,
      refusal: outcome.kind === 'refused' ? outcome.reason : null,
    });
  }
  await ledger.confirm(confirmations);
  counts.indexed += confirmations.length;
  return unfinished;
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

function rejectionOf(outcome: LedgerOutcome): Rejected['rejection'] | null {
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
  { group, deadLetterConcurrency }: BatchOptions,
  counts: BatchCounts,
): Promise<SourceRecord[]> {
  const unfinished: SourceRecord[] = [];
  const written: Rejected[] = [];
  const putOne = async (entry: Rejected): Promise<void> => {
    try {
      await deadLetters.put(objectKeyOf(entry.record), envelopeOf(group, entry));
      written.push(entry);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      unfinished.push(entry.record);
    }
  };
  await pMap(rejected, putOne, { concurrency: deadLetterConcurrency });
  try {
    await ledger.recordDeadLetters(written.map((entry) => deadLetterOf(group, deadLetters.bucket, entry)));
    for (const { rejection } of written) {
      counts.rejected[rejection.class] = (counts.rejected[rejection.class] ?? 0) + 1;
      for (const rule of new Set(rejection.errors.map((error) => error.rule))) {
        counts.rules[rule] = (counts.rules[rule] ?? 0) + 1;
      }
    }
    return unfinished;
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    return [...unfinished, ...written.map(({ record }) => record)];
  }
}
