import type { ConsumedTopicName } from '../../lib/catalogue.ts';
import type { Below } from '../workload/made-up.ts';
import type { OutgoingMessage } from '../workload/message.ts';
import type { Window } from './time.ts';

/** A message that has no statement id yet. */
export interface Draft {
  readonly make: (id: string) => OutgoingMessage;
  /** Whether another statement may void it. */
  readonly voidable: boolean;
}

/** What all made-up scenes of a data set draw from. */
export interface Stage {
  readonly seed: number;
  readonly window: Window;
  readonly population: number;
  readonly activities: number;
  readonly surveys: number;
  readonly below: Below;
}

export function draft(topic: ConsumedTopicName, key: string, statement: Readonly<Record<string, unknown>>): Draft {
  return {
    make: (id) => ({ topic, key: Buffer.from(key), value: Buffer.from(JSON.stringify({ id, ...statement })) }),
    voidable: true,
  };
}

/** Whether something happens that does so many times of a hundred. */
export function chance(percent: number, below: Below): boolean {
  return below(100) < percent;
}

/** A number below the limit, small ones more often: a few people and things have much of what happens. */
export function skewed(limit: number, below: Below): number {
  return Math.min(below(limit), below(limit));
}
