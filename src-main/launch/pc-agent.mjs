#!/usr/bin/env node
// The command line of PC Agent; works without npm and through a symbolic link.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, launch, ROOT } from './node-line.mjs';
import { programToRun } from './program.mjs';

// An older Node only starts this again on a newer one.
const packed = isNewEnough() ? programToRun() : undefined;
const program = packed ?? join(ROOT, 'src-main', 'cli', 'main.ts');
await launch(fileURLToPath(import.meta.url), program, process.argv.slice(2));
