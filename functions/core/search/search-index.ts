import type { StatementDocument } from './document.ts';

/** A document with where and as what it is written. */
export interface DocumentWrite {
  readonly document: StatementDocument;
  /** External version: the row's document version. */
  readonly version: number;
}

/** What the index did with one document. A newer version already there counts as indexed. */
export type IndexOutcome =
  | { readonly kind: 'indexed' }
  /** The document does not fit the mapping: only a new generation or a mended row helps. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'transient' };

/** The derived store. One adapter: `opensearch-index.ts`. */
export interface SearchIndex {
  /**
   * Writes documents to every generation given, in bulk; outcomes in the order of the writes.
   * A document counts as indexed only when each generation holds it.
   * @throws ConfigurationError if people must act (401, 403, missing index that may not be made).
   */
  write(writes: readonly DocumentWrite[], generations: readonly number[]): Promise<readonly IndexOutcome[]>;
}
