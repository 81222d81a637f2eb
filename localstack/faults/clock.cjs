// Loaded into function processes by the fault harness: moves their clock by the milliseconds that a file holds, and says
// by a file of its own that it did.
const { readFileSync, writeFileSync } = require('node:fs');

const file = process.env.NLJ_FAULT_CLOCK;
const RealDate = Date;
let shift = 0;

function read() {
  const before = shift;
  try {
    shift = Number(readFileSync(file, 'utf8')) || 0;
    if (shift !== before) writeFileSync(`${file}.${shift}.${process.pid}`, '');
  } catch {
    shift = 0;
  }
}

if (file !== undefined) {
  read();
  setInterval(read, 100).unref();
  const now = () => RealDate.now() + shift;
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, parts, newTarget) => Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
