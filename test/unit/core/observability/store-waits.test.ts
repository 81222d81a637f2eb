import { Logger } from '@aws-lambda-powertools/logger';
import { expect, it, vi } from 'vitest';
import { silent } from '../../../../functions/core/observability/emit.ts';
import { storeWaits } from '../../../../functions/core/observability/store-waits.ts';

it('tells of each store at once, and again after ten seconds', () => {
  let now = 0;
  const of = vi.fn();
  const logger = new Logger({ logLevel: 'SILENT' });
  const waiting = storeWaits({ ...silent, of }, logger, () => now);
  waiting('index');
  now = 9_999;
  waiting('index');
  waiting('database');
  now = 10_000;
  waiting('index');
  expect(of.mock.calls.map(([, store]) => store)).toEqual(['index', 'database', 'index']);
});
