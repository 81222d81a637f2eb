import type pg from 'pg';
import { agentKey, type Pepper, storable } from '../people/person.ts';
import type { LedgerEntry } from './ledger.ts';
import type { StatementRow } from './row.ts';

/**
 * Agent key of each entry's actor. An identifier that has been seen together with an account belongs to the account's
 * person. The links are read without a lock: a link made meanwhile is put right by the reconciler.
 */
export async function resolveAgentKeys(
  client: pg.ClientBase,
  entries: readonly LedgerEntry[],
  pepper: Pepper,
): Promise<Map<LedgerEntry, string>> {
  const alone = new Set<string>();
  for (const { person } of entries) if (person !== null && person.userId === null) alone.add(person.id);
  const linked = new Map<string, string>();
  if (alone.size > 0) {
    const result = await client.query<{ identifier: string; agent_key: string }>(
      'select identifier, agent_key from agent_identity where identifier = any($1::text[])',
      [[...alone]],
    );
    for (const row of result.rows) linked.set(row.identifier, row.agent_key);
  }
  const keys = new Map<LedgerEntry, string>();
  for (const entry of entries) {
    if (entry.person !== null) keys.set(entry, linked.get(entry.person.id) ?? agentKey(pepper, entry.person.id));
  }
  return keys;
}

/** A mailbox that came with an account. */
export interface IdentityLinkRow {
  readonly identifier: string;
  /** Agent key of the identifier seen alone. */
  readonly aloneKey: string;
  /** Agent key of the account. */
  readonly agentKey: string;
  readonly email: string;
}

/** Records mailboxes that came with an account; a second account's claim marks the mailbox as ambiguous. */
export async function insertIdentityLinks(client: pg.ClientBase, links: readonly IdentityLinkRow[]): Promise<void> {
  if (links.length === 0) return;
  const byIdentifier = new Map<string, LinkColumns>();
  for (const { identifier, aloneKey, agentKey: key, email } of links) {
    const known = byIdentifier.get(identifier);
    if (known === undefined) {
      const columns = { identifier, alone_key: aloneKey, agent_key: key, email: storable(email), ambiguous: false };
      byIdentifier.set(identifier, columns);
    } else if (known.agent_key !== key) known.ambiguous = true;
  }
  await client.query(
    `insert into agent_identity (identifier, alone_key, agent_key, email, ambiguous)
     select identifier, alone_key, agent_key, email, ambiguous
       from json_to_recordset($1::json) as r(identifier text, alone_key text, agent_key text, email text, ambiguous boolean)
      order by identifier
     on conflict (identifier) do update set ambiguous = true
      where not agent_identity.ambiguous
        and (agent_identity.agent_key <> excluded.agent_key or excluded.ambiguous)`,
    [JSON.stringify([...byIdentifier.values()])],
  );
}

interface LinkColumns {
  readonly identifier: string;
  readonly alone_key: string;
  readonly agent_key: string;
  readonly email: string;
  ambiguous: boolean;
}

interface AgentRow {
  readonly agent_key: string;
  readonly person_id: string;
  readonly user_id: string | null;
  email: string | null;
  name: string | null;
  named_at: string | null;
  first_seen: string;
  last_seen: string;
}

/** Upserts the people of accepted statements. The name is that of the latest statement that had one, by its time. */
export async function upsertAgents(
  client: pg.ClientBase,
  accepted: readonly { readonly entry: LedgerEntry; readonly row: StatementRow }[],
  pepper: Pepper,
): Promise<void> {
  const agents = new Map<string, AgentRow>();
  for (const { entry } of accepted) {
    if (entry.person === null) continue;
    const { person } = entry;
    const key = agentKey(pepper, person.id);
    const time = new Date(entry.statement.timestamp).toISOString();
    const email = person.email ?? linkedEmail(entry);
    const known = agents.get(key);
    if (known === undefined) {
      agents.set(key, {
        agent_key: key,
        person_id: person.id,
        user_id: person.userId,
        email,
        name: person.name,
        named_at: person.name === null ? null : time,
        first_seen: time,
        last_seen: time,
      });
      continue;
    }
    if (time < known.first_seen) known.first_seen = time;
    if (time > known.last_seen) known.last_seen = time;
    known.email ??= email;
    if (person.name !== null && isNewer({ time, name: person.name }, known)) {
      known.name = person.name;
      known.named_at = time;
    }
  }
  if (agents.size === 0) return;
  await client.query(
    `insert into agent (agent_key, person_id, user_id, email, name, named_at, first_seen, last_seen)
     select * from json_to_recordset($1::json) as r(
              agent_key text, person_id text, user_id text, email text, name text, named_at timestamptz,
              first_seen timestamptz, last_seen timestamptz)
      order by agent_key
     on conflict (agent_key) do update set
       email = coalesce(agent.email, excluded.email),
       name = case when agent.named_at is null or (excluded.named_at, excluded.name) > (agent.named_at, agent.name)
                   then excluded.name else agent.name end,
       named_at = greatest(agent.named_at, excluded.named_at),
       first_seen = least(agent.first_seen, excluded.first_seen),
       last_seen = greatest(agent.last_seen, excluded.last_seen)`,
    [JSON.stringify([...agents.values()])],
  );
}

function isNewer(candidate: { time: string; name: string }, known: AgentRow): boolean {
  if (known.named_at === null || known.name === null) return true;
  return candidate.time > known.named_at || (candidate.time === known.named_at && candidate.name > known.name);
}

/** The mailbox that came with the actor's own account. A link can be another's: that of who approved a booking. */
function linkedEmail({ person, identityLink }: LedgerEntry): string | null {
  if (identityLink === undefined || identityLink.userId !== person?.userId) return null;
  return storable(identityLink.mbox.slice('mailto:'.length));
}
