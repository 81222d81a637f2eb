import type { ClusterConnection } from '../../core/runtime/kafka-client.ts';
import type { MaintenanceAnswer } from './answer.ts';
import { type ErasureStores, erase } from './erase.ts';
import { inspect } from './inspect.ts';
import { lag } from './lag.ts';
import { measure } from './measure.ts';
import { rebuild } from './rebuild.ts';
import { reconcile } from './reconcile.ts';
import type { MaintenanceRequest } from './request.ts';
import { retention } from './retention.ts';
import { setBack } from './set-back.ts';

export interface MaintenanceContext {
  readonly stores: ErasureStores;
  readonly stage: string;
  readonly connection: ClusterConnection;
}

/** Does what an operator or the schedule asks. @throws TransientError | ConfigurationError | Error that says what to do. */
export function operate(request: MaintenanceRequest, context: MaintenanceContext): Promise<MaintenanceAnswer> {
  switch (request.action) {
    case 'reconcile':
      return reconcile(request, context.stores);
    case 'rebuild':
      return rebuild(request, context.stores);
    case 'erase':
      return erase(request, context.stores);
    case 'retention':
      return retention(request, context.stores);
    case 'set-back':
      return setBack(request, context);
    case 'lag':
      return lag(context);
    case 'inspect':
      return inspect(context.stores);
    case 'measure':
      return measure(context);
  }
}
