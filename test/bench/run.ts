import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What `test/bench/NAME/index.ts` exports; the number is the exit code (2: too noisy, not shown). */
interface Benchmark {
  run(args: readonly string[]): Promise<number>;
}

const FOLDER = join('test', 'bench');
const USAGE = 64;

function benchmarkNames(): readonly string[] {
  return readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'index.ts')));
}

/** `npm run bench -- NAME ARGS`; without a name it lists them. */
export async function main([name, ...args]: readonly string[]): Promise<void> {
  const names = benchmarkNames();
  if (name === undefined) {
    process.stdout.write(`Benchmarks: npm run bench -- NAME\n${names.map((one) => `  ${one}\n`).join('')}`);
    return;
  }
  if (!names.includes(name)) {
    process.stderr.write(`no benchmark is called ${name}; there are ${names.join(', ') || 'none'}\n`);
    process.exitCode = USAGE;
    return;
  }
  const benchmark = (await import(pathToFileURL(join(FOLDER, name, 'index.ts')).href)) as Benchmark;
  process.exitCode = await benchmark.run(args);
}
