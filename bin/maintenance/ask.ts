import type { z } from 'zod';
import { type AnswerTo, answerSchema } from '../../functions/operations/maintenance/answer.ts';
import type { MaintenanceRequestInput } from '../../functions/operations/maintenance/request.ts';
import { openFunction } from '../function.ts';

/** Asks the deployed function. @throws Error with what the function says is wrong. */
export type Ask = <Action extends MaintenanceRequestInput['action']>(
  request: MaintenanceRequestInput & { readonly action: Action },
) => Promise<AnswerTo<Action>>;

/** @param endpoint of the local environment; without it AWS, with the environment's credentials and region. */
export function openAsk(stage: string, endpoint: string | undefined): { readonly ask: Ask; close(): void } {
  const { invoke, close } = openFunction({ stage, name: 'maintenance', endpoint });
  return {
    async ask(request) {
      const answer = answerSchema.parse(await invoke(request));
      if (isAnswerTo(request.action, answer)) return answer;
      throw new Error(`The function answered to ${answer.action}: is this the release that is deployed?`);
    },
    close,
  };
}

/** Whether an answer is to what was asked. */
export function isAnswerTo<Action extends MaintenanceRequestInput['action']>(
  action: Action,
  answer: z.infer<typeof answerSchema>,
): answer is AnswerTo<Action> {
  return answer.action === action;
}
