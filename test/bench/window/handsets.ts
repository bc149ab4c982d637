/** Many virtual handsets in one process, each behind a slow link: their addresses as one JSON line. */
import { virtualImei } from '../../../src-main/base/imei.ts';
import { accountsFrom } from '../../../src-main/cli/accounts.ts';
import { checkOptions, VirtualHandsetOptions } from '../../../src-main/cli/options.ts';
import { run } from '../../../src-main/cli/peers/virtual-handset.ts';
import { cableTo } from '../../support/cable.ts';

/** @param count handsets @param rate bytes a second towards each */
async function main(count: number, rate: number): Promise<void> {
  const stop = new AbortController();
  const closers: (() => Promise<unknown>)[] = [];
  const owner = { owns: (close: () => Promise<unknown>) => closers.push(close) };
  const addresses: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const listening = Promise.withResolvers<string>();
    const options = checkOptions(VirtualHandsetOptions, {
      listen: 'tcp:127.0.0.1:0',
      imei: virtualImei(index),
      accounts: accountsFrom({}, 'handset', (path) => path),
    });
    void run(options, {
      json: true,
      unmask: false,
      print: () => undefined,
      signal: stop.signal,
      note: () => undefined,
      resolvePath: (path) => path,
      emit: (event) => {
        if (event.type === 'listening') listening.resolve(event.address);
      },
    });
    addresses.push((await cableTo(owner, await listening.promise, rate)).address);
  }
  process.stdout.write(`${JSON.stringify(addresses)}\n`);
  process.once('SIGTERM', () => process.exit(0));
}

if (import.meta.main) await main(Number(process.argv[2]), Number(process.argv[3]));
