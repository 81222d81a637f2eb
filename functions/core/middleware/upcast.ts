import type { MiddlewareObj } from '@middy/core';
import type { Decoded, Entry, Upcast } from '../batch/entry.ts';
import { upcast as upcastStatement } from '../xapi/index.ts';
import type { DecodedEvent } from './decode.ts';

/** The event after `upcast`. */
export interface UpcastEvent extends DecodedEvent {
  upcast: readonly Entry<Upcast>[];
}

/** Second step: producer dialects become the canonical form; every rule that fires is named. */
export function upcast(): MiddlewareObj<UpcastEvent> {
  return {
    before({ event }) {
      event.upcast = event.decoded.map(upcastEntry);
    },
  };
}

export function upcastEntry(entry: Entry<Decoded>): Entry<Upcast> {
  if (entry.kind === 'rejected') return entry;
  const { record, received } = entry;
  return {
    kind: 'upcast',
    record,
    received,
    upcast: upcastStatement({ value: received, topic: record.topic, record }),
  };
}
