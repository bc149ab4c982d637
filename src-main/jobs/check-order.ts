import { PcAgentError } from '../base/errors.ts';
import type { NewOrder } from './job.ts';

const MAX_HANDSETS = 10_000;

/** @throws PcAgentError `job/data-invalid` with the field */
export function checkOrder(order: NewOrder): void {
  const fault = faultIn(order);
  if (fault === undefined) return;
  throw new PcAgentError('job/data-invalid', fault.message, { details: { field: fault.field } });
}

function faultIn(order: NewOrder): { readonly field: string; readonly message: string } | undefined {
  const { operation, handsets, reportTo, validUntil } = order;
  if (handsets.length === 0 || handsets.length > MAX_HANDSETS) {
    return { field: 'handsets', message: `an order names 1 to ${MAX_HANDSETS} handsets` };
  }
  if ((operation === 'install') !== (order.package !== undefined)) {
    return { field: 'package', message: 'an order to install names its package, no other does' };
  }
  if ((operation === 'remove') !== (order.component !== undefined)) {
    return { field: 'component', message: 'an order to remove names its component, no other does' };
  }
  if (validUntil !== undefined && Number.isNaN(Date.parse(validUntil))) {
    return { field: 'validUntil', message: 'the end of its validity is no time' };
  }
  if (reportTo !== undefined && !(URL.canParse(reportTo) && new URL(reportTo).origin === reportTo)) {
    return { field: 'reportTo', message: 'reports go to an origin such as https://dms.example' };
  }
  return undefined;
}
