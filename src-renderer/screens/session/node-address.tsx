import { Fragment } from 'react';

/** The address of a node, which may break after its slashes. */
export function NodeAddress({ uri }: { readonly uri: string }) {
  return (
    <span className="node-address" dir="ltr">
      {uri.split(/(?<=\/)/).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one address keep their places
        <Fragment key={index}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </span>
  );
}
