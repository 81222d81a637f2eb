import { z } from 'zod';
import { agentKey, type Pepper, storable } from '../../core/people/person.ts';
import type { Caller } from './role.ts';

/** `{learner}` in a path. An e-mail is none: addresses do not belong in URLs. */
export const learnerName = z
  .string()
  .max(200)
  .regex(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: text columns do not take it
    /^[^@\u0000]+$/,
    'must be a user id, an agent key or "me", not an e-mail: ask POST /api/analytics/learners/search for the user id',
  )
  .meta({ description: 'A user id, an agent key, or `me`; never an e-mail', examples: ['me'] });

const agentKeyForm = /^v\d+\.[A-Za-z0-9_-]{43}$/;

/** The agent key of whoever a path names. */
export function learnerKey(name: string, caller: Caller, pepper: Pepper): string {
  if (name === 'me') return caller.agentKey;
  return agentKeyForm.test(name) ? name : userKey(name, pepper);
}

/** The agent key of a user's account, as the ledger makes it. */
export function userKey(userId: string, pepper: Pepper): string {
  return agentKey(pepper, `user:${storable(userId)}`);
}
