import { NativeSelect, Radio, TextInput, type TextInputProps } from '@mantine/core';
import { useId } from 'react';
import { Link } from 'wouter';
import type { HostState } from '../../../src-main/contract/host-state.ts';
import type { InterfaceView, ListenerKind } from '../../../src-main/contract/listening.ts';
import type { ProfileView } from '../../../src-main/contract/results.ts';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import {
  type InterfaceChoice,
  interfaceChoices,
  type ListenFault,
  type ListenForm,
  USUAL_PORTS,
} from './listen-form.ts';

interface PlaceFieldsProps {
  readonly kind: ListenerKind;
  readonly form: ListenForm;
  readonly set: (change: Partial<ListenForm>) => void;
  /** What is wrong, once somebody has tried. */
  readonly fault: ListenFault | undefined;
  readonly interfaces: readonly InterfaceView[];
}

/** Where a way in of this kind is opened. */
export function PlaceFields(props: PlaceFieldsProps) {
  switch (props.kind) {
    case 'tcp':
      return (
        <>
          <InterfaceSelect {...props} />
          <PortField {...props} usual={USUAL_PORTS.tcp} />
        </>
      );
    case 'network':
      return (
        <>
          <InterfaceRadios {...props} />
          <PortField {...props} usual={USUAL_PORTS.network} />
        </>
      );
    case 'serial':
      return <SerialField {...props} />;
    case 'bluetooth':
      return <ChannelField {...props} />;
  }
}

/** All of them at once is possible, too. */
function InterfaceSelect({ form, set, interfaces }: PlaceFieldsProps) {
  const { form: text } = useSpeech().words.screens.listening;
  const choices = interfaceChoices(interfaces, form.host);
  return (
    <NativeSelect
      className="field"
      label={text.interface}
      value={form.host}
      onChange={({ currentTarget }) => set({ host: currentTarget.value })}
      data={[
        { value: '', label: text.allInterfaces },
        ...choices.map((choice) => ({
          value: choice.value,
          label: [choice.value, about(choice, text)].filter(Boolean).join(' – '),
        })),
      ]}
      data-autofocus
    />
  );
}

/** One of them, and never all. */
function InterfaceRadios({ form, set, fault, interfaces }: PlaceFieldsProps) {
  const { form: text } = useSpeech().words.screens.listening;
  const choices = interfaceChoices(interfaces, form.host);
  if (choices.length === 0) return <p>{text.noInterfaces}</p>;
  return (
    <Radio.Group
      className="field"
      name="interface"
      label={text.interface}
      description={text.interfaceHint}
      value={form.host}
      error={fault === 'interface' ? text.errors.interface : undefined}
      onChange={(host) => set({ host })}
    >
      <div className="listening-interfaces">
        {choices.map((choice, index) => (
          <Radio
            key={choice.value}
            value={choice.value}
            label={choice.value}
            description={about(choice, text)}
            {...(choice.value === form.host || (form.host === '' && index === 0) ? { 'data-autofocus': true } : {})}
          />
        ))}
      </div>
    </Radio.Group>
  );
}

function about(
  { addresses, loopback, absent }: InterfaceChoice,
  text: { readonly absent: string; readonly loopback: string },
): string {
  const parts = [addresses.join(', '), loopback ? text.loopback : '', absent ? text.absent : ''];
  return parts.filter(Boolean).join(', ');
}

function PortField({ form, set, fault, usual }: PlaceFieldsProps & { readonly usual: number }) {
  const { form: text } = useSpeech().words.screens.listening;
  return (
    <NumberField
      name="port"
      label={text.port}
      description={text.portHint(String(usual))}
      value={form.port}
      error={fault === 'port' ? text.errors.port : undefined}
      onChange={({ currentTarget }) => set({ port: currentTarget.value })}
    />
  );
}

function ChannelField({ form, set, fault }: PlaceFieldsProps) {
  const { form: text } = useSpeech().words.screens.listening;
  return (
    <NumberField
      name="channel"
      label={text.channel}
      description={text.channelHint}
      value={form.channel}
      error={fault === 'channel' ? text.errors.channel : undefined}
      onChange={({ currentTarget }) => set({ channel: currentTarget.value })}
      data-autofocus
    />
  );
}

/** Digits, from left to right in every language. */
function NumberField(props: TextInputProps) {
  return <TextInput className="field listening-number" inputMode="numeric" autoComplete="off" dir="ltr" {...props} />;
}

/** Those that are known are proposed; another one may be typed. */
function SerialField({ form, set, fault }: PlaceFieldsProps) {
  const { form: text } = useSpeech().words.screens.listening;
  const list = useId();
  const known = useHost((state) => serialPaths(state).join('\n'), '');
  return (
    <>
      <TextInput
        className="field"
        name="serial"
        label={text.serial}
        description={text.serialHint}
        list={list}
        value={form.path}
        error={fault === 'serial' ? text.errors.serial : undefined}
        onChange={({ currentTarget }) => set({ path: currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
        data-autofocus
      />
      <datalist id={list}>
        {known
          .split('\n')
          .filter((path) => path !== '')
          .map((path) => (
            <option key={path} value={path} />
          ))}
      </datalist>
    </>
  );
}

function serialPaths({ attachments, handsets }: Pick<HostState, 'attachments' | 'handsets'>): readonly string[] {
  const ways = [...attachments, ...handsets.flatMap(({ bearers }) => bearers)];
  const paths = ways.filter(({ kind }) => kind === 'serial').map(({ address }) => address.replace(/^serial:/, ''));
  return [...new Set(paths)];
}

const NO_PROFILES: readonly ProfileView[] = [];

/** To which server the sessions go. */
export function ServerField({ dms, set }: Pick<PlaceFieldsProps, 'set'> & { readonly dms: string }) {
  const { form: text } = useSpeech().words.screens.listening;
  const profiles = useHost((state) => state.profiles, NO_PROFILES);
  const chosen = profiles.find(({ id, name, url }) => id === dms || name === dms || url === dms)?.id ?? dms;
  const other = chosen !== '' && !profiles.some(({ id }) => id === chosen);
  if (profiles.length === 0 && !other) {
    return (
      <p>
        {text.noServer} <Link href="/servers">{text.addServer}</Link>
      </p>
    );
  }
  return (
    <NativeSelect
      className="field"
      label={text.server}
      value={chosen}
      onChange={({ currentTarget }) => set({ dms: currentTarget.value })}
      data={[
        { value: '', label: text.serverDefault },
        ...(other ? [{ value: chosen, label: chosen }] : []),
        ...profiles.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}
