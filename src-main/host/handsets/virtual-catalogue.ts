import type { ResultOf } from '../../contract/requests.ts';
import type { FaultView } from '../../contract/software-views.ts';
import type { FaultDescription } from '../../virtual/faults/fault.ts';
import { FAULTS } from '../../virtual/handset/faults.ts';
import { PROFILES } from '../../virtual/handset/profiles.ts';

/** What a virtual handset can be told to do wrong, each once, and the kinds of handset that there are. */
export function virtualCatalogue(): ResultOf<'virtual.catalogue'> {
  return {
    faults: FAULTS.filter(({ sameAs }) => sameAs === undefined).map(viewOf),
    profiles: PROFILES.map(({ name, help }) => ({ name, help })),
  };
}

function viewOf({ name, help, value }: FaultDescription): FaultView {
  return { name, help, ...(value === undefined ? {} : { value }) };
}
