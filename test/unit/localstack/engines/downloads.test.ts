import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheLayout } from '../../../../localstack/engines/cache.ts';
import { ensureJavaEngines, ensureLocalStack } from '../../../../localstack/engines/downloads.ts';
import type { Tools } from '../../../../localstack/engines/prerequisites.ts';
import { emptyLayout, java, scratchFolder, script } from './machine.ts';

let folder: string;
let layout: CacheLayout;
let calls: string;

beforeEach(() => {
  folder = scratchFolder();
  layout = emptyLayout(folder);
  calls = join(folder, 'calls');
});

/** Makes what the real Maven makes, in the folder it is told. */
const goodMaven = `
echo "mvn $*" >> "$CALLS"
for argument in "$@"; do case "$argument" in -Dout=*) out="\${argument#-Dout=}";; esac; done
mkdir -p "$out/kafka" "$out/opensearch-3.8.0"`;

/** An interpreter that makes environments in which it is the interpreter. */
const goodPython = `
echo "python $*" >> "$CALLS"
if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi`;

function tools(mavenBody: string, pythonBody: string): Tools {
  const prefix = `CALLS='${calls}'\n`;
  return {
    java: script(join(folder, 'jdk/bin/java'), java('21')),
    maven: script(join(folder, 'bin/mvn'), prefix + mavenBody),
    python: script(join(folder, 'bin/python3.13'), prefix + pythonBody),
  };
}

const called = () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []);
const cached = () => (existsSync(layout.cache) ? readdirSync(layout.cache) : []);
const silent = () => {};

describe('ensureJavaEngines', () => {
  it('calls Maven once, then never again', async () => {
    const first = await ensureJavaEngines(tools(goodMaven, ''), silent, { layout });
    expect(called()).toHaveLength(1);
    expect(existsSync(first.kafkaLibraries)).toBe(true);
    expect(existsSync(first.opensearchHome)).toBe(true);

    const lines: string[] = [];
    const { java: javaOnly } = tools(goodMaven, '');
    expect(await ensureJavaEngines({ java: javaOnly }, (line) => lines.push(line), { layout })).toEqual(first);
    expect([called().length, lines.length, cached().length]).toEqual([1, 0, 1]);
  });

  it('is safe when two clones start at once', async () => {
    const slow = tools(`${goodMaven}\nsleep 0.3`, '');
    const results = await Promise.all([1, 2, 3].map(() => ensureJavaEngines(slow, silent, { layout })));
    expect(new Set(results.map(({ opensearchHome }) => opensearchHome)).size).toBe(1);
    expect([called().length, cached().length]).toEqual([3, 1]);
  });

  it('keeps nothing of a failed download and says how it ended', async () => {
    const failing = tools(`${goodMaven}\necho '[ERROR] Could not transfer artifact'; exit 1`, '');
    await expect(ensureJavaEngines(failing, silent, { layout })).rejects.toThrow(
      /^Downloading Kafka and OpenSearch failed \(code 1\)[\s\S]*Could not transfer artifact\nRemedy: /,
    );
    expect(cached()).toEqual([]);
    await ensureJavaEngines(tools(goodMaven, ''), silent, { layout });
    expect(cached()).toHaveLength(1);
  });

  it('says that the disk is full in one line', async () => {
    const full = tools("echo 'java.io.IOException: No space left on device'; exit 1", '');
    await expect(ensureJavaEngines(full, silent, { layout })).rejects.toThrow(
      `The disk is full at ${layout.cache}. Remedy: free 3 GiB, or set NLJ_CACHE_DIR to another disk.`,
    );
    expect(cached()).toEqual([]);
  });
});

describe('ensureLocalStack', () => {
  it('makes an environment with the locked packages once', async () => {
    const { python } = await ensureLocalStack(tools('', goodPython), silent, { layout });
    expect(existsSync(python)).toBe(true);
    expect(called()).toEqual([
      expect.stringMatching(/^python -m venv .*\.partial-/),
      expect.stringMatching(/^python -m pip --require-virtualenv .*-r .*requirements\.lock$/),
    ]);
    await ensureLocalStack(tools('', goodPython), silent, { layout });
    expect(called()).toHaveLength(2);
  });

  it('makes it again when its Python is gone', async () => {
    const { python } = await ensureLocalStack(tools('', goodPython), silent, { layout });
    rmSync(python);
    await ensureLocalStack(tools('', goodPython), silent, { layout });
    expect(existsSync(python)).toBe(true);
    expect(cached()).toHaveLength(1);
  });

  it('keeps nothing of a failed download', async () => {
    const failing = tools(
      '',
      `${goodPython}\nif [ "$2" = pip ]; then echo 'ERROR: No matching distribution'; exit 1; fi`,
    );
    await expect(ensureLocalStack(failing, silent, { layout })).rejects.toThrow(/No matching distribution\nRemedy: /);
    expect(cached()).toEqual([]);
  });
});
