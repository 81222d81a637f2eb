import { expect, it } from 'vitest';
import { recordsOf } from '../../../../functions/core/kafka/record.ts';

it('keeps every byte of key, value and headers, repeated header names included', () => {
  const records = recordsOf({
    eventSource: 'aws:kafka',
    eventSourceArn: 'arn:aws:kafka:eu-west-1:1:cluster/nlj/1',
    bootstrapServers: 'broker:9098',
    records: {
      'a-topic-0': [
        {
          topic: 'a-topic',
          partition: 0,
          offset: 7,
          timestamp: 1_700_000_000_000,
          timestampType: 'CREATE_TIME',
          key: Buffer.from([0x00, 0xff]).toString('base64'),
          value: null,
          headers: [{ trace: [1, 2] }, { trace: [255] }],
        },
        {
          topic: 'a-topic',
          partition: 0,
          offset: 8,
          timestamp: 1,
          timestampType: 'CREATE_TIME',
          value: '',
          headers: [],
        },
      ],
    },
  });
  expect(records[0]?.key).toEqual(Buffer.from([0x00, 0xff]));
  expect(records[0]?.value).toBeNull();
  expect(records[0]?.headers).toEqual([
    { name: 'trace', value: Buffer.from([1, 2]) },
    { name: 'trace', value: Buffer.from([255]) },
  ]);
  expect(records[1]?.key).toBeNull();
  expect(records[1]?.value).toEqual(Buffer.alloc(0));
});
