import { createHash } from 'node:crypto';
import { execute } from '../../core/ledger/transaction.ts';
import type { PersonNames } from '../../core/people/mentions.ts';
import { agentKey, mailboxId, sha1Id, storable } from '../../core/people/person.ts';
import type { Who } from './request.ts';
import type { MaintenanceStores } from './stores.ts';

/** Everything that leads to a person. */
export interface Subject extends PersonNames {
  /** Agent keys: the account's, and those of identifiers seen alone. */
  readonly agentKeys: readonly string[];
}

/**
 * Who is meant: the account, its mailboxes, and each mailbox's SHA-1. A mailbox leads to the account that it was attached
 * to. One that a second account claimed stays with whoever had it first and is left alone here, unless it was asked for.
 */
export async function subjectOf({ user, email }: Who, { pool, pepper }: MaintenanceStores): Promise<Subject> {
  const asked = email === undefined ? [] : [mailboxId(`mailto:${email}`)];
  const { rows: accounts } = await execute<{ user_id: string | null; agent_key: string }>(
    pool,
    `select a.user_id, i.agent_key from agent_identity i left join agent a on a.agent_key = i.agent_key
      where i.identifier = any($1::text[])`,
    [asked],
  );
  const users = new Set([
    ...(user === undefined ? [] : [storable(user)]),
    ...accounts.flatMap((row) => row.user_id ?? []),
  ]);
  const accountKeys = [
    ...[...users].map((id) => agentKey(pepper, `user:${id}`)),
    ...accounts.map((account) => account.agent_key),
  ];
  const { rows: identities } = await execute<{ identifier: string }>(
    pool,
    'select identifier from agent_identity where agent_key = any($1::text[]) and not ambiguous',
    [accountKeys],
  );
  const mailboxes = new Set([...asked, ...identities.map(({ identifier }) => identifier)]);
  const personIds = new Set([...[...users].map((id) => `user:${id}`), ...mailboxes, ...[...mailboxes].map(sha1Of)]);
  const addresses = [...mailboxes].map((id) => id.slice(mailboxId('mailto:').length));
  return {
    personIds,
    words: [...users, ...addresses],
    agentKeys: [...new Set([...accountKeys, ...[...personIds].map((id) => agentKey(pepper, id))])].sort(),
  };
}

/** @see xAPI 1.0.3 Part 2, 2.4.2.3: the SHA-1 is taken of the mailbox with `mailto:`. */
function sha1Of(mailbox: string): string {
  return sha1Id(
    createHash('sha1')
      .update(mailbox.slice(mailboxId('').length))
      .digest('hex'),
  );
}
