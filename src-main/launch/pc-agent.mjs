#!/usr/bin/env node
// The command line of PC Agent; works without npm and through a symbolic link.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, ROOT } from './node-line.mjs';

await launch(fileURLToPath(import.meta.url), join(ROOT, 'src-main', 'cli', 'main.ts'), process.argv.slice(2));
