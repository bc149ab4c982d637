import { deviceKey } from '../../base/device-key.ts';
import type { DeviceFacts } from '../../dm/server/work.ts';
import { type FirmwareComplete, readFirmwareComplete, readFirmwareRequest } from '../../fumo/firmware-alert.ts';
import type { FirmwareOperation, FirmwareRequester } from '../../fumo/names.ts';
import type { AlertCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { Job } from './job.ts';
import { endOfFirmware, type FirmwareWorkOptions } from './job-firmware.ts';
import { addIfRoom, type JobStore } from './job-store.ts';
import type { DmsPackage } from './packages.ts';

/** Reports of one session that its event shows. */
const MAX_REPORTS = 1000;

interface FirmwareDeskOptions {
  readonly store: JobStore;
  readonly device: string;
  readonly offered: readonly DmsPackage[];
  /** Packages that are at hand in the session, by id. */
  readonly files: ReadonlyMap<string, { readonly file: string }>;
  /** Address of this server, once it listens. */
  readonly url: () => string;
}

/** What a handset says of its firmware in one session, and what becomes of the jobs for it. */
export class FirmwareDesk {
  readonly #options: FirmwareDeskOptions;
  readonly #came: FirmwareComplete[] = [];
  /** The last operation of each job that the handset has accepted in this session. */
  readonly #accepted = new Map<string, FirmwareOperation>();
  /** Jobs whose report came before the work began. */
  readonly #reported: string[] = [];
  #begun = false;
  #watching = false;

  constructor(options: FirmwareDeskOptions) {
    this.#options = options;
  }

  /** Reports as the session's event shows them. */
  get reports(): readonly {
    readonly resultCode: number;
    readonly uri: string;
    readonly correlator: string | undefined;
  }[] {
    return this.#came.map(({ resultCode, object, correlator }) => ({ resultCode, uri: object, correlator }));
  }

  /** What the work of this session needs; what the handset asks for from now on waits for another one. */
  begin(
    facts: DeviceFacts,
  ): Omit<FirmwareWorkOptions, 'store' | 'packages' | 'onFirmware'> & { readonly reported: readonly string[] } {
    this.#begun = true;
    const { offered } = this.#options;
    return {
      facts,
      reported: [...this.#reported],
      firmware: offered.flatMap(({ id, firmware }) => (firmware === undefined ? [] : [{ id, manifest: firmware }])),
      urlOf: (id, descriptor) => this.#addressOf(id, descriptor),
      onAccepted: (job, operation) => {
        this.#accepted.set(job, operation);
        this.#options.store.amend(job, { accepted: true });
      },
      onWatch: () => {
        this.#watching = true;
      },
    };
  }

  /** The handset is at work and may be left to it for a moment; said once. */
  leaves(): boolean {
    const watching = this.#watching;
    this.#watching = false;
    return watching;
  }

  /** Status of an alert about firmware; `undefined` for another one. */
  take(alert: AlertCommand): number | undefined {
    const reports = readFirmwareComplete(alert);
    for (const report of reports) this.#takeReport(report);
    if (reports.length > 0) return Status.Ok;
    const request = readFirmwareRequest(alert);
    return request === undefined ? undefined : this.#takeRequest(request.requester);
  }

  /**
   * Whether a job that runs goes on although its session has failed: an operation that the handset has accepted is
   * reported in another one. After a download the update is ordered there.
   */
  outlives(id: string): boolean {
    const operation = this.#accepted.get(id);
    const { store } = this.#options;
    if (operation === 'download' && store.get(id)?.firmwareFacts?.delivered === true) store.again(id);
    return operation !== undefined;
  }

  /** The report of an update ends its job, in whatever session it comes; after a download the update is due. */
  #takeReport(complete: FirmwareComplete): void {
    const { store } = this.#options;
    if (this.#came.length < MAX_REPORTS) this.#came.push(complete);
    const job = complete.correlator === undefined ? undefined : store.get(complete.correlator);
    if (job === undefined || !this.#isOrdered(job)) return;
    const end = endOfFirmware(complete, job);
    if (end !== undefined) {
      const ended = store.finish(job.id, end);
      if (ended && !this.#begun) this.#reported.push(job.id);
      return;
    }
    // The same report again, whose update may be ordered by now.
    if (job.firmwareFacts?.delivered === true) return;
    store.amend(job.id, { firmwareFacts: { ...job.firmwareFacts, delivered: true }, accepted: undefined });
    if (!this.#accepted.has(job.id)) store.again(job.id);
  }

  /** A report of what was never ordered of this handset changes nothing. */
  #isOrdered({ device, operation, state, firmwareFacts }: Job): boolean {
    if (operation !== 'firmware' || deviceKey(device) !== deviceKey(this.#options.device)) return false;
    return state !== 'queued' || firmwareFacts !== undefined;
  }

  /** 200 when an update is ordered in this session, 202 for later or never (spec sheet fumo, section 4). */
  #takeRequest(requested: FirmwareRequester): number {
    const { store, device, offered } = this.#options;
    const waiting = store.list(device).find((job) => job.state === 'queued' && job.operation === 'firmware');
    // A handset's wish does not take the place of an approval.
    if (waiting?.approval === 'awaited') return Status.Accepted;
    if (waiting === undefined && offered.length === 0) return Status.Accepted;
    if (waiting === undefined) {
      const firmware = { update: true, descriptor: false, requested };
      if (addIfRoom(store, { device, operation: 'firmware', firmware }) === undefined) return Status.Accepted;
    }
    return this.#begun ? Status.Accepted : Status.Ok;
  }

  #addressOf(id: string, descriptor: boolean): string | undefined {
    const file = this.#options.files.get(id)?.file;
    if (file === undefined) return undefined;
    return new URL(`/packages/${encodeURIComponent(file)}${descriptor ? '.dd' : ''}`, this.#options.url()).href;
  }
}
