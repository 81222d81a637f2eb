import pg from 'pg';
import { expect, it } from 'vitest';
import { measure } from '../../../../functions/operations/maintenance/measure.ts';

it('names the stores that do not answer, and says nothing of what they would have said', async () => {
  // Nobody listens on port 9 (discard).
  const pool = new pg.Pool({ host: '127.0.0.1', port: 9, user: 'nobody', database: 'none' });
  const connection = { bootstrapServers: '127.0.0.1:9', auth: 'none', region: '' } as const;
  const answer = await measure({ stores: { pool }, stage: 'local', connection });
  await pool.end();
  expect(answer).toMatchObject({ database: null, unreadAge: null });
  expect(answer.unanswered.map(({ store }) => store).sort()).toEqual(['database', 'kafka']);
  expect(JSON.stringify(answer.unanswered)).not.toContain('127.0.0.1');
});
