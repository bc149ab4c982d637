// Runs a TypeScript tool of this repository that exports `main(args)`: `node run.mjs test/tools/test.ts ARGS`.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, ROOT } from './node-line.mjs';

const [tool = '', ...args] = process.argv.slice(2);
process.chdir(ROOT);
if (tool === '') throw new TypeError('run.mjs needs the path of a tool');
await launch(fileURLToPath(import.meta.url), resolve(ROOT, tool), args);
