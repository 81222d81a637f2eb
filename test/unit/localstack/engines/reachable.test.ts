import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { reachableCopy } from '../../../../localstack/engines/reachable.ts';
import { scratchFolder, script } from './machine.ts';

const nobody = { uid: 65_534, gid: 65_534 };

let folder: string;
let source: string;
let copy: string;

beforeEach(() => {
  folder = scratchFolder();
  chmodSync(folder, 0o755);
  source = join(folder, 'home', 'programs');
  copy = join(folder, 'run', 'programs');
  script(join(source, 'bin', 'server'), 'exit 0');
  mkdirSync(join(source, 'lib'));
  writeFileSync(join(source, 'lib', 'lib.so.1'), 'library', { mode: 0o600 });
  symlinkSync('lib.so.1', join(source, 'lib', 'lib.so'));
});

describe('reachableCopy', () => {
  it('copies what lies below a folder that is closed to others', async () => {
    chmodSync(join(folder, 'home'), 0o700);
    expect(await reachableCopy(source, copy, nobody)).toBe(copy);
    expect(readFileSync(join(copy, 'lib', 'lib.so'), 'utf8')).toBe('library');
    expect(lstatSync(join(copy, 'lib', 'lib.so')).isSymbolicLink()).toBe(true);
    expect(statSync(join(copy, 'bin', 'server')).mode & 0o777).toBe(0o755);
    expect(statSync(join(copy, 'lib', 'lib.so.1')).mode & 0o004).toBe(0o004);
    // The original keeps its mode.
    expect(statSync(join(source, 'lib', 'lib.so.1')).mode & 0o777).toBe(0o600);
  });

  it('leaves alone what is open, and what runs under its owner', async () => {
    expect(await reachableCopy(source, copy, nobody)).toBe(source);
    chmodSync(join(folder, 'home'), 0o700);
    expect(await reachableCopy(source, copy, { uid: undefined, gid: undefined })).toBe(source);
  });
});
