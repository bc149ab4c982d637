import { type Descriptor, hostOf } from './descriptor.ts';

/** What a person should know of a download and may look for in vain. */
export type PageField = 'name' | 'vendor' | 'size' | 'type' | 'description' | 'icon' | 'info';

/** The page before a download: what is known of it, and what is not. */
export interface DownloadPage {
  readonly name?: string;
  readonly vendor?: string;
  /** Octets. */
  readonly size?: number;
  readonly types: readonly string[];
  readonly description?: string;
  readonly iconUri?: string;
  /** Licence and price are behind it: descriptors have no element for them. */
  readonly infoUrl?: string;
  /** Who gave the descriptor, or gives the object where there is none. */
  readonly host: string;
  /** Hosts besides that one that the download talks to. */
  readonly otherHosts: readonly string[];
  readonly missing: readonly PageField[];
}

/** @param url where the descriptor came from */
export function descriptorPage(descriptor: Descriptor, url: string): DownloadPage {
  const { name, vendor, size, types, description, iconUri, infoUrl, objectUri, installNotifyUri } = descriptor;
  const host = hostOf(url);
  // A part of the same answer has no host of its own.
  const addresses = [objectUri, installNotifyUri].filter((each) => each !== undefined && !/^cid:/i.test(each));
  const hosts = addresses.map((each) => hostOf(each ?? ''));
  return withMissing({
    ...(name === undefined ? {} : { name }),
    ...(vendor === undefined ? {} : { vendor }),
    size,
    types,
    ...(description === undefined ? {} : { description }),
    ...(iconUri === undefined ? {} : { iconUri }),
    ...(infoUrl === undefined ? {} : { infoUrl }),
    host,
    otherHosts: [...new Set(hosts)].filter((other) => other !== host),
  });
}

/** The page of an object that has no descriptor: what the server says of it. */
export function plainPage(url: string, type: string, size: number | undefined, asked = url): DownloadPage {
  const host = hostOf(asked);
  const other = hostOf(url);
  return withMissing({
    types: type === '' ? [] : [type],
    ...(size === undefined ? {} : { size }),
    host,
    otherHosts: other === host ? [] : [other],
  });
}

function withMissing(page: Omit<DownloadPage, 'missing'>): DownloadPage {
  const known: Readonly<Record<PageField, boolean>> = {
    name: page.name !== undefined,
    vendor: page.vendor !== undefined,
    size: page.size !== undefined,
    type: page.types.length > 0,
    description: page.description !== undefined,
    icon: page.iconUri !== undefined,
    info: page.infoUrl !== undefined,
  };
  const missing = (Object.keys(known) as PageField[]).filter((field) => !known[field]);
  return { ...page, missing };
}

const NOT_SAID = 'not said';

/** The page as the text of a question that is answered by yes or no. */
export function pageText(page: DownloadPage): string {
  const { name, vendor, size, types, description, infoUrl, host, otherHosts } = page;
  const parts = [
    `Download ${name ?? 'an object without a name'}?`,
    `Vendor: ${vendor ?? NOT_SAID}.`,
    `Size: ${size === undefined ? NOT_SAID : `${size} bytes`}.`,
    `Type: ${types.length === 0 ? NOT_SAID : types.join(', ')}.`,
    ...(description === undefined ? [] : [description]),
    infoUrl === undefined ? 'Licence and price: not said.' : `Licence and price: see ${infoUrl}`,
    `From: ${host}${otherHosts.length === 0 ? '' : `; also: ${otherHosts.join(', ')}`}`,
  ];
  return parts.join(' ');
}
