import Table from 'cli-table3';
import type { PartitionLag } from '../../functions/operations/maintenance/answer.ts';

/** What an operator sees of a topic's mapping. */
export interface MappingStatus {
  readonly topic: string;
  readonly group: string;
  /** As Lambda says; `missing` where there is no mapping. */
  readonly state: string;
  readonly lastResult: string;
  /** Reserved concurrency of the function; null where it has none. */
  readonly cap: number | null;
  readonly lag: number;
}

const plain = { style: { head: [], border: [] } };

export function statusText(mappings: readonly MappingStatus[]): string {
  const table = new Table({ head: ['topic', 'group', 'mapping', 'last result', 'cap', 'lag'], ...plain });
  for (const { topic, group, state, lastResult, cap, lag } of mappings) {
    table.push([topic, group, state, lastResult, cap === null ? '-' : String(cap), String(lag)]);
  }
  return table.toString();
}

export function lagText(partitions: readonly PartitionLag[]): string {
  const table = new Table({ head: ['topic', 'partition', 'committed', 'end', 'lag'], ...plain });
  for (const { topic, partition, committed, end, lag } of partitions) {
    table.push([topic, String(partition), committed === null ? '-' : String(committed), String(end), String(lag)]);
  }
  const total = partitions.reduce((sum, { lag }) => sum + lag, 0);
  return `${table.toString()}\n${total} records wait`;
}
