import type { MiddlewareObj } from '@middy/core';
import type { Entry, Upcast, Validated } from '../batch/entry.ts';
import { type Authority, storedForm, validateStatement } from '../xapi/index.ts';
import type { UpcastEvent } from './upcast.ts';

/** The event after `validate`: what handlers take. */
export interface ValidatedEvent extends UpcastEvent {
  validated: readonly Entry<Validated>[];
}

export interface ValidateOptions {
  /** `authority` of stored statements that bring none. */
  readonly authority: Authority;
}

/** Third step: valid xAPI 1.0.3 in its stored form, or a rejection with every error. */
export function validate(options: ValidateOptions): MiddlewareObj<ValidatedEvent> {
  return {
    before({ event }) {
      event.validated = event.upcast.map((entry) => validateEntry(entry, options));
    },
  };
}

export function validateEntry(entry: Entry<Upcast>, { authority }: ValidateOptions): Entry<Validated> {
  if (entry.kind === 'rejected') return entry;
  const { record, received, upcast } = entry;
  const outcome = validateStatement(upcast.statement);
  return outcome.ok
    ? { kind: 'validated', record, received, upcast, statement: storedForm(outcome.statement, { authority }) }
    : { kind: 'rejected', record, rejection: { class: 'invalid', errors: outcome.errors } };
}
