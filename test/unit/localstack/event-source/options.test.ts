import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../../localstack/event-source/options.ts';

const needed = ['--aws-endpoint', 'http://127.0.0.1:4566', '--kafka', '127.0.0.1:9092'];

describe('the command line', () => {
  it('has defaults', () => {
    expect(readOptions(needed, {})).toMatchObject({
      awsEndpoint: 'http://127.0.0.1:4566',
      kafka: ['127.0.0.1:9092'],
      region: 'us-east-1',
      pollMs: 2000,
    });
  });

  it('takes several brokers, and the region of the environment', () => {
    const options = readOptions([...needed, '--kafka', 'localhost:9093'], { AWS_REGION: 'eu-west-1' });
    expect(options.kafka).toEqual(['127.0.0.1:9092', 'localhost:9093']);
    expect(options.region).toBe('eu-west-1');
  });

  it.each([[[]], [[...needed, '--kafka', 'nowhere']], [[...needed, '--poll-ms', 'x']], [[...needed, '--unknown']]])(
    'refuses %j',
    (argv) => {
      expect(() => readOptions(argv, {})).toThrow();
    },
  );
});
