import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type CacheLayout,
  cacheDirectory,
  completeMarker,
  javaEnginesDirectory,
  localStackDirectory,
  venvPython,
} from '../../../../localstack/engines/cache.ts';
import { findTools, type Machine } from '../../../../localstack/engines/prerequisites.ts';
import { bareMachine, emptyLayout, java, maven, python, scratchFolder, script } from './machine.ts';

let folder: string;
let layout: CacheLayout;

beforeEach(() => {
  folder = scratchFolder();
  layout = emptyLayout(folder);
});

const find = (changes: Partial<Machine> = {}) =>
  findTools({ runDirectory: join(folder, 'run'), layout, machine: bareMachine(folder, changes) });

function fillCache(): void {
  const venv = localStackDirectory(layout);
  for (const directory of [javaEnginesDirectory(layout), venv]) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, completeMarker), '');
  }
  script(venvPython(venv), '');
}

describe('findTools', () => {
  it('says everything that is missing, a line for each thing', async () => {
    script(join(folder, 'path/java'), java('17.0.15'));
    script(join(folder, 'path/python3'), python('3.11.7'));

    const result = await find({ freeBytes: async () => 2 * 1024 ** 3, postgresFault: () => 'PostgreSQL: not there' });

    expect(result).toEqual({
      ok: false,
      faults: [
        expect.stringMatching(/^Java: found 17\.0\.15 \(.*path\/java\), needed 21 or later\. Remedy: .*JAVA_HOME/),
        expect.stringMatching(/^Maven: found none, needed 3 or later .*Remedy: /),
        expect.stringMatching(/^Python: found 3\.11\.7 \(.*path\/python3\), needed 3\.13 .*Remedy: /),
        'PostgreSQL: not there',
        expect.stringMatching(/^Disk: 2\.0 GiB free at .*cache, needed 3 GiB\. Remedy: .*NLJ_CACHE_DIR/),
        expect.stringMatching(/^Disk: 2\.0 GiB free at .*run, needed 3 GiB\. Remedy: /),
      ],
    });
    if (!result.ok) for (const fault of result.faults) expect(fault).not.toContain('\n');
  });

  it('passes over programs that are too old or do not run', async () => {
    script(join(folder, 'path/java'), java('17.0.15'));
    script(join(folder, 'path/mvn'), maven);
    script(join(folder, 'path/python3.13'), "echo 'pyenv: python3.13: command not found' >&2; exit 127");
    const java25 = script(join(folder, 'jvm/temurin-25/bin/java'), java('25.0.1'));
    const python313 = script(join(folder, 'home/.pyenv/versions/3.13.0/bin/python3.13'), python('3.13.0'));

    expect(await find()).toEqual({
      ok: true,
      tools: { java: java25, maven: join(folder, 'path/mvn'), python: python313 },
    });
  });

  it('prefers JAVA_HOME, and understands early-access and old version numbers', async () => {
    fillCache();
    script(join(folder, 'path/java'), java('1.8.0_412'));
    expect(await find()).toMatchObject({ ok: false, faults: [expect.stringContaining('found 1.8.0_412')] });
    const home = script(join(folder, 'home-of-java/bin/java'), java('26-ea'));
    const env = { PATH: join(folder, 'path'), JAVA_HOME: join(folder, 'home-of-java') };
    expect(await find({ env })).toEqual({ ok: true, tools: { java: home } });
  });

  it("asks macOS's java_home on macOS only", async () => {
    fillCache();
    const javaPath = script(join(folder, 'mac/bin/java'), java('21.0.2'));
    script(join(folder, 'java_home'), `echo ${join(folder, 'mac')}`);
    expect(await find()).toMatchObject({ ok: false });
    expect(await find({ platform: 'darwin' })).toEqual({ ok: true, tools: { java: javaPath } });
  });

  it('refuses a Python that cannot make environments', async () => {
    fillCache();
    writeFileSync(layout.lock, 'localstack-core==4.14.1\n');
    script(join(folder, 'path/java'), java('21'));
    script(join(folder, 'usr-bin/python3.13'), 'echo 3.13.5; echo "No module named ensurepip" >&2; exit 1');
    expect(await find()).toMatchObject({ ok: false, faults: [expect.stringContaining('3.13.5 without venv')] });
  });

  it('needs neither Maven nor Python, and less disk, once all is cached', async () => {
    fillCache();
    const path = script(join(folder, 'path/java'), java('21'));
    expect(await find({ freeBytes: async () => 2 * 1024 ** 3 })).toEqual({ ok: true, tools: { java: path } });
    expect(await find({ freeBytes: async () => 1000 })).toMatchObject({
      ok: false,
      faults: [expect.stringContaining('needed 1 GiB'), expect.stringContaining('needed 1 GiB')],
    });
  });
});

describe('cacheDirectory', () => {
  it('is named by the environment or lies in the home', () => {
    expect(cacheDirectory({ NLJ_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }, '/home/me')).toBe('/a');
    expect(cacheDirectory({ NLJ_CACHE_DIR: '', XDG_CACHE_HOME: '/b' }, '/home/me')).toBe('/b/nlj-event-platform');
    expect(cacheDirectory({}, '/home/me')).toBe('/home/me/.cache/nlj-event-platform');
  });
});
