import { expect, it } from 'vitest';
import { activityOf, componentChanges } from '../../../src-renderer/screens/demo/component-changes.ts';

it('tells of each component once what became of it', () => {
  const before = [
    { id: 'same', version: '1', state: 20 },
    { id: 'newer', version: '1', state: 20 },
    { id: 'stopped', version: '1', state: 20 },
    { id: 'gone', version: '1' },
  ];
  const after = [
    { id: 'same', version: '1', state: 20 },
    { id: 'newer', version: '2', state: 20 },
    { id: 'stopped', version: '1', state: 10 },
    { id: 'fresh' },
  ];
  expect(componentChanges(before, after).map(({ id, change }) => `${id} ${change}`)).toEqual([
    'same same',
    'newer changed',
    'stopped changed',
    'gone removed',
    'fresh added',
  ]);
});

it('knows the states of the standard, as number or as text, and no other', () => {
  const states = [20, '20', 10, 'resting', undefined].map((state) => activityOf({ id: 'x', state }));
  expect(states).toEqual(['active', 'active', 'inactive', undefined, undefined]);
});
