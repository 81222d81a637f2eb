import type { Drill } from './drill.ts';
import { flowDrills } from './flow.ts';
import { functionDrills } from './functions.ts';
import { indexDrills } from './index-state.ts';
import { recordDrills } from './records.ts';
import { storeDrills } from './stores.ts';

/** Every drill by its name. */
export const drills: readonly Drill[] = [
  ...recordDrills,
  ...flowDrills,
  ...functionDrills,
  ...storeDrills,
  ...indexDrills,
];
