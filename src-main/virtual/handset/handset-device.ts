import type { Digest } from '../../base/digest.ts';
import type { DmDevice } from '../../dm/client/dm-client-session.ts';
import type { GenericAlert } from '../../dm/generic-alert.ts';
import { ManagementTree, URI_LIMITS } from '../../dm/tree/management-tree.ts';
import type { NodeSpec } from '../../dm/tree/node.ts';
import type { Component } from '../../scomo/agent/component.ts';
import { ScomoAgent } from '../../scomo/agent/scomo-agent.ts';
import { DeployedState } from '../../scomo/names.ts';

export interface HandsetDeviceOptions {
  readonly imei: string;
  readonly model: string;
  readonly digest: Digest;
  /** What is installed; the factory's set when absent. */
  readonly components?: readonly Component[];
  readonly alerts?: readonly GenericAlert[];
  /** Most octets of one value; more is answered by 420. */
  readonly maxValue?: number;
  /** Result code of every operation (a fault). */
  readonly failWith?: number;
  /** Name of the SCOMO object below the root. */
  readonly scomoRoot?: string;
  readonly onChange?: () => void;
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

const leaf = (value: string, format: 'chr' | 'bool' = 'chr'): NodeSpec => ({
  format,
  value,
  access: ['Get'],
  permanent: true,
});

function rootSpec(imei: string, model: string): NodeSpec {
  return {
    format: 'node',
    permanent: true,
    children: {
      DevInfo: {
        format: 'node',
        type: 'urn:oma:mo:oma-dm-devinfo:1.0',
        permanent: true,
        children: {
          DevId: leaf(`IMEI:${imei}`),
          Man: leaf('PC Agent'),
          Mod: leaf(model),
          DmV: leaf('1.2'),
          Lang: leaf('en'),
        },
      },
      DevDetail: {
        format: 'node',
        type: 'urn:oma:mo:oma-dm-devdetail:1.0',
        permanent: true,
        children: {
          DevTyp: leaf('phone'),
          OEM: leaf('PC Agent'),
          FwV: leaf('1.0'),
          SwV: leaf('1.0'),
          HwV: leaf('virtual'),
          LrgObj: leaf('true', 'bool'),
          URI: {
            format: 'node',
            permanent: true,
            children: {
              MaxDepth: leaf(String(URI_LIMITS.maxDepth)),
              MaxTotLen: leaf(String(URI_LIMITS.maxTotalLength)),
              MaxSegLen: leaf(String(URI_LIMITS.maxSegmentLength)),
            },
          },
        },
      },
    },
  };
}

/** The virtual handset's own side of the DM client: its management tree and the software on it. */
export class HandsetDevice implements DmDevice {
  readonly id: string;
  readonly tree: ManagementTree;
  readonly agent: ScomoAgent;

  constructor(options: HandsetDeviceOptions) {
    this.id = `IMEI:${options.imei}`;
    this.tree = new ManagementTree(
      rootSpec(options.imei, options.model),
      options.maxValue === undefined ? {} : { maxValue: options.maxValue },
    );
    this.agent = new ScomoAgent({
      tree: this.tree,
      digest: options.digest,
      components: options.components ?? FACTORY_COMPONENTS,
      alerts: options.alerts ?? [],
      ...(options.scomoRoot === undefined ? {} : { root: options.scomoRoot }),
      ...(options.failWith === undefined ? {} : { failWith: options.failWith }),
      onChange: options.onChange ?? (() => {}),
    });
  }

  devInfo(): readonly { readonly uri: string; readonly value: string }[] {
    return ['DevId', 'Man', 'Mod', 'DmV', 'Lang'].map((name) => {
      const uri = `./DevInfo/${name}`;
      return { uri, value: this.tree.text(uri) ?? '' };
    });
  }

  waitingAlerts(): readonly GenericAlert[] {
    return this.agent.alerts;
  }

  acknowledged(alert: GenericAlert): void {
    this.agent.acknowledged(alert);
  }

  settle(): void {
    this.agent.settle();
  }
}
