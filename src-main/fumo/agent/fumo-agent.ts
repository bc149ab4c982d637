import type { ByteSource } from '../../base/byte-source.ts';
import { EMPTY_BYTES } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';
import type { SignatureVerifier } from '../../base/signature.ts';
import type { GenericAlert } from '../../dm/generic-alert.ts';
import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import type { ExecCall } from '../../dm/tree/node.ts';
import { Status } from '../../syncml/status.ts';
import type { FetchPackage } from '../fetch-package.ts';
import { completionAlert, requestAlert } from '../firmware-alert.ts';
import { checkFirmware, readFirmware } from '../firmware-package.ts';
import { type FirmwareOperation, type FirmwareRequester, FirmwareState, OPERATION_NODE } from '../names.ts';
import { FirmwareResult, isSuccessfulUpdate, resultRow } from '../result-codes.ts';
import { type FirmwareEvent, firmwareStateOf, isBusy, isTerminal, nextState } from '../state-machine.ts';
import type { FirmwareRecord, PendingOperation } from './firmware-record.ts';
import { firmwareSpec } from './node-specs.ts';

export interface FumoAgentOptions {
  readonly tree: ManagementTree;
  readonly digest: Digest;
  /** DevInfo/Mod, which a package is for. */
  readonly model: string;
  /** Name of the node above the object, below the root; default `FwUpdate`. */
  readonly parent?: string;
  /** With it only packages that are signed with its key are taken: others end with 404. */
  readonly verify?: SignatureVerifier | undefined;
  /** Octets of a package that there is room for; one that is downloaded and larger ends with 501. */
  readonly room?: number | undefined;
  /** The leaf that an update changes; default `./DevDetail/FwV`. */
  readonly versionUri?: string;
  /** Who may do what with the object; default: every server everything. */
  readonly acl?: string;
  /** What an earlier run has left. */
  readonly record?: FirmwareRecord;
  /** Without it nothing can be downloaded: result code 408. */
  readonly fetch?: FetchPackage;
  /**
   * Result code that operations end with (a fault of a virtual handset): of a failed download where it is one, else of a
   * failed update. One of success only takes the place of 200.
   */
  readonly failWith?: number | undefined;
  /** With it no operation is begun: each ends with this result code, and nothing is changed (a fault). */
  readonly refuseWith?: number | undefined;
  /** The device goes down in the middle of an update (a fault): it goes on with it at its next start. */
  readonly stopsInUpdate?: boolean;
  /** Told after each change that must survive a restart. */
  readonly onChange: () => void;
}

const FIRMWARE_ACL = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';
const PARENT = 'FwUpdate';
const OBJECT = 'Package1';
const WEB_ADDRESS = /^https?:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/i;
const MAX_URL = 2048;

/** Packages that nothing can be made of are not kept for another try. */
const USELESS: readonly number[] = [402, 403, 404, 405];

/**
 * The device side of FUMO 1.0: one update object, by default `./FwUpdate/Package1`. Exec is accepted with 202; what came of it is a
 * generic alert that waits until it is acknowledged. What is under way survives a restart: `resume` goes on with it.
 */
export class FumoAgent {
  readonly uri: string;
  readonly #tree: ManagementTree;
  readonly #options: FumoAgentOptions;
  #state: FirmwareState;
  #pending: PendingOperation | undefined;
  #alerts: readonly GenericAlert[];
  /** The agent itself changes a value. */
  #writing = false;
  #running: Promise<void> | undefined;

  constructor(options: FumoAgentOptions) {
    this.#options = options;
    this.#tree = options.tree;
    const { record, parent = PARENT } = options;
    this.uri = `./${parent}/${OBJECT}`;
    this.#state = firmwareStateOf(record?.state ?? FirmwareState.Idle) ?? FirmwareState.Idle;
    this.#pending = record?.pending;
    this.#alerts = record?.alerts ?? [];
    const exec = (operation: FirmwareOperation) => (call: ExecCall) => this.#order(operation, call);
    const object = firmwareSpec({
      download: exec('download'),
      update: exec('update'),
      downloadAndUpdate: exec('downloadandupdate'),
      onPackage: () => this.#unlessOwn(() => this.#onPackage()),
      onUrl: () => this.#unlessOwn(() => this.#onUrl()),
      refuses: () => (isBusy(this.#state) ? Status.CommandNotAllowed : undefined),
    });
    const acl = options.acl ?? FIRMWARE_ACL;
    this.#tree.put('.', parent, { format: 'node', permanent: true, acl, children: { [OBJECT]: object } });
    this.#show();
  }

  get state(): FirmwareState {
    return this.#state;
  }

  get alerts(): readonly GenericAlert[] {
    return this.#alerts;
  }

  /** What is to be kept for the next start, with the values of the tree. */
  get record(): FirmwareRecord {
    const pending = this.#pending;
    return { state: this.#state, ...(pending === undefined ? {} : { pending }), alerts: this.#alerts };
  }

  /** Of the firmware that runs. */
  get version(): string {
    return this.#tree.text(this.#versionUri) ?? '';
  }

  /** Once nothing is being downloaded any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** A start of the device, its tree as it was kept: goes on with what was under way. */
  resume(): void {
    const hasData = this.#data() !== undefined;
    if (this.#pending === undefined) {
      // Without a word about who wanted it there is nothing to go on with and nobody to report to.
      if (this.#state === FirmwareState.DownloadProgressing) this.#move('download-failed');
      if (this.#state === FirmwareState.UpdateProgressing) this.#move('update-failed');
      if (isTerminal(this.#state) && this.#alerts.length === 0) this.#cleanUp();
      else if (this.#state === FirmwareState.Idle && hasData) this.#move('package-set');
    }
    if (this.#state === FirmwareState.DownloadComplete) this.#move('kept');
    if (!hasData && this.#state === FirmwareState.ReadyToUpdate) this.#move('package-removed');
    this.#show();
    this.settle({ afterRestart: true });
  }

  acknowledged(alert: GenericAlert): void {
    if (!this.#alerts.some(({ id }) => id === alert.id)) return;
    this.#alerts = this.#alerts.filter(({ id }) => id !== alert.id);
    // The report is taken: nothing is kept that no command could use any more.
    const useless = this.#state === FirmwareState.UpdateFailedWithData && USELESS.includes(Number(alert.data));
    if (useless || this.#state === FirmwareState.UpdateSuccessfulWithData) this.#removePackage();
    this.#options.onChange();
  }

  /** A server is gone, and with it who would hear of what it began. */
  forgetServer(serverId: string): void {
    const left = this.#alerts.filter(({ server }) => server !== serverId);
    if (left.length === this.#alerts.length) return;
    this.#alerts = left;
    this.#options.onChange();
  }

  /** Does what was accepted; a download goes on after it returns. */
  settle({ afterRestart = false } = {}): void {
    this.#show();
    const pending = this.#pending;
    if (pending === undefined || this.#running !== undefined) return;
    if (pending.refused !== undefined) {
      this.#report(pending, pending.refused);
      this.#options.onChange();
      return;
    }
    switch (this.#state) {
      case FirmwareState.DownloadProgressing:
        this.#running = this.#download(pending).finally(() => {
          this.#running = undefined;
        });
        break;
      case FirmwareState.ReadyToUpdate:
        // Of a DownloadAndUpdate that was broken off between its halves.
        this.#move('update-ordered');
        this.#update(pending, afterRestart);
        break;
      case FirmwareState.UpdateProgressing:
        this.#update(pending, afterRestart);
        break;
      default:
        // Its state went without it: what is left is the report.
        this.#report(pending, FirmwareResult.Undefined);
        break;
    }
    this.#options.onChange();
  }

  /** The handset itself, or the person who holds it, begins an operation; false when that cannot be now. */
  begin(operation: FirmwareOperation): boolean {
    if (this.#order(operation, {}) !== Status.Accepted) return false;
    this.settle();
    return true;
  }

  /** Asks the server for an update, in the next session. */
  request(requester: FirmwareRequester): void {
    this.#queue(requestAlert(this.uri, requester));
    this.#options.onChange();
  }

  get #versionUri(): string {
    return this.#options.versionUri ?? './DevDetail/FwV';
  }

  #node(operation: FirmwareOperation): string {
    return `${this.uri}/${OPERATION_NODE[operation]}`;
  }

  #data(): ByteSource | undefined {
    const node = this.#tree.find(`${this.#node('update')}/PkgData`);
    const value = typeof node === 'number' ? undefined : node.value;
    return value === undefined || value.length === 0 ? undefined : value;
  }

  /** What cannot be done in this state, or lacks what it needs, is refused with 405: the text fixes no code. */
  #order(operation: FirmwareOperation, { correlator, authority }: Partial<ExecCall>): number {
    const downloads = operation !== 'update';
    const url = downloads ? this.#tree.text(`${this.#node(operation)}/PkgURL`) : undefined;
    if (downloads && (url ?? '') === '') return Status.CommandNotAllowed;
    if (!downloads && this.#data() === undefined) return Status.CommandNotAllowed;
    const { refuseWith: refused } = this.#options;
    const event = downloads ? 'download-ordered' : 'update-ordered';
    if (nextState(this.#state, event) === undefined) return Status.CommandNotAllowed;
    const order = {
      operation,
      ...(correlator === undefined ? {} : { correlator }),
      ...(authority === undefined ? {} : { server: authority }),
    };
    if (refused !== undefined) {
      this.#pending = { ...order, refused };
      return Status.Accepted;
    }
    this.#move(event);
    // A package from before is not what the download will bring.
    if (downloads) this.#write(() => this.#setData(EMPTY_BYTES));
    this.#pending = { ...order, ...(url === undefined ? {} : { url }) };
    return Status.Accepted;
  }

  async #download(pending: PendingOperation): Promise<void> {
    const { fetch, failWith, room, onChange } = this.#options;
    const { operation, url = '' } = pending;
    const failing = failWith !== undefined && failsInDownload(failWith, operation) ? failWith : undefined;
    let code = failing ?? urlFault(url) ?? (fetch === undefined ? FirmwareResult.NotImplemented : undefined);
    let content: ByteSource | undefined;
    if (code === undefined && fetch !== undefined) {
      try {
        const fetched = await fetch(url);
        if (fetched.kind === 'fetched') content = fetched.content;
        else code = isSuccessfulUpdate(fetched.code) ? FirmwareResult.Undefined : fetched.code;
      } catch {
        // The handset is about to end: its next start begins the download anew.
        return;
      }
    }
    if (content !== undefined && content.length > (room ?? content.length)) {
      content = undefined;
      code = FirmwareResult.DownloadOutOfMemory;
    }
    if (content === undefined || content.length === 0) {
      this.#move('download-failed');
      this.#report(pending, code ?? FirmwareResult.CorruptedPackage);
    } else {
      const received = content;
      this.#write(() => this.#setData(received));
      this.#move('downloaded');
      this.#move('kept');
      if (operation === 'download') this.#report(pending, this.#success);
      else {
        this.#move('update-ordered');
        this.#update(pending, false);
      }
    }
    onChange();
  }

  #update(pending: PendingOperation, afterRestart: boolean): void {
    const { failWith, stopsInUpdate } = this.#options;
    if (stopsInUpdate === true && !afterRestart) return;
    const code = failWith === undefined || isSuccessfulUpdate(failWith) ? this.#apply(afterRestart) : failWith;
    this.#move(isSuccessfulUpdate(code) ? 'updated' : 'update-failed');
    if (this.#data() === undefined) this.#move('package-removed');
    this.#report(pending, code);
  }

  #apply(afterRestart: boolean): number {
    const { model, digest, verify } = this.#options;
    const data = this.#data();
    if (data === undefined) return FirmwareResult.UpdateFailed;
    const head = readFirmware(data);
    // The new firmware runs already: the power went between that and the word that it does.
    if (afterRestart && typeof head !== 'number' && head.manifest.to === this.version) return this.#success;
    const checked = checkFirmware(data, { model, version: this.version, verify }, digest);
    if (typeof checked === 'number') return checked;
    this.#tree.set(this.#versionUri, checked.to);
    return this.#success;
  }

  get #success(): number {
    const { failWith } = this.#options;
    return failWith !== undefined && isSuccessfulUpdate(failWith) ? failWith : FirmwareResult.Successful;
  }

  #report({ operation, correlator, server }: PendingOperation, code: number): void {
    this.#pending = undefined;
    const alert = completionAlert(this.uri, operation, code, correlator);
    this.#queue(server === undefined ? alert : { ...alert, server });
  }

  #queue(alert: Omit<GenericAlert, 'id'>): void {
    const name = `${alert.type}#${alert.correlator ?? ''}`;
    let id = name;
    for (let count = 2; this.#alerts.some((waiting) => waiting.id === id); count += 1) id = `${name}#${count}`;
    this.#alerts = [...this.#alerts, { ...alert, id }];
  }

  /** PkgData and PkgURL exclude each other: what was set last counts. */
  #onPackage(): void {
    if (this.#data() === undefined) {
      this.#move('package-removed');
      return;
    }
    this.#move('package-set');
    this.#write(() => {
      for (const operation of ['download', 'downloadandupdate'] as const) {
        const uri = `${this.#node(operation)}/PkgURL`;
        if ((this.#tree.text(uri) ?? '') !== '') this.#tree.set(uri, '');
      }
    });
  }

  #onUrl(): void {
    const urls = (['download', 'downloadandupdate'] as const).map((name) =>
      this.#tree.text(`${this.#node(name)}/PkgURL`),
    );
    if (urls.every((url) => (url ?? '') === '')) return;
    this.#move('url-set');
    this.#write(() => this.#setData(EMPTY_BYTES));
  }

  #removePackage(): void {
    this.#write(() => this.#setData(EMPTY_BYTES));
    this.#move('package-removed');
  }

  #cleanUp(): void {
    this.#write(() => this.#setData(EMPTY_BYTES));
    this.#move('cleaned-up');
  }

  #setData(value: ByteSource): void {
    if (value.length > 0 || this.#data() !== undefined) this.#tree.set(`${this.#node('update')}/PkgData`, value);
  }

  #write(change: () => void): void {
    this.#writing = true;
    try {
      change();
    } finally {
      this.#writing = false;
    }
  }

  #unlessOwn(react: () => void): void {
    if (this.#writing) return;
    const shown = firmwareStateOf(Number(this.#tree.text(this.#stateUri)));
    // Every move shows at once, so that another state is there only when an Atomic was rolled back to it.
    if (shown === undefined || shown === this.#state) react();
    else this.#state = shown;
  }

  #move(event: FirmwareEvent): boolean {
    const next = nextState(this.#state, event);
    if (next === undefined) return false;
    this.#state = next;
    this.#show();
    return true;
  }

  get #stateUri(): string {
    return `${this.uri}/State`;
  }

  #show(): void {
    if (this.#tree.text(this.#stateUri) !== String(this.#state)) this.#tree.set(this.#stateUri, String(this.#state));
  }
}

/** Of a DownloadAndUpdate the code says in which half it fails. */
function failsInDownload(code: number, operation: FirmwareOperation): boolean {
  if (isSuccessfulUpdate(code)) return false;
  return operation === 'download' || resultRow(code)?.class !== 'update';
}

function urlFault(url: string): number | undefined {
  return url.length <= MAX_URL && WEB_ADDRESS.test(url) ? undefined : FirmwareResult.BadUrl;
}
