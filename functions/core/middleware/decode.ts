import type { MiddlewareObj } from '@middy/core';
import type { Decoded, Entry } from '../batch/entry.ts';
import { decodeValue } from '../kafka/decode.ts';
import type { KafkaEvent } from '../kafka/event.ts';
import { recordsOf } from '../kafka/record.ts';
import type { TimedEvent } from './timed.ts';

/** The event after `decode`: one entry per record, in the event's order. */
export interface DecodedEvent extends KafkaEvent, TimedEvent {
  decoded: readonly Entry<Decoded>[];
}

/** First step: each record's value as one JSON object, or a rejection. */
export function decode(): MiddlewareObj<DecodedEvent> {
  return {
    before({ event }) {
      event.decoded = decodeRecords(event);
    },
  };
}

/** One entry per record, in the event's order. */
export function decodeRecords(event: KafkaEvent): Entry<Decoded>[] {
  return recordsOf(event).map((record) => {
    const outcome = decodeValue(record.value);
    return outcome.ok
      ? { kind: 'decoded', record, received: outcome.value }
      : { kind: 'rejected', record, rejection: outcome.rejection };
  });
}
