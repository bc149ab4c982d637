import { useId } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';

interface CodeBlockProps {
  /** What it is. */
  readonly label: string;
  readonly text: string;
  /** Of the button that copies it. */
  readonly copy: string;
}

/** Text of a file or commands, to the octet; it can be scrolled by keyboard, and copied. */
export function CodeBlock({ label, text, copy }: CodeBlockProps) {
  const id = useId();
  return (
    <div className="doctor-code">
      <div className="doctor-code-head">
        <span id={id} className="small quiet">
          {label}
        </span>
        <CopyButton text={() => text} label={copy} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: no fieldset, but a box that is called something */}
      <div tabIndex={0} role="group" aria-labelledby={id} className="doctor-text">
        <pre dir="ltr">{text.trimEnd()}</pre>
      </div>
    </div>
  );
}
