import { type JsonObject, member } from './json.ts';

/** Members that old producers add to statements: about the delivery, not the experience. */
export const deliveryMembers = ['producer_id', 'producer_timestamp', 'event_id', 'event_type'] as const;

/** Delivery metadata of a record, as it was sent; kept on the ledger row. */
export type Delivery = { readonly [Name in (typeof deliveryMembers)[number]]?: unknown };

/** The delivery metadata that a record's value holds. */
export function deliveryOf(value: JsonObject): Delivery {
  const present = deliveryMembers.filter((name) => Object.hasOwn(value, name));
  return Object.fromEntries(present.map((name) => [name, member(value, name)]));
}
