/** Real engines on this machine without containers: what a start needs, downloads, processes and the four servers. */
export { cacheDirectory } from './cache.ts';
export {
  DownloadError,
  ensureJavaEngines,
  ensureLocalStack,
  ensurePythonPackages,
  type JavaEngines,
  type LocalStackInstallation,
  type Progress,
} from './downloads.ts';
export type { Engine } from './engine.ts';
export type { KafkaEngine } from './kafka.ts';
export { type FunctionProcessOptions, type LocalStackEngine, requestLogFile } from './localstack.ts';
export type { OpenSearchEngine } from './opensearch.ts';
export { assertPortsFree, PortError, type PortOptions, type Ports, portsFrom } from './ports.ts';
export type { PostgresEngine } from './postgres.ts';
export { findTools, type ToolResult, type Tools } from './prerequisites.ts';
export { type ChildOptions, type ChildProcess, type Exit, spawnChild } from './process.ts';
export { lastLines, untilReady } from './readiness.ts';
export { type Reaper, startReaper } from './reaper.ts';
export {
  type Engines,
  type EngineTools,
  prepareRunFolder,
  type StartEnginesOptions,
  startEngines,
  stopEngines,
} from './start-engines.ts';
