import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONG = process.env.PC_AGENT_LONG === '1';

/** Pulling the plug of a machine twenty times takes minutes. */
const LAB = LONG ? 'test/lab/*.test.ts' : 'test/lab/lab.test.ts';

/** Modules of Electron are replaced in these, for which each file needs a worker of its own. */
const REPLACES_MODULES = 'test/unit/electron/**';

/** Files that take longest, and mostly wait: begun first, they are done when the others are. */
const LONGEST = ['lab/lab.test', 'flow/host-kills.test', 'window/walks.test', 'flow/strict.test'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.includes(name));
      return at < 0 ? LONGEST.length : at;
    };
    // The order of equals stays.
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

const limits = {
  // The long figures (`npm run test:long`) take minutes a test.
  testTimeout: LONG ? 20 * 60_000 : 20_000,
  hookTimeout: 20_000,
  teardownTimeout: 5_000,
  // For the few that mostly wait for processes of theirs.
  maxConcurrency: 3,
};

export default defineConfig({
  test: {
    // The machines that run this have two cores; tests that start processes of their own wait for them half of the time.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...limits,
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
          name: 'whole',
          include: [LAB, 'test/{compliance,flow,peers,fuzz,window}/**/*.test.ts', `${REPLACES_MODULES}/*.test.ts`],
        },
      },
    ],
  },
});
