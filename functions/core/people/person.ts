import { createHmac } from 'node:crypto';
import type { ValidStatement } from '../xapi/index.ts';
import { nljHomePage } from '../xapi/prefixes.ts';

/**
 * Who a statement is about (spec: People). `id` names the person within PostgreSQL only; outside it a person is an
 * agent key.
 */
export interface Person {
  /** `user:<id>` for an NLJ account, else `<identifier kind>:<value>`. */
  readonly id: string;
  /** The NLJ user id, where the account says so. */
  readonly userId: string | null;
  /** E-mail address without `mailto:`. */
  readonly email: string | null;
  readonly name: string | null;
}

/** The actor as a person, or null for a group without an identifier. */
export function personOf(actor: ValidStatement['actor']): Person | null {
  const name = actor.name === undefined ? null : storable(actor.name);
  if (actor.account !== undefined) {
    const { homePage, name: account } = actor.account;
    return homePage === nljHomePage
      ? { id: `user:${storable(account)}`, userId: storable(account), email: null, name }
      : { id: storable(`account:${homePage}|${account}`), userId: null, email: null, name };
  }
  if (actor.mbox !== undefined) {
    return { id: mailboxId(actor.mbox), userId: null, email: storable(actor.mbox.slice('mailto:'.length)), name };
  }
  if (actor.mbox_sha1sum !== undefined) {
    return { id: `mbox_sha1sum:${actor.mbox_sha1sum.toLowerCase()}`, userId: null, email: null, name };
  }
  if (actor.openid !== undefined) {
    return { id: storable(`openid:${actor.openid}`), userId: null, email: null, name };
  }
  return null;
}

/** The person id of a mailbox seen alone (`mailto:` included, as in a statement). */
export function mailboxId(mbox: string): string {
  return storable(`mbox:${mbox}`);
}

/**
 * Text that a PostgreSQL `text` column takes: U+0000 and lone surrogates, valid in a statement's body, become U+FFFD
 * here. The body in the ledger keeps them.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** The secret that makes agent keys: changing it would make every person a new one, so it is not rotated. */
export interface Pepper {
  readonly version: number;
  readonly secret: string;
}

/** The person's name outside PostgreSQL: `v<pepper version>.<HMAC-SHA256 of the person's id, base64url>`. */
export function agentKey(pepper: Pepper, personId: string): string {
  return `v${pepper.version}.${createHmac('sha256', pepper.secret).update(personId).digest('base64url')}`;
}
