import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { lives } from '../../../../localstack/engines/process-tree.ts';
import { startReaper } from '../../../../localstack/engines/reaper.ts';
import { scratchFolder } from './machine.ts';

const engines = new URL('../../../../localstack/engines/', import.meta.url);

/** A process that starts one child that ignores SIGTERM, and one that is paused, in a run folder; says when it is done. */
const parentSource = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnChild } from '${new URL('process.ts', engines)}';
import { startReaper } from '${new URL('reaper.ts', engines)}';
const directory = process.argv[2];
const reaper = startReaper();
reaper.addDirectory(directory);
const start = (name, script) =>
  spawnChild({ name, command: '/bin/sh', args: ['-c', script], env: {}, cwd: directory, logFile: join(directory, name), reaper });
const stubborn = start('stubborn', 'trap "" TERM; /bin/sleep 600 & while :; do /bin/sleep 1; done');
const paused = start('paused', '/bin/sleep 600');
paused.pause();
writeFileSync(process.argv[3], JSON.stringify([stubborn.pid, paused.pid]));
setInterval(() => {}, 1000);
`;

async function until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await sleep(20);
  }
}

describe('reaper', () => {
  it('ends the children and removes the folder of a parent that was killed', { timeout: 30_000 }, async () => {
    const scratch = scratchFolder();
    const run = mkdtempSync(join(tmpdir(), 'nlj-reaper-run-'));
    const file = join(scratch, 'parent.mts');
    const note = join(scratch, 'pids.json');
    writeFileSync(file, parentSource);
    const parent = spawn(process.execPath, [file, run, note], { stdio: 'inherit' });
    await until(() => existsSync(note) && readFileSync(note, 'utf8').endsWith(']'));
    const groups: unknown = JSON.parse(readFileSync(note, 'utf8'));
    if (!Array.isArray(groups)) throw new Error('no pids');
    const pids = groups.map((group) => -Number(group));
    expect(pids.map(lives)).toEqual([true, true]);

    parent.kill('SIGKILL');

    await until(() => !pids.some(lives) && !existsSync(run));
  });

  it('survives Ctrl-C and cleans up when closed, except what was taken from it', async () => {
    const [kept, removed] = [scratchFolder(), scratchFolder()];
    const reaper = startReaper();
    reaper.addDirectory(kept);
    reaper.addDirectory(removed);
    reaper.removeDirectory(kept);
    await reaper.ready;
    process.kill(reaper.pid, 'SIGINT');

    await reaper.close();

    expect([existsSync(kept), existsSync(removed)]).toEqual([true, false]);
  });

  it('takes absolute paths only', async () => {
    const reaper = startReaper();
    expect(() => reaper.addDirectory('data')).toThrow('Not an absolute path: data');
    await reaper.close();
  });
});
