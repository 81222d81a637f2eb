import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ChildOptions, spawnChild } from '../../../../localstack/engines/process.ts';
import { lives } from '../../../../localstack/engines/process-tree.ts';
import { untilReady } from '../../../../localstack/engines/readiness.ts';
import { scratchFolder } from './machine.ts';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});

function shell(body: string, changes: Partial<ChildOptions> = {}) {
  return spawnChild({
    name: 'server',
    command: '/bin/sh',
    args: ['-c', body],
    env: { PATH: '/usr/bin:/bin' },
    cwd: folder,
    logFile: join(folder, 'logs', 'server.log'),
    ...changes,
  });
}

async function logged(pattern: RegExp): Promise<string> {
  for (;;) {
    const text = readFileSync(join(folder, 'logs', 'server.log'), 'utf8');
    if (pattern.test(text)) return text;
    await sleep(20);
  }
}

const never = async () => false;

describe('spawnChild', () => {
  it('appends output and errors to the log and says how it ended', async () => {
    expect(await shell('echo one; echo two >&2; exit 3').exited).toEqual({ code: 3, signal: null });
    await shell('echo three').exited;
    expect(await logged(/three/)).toBe('one\ntwo\nthree\n');
  });

  it('says so if the command cannot be run', () => {
    expect(() => shell('', { command: join(folder, 'absent') })).toThrow(/^server cannot be started: .*absent/);
  });

  it('stops in order, and by force after the time', async () => {
    const orderly = shell('trap "echo bye; exit 0" INT; echo up; while :; do sleep 0.05; done', {
      stopSignal: 'SIGINT',
    });
    await logged(/up/);
    await orderly.stop();
    expect([await orderly.exited, await logged(/bye/)]).toEqual([{ code: 0, signal: null }, 'up\nbye\n']);

    const stubborn = shell('trap "" TERM; echo again; while :; do sleep 0.05; done');
    await logged(/again/);
    await stubborn.stop(100);
    expect(await stubborn.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('stops what is paused', async () => {
    const paused = shell('exec sleep 600');
    paused.pause();
    await paused.stop();
    expect(await paused.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('takes children down with it', async () => {
    const parent = shell('sleep 600 & echo "child $!"; wait');
    const child = Number(/child (\d+)/.exec(await logged(/child \d+/))?.[1]);
    expect(lives(child)).toBe(true);
    parent.kill();
    await parent.exited;
    await expect.poll(() => lives(child), { timeout: 5_000 }).toBe(false);
  });
});

describe('untilReady', () => {
  it('ends with the log if the process ends first', async () => {
    const child = shell('echo "cannot bind port"; exit 1');
    await expect(untilReady(child, { check: never, timeoutMs: 10_000 })).rejects.toThrow(
      /^server ended \(code 1\) before it was ready\. The end of .*server\.log:\n {2}cannot bind port$/,
    );
  });

  it('ends with the log if it takes too long', async () => {
    const child = shell('echo "still loading"; exec sleep 600');
    await logged(/loading/);
    await expect(untilReady(child, { check: never, timeoutMs: 200, intervalMs: 10 })).rejects.toThrow(
      /^server was not ready after 0\.2 s \(.*\)\. .*\n {2}still loading$/,
    );
    child.kill();
    await child.exited;
  });

  it('takes a failed check for "not yet"', async () => {
    const child = shell('exec sleep 600');
    let checks = 0;
    const check = async () => {
      checks += 1;
      if (checks < 3) throw new Error('connection refused');
      return true;
    };
    await untilReady(child, { check, timeoutMs: 10_000, intervalMs: 1 });
    expect(checks).toBe(3);
    await child.stop();
  });
});
