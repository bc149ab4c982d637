import { PcAgentError } from '../base/errors.ts';
import type { JobOperation, NewOrder } from './job.ts';

const MAX_HANDSETS = 10_000;
const WITH_PACKAGE: readonly JobOperation[] = ['install', 'update', 'firmware'];
const WITH_COMPONENT: readonly JobOperation[] = ['remove', 'activate', 'deactivate'];

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
  if (WITH_PACKAGE.includes(operation) !== (order.package !== undefined)) {
    return { field: 'package', message: 'an order to install or update names its package, no other does' };
  }
  if (WITH_COMPONENT.includes(operation) !== (order.component !== undefined)) {
    return {
      field: 'component',
      message: 'an order to remove, activate or deactivate names its component, no other does',
    };
  }
  if (order.inactive === true && operation !== 'install') {
    return { field: 'inactive', message: 'only what is installed is left inactive' };
  }
  if (validUntil !== undefined && Number.isNaN(Date.parse(validUntil))) {
    return { field: 'validUntil', message: 'the end of its validity is no time' };
  }
  if (reportTo !== undefined && !(URL.canParse(reportTo) && new URL(reportTo).origin === reportTo)) {
    return { field: 'reportTo', message: 'reports go to an origin such as https://dms.example' };
  }
  return undefined;
}
