import { afterAll } from 'vitest';
import { openNativePort } from '../../../src-main/bearer/child/native/serial-port.ts';
import { openPtyPair, type PtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { createSerialBearer } from '../../../src-main/bearer/serial/serial-bearer.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';
import { findProgram } from '../../support/find-program.ts';
import { PtyLines } from '../../support/pty-lines.ts';
import { openSocatPair } from '../../support/socat-pair.ts';

// Without the prelude: the suite's peers are neither OBEX nor AT.
const bearer = createSerialBearer({ openPort: openNativePort, prelude: false });

function suite(name: string, megabytes: number, open: () => Promise<PtyPair>): void {
  const lines = new PtyLines(open);
  afterAll(() => lines.close());
  const { free, lineEnd, replug, reset } = lines;
  const refused = async (): Promise<string> => 'serial:/dev/pc-agent-no-such-port';
  bearerSuite(name, () => ({ bearer, free, lineEnd, megabytes, refused, replug, reset }));
}

suite('serial', 4, () => openPtyPair(new AbortController().signal));
if (findProgram('socat') !== undefined) suite('serial, a pair by socat', 16, openSocatPair);
