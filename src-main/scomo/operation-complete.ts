import { bareAlertType } from '../dm/generic-alert.ts';
import { itemText } from '../syncml/item-data.ts';
import type { AlertCommand } from '../syncml/model.ts';
import { isSuccessfulResult, OPERATION_COMPLETE, OPERATION_COMPLETE_DRAFT, SOFTWARE_REQUEST } from './names.ts';

/** A completion alert's content (spec sheet scomo, section 5). */
export interface OperationComplete {
  readonly resultCode: number;
  /** PkgID of a package operation, ID of a component operation. */
  readonly identifier: string;
  /** The URI that was executed. */
  readonly operation: string;
  /** The node that came of it. */
  readonly node?: string;
  readonly correlator?: string;
}

/** Most characters of an alert's data that are looked at. */
const MAX_DATA = 4096;
/** Octets of a PkgID that implementations take. */
const MAX_ID = 256;

/** Two sibling elements without a root, as implementations write them. */
export function operationCompleteData(resultCode: number, identifier: string): string {
  const escaped = identifier.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `<ResultCode>${resultCode}</ResultCode><Identifier>${escaped}</Identifier>`;
}

/** PkgIDs that a device wants, in an alert of ours; empty when it is an alert of another kind. */
export function readSoftwareRequest(alert: AlertCommand): readonly string[] {
  return alert.items.flatMap((item) => {
    if (bareAlertType(item.meta?.type ?? alert.meta?.type ?? '') !== SOFTWARE_REQUEST) return [];
    const id = (itemText(item, alert.meta) ?? '').trim();
    return id === '' || id.length > MAX_ID ? [] : [id];
  });
}

/**
 * The completion alerts in a generic alert, one an item, those of a failure first: an operation on several components
 * has failed when one of them has. Empty when it is an alert of another kind.
 */
export function readOperationComplete(alert: AlertCommand): readonly OperationComplete[] {
  const found: OperationComplete[] = [];
  for (const item of alert.items) {
    const type = bareAlertType(item.meta?.type ?? alert.meta?.type ?? '');
    if (type !== OPERATION_COMPLETE && type !== OPERATION_COMPLETE_DRAFT) continue;
    const text = (itemText(item, alert.meta) ?? '').slice(0, MAX_DATA);
    const resultCode = Number(/<ResultCode>\s*(\d{1,5})\s*<\/ResultCode>/.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(resultCode)) continue;
    const identifier = (/<Identifier>([^<]*)<\/Identifier>/.exec(text)?.[1] ?? '').trim();
    found.push({
      resultCode,
      identifier: identifier.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'),
      operation: item.source?.uri ?? '',
      ...(item.target === undefined ? {} : { node: item.target.uri }),
      ...(alert.correlator === undefined ? {} : { correlator: alert.correlator }),
    });
  }
  const rank = ({ resultCode }: OperationComplete): number => (isSuccessfulResult(resultCode) ? 1 : 0);
  return found.sort((a, b) => rank(a) - rank(b));
}
