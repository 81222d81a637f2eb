import { createSizeMeter, type EventEnvelope, type SourceRecord } from './event-json.ts';

/** The largest event that a synchronous invocation takes, in bytes. */
export const payloadLimit = 6 * 1024 * 1024;

/** When a batch is full. */
export interface BatchLimits {
  readonly batchSize: number;
  readonly windowMs: number;
  readonly payloadLimit: number;
}

/** The records that a poller has fetched and not yet invoked with, in the order of their arrival. */
export interface RecordQueue {
  push(records: readonly SourceRecord[], now: number): void;
  /** True when there is enough for the next batch, so that nothing more has to be fetched. */
  isFull(): boolean;
  /** Milliseconds until a batch is due, 0 for now, undefined when there is nothing to send. */
  dueIn(now: number): number | undefined;
  /** Takes the next batch; a single record over the payload limit is a batch by itself. */
  cut(): readonly SourceRecord[];
  /** Forgets the records of a partition. */
  drop(source: string): void;
  holds(source: string): boolean;
  readonly length: number;
}

interface Arrival {
  readonly record: SourceRecord;
  readonly at: number;
}

/**
 * A batch is due at the batch size, at the payload limit, or when its first record has waited for the window.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 */
export function createRecordQueue(envelope: EventEnvelope, limits: BatchLimits): RecordQueue {
  let arrivals: Arrival[] = [];
  let bytes = 0;
  const counts = new Map<string, number>();

  const isFull = () => arrivals.length >= limits.batchSize || bytes >= limits.payloadLimit;

  const forget = ({ source, json }: SourceRecord) => {
    bytes -= json.length;
    const left = (counts.get(source) ?? 0) - 1;
    if (left > 0) {
      counts.set(source, left);
    } else {
      counts.delete(source);
    }
  };

  return {
    push(records, now) {
      for (const record of records) {
        arrivals.push({ record, at: now });
        bytes += record.json.length;
        counts.set(record.source, (counts.get(record.source) ?? 0) + 1);
      }
    },
    isFull,
    dueIn(now) {
      const first = arrivals[0];
      if (first === undefined) {
        return undefined;
      }
      return isFull() ? 0 : Math.max(0, first.at + limits.windowMs - now);
    },
    cut() {
      const meter = createSizeMeter(envelope);
      const batch: SourceRecord[] = [];
      for (const { record } of arrivals) {
        if (batch.length >= limits.batchSize || (batch.length > 0 && meter.with(record) > limits.payloadLimit)) {
          break;
        }
        meter.add(record);
        batch.push(record);
        forget(record);
      }
      arrivals = arrivals.slice(batch.length);
      return batch;
    },
    drop(source) {
      if (!counts.has(source)) {
        return;
      }
      const kept: Arrival[] = [];
      for (const arrival of arrivals) {
        if (arrival.record.source === source) {
          forget(arrival.record);
        } else {
          kept.push(arrival);
        }
      }
      arrivals = kept;
    },
    holds: (source) => counts.has(source),
    get length() {
      return arrivals.length;
    },
  };
}
