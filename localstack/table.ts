import Table from 'cli-table3';
import type { AuditTable } from './audit/audit.ts';

/** Columns of a terminal that the table needs with space around its figures. */
const wide = 97;

/** The accounting of a run as text, narrower where the terminal is. */
export function renderAudit(audit: AuditTable, columns = wide): string {
  const padding = columns < wide ? 0 : 1;
  const table = new Table({
    head: ['topic', 'produced', 'read', 'accepted', 'upcast', 'duplicate', 'rejected', 'lag'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true, 'padding-left': padding, 'padding-right': padding },
  });
  for (const row of audit.topics) {
    table.push([row.topic, row.produced, row.read, row.accepted, row.upcast, row.duplicate, row.rejected, row.lag]);
  }
  const sum = (pick: (row: AuditTable['topics'][number]) => number) =>
    audit.topics.reduce((total, row) => total + pick(row), 0);
  table.push([
    'all',
    sum(({ produced }) => produced),
    sum(({ read }) => read),
    sum(({ accepted }) => accepted),
    sum(({ upcast }) => upcast),
    sum(({ duplicate }) => duplicate),
    sum(({ rejected }) => rejected),
    sum(({ lag }) => lag),
  ]);
  const rules = Object.entries(audit.rules).map(([rule, count]) => `${rule} ${count}`);
  return [
    table.toString(),
    `ledger ${audit.ledger} rows, index ${audit.index} documents, lost ${sum(({ lost }) => lost)}, in two places ${sum(({ inTwoPlaces }) => inTwoPlaces)}`,
    `rejected by rule: ${rules.length === 0 ? 'none' : rules.join(', ')}`,
  ].join('\n');
}
