import { expect } from 'vitest';
import type { Changes } from './business-tables.ts';
import type { Adaptation } from './scene.ts';
import { useScenes } from './scenes.ts';

/** Last digits of the examples' ids. */
export const ids = {
  program: '0c9',
  session: '12d',
  booking: '191',
  learner: '065',
  author: '066',
  instructor: '067',
  certificate: '1f5',
} as const;

export const ext = 'http://nlj.platform/extensions/';

export const row = (columns: Record<string, unknown>) => expect.objectContaining(columns);

/** Scenes of trainings, and what their tests do and see often. */
export function useTrainingScenes() {
  const at = useScenes();

  /** A session of a known program, with so many seats. */
  async function schedule(capacity = 12, program: Record<string, unknown> = {}): Promise<void> {
    await at.scene.send('program.created (A)', { extensions: program });
    await at.scene.send('session.scheduled (A)', { extensions: { capacity } });
  }

  /** The booking of one of several learners of a at.scene. */
  const booking = (learner: string): string => at.scene.id(`booking of ${learner}`);
  const of = (learner: string, minute: number): Adaptation => ({
    minute,
    ids: { [ids.booking]: booking(learner), [ids.learner]: at.scene.id(`learner ${learner}`) },
  });
  const request = (learner: string, minute: number) => at.scene.send('booking.requested (A)', of(learner, minute));

  /** What was decided, as `topic event booking detail`, in order. */
  function announced({ outbox = [] }: Changes): string[] {
    return outbox.map(({ topic, key, body }) => {
      expect(key).toBe(at.scene.id(ids.session));
      const statement = JSON.parse(JSON.stringify(body));
      const value = (name: string) => statement.context.extensions[ext + name];
      const detail =
        value('confirmation_method') ??
        value('waitlist_position') ??
        value('rejection_reason') ??
        value('cancellation_reason') ??
        value('conflict_type');
      return `${topic} ${String(statement.verb.id).split('/').at(-1)} ${value('booking_id') ?? '-'} ${detail}`;
    });
  }

  const outcome = (verb: string, learner: string, detail: string | number) =>
    `nlj.training.outcomes ${verb} ${booking(learner)} ${detail}`;

  return { at, schedule, booking, of, request, announced, outcome };
}
