import type { Outbox, Publish } from './outbox.ts';

export interface RelayResult {
  readonly published: number;
  /** Another relay was at work, which does what this one would have done. */
  readonly busy: boolean;
  /** Rows may still wait: the time was used up. */
  readonly more: boolean;
}

/**
 * Publishes what waits in the outbox, at least once, round by round until nothing is left, another relay is at work or the
 * time is used up.
 * @throws what a round throws; what earlier rounds published stays marked.
 */
export async function relay(outbox: Outbox, publish: Publish, hasTime: () => boolean): Promise<RelayResult> {
  let published = 0;
  while (hasTime()) {
    const round = await outbox.round(publish);
    if (round.kind === 'busy') return { published, busy: true, more: false };
    if (round.published === 0) return { published, busy: false, more: false };
    published += round.published;
  }
  return { published, busy: false, more: true };
}
