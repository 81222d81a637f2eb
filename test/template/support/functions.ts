import type { z } from 'zod';
import {
  apiEnvironment,
  deadLettersEnvironment,
  exportEnvironment,
  maintenanceEnvironment,
  provisionEnvironment,
  relayEnvironment,
  rotateSecretEnvironment,
  showEnvironment,
  topicGroupEnvironment,
} from '../../../functions/core/environment.ts';
import { topicGroups } from '../../../lib/catalogue.ts';

interface FunctionUnderTest {
  readonly environment: z.ZodObject;
  /** Seconds; by default the stage's. */
  readonly timeout?: number;
  /** The stack that has it. Default: pipeline. */
  readonly stack?: 'api';
}

/** Every function of ours by its short name. */
export const functionsUnderTest: Readonly<Record<string, FunctionUnderTest>> = {
  ...Object.fromEntries(topicGroups.map(({ name }) => [name, { environment: topicGroupEnvironment }])),
  provision: { environment: provisionEnvironment },
  'dead-letters': { environment: deadLettersEnvironment, timeout: 900 },
  maintenance: { environment: maintenanceEnvironment, timeout: 900 },
  relay: { environment: relayEnvironment, timeout: 180 },
  'rotate-secret': { environment: rotateSecretEnvironment, timeout: 60 },
  export: { environment: exportEnvironment, timeout: 900 },
  show: { environment: showEnvironment, timeout: 30 },
  api: { environment: apiEnvironment, timeout: 29, stack: 'api' },
};

export const functionNames = Object.keys(functionsUnderTest);
