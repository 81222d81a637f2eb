import { LambdaServiceException } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { resultOfError } from '../../../../localstack/event-source/invoker.ts';

function serviceError(name: string, httpStatusCode: number): LambdaServiceException {
  return new LambdaServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } });
}

describe('an error of the Invoke call', () => {
  it.each([
    ['TooManyRequestsException', 429],
    ['ServiceException', 500],
    ['ResourceConflictException', 409],
    ['ResourceNotFoundException', 404],
  ])('%s means that the function was not invoked', (name, status) => {
    expect(resultOfError(serviceError(name, status))).toEqual({ kind: 'not-invoked', reason: name });
  });

  it('that says too large is told apart', () => {
    expect(resultOfError(serviceError('RequestTooLargeException', 413))).toEqual({ kind: 'too-large' });
  });

  it('of the connection means that the function was not invoked, as far as is known', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(resultOfError(refused)).toEqual({ kind: 'not-invoked', reason: 'ECONNREFUSED' });
  });
});
