/**
 * The canonical IANA name of a time zone, which both the search engine and this runtime know, or null for what names none.
 * Offsets such as `+02:00` are none: they have no daylight saving time.
 */
export function canonicalTimeZone(name: string): string | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
