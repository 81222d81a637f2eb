import { setTimeout as delay } from 'node:timers/promises';
import { type ChildProcess, lastLines } from './process.ts';

/** A server of the local environment. Its data lives as long as the environment, over stops, kills and starts. */
export interface Engine {
  readonly name: string;
  /** Of the running process; undefined while stopped. */
  readonly pid: number | undefined;
  readonly logFile: string;
  /** Resolves when the process that runs now (or ran last) has ended. */
  readonly exited: Promise<void>;
  /** Resolves when it answers. No effect while it runs. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL, to all its processes. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
}

export interface EngineDefinition {
  readonly name: string;
  readonly logFile: string;
  readonly launch: () => ChildProcess;
  /** Throws until the engine answers. */
  readonly probe: () => Promise<void>;
  readonly readyTimeoutMs: number;
}

const probeIntervalMs = 100;

export function createEngine({ name, logFile, launch, probe, readyTimeoutMs }: EngineDefinition): Engine {
  let child: ChildProcess | undefined;

  async function ready(started: ChildProcess): Promise<void> {
    const deadline = Date.now() + readyTimeoutMs;
    for (;;) {
      let fault: unknown;
      try {
        await probe();
        return;
      } catch (error) {
        fault = error;
      }
      if (!started.running) {
        const { code, signal } = await started.exited;
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        throw new Error(`${name} ended ${how} before it was ready. Last of ${logFile}:\n${await lastLines(logFile)}`);
      }
      if (Date.now() > deadline) {
        const reason = fault instanceof Error ? fault.message : String(fault);
        const seconds = Math.round(readyTimeoutMs / 1000);
        await started.kill();
        throw new Error(
          `${name} was not ready after ${seconds} s (${reason}). Last of ${logFile}:\n${await lastLines(logFile)}`,
        );
      }
      await Promise.race([delay(probeIntervalMs), started.exited]);
    }
  }

  return {
    name,
    logFile,
    get pid() {
      return child?.running === true ? child.pid : undefined;
    },
    get exited() {
      return child === undefined ? Promise.resolve() : child.exited.then(() => undefined);
    },
    async start() {
      if (child?.running === true) return;
      child = launch();
      await ready(child);
    },
    async stop() {
      await child?.stop();
    },
    async kill() {
      await child?.kill();
    },
    pause() {
      child?.pause();
    },
    resume() {
      child?.resume();
    },
  };
}

/** The same engine with properties of its kind; getters are kept. */
export function withProperties<Properties extends object>(engine: Engine, properties: Properties): Engine & Properties {
  return Object.defineProperties(engine, Object.getOwnPropertyDescriptors(properties)) as Engine & Properties;
}
