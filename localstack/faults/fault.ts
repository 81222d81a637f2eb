import type { Stage } from './stage.ts';
import type { Shape } from './workload.ts';

/** Ends a fault: what was broken works again when it resolves. */
export type Mend = () => Promise<void>;

/** Something that goes wrong, at a chosen moment and for a chosen time. */
export interface Fault {
  readonly name: string;
  /** What it does, for people. */
  readonly does: string;
  /** Seconds that it lasts in a run of its own, and in `npm test`. */
  readonly seconds: { readonly full: number; readonly short: number };
  /** Whether random schedules take it: those that take long to mend they do not. */
  readonly random: boolean;
  /** What it works with: of faults that name the same, one waits until the other is mended. */
  readonly hold?: 'kafka' | 'postgres' | 'opensearch' | 'event-source';
  /** What is sent while it lasts. Default `mixed`. */
  readonly shape?: Shape;
  /** Whether everything waits in Kafka before it begins, so that it comes in few batches. */
  readonly held?: boolean;
  /**
   * Begins it. With a moment to wait for it only arms itself.
   * @param hit to be called each time that it took effect
   */
  begin(stage: Stage, hit: () => void): Promise<Mend>;
}
