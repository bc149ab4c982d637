import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import type { MessageRow } from '../../../src-main/contract/sessions.ts';
import { countText, timeText } from '../../../src-main/wording/numbers.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { packageText } from './session-state.ts';

/** What is known of a message without its octets. */
export function MessageFacts({ message }: { readonly message: MessageRow }) {
  const { words, language } = useSpeech();
  const text = words.screens.session;
  const { facts, credentials } = text.detail;
  const { summary, direction, at, bytes, contentType, sha256, msgId } = message;
  const short: readonly (readonly [string, string])[] = [
    [facts.time, timeText(at, language)],
    [facts.size, `${countText(bytes, language)} B`],
    [facts.msgId, msgId > 0 ? String(msgId) : ''],
    [facts.credentials, summary.readable ? credentials[summary.credentials] : ''],
  ];
  const long: readonly (readonly [string, string])[] = [
    [facts.direction, `${text.direction[direction]} · ${packageText(message.package, text)}`],
    [facts.from, maskEquipmentNumbers(summary.source)],
    [facts.to, maskEquipmentNumbers(summary.target)],
    [facts.type, contentType],
    [facts.sha256, sha256],
  ];
  return (
    <dl className="message-facts small">
      {[...short, ...long]
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name} data-wide={long.some(([other]) => other === name) || undefined}>
            <dt>{name}</dt>
            <dd className={value === sha256 ? 'mono' : undefined}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
