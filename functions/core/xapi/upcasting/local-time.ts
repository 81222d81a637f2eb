/**
 * The UTC time of a local date and time, such as `2025-09-02` and `13:00`, in a time zone (IANA name or `±hh:mm`; UTC
 * where none is given). Undefined where any of them is not what it should be. A time that a zone skips is taken with
 * the offset before the change.
 */
export function utcTime(date: unknown, time: unknown, timeZone: unknown): string | undefined {
  if (typeof date !== 'string' || typeof time !== 'string') return undefined;
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d(:\d\d)?$/.test(time)) return undefined;
  const local = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 10) !== date) return undefined;
  const zone = timeZone ?? 'UTC';
  const offset = typeof zone === 'string' ? offsetOf(local, zone) : undefined;
  if (typeof zone !== 'string' || offset === undefined) return undefined;
  // The offset at the local time taken for UTC may be the one of the other side of a change: look again at the result.
  const utc = local - (offsetOf(local - offset, zone) ?? offset);
  return new Date(utc).toISOString().replace('.000Z', 'Z');
}

/** Milliseconds that a zone is ahead of UTC at a moment, or undefined for a zone that is not known. */
function offsetOf(moment: number, zone: string): number | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name);
    if (match === null) return undefined;
    const [, sign, hours, minutes, seconds] = match;
    const length = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000;
    return sign === '-' ? -length : length;
  } catch {
    return undefined;
  }
}
