import type { CommandSummary } from '../../../src-main/contract/message-summary.ts';
import type { MessageRow } from '../../../src-main/contract/sessions.ts';
import { describeCommand, describeMessage } from '../../../src-main/wording/describe-command.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { NodeAddress } from './node-address.tsx';

/** Every command of a message in plain words, with the protocol's own beside them. */
export function CommandList({ message: { summary, direction } }: { readonly message: MessageRow }) {
  const { words, language } = useSpeech();
  if (summary.commands.length === 0) {
    const plain = !summary.readable || summary.package === 0;
    const lines = plain ? describeMessage(summary, direction, language) : [words.screens.session.detail.noCommands];
    return lines.map((line) => (
      <p key={line} className="quiet">
        {line}
      </p>
    ));
  }
  return (
    <ol className="command-list">
      {summary.commands.map((command, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the commands of one message keep their places
        <li key={index}>
          <span>{describeCommand(command, direction, language)}</span>
          <code className="code">{codeOf(command)}</code>
          {command.uri !== undefined && <NodeAddress uri={command.uri} />}
        </li>
      ))}
    </ol>
  );
}

function codeOf({ kind, code, resultCode, answers }: CommandSummary): string {
  return [kind, answers, code, resultCode].filter((part) => part !== undefined && part !== '').join(' ');
}
