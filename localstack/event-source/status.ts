import { rename, writeFile } from 'node:fs/promises';

/** What observers may know of a mapping. */
export interface MappingCounters {
  readonly uuid: string;
  readonly functionArn: string;
  readonly topics: readonly string[];
  readonly consumerGroupId: string;
  pollers: number;
  /** Batches that are wholly done. */
  batches: number;
  /** Records that are done: handled, or given up. */
  records: number;
  invocations: number;
  /** Invocations after the first of the same records that count as attempts. */
  retries: number;
  /** Attempts that did not count: throttled, service error, unreachable. */
  notInvoked: number;
  bisects: number;
  /** Records given up, whether to the destination or dropped. */
  exhausted: number;
  /** Records read from Kafka, and their bytes as events. */
  polled: number;
  polledBytes: number;
  /** Records of all invocations; a record that comes again counts again. */
  invoked: number;
  /** Records of invocations that failed, and records reported to come again. */
  failed: number;
  /** Records written to the destination, and records lost since there is none or it refused them. */
  delivered: number;
  dropped: number;
  /** Records that commits went past. */
  committedRecords: number;
  /** Failures of polling, invoking, committing, and of writing to the destination. */
  readonly errors: { polling: number; invoke: number; commit: number; destination: number };
  /** Records with pollers right now: in an invocation or waiting for their next attempt. */
  inFlight: number;
  /** By `<topic>-<partition>`, as last committed by this process. */
  readonly committed: Record<string, number>;
}

export function createCounters({
  uuid,
  functionArn,
  topics,
  consumerGroupId,
}: Pick<MappingCounters, 'uuid' | 'functionArn' | 'topics' | 'consumerGroupId'>): MappingCounters {
  return {
    uuid,
    functionArn,
    topics,
    consumerGroupId,
    pollers: 0,
    batches: 0,
    records: 0,
    invocations: 0,
    retries: 0,
    notInvoked: 0,
    bisects: 0,
    exhausted: 0,
    polled: 0,
    polledBytes: 0,
    invoked: 0,
    failed: 0,
    delivered: 0,
    dropped: 0,
    committedRecords: 0,
    errors: { polling: 0, invoke: 0, commit: 0, destination: 0 },
    inFlight: 0,
    committed: {},
  };
}

/** Writes the status so that a reader never sees half of it. */
export async function writeStatus(path: string, mappings: readonly MappingCounters[]): Promise<void> {
  const status = { time: new Date().toISOString(), pid: process.pid, mappings };
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, `${JSON.stringify(status)}\n`);
  await rename(partial, path);
}
