/** What numbers are asked with, of parameters that were left out or are ISO 8601. */
export function dateOf(instant: string | undefined): Date | undefined {
  return instant === undefined ? undefined : new Date(instant);
}
