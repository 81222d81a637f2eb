import { answerSchema, type MaintenanceAnswer } from '../../functions/operations/maintenance/answer.ts';
import type { MaintenanceRequestInput } from '../../functions/operations/maintenance/request.ts';
import { type Asking, openAsking } from '../function.ts';

type MaintenanceAsking = Asking<MaintenanceRequestInput, MaintenanceAnswer>;
export type Ask = MaintenanceAsking['ask'];

/** @param endpoint of the local environment; without it AWS, with the environment's credentials and region. */
export function openAsk(stage: string, endpoint: string | undefined): MaintenanceAsking {
  return openAsking({ stage, name: 'maintenance', endpoint }, answerSchema);
}
