/** p of Welch's two-sided t-test, by integration: P(|T| < t) is a ratio of integrals of cos^(v−1), with u = √v·tan θ. */
export function welch(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [spread(left), spread(right)];
  if (a.error + b.error === 0) return a.mean === b.mean ? 1 : 0;
  const t = Math.abs(a.mean - b.mean) / Math.sqrt(a.error + b.error);
  const freedom = (a.error + b.error) ** 2 / (a.error ** 2 / (left.length - 1) + b.error ** 2 / (right.length - 1));
  const density = (angle: number) => Math.cos(angle) ** (freedom - 1);
  return 1 - integral(density, Math.atan(t / Math.sqrt(freedom))) / integral(density, Math.PI / 2);
}

function spread(values: readonly number[]) {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: variance / values.length };
}

/** Simpson's rule from 0. */
function integral(density: (angle: number) => number, end: number): number {
  const steps = 20_000;
  let total = 0;
  for (let step = 0; step <= steps; step += 1) {
    const weight = step === 0 || step === steps ? 1 : step % 2 === 0 ? 2 : 4;
    total += weight * density((end * step) / steps);
  }
  return (total * end) / steps / 3;
}
