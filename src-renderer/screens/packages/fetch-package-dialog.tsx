import '@mantine/core/styles/Input.css';
import { Button, Modal, TextInput } from '@mantine/core';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { EMPTY_FETCH, type FetchCheck, type FetchForm, fetchParams, fetchProblems } from './fetch-form.ts';

const CHECKS: readonly FetchCheck[] = ['sha256', 'manifest', 'none'];
const ABOUT = ['id', 'name', 'version', 'model'] as const;
const NO_TASKS: Task[] = [];

/** Asks for an address and who vouches for what lies there; closes when the fetch has begun, which then is a task. */
export function FetchPackageDialog({ onClose }: { readonly onClose: () => void }) {
  const { words, common } = useSpeech();
  const text = words.screens.packages.fetchDialog;
  const about = words.screens.packages.addDialog;
  const offline = useHost((state) => state.offline, false);
  const [form, setForm] = useState(EMPTY_FETCH);
  const [tried, setTried] = useState(false);
  const { running, error, begin } = useFetchBegin(onClose);
  const problems = fetchProblems(form);
  const problem = (field: keyof typeof problems) => {
    const found = problems[field];
    return tried && found !== undefined ? text[found] : undefined;
  };
  const field = (name: keyof FetchForm) => ({
    value: form[name],
    onChange: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
      setForm({ ...form, [name]: currentTarget.value }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) begin(form);
  };
  return (
    <Modal opened onClose={onClose} size="lg" title={text.title} closeButtonProps={{ 'aria-label': common.close }}>
      <form className="stack" noValidate onSubmit={submit}>
        {offline && <Notice tone="needs-you" title={text.offline} />}
        <TextInput
          label={text.url}
          type="url"
          placeholder={text.urlHint}
          data-autofocus
          {...field('url')}
          error={problem('url')}
        />
        <fieldset className="packages-choice">
          <legend>{text.check}</legend>
          {CHECKS.map((check) => (
            <label key={check}>
              <input
                type="radio"
                name="packages-check"
                checked={form.check === check}
                onChange={() => setForm({ ...form, check })}
              />
              {text.checks[check]}
            </label>
          ))}
        </fieldset>
        {form.check === 'sha256' && (
          <TextInput label={text.sha256} spellCheck={false} {...field('sha256')} error={problem('sha256')} />
        )}
        {form.check === 'manifest' && (
          <TextInput label={text.manifest} type="url" {...field('manifest')} error={problem('manifest')} />
        )}
        {form.check === 'none' && (
          <Notice tone="needs-you" title={text.warning}>
            <p>{text.warningText}</p>
          </Notice>
        )}
        <details>
          <summary>{text.about}</summary>
          <div className="packages-fields">
            {ABOUT.map((name) => (
              <TextInput key={name} label={about[name]} maxLength={256} {...field(name)} />
            ))}
          </div>
        </details>
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
        <div className="row packages-dialog-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={running} disabled={offline}>
            {text.confirm}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Sends the request and waits until its task is seen, or it is over. */
function useFetchBegin(onBegun: () => void) {
  const fetch = useAction('packages.fetch');
  const tasks = useHost((state) => state.tasks, NO_TASKS);
  const before = useRef<ReadonlySet<string> | undefined>(undefined);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const begun =
    before.current !== undefined &&
    tasks.some(({ id, name }) => name === 'packages.fetch' && before.current?.has(id) === false);
  useEffect(() => {
    if (begun) onBegun();
  }, [begun, onBegun]);
  const begin = async (form: FetchForm) => {
    before.current = new Set(tasks.map(({ id }) => id));
    const result = await fetch.run(fetchParams(form), { keep: true });
    if (result === undefined) before.current = undefined;
    // By then it is long closed when the fetch took a while, and another dialog may be open.
    else if (shown.current) onBegun();
  };
  return { running: fetch.running, error: fetch.error, begin: (form: FetchForm) => void begin(form) };
}
