import { Button } from '@mantine/core';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { PackageCheck } from '../../../src-main/contract/results.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useHost } from '../../host/host-context.tsx';
import { type Action, useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

interface VerifyAllState {
  readonly action: Action<'packages.verify'>;
  readonly checks: readonly PackageCheck[] | undefined;
  readonly run: () => void;
  readonly dismiss: () => void;
}

/** Compares every package with its digest. */
export function useVerifyAll(): VerifyAllState {
  const { words, language } = useSpeech();
  const text = words.screens.packages.verify;
  const action = useAction('packages.verify');
  const announce = useAnnounce();
  const [checks, setChecks] = useState<readonly PackageCheck[] | undefined>();
  const run = async () => {
    setChecks(undefined);
    const result = await action.run({});
    if (result === undefined) return;
    setChecks(result.checks);
    announce(verdictText(result.checks, text.result, language));
  };
  return { action, checks, run: () => void run(), dismiss: () => setChecks(undefined) };
}

export function VerifyAll({ verify: { action, run } }: { readonly verify: VerifyAllState }) {
  const { words } = useSpeech();
  return (
    <Button
      variant="default"
      leftSection={<ShieldCheck size="1.1em" aria-hidden="true" />}
      {...(action.running ? { 'data-disabled': true } : {})}
      aria-disabled={action.running}
      onClick={() => {
        if (!action.running) run();
      }}
    >
      {words.screens.packages.verify.all}
    </Button>
  );
}

export function VerifyAllResult({ verify: { action, checks, dismiss } }: { readonly verify: VerifyAllState }) {
  const { words, language } = useSpeech();
  const text = words.screens.packages.verify;
  const count = useHost(({ packages }) => packages.length, 0);
  const { error, running, clear } = action;
  if (running) {
    const label = text.running(count, countText(count, language));
    return (
      <div className="panel stack">
        <p>{label}</p>
        <TransferBar label={label} />
      </div>
    );
  }
  const away = (close: () => void) => (
    <Button variant="default" size="compact-sm" onClick={close}>
      {text.dismiss}
    </Button>
  );
  if (error !== undefined) {
    return (
      <ErrorNotice code={error.code} message={error.message}>
        {away(clear)}
      </ErrorNotice>
    );
  }
  if (checks === undefined) return null;
  const bad = checks.filter(({ ok }) => !ok);
  return (
    <Notice tone={bad.length === 0 ? 'done' : 'failed'} title={verdictText(checks, text.result, language)}>
      {bad.length > 0 && (
        <ul>
          {bad.map(({ id, code }) => (
            <li key={id}>
              <strong>{id}</strong>: {errorText(code ?? 'cache/quarantined', language).what}
            </li>
          ))}
        </ul>
      )}
      <div className="row">{away(dismiss)}</div>
    </Notice>
  );
}

function verdictText(
  checks: readonly PackageCheck[],
  words: (verified: string, quarantined: number, text: string) => string,
  language: Parameters<typeof countText>[1],
): string {
  const good = checks.filter(({ ok }) => ok).length;
  const bad = checks.length - good;
  return words(countText(good, language), bad, countText(bad, language));
}
