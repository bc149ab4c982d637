import type { Digest } from '../../base/digest.ts';
import type { DmDevice } from '../../dm/client/dm-client-session.ts';
import type { GenericAlert } from '../../dm/generic-alert.ts';
import { isServerId } from '../../dm/objects/account-object.ts';
import { DEV_INFO_LEAVES, devDetailSpec, devInfoSpec, inboxSpec } from '../../dm/objects/device-objects.ts';
import { accountAcl } from '../../dm/objects/dm-acc.ts';
import { isDmAccId } from '../../dm/objects/object-ids.ts';
import { ManagementTree } from '../../dm/tree/management-tree.ts';
import type { NodeSpec } from '../../dm/tree/node.ts';
import type { FirmwareRecord } from '../../fumo/agent/firmware-record.ts';
import { FumoAgent } from '../../fumo/agent/fumo-agent.ts';
import type { FetchPackage } from '../../fumo/fetch-package.ts';
import type { Component } from '../../scomo/agent/component.ts';
import { ScomoAgent } from '../../scomo/agent/scomo-agent.ts';
import type { ScomoRecord } from '../../scomo/agent/scomo-record.ts';
import type { FetchSoftware } from '../../scomo/fetch-package.ts';
import { DeployedState } from '../../scomo/names.ts';
import { dmAccRoot } from './accounts.ts';
import type { Trouble } from './trouble.ts';

/** What DevInfo and DevDetail say beside the number and the model. */
export interface DeviceTexts {
  readonly manufacturer?: string;
  readonly dmVersion?: string;
  readonly language?: string;
  readonly type?: string;
  readonly oem?: string;
  readonly firmware?: string;
  readonly software?: string;
  readonly hardware?: string;
}

export interface HandsetDeviceOptions {
  readonly imei: string;
  readonly model: string;
  readonly texts?: DeviceTexts | undefined;
  readonly digest: Digest;
  /** What an earlier run has left of its software; the factory's set when absent. */
  readonly software?: ScomoRecord;
  /** Its way to the URL of a package. */
  readonly fetchSoftware?: FetchSoftware;
  /** What it does wrong; default: nothing. */
  readonly trouble?: Trouble;
  /** Name of the SCOMO object below the root. */
  readonly scomoRoot?: string;
  /** ACL of the root; default: everybody may do everything. */
  readonly rootAcl?: string;
  /** Where the account of a server goes that comes by the Inbox. */
  readonly placeAccount?: (serverId: string) => string;
  /** Whether a server has no account yet. */
  readonly isFree?: (serverId: string) => boolean;
  readonly onChange?: () => void;
  /** What an earlier run has left of its firmware's update. */
  readonly firmware?: FirmwareRecord;
  /** Its way to the URL of a firmware package. */
  readonly fetchFirmware?: FetchPackage;
  /** Name of the node above its update object. */
  readonly firmwareParent?: string;
}

/** What a handset carries from the factory. */
export const FACTORY_COMPONENTS: readonly Component[] = [
  {
    node: 'clock',
    id: 'com.example.clock',
    name: 'Clock',
    version: '1.4',
    pkgIdRef: 'com.example.clock',
    state: DeployedState.Active,
    sha256: '',
  },
  {
    node: 'notes',
    id: 'com.example.notes',
    name: 'Notes',
    version: '1.0',
    pkgIdRef: 'com.example.notes',
    state: DeployedState.Inactive,
    sha256: '',
  },
];

/** Every server may do everything: what a virtual handset is for. */
const OPEN_ACL = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';
/** Whose handset it says it is. */
export const MAKER = 'PC Agent';
const MODEL = './DevInfo/Mod';

function rootSpec({
  imei,
  model,
  texts = {},
  rootAcl = OPEN_ACL,
  placeAccount,
  isFree,
}: HandsetDeviceOptions): NodeSpec {
  const { manufacturer = MAKER, language = 'en', dmVersion, type = 'phone', oem = MAKER } = texts;
  const { firmware = '1.0', software = '1.0', hardware = 'virtual' } = texts;
  const place = placeAccount ?? ((serverId: string) => `./DMAcc/${serverId}`);
  return {
    format: 'node',
    permanent: true,
    acl: rootAcl,
    children: {
      DevInfo: devInfoSpec({
        ...{ id: `IMEI:${imei}`, manufacturer, model, language },
        ...(dmVersion === undefined ? {} : { version: dmVersion }),
      }),
      DevDetail: devDetailSpec({ type, oem, firmware, software, hardware }),
      DMAcc: dmAccRoot({ rootAcl, isFree: isFree ?? (() => true) }),
      // Accounts are the only objects that this handset has a place for.
      Inbox: inboxSpec((object) => {
        const serverId = object.text('ServerID');
        if (!isDmAccId(object.type) || serverId === undefined || !isServerId(serverId)) return undefined;
        return { uri: place(serverId), acl: accountAcl(serverId) };
      }),
    },
  };
}

/** The virtual handset's own side of the DM client: its management tree and the software on it. */
export class HandsetDevice implements DmDevice {
  readonly id: string;
  readonly tree: ManagementTree;
  readonly agent: ScomoAgent;
  readonly firmware: FumoAgent;

  readonly #trouble: Trouble | undefined;
  /** The real one. */
  readonly #model: string;

  constructor(options: HandsetDeviceOptions) {
    const { trouble } = options;
    this.#trouble = trouble;
    this.#model = options.model;
    this.id = `IMEI:${options.imei}`;
    this.tree = new ManagementTree(
      rootSpec(options),
      trouble === undefined ? {} : { maxValue: () => trouble.maxValue },
    );
    const shared = {
      tree: this.tree,
      digest: options.digest,
      model: options.model,
      // Software is where rights matter: what holds for the root holds for it.
      ...(options.rootAcl === undefined ? {} : { acl: options.rootAcl }),
      onChange: options.onChange ?? (() => {}),
    };
    this.agent = new ScomoAgent({
      ...shared,
      record: options.software ?? { components: FACTORY_COMPONENTS, alerts: [], pending: [] },
      ...(options.scomoRoot === undefined ? {} : { root: options.scomoRoot }),
      ...(options.fetchSoftware === undefined ? {} : { fetch: options.fetchSoftware }),
      get failWith() {
        return trouble?.failWith;
      },
      get failAt() {
        return trouble?.failAt;
      },
      get refuseWith() {
        return trouble?.refuses?.scomo;
      },
      get verify() {
        return trouble?.verifyPackage;
      },
      get environments() {
        return trouble?.environments;
      },
      get room() {
        return trouble?.softwareRoom;
      },
      get stopsInInstall() {
        return trouble?.stopsInInstall === true;
      },
    });
    this.firmware = new FumoAgent({
      ...shared,
      ...(options.firmware === undefined ? {} : { record: options.firmware }),
      ...(options.fetchFirmware === undefined ? {} : { fetch: options.fetchFirmware }),
      ...(options.firmwareParent === undefined ? {} : { parent: options.firmwareParent }),
      get failWith() {
        return trouble?.failFirmwareWith;
      },
      get refuseWith() {
        return trouble?.refuses?.fumo;
      },
      get verify() {
        return trouble?.verifyPackage;
      },
      get room() {
        return trouble?.maxValue;
      },
      get stopsInUpdate() {
        return trouble?.stopsInUpdate === true;
      },
    });
  }

  devInfo(): readonly { readonly uri: string; readonly value: string }[] {
    this.#nameModel();
    return DEV_INFO_LEAVES.map((name) => {
      const uri = `./DevInfo/${name}`;
      return { uri, value: this.tree.text(uri) ?? '' };
    });
  }

  waitingAlerts(): readonly GenericAlert[] {
    return [...this.agent.alerts, ...this.firmware.alerts];
  }

  acknowledged(alert: GenericAlert): void {
    if (this.agent.alerts.some(({ id }) => id === alert.id)) this.agent.acknowledged(alert);
    this.firmware.acknowledged(alert);
  }

  settle(): void {
    this.agent.settle();
    this.firmware.settle();
  }

  /** It goes up again after it went down in the middle of something, as it was told to. */
  restart(): void {
    this.agent.resume();
    this.firmware.resume();
  }

  /** The tree names the same model as package 1. */
  #nameModel(): void {
    const model = this.#trouble?.model ?? this.#model;
    if (this.tree.text(MODEL) !== model) this.tree.set(MODEL, model);
  }
}
