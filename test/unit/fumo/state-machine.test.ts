import { describe, expect, it } from 'vitest';
import { FirmwareState } from '../../../src-main/fumo/names.ts';
import {
  FIRMWARE_EVENTS,
  type FirmwareEvent,
  isBusy,
  isTerminal,
  nextState,
} from '../../../src-main/fumo/state-machine.ts';

/** A row a state, a column an event; a dot is what cannot happen there. */
const TABLE = `
      package-set package-removed url-set download-ordered downloaded download-failed kept update-ordered updated update-failed cleaned-up
10    50          10              10      30               .          .               .    .              .       .             10
20    50          20              10      30               .          .               .    .              .       .             10
30    .           .               .       .                40         20              .    .              .       .             .
40    .           .               .       .                .          .               50   .              .       .             .
50    50          10              10      .                .          .               .    60             .       .             .
60    .           .               .       .                .          .               .    .              90      70            .
70    50          80              10      30               .          .               .    60             .       .             10
80    50          80              10      30               .          .               .    .              .       .             10
90    50          100             10      30               .          .               .    .              .       .             10
100   50          100             10      30               .          .               .    .              .       .             10
`;

const [header, ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const STATES = Object.values(FirmwareState);

describe("the update object's states", () => {
  it.each(rows.map((cells) => [Number(cells[0]), cells.slice(1)] as const))(
    'goes on from %i as the figure shows',
    (state, cells) => {
      const from = STATES.find((one) => one === state) ?? FirmwareState.Idle;
      const expected = cells.map((cell) => (cell === '.' ? undefined : Number(cell)));
      expect((header ?? []).map((event) => nextState(from, event as FirmwareEvent))).toEqual(expected);
    },
  );

  it('are all in that table, with all events', () => {
    expect(rows.map(([state]) => Number(state))).toEqual([...STATES].sort((a, b) => a - b));
    expect(header).toEqual([...FIRMWARE_EVENTS]);
    expect(STATES.filter(isTerminal)).toEqual([20, 70, 80, 90, 100]);
    expect(STATES.filter(isBusy)).toEqual([30, 40, 60]);
  });
});
