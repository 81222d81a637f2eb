import { createHash } from 'node:crypto';
import type { ValidStatement } from '../xapi/index.ts';

/** What a list of an activity's statements goes by: an IRI may be longer than an index entry. As a uuid: its first 16 bytes of SHA-256. */
export function activityHash(iri: string): string {
  return uuidText(createHash('sha256').update(iri).digest().subarray(0, 16).toString('hex'));
}

/** The hash of what a statement is about, or null if that is no activity. */
export function activityHashOf({ object }: ValidStatement): string | null {
  return object.objectType === undefined || object.objectType === 'Activity' ? activityHash(object.id) : null;
}

function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
