import { describe, expect, it } from 'vitest';
import type { AirPhone } from '../../../src-main/contract/air.ts';
import type { ListenerKind } from '../../../src-main/contract/listening.ts';
import { isAtAddress, phoneRows, signalWord } from '../../../src-renderer/screens/air/phone-rows.ts';
import { type Way, wayFacts, wayOffer } from '../../../src-renderer/screens/handsets/way-facts.ts';
import { callerName, callerNumber } from '../../../src-renderer/screens/listening/caller-words.ts';
import {
  interfaceChoices,
  listenFault,
  listenForm,
  listenParams,
} from '../../../src-renderer/screens/listening/listen-form.ts';

const ALL = { text: '', others: true };

function phone(address: string, more: Partial<AirPhone> = {}): AirPhone {
  return { address, paired: false, connected: false, seenAt: '2026-11-21T10:00:00Z', ...more };
}

describe('phones in range', () => {
  it('stay where they came first, whatever order the host gives them in', () => {
    const places = new Map<string, number>();
    const [a, b, c] = [phone('A'), phone('B'), phone('C', { paired: true })];
    expect(phoneRows([a, b], ALL, places).near.map(({ address }) => address)).toEqual(['A', 'B']);
    const later = phoneRows([c, b, a], ALL, places);
    expect(later.near.map(({ address }) => address)).toEqual(['A', 'B']);
    expect(later.paired.map(({ address }) => address)).toEqual(['C']);
  });

  it('are those that are paired or were seen; what is no phone only on demand, unless it is paired', () => {
    const { seenAt: _seen, ...remembered } = phone('R');
    const rows = [
      remembered,
      phone('P', { type: 'computer' }),
      phone('Q', { type: 'other', paired: true }),
      phone('N'),
    ];
    const few = phoneRows(rows, { text: '', others: false }, new Map());
    expect([few.near, few.paired].map((each) => each.map(({ address }) => address))).toEqual([['N'], ['Q']]);
    expect([few.all, few.others]).toEqual([2, 1]);
    expect(phoneRows(rows, { text: 'p', others: true }, new Map()).near).toHaveLength(1);
  });

  it('are one with a way whatever its channel and the case of its letters', () => {
    expect(isAtAddress('bluetooth:00:1a:7D:DA:71:13@7', '00:1A:7D:DA:71:13')).toBe(true);
    expect(isAtAddress('bluetooth:00:1A:7D:DA:71:14', '00:1A:7D:DA:71:13')).toBe(false);
    expect([-40, -61, -90].map((signal) => signalWord({ signal }))).toEqual(['strong', 'medium', 'weak']);
    expect(signalWord({})).toBeUndefined();
  });
});

describe('a way in', () => {
  it.each<[ListenerKind, string]>([
    ['tcp', ':4650'],
    ['tcp', '192.168.1.20:650'],
    ['tcp', '[fd00:1::20]:650'],
    ['network', 'usb0'],
    ['network', 'eth0.12:8080'],
    ['serial', '/dev/ttyUSB0@115200'],
    ['bluetooth', '12'],
  ])('of kind %s at %s is asked for again as it was', (kind, wanted) => {
    const form = listenForm({ kind, wanted, dms: 'profile-1' });
    expect(listenFault(kind, form)).toBeUndefined();
    expect(listenParams(kind, form)).toEqual({ kind, on: true, address: wanted, dms: 'profile-1' });
  });

  it('is at its usual place where nothing is said, and tells what is wrong', () => {
    const empty = listenForm({ kind: 'tcp' });
    expect(listenParams('tcp', empty)).toEqual({ kind: 'tcp', on: true });
    expect(listenParams('bluetooth', empty)).toEqual({ kind: 'bluetooth', on: true });
    expect(listenFault('network', empty)).toBe('interface');
    expect(listenFault('serial', empty)).toBe('serial');
    for (const port of ['0', '65536', '6.5', 'x', '-1']) expect(listenFault('tcp', { ...empty, port })).toBe('port');
    for (const channel of ['0', '31']) expect(listenFault('bluetooth', { ...empty, channel })).toBe('channel');
    expect(listenForm({ kind: 'bluetooth', wanted: 'bluetooth:00:1A:7D:DA:71:13@7' }).channel).toBe('7');
  });

  it('is offered each interface with an address, the loop last, and what was chosen though it is not there', () => {
    const there = [
      { name: 'lo', addresses: ['127.0.0.1'], loopback: true },
      { name: 'wlan0', addresses: [], loopback: false },
      { name: 'eth0', addresses: ['192.168.1.20'], loopback: false },
    ];
    const names = (chosen: string) => interfaceChoices(there, chosen).map(({ value, absent }) => `${value} ${absent}`);
    expect(names('')).toEqual(['eth0 false', 'lo false']);
    expect(names('eth0')).toEqual(['eth0 false', 'lo false']);
    expect(names('usb0')).toEqual(['usb0 true', 'eth0 false', 'lo false']);
    expect(names('192.168.1.20')).toEqual(['192.168.1.20 false', 'eth0 false', 'lo false']);
  });

  it('names a caller by its own words made plain, by its card only once it was let in, and hides a real number', () => {
    const unnamed = 'Unknown phone';
    const device = 'IMEI:356938035643809';
    const card = { device, alias: 'Front desk' } as Parameters<typeof callerName>[1][number];
    const claimed = { device, manufacturer: 'Nor\u202Eva', model: 'N5\n' };
    expect(callerName({ ...claimed, state: 'asking' }, [card], unnamed)).toBe('Nor va N5');
    expect(callerName({ ...claimed, state: 'accepted' }, [card], unnamed)).toBe('Front desk');
    expect(callerName({ device, state: 'missed' }, [card], unnamed)).toBe(unnamed);
    expect(callerNumber({ device: 'IMEI:356938035643809', virtual: false })).toBe('IMEI:35693803*******');
    expect(callerNumber({ device: 'IMEI:004999010640018', virtual: true })).toBe('IMEI:004999010640018');
    expect(callerNumber({ virtual: false })).toBeUndefined();
  });
});

describe('of several ways to a handset', () => {
  const usb: Way = { kind: 'usb', address: 'usb:0421:0508', attached: true, rate: 250_000 };
  const air: Way = { kind: 'bluetooth', address: 'bluetooth:00:1A:7D:DA:71:13@7', attached: true, rate: 25_000 };
  const away = (way: Way): Way => ({ ...way, attached: false });
  const why = (bearers: Way[], handset?: string) => {
    const facts = wayFacts({ bearers }, handset === undefined ? undefined : { handset });
    return facts === undefined ? undefined : `${facts.used.kind} ${facts.why.kind}`;
  };

  it('the better one that can be used is the one, and the reason is what makes it so', () => {
    expect(why([air, usb])).toBe('usb better');
    expect(why([usb])).toBeUndefined();
    expect(why([air, away(usb)])).toBe('bluetooth away');
    expect(why([away(air), away(usb)])).toBeUndefined();
    expect(why([air, { ...usb, reason: 'bearer/busy' }])).toBe('bluetooth unusable');
    expect(why([usb, air], 'bluetooth:00:1A:7D:DA:71:13')).toBe('bluetooth until-over');
    expect(why([usb, away(air)])).toBeUndefined();
    // Two of a kind are no choice that a person would care for.
    expect(why([usb, { ...usb, address: 'usb:0421:0509' }])).toBeUndefined();
  });

  it('the other one is offered after a loss with the time of what is to be carried, where that is known', () => {
    const task = { sessions: ['s'], packages: ['maps'] };
    const handset = { address: usb.address, bearers: [away(air), away(usb)] };
    const packages = [{ id: 'maps', size: 500_000 }] as Parameters<typeof wayOffer>[0]['packages'];
    const offer = wayOffer({ sessions: [], packages }, handset, task);
    expect(offer).toMatchObject({ bytes: 500_000, seconds: 20, lostSeconds: 2, other: { kind: 'bluetooth' } });
    const { rate: _rate, ...slow } = away(air);
    const unknown = wayOffer({ sessions: [], packages: [] }, { ...handset, bearers: [slow, away(usb)] }, task);
    expect(unknown).toMatchObject({ bytes: undefined, seconds: undefined });
    expect(wayOffer({ sessions: [], packages }, { ...handset, bearers: [away(usb)] }, task)).toBeUndefined();
  });
});
