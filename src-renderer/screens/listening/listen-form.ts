import type { InterfaceView, ListenerKind, ListenerView } from '../../../src-main/contract/listening.ts';
import type { ParamsOf } from '../../../src-main/contract/requests.ts';

/** What a person has chosen for a way in; what its kind does not have is empty. */
export interface ListenForm {
  /** Interface or address; empty: every one. */
  readonly host: string;
  /** Empty: the usual one. */
  readonly port: string;
  /** Of a serial port, with its speed. */
  readonly path: string;
  /** Empty: any free one. */
  readonly channel: string;
  /** Id of a profile, or an address; empty: the phone's own choice, or the default. */
  readonly dms: string;
}

export type ListenFault = 'interface' | 'port' | 'serial' | 'channel';

/** Ports that are taken where none is named (operations/listening). */
export const USUAL_PORTS = { tcp: 650, network: 8650 } as const;

/** `HOST`, `HOST:PORT`, `:PORT`, `[IPV6]:PORT`. */
const PLACE = /^(?:tcp:)?(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/i;

/** What a way in has now, or had last. */
export function listenForm({ kind, wanted = '', dms = '' }: Pick<ListenerView, 'kind' | 'wanted' | 'dms'>): ListenForm {
  const form = { host: '', port: '', path: '', channel: '', dms };
  switch (kind) {
    case 'tcp':
    case 'network': {
      const [, v6, name, port = ''] = PLACE.exec(wanted) ?? [];
      return { ...form, host: v6 ?? name ?? wanted, port };
    }
    case 'serial':
      return { ...form, path: wanted.replace(/^serial:/i, '') };
    case 'bluetooth':
      return { ...form, channel: /(?:^|@)(\d+)$/.exec(wanted)?.[1] ?? '' };
  }
}

/** The first thing that is wrong. */
export function listenFault(kind: ListenerKind, form: ListenForm): ListenFault | undefined {
  switch (kind) {
    case 'network':
      if (form.host === '') return 'interface';
      return isNumber(form.port, 65_535) ? undefined : 'port';
    case 'tcp':
      return isNumber(form.port, 65_535) ? undefined : 'port';
    case 'serial':
      return form.path.trim() === '' ? 'serial' : undefined;
    case 'bluetooth':
      return isNumber(form.channel, 30) ? undefined : 'channel';
  }
}

/** What the host is asked for; only for a form without faults. */
export function listenParams(kind: ListenerKind, form: ListenForm): ParamsOf<'listeners.set'> {
  const address = addressOf(kind, form);
  return {
    ...{ kind, on: true },
    ...(address === '' ? {} : { address }),
    ...(form.dms === '' ? {} : { dms: form.dms }),
  };
}

function addressOf(kind: ListenerKind, { host, port, path, channel }: ListenForm): string {
  switch (kind) {
    case 'tcp':
    case 'network': {
      const shown = host.includes(':') ? `[${host}]` : host;
      return port.trim() === '' ? shown : `${shown}:${port.trim()}`;
    }
    case 'serial':
      return path.trim();
    case 'bluetooth':
      return channel.trim();
  }
}

/** Empty, or a whole number from 1. */
function isNumber(text: string, most: number): boolean {
  const typed = text.trim();
  return typed === '' || (/^\d{1,5}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= most);
}

export interface InterfaceChoice {
  readonly value: string;
  readonly addresses: readonly string[];
  readonly loopback: boolean;
  /** It was chosen before, and is not there now. */
  readonly absent: boolean;
}

/** Interfaces to choose from: those with an address, the computer's own loop last, and the one that was chosen before. */
export function interfaceChoices(interfaces: readonly InterfaceView[], chosen: string): readonly InterfaceChoice[] {
  const there = interfaces
    .filter(({ addresses }) => addresses.length > 0)
    .toSorted((a, b) => Number(a.loopback) - Number(b.loopback))
    .map(({ name, addresses, loopback }) => ({ value: name, addresses, loopback, absent: false }));
  if (chosen === '' || there.some(({ value }) => value === chosen)) return there;
  const holder = there.find(({ addresses }) => addresses.includes(chosen));
  return [{ value: chosen, addresses: [], loopback: false, absent: holder === undefined }, ...there];
}
