/** The HTTP interfaces of `virtual-dms` (contract, section 6) as an outside system calls them. */

/** What came of one command of a job. */
export interface JobReply {
  readonly kind: string;
  readonly code: number;
  readonly items: readonly { readonly uri?: string; readonly data?: string; readonly format?: string }[];
  readonly children?: readonly JobReply[];
}

export interface JobAnswer {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly resultCode?: number;
  readonly message?: string;
  readonly answer?: { readonly code: number; readonly text?: string; readonly chosen?: readonly number[] };
  readonly replies?: readonly JobReply[];
  readonly operation?: string;
  readonly package?: string;
  readonly firmware?: { readonly delivery?: string; readonly requested?: string };
  readonly component?: string;
  readonly software?: { readonly requested?: boolean; readonly consent?: object };
  readonly softwareFacts?: {
    readonly difference?: {
      readonly added: readonly object[];
      readonly removed: readonly object[];
      readonly changed: readonly object[];
    };
    readonly problem?: string;
  };
  readonly firmwareFacts?: {
    readonly object?: string;
    readonly before?: string;
    readonly after?: string;
    readonly state?: number;
  };
  readonly inventory?: readonly { readonly id: string; readonly version: string; readonly state: string }[];
}

export interface PackageEntry {
  readonly id: string;
  readonly version: string;
  readonly size: number;
  readonly sha256: string;
  readonly url: string;
}

/** A report as the DM server keeps it. */
export interface KeptReport {
  readonly key: string;
  readonly report: {
    readonly job: string;
    readonly device: string;
    readonly state: string;
    readonly resultCode?: number | null;
    readonly package?: { readonly id: string; readonly sha256: string };
  };
}

/** @param dms address of `/dm` as the `listening` event gives it */
export class DmsClient {
  readonly #dms: string;

  constructor(dms: string) {
    this.#dms = dms;
  }

  /** The whole long-poll address of the trigger interface. */
  triggerUrl(device: string): string {
    const url = new URL('/api/v1/notifications', this.#dms);
    url.searchParams.set('device', device);
    return url.href;
  }

  /** The id of the new job. */
  async post(device: string, operation: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const answer = await fetch(new URL('/api/v1/jobs', this.#dms), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ device, operation, ...more }),
    });
    if (answer.status !== 201) throw new Error(`the job was answered by ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as JobAnswer).id;
  }

  async job(id: string): Promise<JobAnswer> {
    return this.#get(`/api/v1/jobs/${id}`);
  }

  async jobs(ids: readonly string[]): Promise<readonly JobAnswer[]> {
    return Promise.all(ids.map((id) => this.job(id)));
  }

  /** Every job of a device, oldest first. */
  async all(device: string): Promise<readonly JobAnswer[]> {
    const path = `/api/v1/jobs?device=${encodeURIComponent(device)}`;
    return (await this.#get<{ readonly jobs: readonly JobAnswer[] }>(path)).jobs;
  }

  async packages(): Promise<readonly PackageEntry[]> {
    return this.#get('/packages/index.json');
  }

  async reports(device?: string): Promise<readonly KeptReport[]> {
    const query = device === undefined ? '' : `?device=${encodeURIComponent(device)}`;
    return (await this.#get<{ readonly reports: readonly KeptReport[] }>(`/api/v1/reports${query}`)).reports;
  }

  async #get<T>(path: string): Promise<T> {
    const answer = await fetch(new URL(path, this.#dms));
    if (!answer.ok) throw new Error(`${path} was answered by ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
