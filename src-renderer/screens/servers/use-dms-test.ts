import { useCallback, useEffect, useRef, useState } from 'react';
import type { PcAgentError } from '../../../src-main/base/errors.ts';
import type { Hop, ProfileView } from '../../../src-main/contract/results.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { failedHop, wholeTime } from './hop-rows.ts';
import { millisecondsText } from './milliseconds-text.ts';

export interface DmsTest {
  readonly kind: 'none' | 'running' | 'ended' | 'stopped';
  /** Those that are known, in their order. */
  readonly hops: readonly Hop[];
  /** The test itself could not be run. */
  readonly error: PcAgentError | undefined;
  readonly start: () => void;
  readonly stop: () => void;
  /** Forgets the result. */
  readonly close: () => void;
}

/** Tests the way to a profile's DM server; what was found belongs to the address that was tested. */
export function useDmsTest({ id, name, url }: ProfileView): DmsTest {
  const { run, error, clear } = useAction('dms.test');
  const { language, words } = useSpeech();
  const announce = useAnnounce();
  const [kind, setKind] = useState<DmsTest['kind']>('none');
  const [hops, setHops] = useState<readonly Hop[]>([]);
  const [tested, setTested] = useState(url);
  const stopper = useRef<AbortController>(undefined);
  useEffect(() => () => stopper.current?.abort(), []);
  const { test } = words.screens.servers;

  const start = async () => {
    stopper.current?.abort();
    const stop = new AbortController();
    stopper.current = stop;
    setTested(url);
    setHops([]);
    setKind('running');
    announce(test.running(name));
    const onPart = (hop: Hop) => setHops((before) => [...before, hop]);
    const result = await run({ dms: id }, { signal: stop.signal, onPart });
    if (stop.signal.aborted) return;
    setKind('ended');
    if (result === undefined) return;
    setHops(result.hops);
    const failed = failedHop(result.hops);
    const time = test.milliseconds(millisecondsText(wholeTime(result.hops), language));
    announce(failed === undefined ? test.passed(name, time) : test.failed(name, test.hops[failed.hop]));
  };
  const stop = useCallback(() => {
    stopper.current?.abort();
    setKind('stopped');
    announce(test.stopped);
  }, [announce, test]);
  const close = useCallback(() => {
    clear();
    setKind('none');
  }, [clear]);
  return { kind: tested === url ? kind : 'none', hops, error, start: () => void start(), stop, close };
}
