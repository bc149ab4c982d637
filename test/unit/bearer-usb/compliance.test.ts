import { bearerSuite } from '../../compliance/bearer.suite.ts';
import { PluggedDevices } from './plugged-devices.ts';

const { bearer, free, replug, reset } = new PluggedDevices();

bearerSuite('usb', () => ({
  ...{ bearer, free, replug, reset },
  refused: async () => 'usb:0421:0123@9-9',
  lineEnd: (listening) => listening,
}));
