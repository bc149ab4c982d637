import { defineConfig } from 'vitest/config';
import { CONTINUOUS, LONG, THOROUGH } from './test/support/thoroughness.ts';

/** Pulling the plug of a machine twenty times takes minutes. */
const LAB = LONG ? 'test/lab/*.test.ts' : 'test/lab/lab.test.ts';

/** Modules of Electron are replaced in these, for which each file needs a worker of its own. */
const REPLACES_MODULES = 'test/unit/electron/**';

/** What `npm test` leaves to continuous integration: stories between processes whose parts other files show. */
const LENGTHY = [
  'test/flow/use-cases/{archive,cases,dlota,faults,fumo,offline,outside,scomo,sync,wire}.test.ts',
  'test/flow/{bootstrap,cards,host-commands,offline-proof}.test.ts',
  'test/peers/{dlota-nginx,jobs-with-strangers,ours-with-strangers,wild-clients}.test.ts',
  'test/peers/{software-from-strangers,strangers-software}.test.ts',
];

/** What both leave to the long run: kills, pictures, whole days at a desk, and those that wait for minutes. */
const LONGEST = [
  'test/flow/{host-kills,listening,odd-phones,other-bearer,presence}.test.ts',
  'test/flow/{process-ends,strict,three-terminals,window-prompts}.test.ts',
  'test/window/{air,demo,network,pictures,prompts,settings,walks}.test.ts',
];
const LEFT_OUT = [...(CONTINUOUS ? [] : LENGTHY), ...(THOROUGH ? [] : LONGEST)];

const limits = {
  // They end what hangs, and say nothing of speed: a computer that gives us a third of itself is no failure. The long
  // figures (`npm run test:long`) take minutes a test.
  testTimeout: LONG ? 20 * 60_000 : 4 * 60_000,
  hookTimeout: 4 * 60_000,
  teardownTimeout: 5_000,
  // What is waited for comes when a machine that is at work comes to it: forty pages of a table, which take two seconds,
  // took more than thirty where others had most of the processors.
  expect: { poll: { timeout: 2 * 60_000 } },
  // For the few that mostly wait for processes of theirs.
  maxConcurrency: 3,
  // No test touches the Bluetooth of who runs it: those that need a service bring their own.
  env: { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere/bus' },
};

/** The machines that run this have two cores, which four keep at work: tests wait for processes of their own. */
const together = { maxWorkers: 4, sequence: { groupOrder: 2 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...limits,
          ...together,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: [REPLACES_MODULES],
          // Nothing of ours runs at import or keeps state in a module: workers are used again, a quarter of the time less.
          isolate: false,
        },
      },
      {
        test: {
          ...limits,
          ...together,
          name: 'whole',
          include: ['test/{compliance,flow,peers,fuzz,window}/**/*.test.ts', `${REPLACES_MODULES}/*.test.ts`],
          exclude: LEFT_OUT,
        },
      },
      {
        // Without the others: an emulated processor that gets a quarter of a real one misses time limits of the product.
        // Vitest runs those of order 0 with one worker last.
        test: { ...limits, name: 'lab', include: [LAB], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
