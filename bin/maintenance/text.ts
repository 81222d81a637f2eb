import type { AnswerTo } from '../../functions/operations/maintenance/answer.ts';

export function reconcileText({ drift, left, sweeps, retired }: AnswerTo<'reconcile'>): string {
  return [
    `documents: ${drift.pending} overdue, ${drift.missing} missing, ${drift.outdated} outdated, ${drift.orphaned} without a row`,
    `statements joined to an account: ${drift.joined}`,
    `still due: ${left}`,
    ...(sweeps > 0 ? [`second sweeps of erasures: ${sweeps}`] : []),
    ...(retired > 0 ? [`generations deleted: ${retired}`] : []),
  ].join('\n');
}

export function eraseText({ dryRun, counts, kafkaDays }: AnswerTo<'erase'>): string {
  return [
    dryRun ? 'would be erased' : 'erased',
    `  statements: ${counts.statements} (rows keep id and place)`,
    `  documents: ${counts.documents}`,
    `  dead letters: ${counts.deadLetters}`,
    `  announcements: ${counts.outbox}`,
    `  export files, whoever is in them: ${counts.exports}`,
    `  people: ${counts.agents}, identifiers: ${counts.identities}`,
    `  statements of others that named the person${dryRun ? ', at most' : ''}: ${counts.mentions}`,
    `Kafka keeps its copies for up to ${kafkaDays} days, backups of PostgreSQL until their retention ends.`,
    ...(dryRun ? [] : ['A second sweep of the index follows by schedule, after the longest that a function can take.']),
  ].join('\n');
}

export function retentionText(answer: AnswerTo<'retention'>): string {
  const { dryRun, before, statements, indexes, agents, deadLetters } = answer;
  return [
    `${dryRun ? 'would be erased' : 'erased'}: what was stored before ${before}`,
    `  statements: ${statements} (rows keep id and place)`,
    `  monthly indexes: ${indexes}`,
    `  dead letters: ${deadLetters}`,
    `  people of whom nothing is left: ${agents}`,
  ].join('\n');
}

export function setBackText({ dryRun, to, topics }: AnswerTo<'set-back'>): string {
  const lines = Object.entries(topics).map(([topic, records]) => `  ${topic}: ${records}`);
  return [`records ${dryRun ? 'that would be' : 'to be'} read again, from ${to} on:`, ...lines].join('\n');
}
