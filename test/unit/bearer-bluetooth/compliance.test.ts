import { createBluetoothBearer } from '../../../src-main/bearer/bluetooth/bluetooth-bearer.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';
import { breakLink, JoinedHost } from './joined-host.ts';

const bearer = createBluetoothBearer(new JoinedHost());

bearerSuite('bluetooth, through the addon', () => ({
  bearer,
  free: () => 'bluetooth:00:00:00:00:00:00',
  refused: async () => 'bluetooth:00:1A:89:10:20:30@30',
  reset: breakLink,
  megabytes: 8,
}));
