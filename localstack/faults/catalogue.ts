import type { Fault } from './fault.ts';
import { databaseFaults } from './kinds/database.ts';
import { engineFaults } from './kinds/engines.ts';
import { storeFaults } from './kinds/index-and-objects.ts';
import { processFaults } from './kinds/processes.ts';
import { recordFaults } from './kinds/records.ts';

/** Every fault there is. A new one is an entry in one of these lists. */
export const faults: readonly Fault[] = [
  ...recordFaults,
  ...processFaults,
  ...databaseFaults,
  ...storeFaults,
  ...engineFaults,
];

/** @throws Error that lists the known names */
export function faultNamed(name: string): Fault {
  const found = faults.find((fault) => fault.name === name);
  if (found !== undefined) return found;
  throw new Error(
    `There is no fault ${JSON.stringify(name)}; there are ${faults.map((fault) => fault.name).join(', ')}`,
  );
}
