import { describe, expect, it } from 'vitest';
import { Alert, alertName } from '../../../src-main/syncml/alert.ts';
import { isSuccess, knownStatus, Status, statusName } from '../../../src-main/syncml/status.ts';

describe('codes', () => {
  it('statuses have the names of the standard', () => {
    expect(statusName(Status.AuthenticationAccepted)).toBe('Authentication accepted');
    expect(statusName(Status.SizeMismatch)).toBe('Size mismatch');
    expect(statusName(299)).toBeUndefined();
  });

  it('an unknown status counts as the first of its class', () => {
    expect([knownStatus(299), knownStatus(499), knownStatus(404)]).toEqual([200, 400, 404]);
    expect(knownStatus(Number.NaN)).toBeNaN();
  });

  it('the class 2xx is success', () => {
    expect([199, 200, 299, 300].map(isSuccess)).toEqual([false, true, true, false]);
  });

  it('alerts have the numbers and names of DM Representation 1.2, section 4.2', () => {
    expect(Object.values(Alert)).toEqual([1100, 1101, 1102, 1103, 1104, 1200, 1201, 1222, 1223, 1224, 1225, 1226]);
    for (const code of Object.values(Alert)) expect(alertName(code)).toMatch(/^[A-Z -]+$/);
  });
});
