import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const preload = fileURLToPath(new URL('../../../../localstack/faults/clock.cjs', import.meta.url));
const hour = 3_600_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlj-clock-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What a process with the clock of a file prints. */
async function printed(expression: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--require', preload, '--print', expression], {
    env: { NLJ_FAULT_CLOCK: join(folder, 'clock') },
  });
  return stdout.trim();
}

it('moves the time of now by what the file holds, and tells that it did', async () => {
  await writeFile(join(folder, 'clock'), String(hour));
  const times = JSON.parse(await printed('JSON.stringify([Date.now(), new Date().getTime(), Date.parse(Date())])'));
  for (const time of times) expect(time - Date.now()).toBeGreaterThan(hour / 2);
  expect((await readdir(folder)).filter((name) => name.startsWith(`clock.${hour}.`))).toHaveLength(1);
});

it('leaves other dates, and without a file the clock, as they are', async () => {
  expect(await printed("new Date('2026-03-01T10:00:00Z').toISOString()")).toBe('2026-03-01T10:00:00.000Z');
  expect(await printed('new Date(2026, 0) instanceof Date')).toBe('true');
  expect(Math.abs(Number(await printed('Date.now()')) - Date.now())).toBeLessThan(hour / 2);
});
