import { CopyButton } from './copy-button.tsx';

/** Commands that our sentences name. */
const COMMANDS = /(systemctl start bluetooth|rfkill unblock bluetooth|bluetoothctl power on)/;

/** A sentence of ours; a command in it is set as code, and can be copied. */
export function CommandText({ text }: { readonly text: string }) {
  const parts = text.split(COMMANDS);
  const [, command] = parts;
  return (
    <>
      {parts.map((part) =>
        part === command ? (
          <code key={part} className="code" dir="ltr">
            {part}
          </code>
        ) : (
          part
        ),
      )}
      {command !== undefined && (
        <>
          {' '}
          <CopyButton text={() => command} />
        </>
      )}
    </>
  );
}
