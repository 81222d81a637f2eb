import { SecretsManagerServiceException } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, TransientError } from '../../../../functions/core/errors.ts';
import { classifyPostgresError } from '../../../../functions/core/ledger/postgres-errors.ts';
import { secretFault } from '../../../../functions/core/runtime/secrets.ts';

const answer = (name: string, fault: 'client' | 'server', httpStatusCode: number) =>
  new SecretsManagerServiceException({ name, $fault: fault, $metadata: { httpStatusCode } });

describe('a secret that cannot be read', () => {
  it.each(['AccessDeniedException', 'ResourceNotFoundException', 'DecryptionFailure', 'InvalidRequestException'])(
    '%s needs people, also where it comes to light as a connection to PostgreSQL opens',
    (name) => {
      const fault = secretFault('arn:secret', answer(name, 'client', 400));
      expect(fault).toBeInstanceOf(ConfigurationError);
      expect(classifyPostgresError(fault)).toBe(fault);
    },
  );

  it.each([
    answer('InternalServiceError', 'server', 500),
    answer('ThrottlingException', 'client', 400),
    answer('TooManyRequestsException', 'client', 429),
    new Error('connect ECONNREFUSED'),
  ])('%s passes', (error) => {
    expect(secretFault('arn:secret', error)).toBeInstanceOf(TransientError);
  });
});
