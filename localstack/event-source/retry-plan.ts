import type { SourceRecord } from './event-json.ts';
import type { ResponseContext, Verdict } from './outcome.ts';

/**
 * What is left to do for one batch: segments in order, of which the first is tried until it is settled.
 *
 * A record leaves the plan exactly once: done (its invocation succeeded) or discarded (given to the on-failure
 * destination, or dropped where there is none), unless its partition is lost, which drops it for the new owner.
 */
export interface Plan {
  readonly segments: readonly Segment[];
}

/** Records that are invoked with together. */
export interface Segment {
  readonly records: readonly SourceRecord[];
  /** Attempts that count towards the retry limit. */
  readonly failures: number;
  /** Invocations of these records so far, whatever batch they were in. */
  readonly invocations: number;
  /** Steps without success in a row: how long to wait before the next. */
  readonly waits: number;
  readonly tooLarge: boolean;
  readonly response: ResponseContext | null;
  readonly requestId: string | null;
}

/** Why records are given up; the name that AWS writes into the envelope. */
export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'MaximumPayloadSizeExceeded';

export interface RetryLimits {
  /** Retries after the first attempt; Infinity for no limit. */
  readonly maximumRetryAttempts: number;
  /** Infinity for no limit. */
  readonly maximumRecordAgeMs: number;
}

export type Step =
  | { readonly kind: 'invoke'; readonly segment: Segment }
  | { readonly kind: 'discard'; readonly segment: Segment; readonly condition: DiscardCondition }
  | { readonly kind: 'settled' };

/** The plan of a batch that has not been tried yet. */
export function planOf(records: readonly SourceRecord[]): Plan {
  const segment = {
    records,
    failures: 0,
    invocations: 0,
    waits: 0,
    tooLarge: false,
    response: null,
    requestId: null,
  };
  return { segments: records.length === 0 ? [] : [segment] };
}

/**
 * What to do next. An age limit is looked at before every attempt, whatever the earlier ones ended with.
 * `fits` says whether a record can be sent at all.
 */
export function nextStep(plan: Plan, limits: RetryLimits, now: number, fits: (record: SourceRecord) => boolean): Step {
  const head = plan.segments[0];
  if (head === undefined) {
    return { kind: 'settled' };
  }
  const only = head.records.length === 1 ? head.records[0] : undefined;
  if (head.tooLarge || (only !== undefined && !fits(only))) {
    return { kind: 'discard', segment: head, condition: 'MaximumPayloadSizeExceeded' };
  }
  if (head.failures > limits.maximumRetryAttempts) {
    return { kind: 'discard', segment: head, condition: 'RetryAttemptsExhausted' };
  }
  if (limits.maximumRecordAgeMs !== Number.POSITIVE_INFINITY) {
    const old = head.records.filter(({ timestamp }) => now - timestamp > limits.maximumRecordAgeMs);
    if (old.length > 0) {
      return { kind: 'discard', segment: { ...head, records: old }, condition: 'RecordAgeExceeded' };
    }
  }
  return { kind: 'invoke', segment: head };
}

/** The plan after the head segment's invocation. */
export function afterInvocation(
  plan: Plan,
  verdict: Verdict,
  last: { readonly response: ResponseContext | null; readonly requestId: string | null },
): Plan {
  const [head, ...rest] = plan.segments;
  if (head === undefined) {
    return plan;
  }
  const seen = { ...head, ...last, waits: head.waits + 1, invocations: head.invocations + 1 };
  switch (verdict.kind) {
    case 'done':
      return { segments: rest };
    case 'retry-records':
      return { segments: [{ ...seen, records: verdict.records, failures: head.failures + 1 }, ...rest] };
    case 'retry-whole':
      return { segments: [{ ...seen, failures: head.failures + 1 }, ...rest] };
    case 'bisect': {
      const middle = Math.ceil(head.records.length / 2);
      const halves = [head.records.slice(0, middle), head.records.slice(middle)];
      return { segments: [...halves.map((records) => ({ ...seen, records, waits: 1 })), ...rest] };
    }
    case 'again':
      return { segments: [{ ...head, waits: head.waits + 1 }, ...rest] };
    case 'too-large':
      return { segments: [{ ...head, tooLarge: true }, ...rest] };
  }
}

/** The plan once the records of a `discard` step are safe at the destination, or dropped where there is none. */
export function afterDiscard(plan: Plan, discarded: readonly SourceRecord[]): Plan {
  const gone = new Set(discarded);
  return keep(plan, (record) => !gone.has(record));
}

/** The plan without the records that the poller does not own any more. */
export function keep(plan: Plan, isKept: (record: SourceRecord) => boolean): Plan {
  const segments: Segment[] = [];
  for (const segment of plan.segments) {
    const records = segment.records.filter(isKept);
    if (records.length > 0) {
      segments.push(records.length === segment.records.length ? segment : { ...segment, records });
    }
  }
  return { segments };
}
