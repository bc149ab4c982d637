/** Commands and questions of a DM server to a handset, three processes with the relay in the middle. */
import { describe, expect, it } from 'vitest';
import type { JobAnswer, JobReply } from '../support/dms-client.ts';
import { DEVICE, expectTransparent, ourDms, ourHandset } from '../support/our-three.ts';
import { onStage, type Stage } from '../support/processes.ts';
import { someOf } from '../support/thoroughness.ts';

const FOLDER = './SCM/Inventory/Delivered';
/** ServerID of the virtual DMS's default (`--help`). */
const SERVER = 'virtual-dms';

const get = (target: string) => ({ kind: 'Get', target });
const node = (target: string) => ({ kind: 'Add', target, format: 'node' });
const text = (target: string, data: string) => ({ kind: 'Add', target, format: 'chr', type: 'text/plain', data });
const acl = (target: string, data: string) => ({ kind: 'Replace', target: `${target}?prop=ACL`, format: 'chr', data });

/** Queues the jobs, relays one session, and gives what came of them. */
async function played(
  stage: Stage,
  flags: readonly string[],
  orders: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly JobAnswer[]> {
  const dms = await ourDms(stage);
  const handset = await ourHandset(stage, ...flags);
  const jobs: string[] = [];
  for (const { operation, ...more } of orders) jobs.push(await dms.client.post(DEVICE, String(operation), more));
  const trigger = ['--trigger', dms.client.triggerUrl(DEVICE), '--count', '1'];
  const relay = stage.agent('relay', '--handset', handset.address, '--dms', dms.url, ...trigger);
  expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
  expectTransparent(handset.program, dms.program);
  return dms.client.jobs(jobs);
}

const commands = (...list: readonly object[]) => ({ operation: 'commands', commands: list });
const ask = (question: object) => ({ operation: 'ask', question });

/** Codes in the shape of the commands. */
const codesOf = (replies: readonly JobReply[] = []): readonly unknown[] =>
  replies.map(({ code, children }) => (children === undefined ? code : [code, codesOf(children)]));

const dataOf = (job: JobAnswer | undefined, index: number) => job?.replies?.[index]?.items[0]?.data;

describe('jobs of a DM server', () => {
  it.each(someOf(['wbxml', 'xml'], 2))(
    'carry commands to the handset in %s; a group that fails leaves everything as it was',
    (encoding) =>
      onStage(async (stage) => {
        const [before, failing, after, rights, copy, sequence] = await played(
          stage,
          ['--encoding', encoding, '--answer', 'reject'],
          [
            commands(node(`${FOLDER}/kept`), text(`${FOLDER}/kept/PkgID`, 'kept <&> "é"'), get(FOLDER)),
            commands({
              kind: 'Atomic',
              commands: [
                { kind: 'Replace', target: `${FOLDER}/kept/PkgID`, format: 'chr', data: 'changed' },
                node(`${FOLDER}/gone`),
                text(`${FOLDER}/gone/PkgID`, 'gone'),
                { kind: 'Delete', target: './Nowhere' },
                text(`${FOLDER}/gone/Name`, 'never'),
              ],
            }),
            commands(get(FOLDER), get(`${FOLDER}/kept/PkgID`), get(`${FOLDER}/gone/PkgID`)),
            commands(
              acl(`${FOLDER}/kept`, 'Get=*'),
              get(`${FOLDER}/kept?prop=ACL`),
              { kind: 'Replace', target: `${FOLDER}/kept/PkgID`, format: 'chr', data: 'x' },
              get(`${FOLDER}/kept/PkgID`),
            ),
            commands(
              node(`${FOLDER}/copy`),
              { kind: 'Copy', source: `${FOLDER}/kept/PkgID`, target: `${FOLDER}/copy/PkgID` },
              get(`${FOLDER}/copy/PkgID`),
            ),
            commands({
              kind: 'Sequence',
              commands: [
                { kind: 'Alert', question: { kind: 'confirm', text: 'Delete it?' } },
                { kind: 'Delete', target: `${FOLDER}/copy` },
              ],
            }),
          ],
        );
        const value = 'kept <&> "é"';
        expect(before?.state).toBe('done');
        expect(codesOf(failing?.replies)).toEqual([[507, [216, 216, 216, 404, 215]]]);
        expect(failing).toMatchObject({
          state: 'failed',
          message: 'the handset refused Delete of ./Nowhere (status 404, Not found)',
        });
        expect(codesOf(after?.replies)).toEqual([200, 200, 404]);
        expect(dataOf(after, 0)).toBe(dataOf(before, 2));
        expect(dataOf(after, 1)).toBe(value);
        expect(codesOf(rights?.replies)).toEqual([200, 200, 425, 200]);
        expect(dataOf(rights, 1)).toBe('Get=*');
        expect(dataOf(rights, 3)).toBe(value);
        expect(rights?.message).toBe(
          `the handset does not allow Replace of ${FOLDER}/kept/PkgID to the server ${SERVER} (status 425, Permission denied)`,
        );
        expect(codesOf(copy?.replies)).toEqual([200, 200, 200]);
        expect(dataOf(copy, 2)).toBe(value);
        expect(codesOf(sequence?.replies)).toEqual([[200, [304, 215]]]);
        expect(sequence?.message).toBe('the person at the handset answered no (status 304)');
      }),
  );

  it('ask the person at the handset, whose answers are scripted', () =>
    onStage(async (stage) => {
      const choices = ['red', 'green', 'blue'];
      const answers = ['accept', 'text:Ada L.', 'choose:3', 'choose:3-1', 'reject', 'cancel', 'timeout', 'choose:9'];
      const jobs = await played(
        stage,
        answers.flatMap((answer) => ['--answer', answer]),
        [
          ask({ kind: 'display', text: 'Maintenance tonight' }),
          ask({ kind: 'input', text: 'Name?' }),
          ask({ kind: 'choice', text: 'Which one?', choices }),
          ask({ kind: 'choice', text: 'Which ones?', choices, multiple: true }),
          ask({ kind: 'confirm', text: 'Restart?' }),
          ask({ kind: 'input', text: 'Name?' }),
          ask({ kind: 'choice', text: 'Which ones?', choices, multiple: true, suggested: [2, 3] }),
          // Not among the choices, so nobody has answered.
          ask({ kind: 'choice', text: 'Which one?', choices }),
        ],
      );
      expect(jobs.map(({ state, answer }) => ({ state, ...answer }))).toEqual([
        { state: 'done', code: 200 },
        { state: 'done', code: 200, text: 'Ada L.' },
        { state: 'done', code: 200, chosen: [3] },
        { state: 'done', code: 200, chosen: [3, 1] },
        { state: 'done', code: 304 },
        { state: 'failed', code: 214 },
        { state: 'done', code: 200, chosen: [2, 3] },
        { state: 'failed', code: 408 },
      ]);
    }));
});
