import Table from 'cli-table3';
import {
  type AnswerTo,
  type DeadLetterRow,
  outcomeKinds,
  type ReplayCounts,
} from '../../functions/operations/dead-letters/answer.ts';

/** How a record is named on the command line. */
export function placeText({ topic, partition, offset }: DeadLetterRow): string {
  return `${topic}/${partition}/${offset}`;
}

export function listText(rows: readonly DeadLetterRow[]): string {
  if (rows.length === 0) return 'No dead letters.';
  const table = new Table({
    head: ['record', 'state', 'class', 'rules', 'attempts', 'first seen'],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const rules = [...new Set(row.errors.map(({ rule }) => rule))];
    table.push([placeText(row), row.state, row.class, rules.join('\n'), String(row.attempts), row.firstSeen]);
  }
  return table.toString();
}

export function showText({ letters }: AnswerTo<'show'>): string {
  if (letters.length === 0) return 'No dead letter has this place.';
  return JSON.stringify(letters, null, 2);
}

export function countsText(counts: ReplayCounts, { dryRun }: { readonly dryRun: boolean }): string {
  const lines = [`${dryRun ? 'would be replayed' : 'replayed'}: ${counts.selected}`];
  for (const kind of outcomeKinds) if (counts[kind] > 0) lines.push(`  ${kind}: ${counts[kind]}`);
  for (const [rule, count] of Object.entries(counts.rules).sort()) lines.push(`    ${rule}: ${count}`);
  return lines.join('\n');
}

export function discardText({ classes, dryRun }: AnswerTo<'discard'>): string {
  const total = Object.values(classes).reduce((sum, count) => sum + count, 0);
  const lines = Object.entries(classes).map(([name, count]) => `  ${name}: ${count}`);
  return [`${dryRun ? 'would be discarded' : 'discarded'}: ${total}`, ...lines].join('\n');
}
