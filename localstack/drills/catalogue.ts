import type { Drill } from './drill.ts';
import { flowDrills } from './flow.ts';
import { recordDrills } from './records.ts';
import { storeDrills } from './stores.ts';

/** Every drill by its name. */
export const drills: readonly Drill[] = [...recordDrills, ...flowDrills, ...storeDrills];
