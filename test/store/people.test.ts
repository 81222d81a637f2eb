import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agentKey } from '../../functions/core/people/person.ts';
import { entry } from '../support/entries.ts';
import { statement } from '../support/statement.ts';
import { type Database, openDatabase, pepper } from './support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const account = (name: string) => ({ homePage: 'http://nlj.platform', name });
const keyOf = async (id: string) => {
  const { rows } = await database.pool.query<{ agent_key: string }>('select agent_key from statement where id = $1', [
    id,
  ]);
  return rows[0]?.agent_key;
};

it('keeps the latest name by statement time, in whatever order the statements come', async () => {
  const user = randomUUID();
  const named = (name: string, timestamp: string) =>
    entry(statement({ timestamp, actor: { name, account: account(user) } }));
  const ledger = database.ledger();
  await ledger.commit([named('Newest', '2026-03-03T00:00:00Z'), named('Older', '2026-03-02T00:00:00Z')]);
  await ledger.commit([named('Oldest', '2026-03-01T00:00:00Z')]);
  const { rows } = await database.pool.query(
    'select name, user_id, first_seen, last_seen from agent where user_id = $1',
    [user],
  );
  expect(rows).toEqual([
    {
      name: 'Newest',
      user_id: user,
      first_seen: new Date('2026-03-01T00:00:00Z'),
      last_seen: new Date('2026-03-03T00:00:00Z'),
    },
  ]);
});

it('takes a mailbox that came with an account as that person from then on', async () => {
  const user = randomUUID();
  const mbox = `mailto:${user}@example.org`;
  const ledger = database.ledger();
  const alone = () => statement({ actor: { mbox } });
  const [before, after] = [alone(), alone()];
  await ledger.commit([entry(before)]);
  expect(await keyOf(before.id)).toBe(agentKey(pepper, `mbox:${mbox}`));
  await ledger.commit([entry(statement({ actor: { mbox, account: account(user) } }))]);
  await ledger.commit([entry(after)]);
  expect(await keyOf(after.id)).toBe(agentKey(pepper, `user:${user}`));
});

it("records a second account's claim of a mailbox as ambiguous and merges nothing", async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const mbox = `mailto:${first}@example.org`;
  const ledger = database.ledger();
  await ledger.commit([entry(statement({ actor: { mbox, account: account(first) } }))]);
  await ledger.commit([entry(statement({ actor: { mbox, account: account(second) } }))]);
  const { rows } = await database.pool.query('select agent_key, ambiguous from agent_identity where identifier = $1', [
    `mbox:${mbox}`,
  ]);
  expect(rows).toEqual([{ agent_key: agentKey(pepper, `user:${first}`), ambiguous: true }]);
});
