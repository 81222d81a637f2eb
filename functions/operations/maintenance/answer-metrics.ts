import type { Emitter } from '../../core/observability/emit.ts';
import type { AnswerTo, MaintenanceAnswer } from './answer.ts';

const service = 'maintenance';

/**
 * Emits what an answer says.
 * @param emitterOf the emitter of a service; ages of unread records are emitted as those of their topic group.
 */
export function answerMetrics(emitterOf: (service: string) => Emitter): (answer: MaintenanceAnswer) => void {
  const emitters = new Map<string, Emitter>();
  const emitter = (name: string): Emitter => {
    const known = emitters.get(name) ?? emitterOf(name);
    emitters.set(name, known);
    return known;
  };
  return (answer) => {
    if (answer.action === 'reconcile') emitter(service).service(reconcileMetrics(answer));
    if (answer.action !== 'measure') return;
    if (answer.database !== null) emitter(service).service(answer.database);
    for (const [group, unreadAge] of Object.entries(answer.unreadAge ?? {})) emitter(group).service({ unreadAge });
  };
}

/** `drift`: documents that were not as their rows, whatever the reason; all of it was mended except `driftLeft`. */
function reconcileMetrics({ drift, left }: AnswerTo<'reconcile'>) {
  const { pending, missing, outdated, orphaned, joined } = drift;
  const found = pending + missing + outdated + orphaned;
  return { drift: found, driftLeft: left, incorrect: Math.max(0, found - left), statementsJoined: joined };
}
