/**
 * The one rounding of everything the API answers: half away from zero, at so many decimals. What differs from a half by less
 * than a part in 10¹² counts as the half, so that the order in which a sum was taken does not show.
 */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const magnitude = Math.round(Number((Math.abs(value) * scale).toPrecision(12))) / scale;
  return value < 0 && magnitude !== 0 ? -magnitude : magnitude;
}

/** Part of whole in percent, 2 decimals, or null of nothing. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : rounded((100 * part) / whole, 2);
}
