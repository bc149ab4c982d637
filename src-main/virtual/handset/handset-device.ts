import type { Digest } from '../../base/digest.ts';
import type { SignatureVerifier } from '../../base/signature.ts';
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

export interface HandsetDeviceOptions {
  readonly imei: string;
  readonly model: string;
  readonly digest: Digest;
  /** What an earlier run has left of its software; the factory's set when absent. */
  readonly software?: ScomoRecord;
  /** Its way to the URL of a package. */
  readonly fetchSoftware?: FetchSoftware;
  /** Checks signatures of packages; with it only signed ones are installed. */
  readonly verifyPackage?: SignatureVerifier;
  /** Environment types that it has; every one when absent. */
  readonly environments?: readonly string[];
  /** Octets of all components that there is room for. */
  readonly softwareRoom?: number;
  /** The component of a package whose installation fails (a fault). */
  readonly failAt?: number;
  /** It goes down in the middle of an installation (a fault). */
  readonly stopsInInstall?: boolean;
  /** Most octets of one value; more is answered by 420. */
  readonly maxValue?: number;
  /** Result code of every operation (a fault). */
  readonly failWith?: number;
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
  /** Result code of every update of the firmware (a fault). */
  readonly failFirmwareWith?: number;
  /** It goes down in the middle of an update (a fault). */
  readonly stopsInUpdate?: boolean;
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
const MAKER = 'PC Agent';

function rootSpec({ imei, model, rootAcl = OPEN_ACL, placeAccount, isFree }: HandsetDeviceOptions): NodeSpec {
  const place = placeAccount ?? ((serverId: string) => `./DMAcc/${serverId}`);
  return {
    format: 'node',
    permanent: true,
    acl: rootAcl,
    children: {
      DevInfo: devInfoSpec({ id: `IMEI:${imei}`, manufacturer: MAKER, model, language: 'en' }),
      DevDetail: devDetailSpec({ type: 'phone', oem: MAKER, firmware: '1.0', software: '1.0', hardware: 'virtual' }),
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

  constructor(options: HandsetDeviceOptions) {
    this.id = `IMEI:${options.imei}`;
    this.tree = new ManagementTree(
      rootSpec(options),
      options.maxValue === undefined ? {} : { maxValue: options.maxValue },
    );
    this.agent = new ScomoAgent({
      tree: this.tree,
      digest: options.digest,
      record: options.software ?? { components: FACTORY_COMPONENTS, alerts: [], pending: [] },
      model: options.model,
      // Software is where rights matter: what holds for the root holds for it.
      ...(options.rootAcl === undefined ? {} : { acl: options.rootAcl }),
      ...(options.scomoRoot === undefined ? {} : { root: options.scomoRoot }),
      ...(options.failWith === undefined ? {} : { failWith: options.failWith }),
      ...(options.failAt === undefined ? {} : { failAt: options.failAt }),
      ...(options.fetchSoftware === undefined ? {} : { fetch: options.fetchSoftware }),
      ...(options.verifyPackage === undefined ? {} : { verify: options.verifyPackage }),
      ...(options.environments === undefined ? {} : { environments: options.environments }),
      ...(options.softwareRoom === undefined ? {} : { room: options.softwareRoom }),
      ...(options.stopsInInstall === undefined ? {} : { stopsInInstall: options.stopsInInstall }),
      onChange: options.onChange ?? (() => {}),
    });
    this.firmware = new FumoAgent({
      tree: this.tree,
      digest: options.digest,
      model: options.model,
      ...(options.rootAcl === undefined ? {} : { acl: options.rootAcl }),
      ...(options.firmware === undefined ? {} : { record: options.firmware }),
      ...(options.fetchFirmware === undefined ? {} : { fetch: options.fetchFirmware }),
      ...(options.failFirmwareWith === undefined ? {} : { failWith: options.failFirmwareWith }),
      ...(options.maxValue === undefined ? {} : { room: options.maxValue }),
      ...(options.firmwareParent === undefined ? {} : { parent: options.firmwareParent }),
      ...(options.stopsInUpdate === undefined ? {} : { stopsInUpdate: options.stopsInUpdate }),
      onChange: options.onChange ?? (() => {}),
    });
  }

  devInfo(): readonly { readonly uri: string; readonly value: string }[] {
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
}
