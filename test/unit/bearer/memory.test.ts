import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import type { MemoryStream } from '../../../src-main/bearer/memory/memory-stream.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';

const bearer = createMemoryBearer();
let names = 0;

function fresh(): string {
  names += 1;
  return `memory:place${names}`;
}

bearerSuite('memory', () => ({
  bearer,
  free: fresh,
  refused: async () => fresh(),
  reset: (stream) => (stream as MemoryStream).reset(),
}));

const splitting = createMemoryBearer({ pieceLength: (available) => 1 + (available % 1009), capacity: 5000 });

bearerSuite('memory, split into odd pieces', () => ({
  bearer: splitting,
  free: fresh,
  refused: async () => fresh(),
  reset: (stream) => (stream as MemoryStream).reset(),
}));
