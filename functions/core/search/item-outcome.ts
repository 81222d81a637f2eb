import { ConfigurationError } from '../errors.ts';
import type { IndexOutcome } from './search-index.ts';

/** One item of a bulk answer, as far as it matters here. */
export interface BulkItem {
  readonly status: number;
  readonly error?: { readonly type: string };
}

/** Error types that a document causes by itself, whatever status carries them. */
const documentErrors = new Set([
  'mapper_parsing_exception',
  'document_parsing_exception',
  'strict_dynamic_mapping_exception',
  'illegal_argument_exception',
  'parsing_exception',
  'action_request_validation_exception',
]);

const missing = new Set(['index_not_found_exception', 'security_exception', 'authorization_exception']);

/**
 * Classifies one bulk item, by error type before status: a `cluster_block_exception` comes as 403 or 429 and passes
 * (a full disk, a snapshot), a mapping error comes as 400.
 * @throws ConfigurationError for what only people can mend.
 */
export function itemOutcome(item: BulkItem): IndexOutcome {
  const type = item.error?.type;
  if (type === undefined && item.status < 300) return { kind: 'indexed' };
  if (type === 'version_conflict_engine_exception') return { kind: 'indexed' };
  if (type === 'cluster_block_exception') return { kind: 'transient' };
  if (type !== undefined && documentErrors.has(type)) return { kind: 'refused', reason: type };
  if (type !== undefined && missing.has(type)) throw new ConfigurationError(`The index answered ${type}`);
  if (item.status === 401 || item.status === 403) throw new ConfigurationError(`The index answered ${item.status}`);
  if (item.status === 429 || item.status >= 500) return { kind: 'transient' };
  return { kind: 'refused', reason: type ?? `status ${item.status}` };
}
