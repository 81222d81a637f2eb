import type { ChildProcess } from './process.ts';

/** A server of the local environment. Its data outlives `stop` and `kill` and goes with the run folder. */
export interface Engine {
  readonly name: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  readonly logFile: string;
  /** Resolves when it serves; at once if it does already. @throws Error with the end of its log. */
  start(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Freezes it: connections stay open, nothing is answered. */
  pause(): void;
  resume(): void;
}

export interface EngineDefinition {
  readonly name: string;
  readonly logFile: string;
  /** Makes data and settings before the first start. */
  readonly prepare: () => Promise<void>;
  readonly launch: () => ChildProcess;
  /** Resolves when the process serves. */
  readonly ready: (child: ChildProcess) => Promise<void>;
  /** How long an orderly end may take. */
  readonly stopTimeoutMs: number;
}

/** An engine around one process. */
export function createEngine({ name, logFile, prepare, launch, ready, stopTimeoutMs }: EngineDefinition): Engine {
  let prepared: Promise<void> | undefined;
  let child: ChildProcess | undefined;

  /** The process that runs, or a new one. */
  const running = (): ChildProcess => {
    if (child !== undefined) return child;
    const started = launch();
    child = started;
    started.exited.then(() => {
      if (child === started) child = undefined;
    });
    return started;
  };

  const kill = async (target: ChildProcess | undefined): Promise<void> => {
    target?.kill();
    await target?.exited;
  };

  return {
    name,
    logFile,
    get pid() {
      return child?.pid;
    },
    async start() {
      prepared ??= prepare();
      await prepared;
      const current = running();
      try {
        await ready(current);
      } catch (error) {
        await kill(current);
        throw error;
      }
    },
    async stop() {
      await child?.stop(stopTimeoutMs);
    },
    kill: () => kill(child),
    pause: () => child?.pause(),
    resume: () => child?.resume(),
  };
}
