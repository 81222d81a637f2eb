import { z } from 'zod';

/** What Secrets Manager asks of a rotation function. @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
export const rotationRequest = z.object({
  SecretId: z.string().startsWith('arn:'),
  /** Version that is being made. */
  ClientRequestToken: z.string().min(1),
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
});
export type RotationRequest = z.infer<typeof rotationRequest>;
