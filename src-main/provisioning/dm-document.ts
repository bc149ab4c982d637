import { isPcAgentError } from '../base/errors.ts';
import type { AccountObject } from '../dm/objects/account-object.ts';
import { dmAccSpec, readDmAcc } from '../dm/objects/dm-acc.ts';
import { isDmAccId } from '../dm/objects/object-ids.ts';
import type { ObjectNode } from '../dm/objects/object-node.ts';
import { readTnds } from '../dm/tnds/read-tnds.ts';
import { isTnds } from '../dm/tnds/tnds.ts';
import { encodeTnds, TNDS_TYPE } from '../dm/tnds/write-tnds.ts';
import { decodeMessage, encodeMessage } from '../syncml/codec.ts';
import { effectiveMeta, itemBytes } from '../syncml/item-data.ts';
import type { Command, Item, Meta } from '../syncml/model.ts';
import { objectOfTree, objectTree } from './account-tree.ts';
import { DOCUMENT_LIMITS, documentError } from './document-limits.ts';

const INBOX = './Inbox';

/** A DM message that adds the account to the Inbox (DM Bootstrap 1.2, 5.4.2); nobody answers it. */
export function writeDmDocument(account: AccountObject, device: string | undefined): Uint8Array {
  const { serverId } = account;
  const tree = objectTree(accountNodeName(serverId), dmAccSpec(account));
  return encodeMessage(
    {
      header: {
        verDtd: '1.2',
        verProto: 'DM/1.2',
        sessionId: '0',
        msgId: 1,
        target: { uri: device ?? '' },
        source: { uri: serverId },
      },
      commands: [
        {
          kind: 'Add',
          cmdId: '1',
          items: [
            {
              target: { uri: INBOX },
              meta: { format: 'bin', type: TNDS_TYPE.wbxml },
              data: encodeTnds({ nodes: [tree] }, 'wbxml'),
            },
          ],
        },
      ],
      final: true,
    },
    'wbxml',
  );
}

/** Name of an account's node: the server's, where that is one segment of a URI. */
export function accountNodeName(serverId: string): string {
  return serverId.replace(/[/?]/g, '_').slice(0, 100);
}

/**
 * The accounts that a DM message adds to the Inbox; other commands and objects are left out.
 * @throws PcAgentError `provisioning/malformed`, `provisioning/too-large`
 */
export function readDmDocument(bytes: Uint8Array): readonly AccountObject[] {
  if (bytes.length > DOCUMENT_LIMITS.bytes) throw documentError('too-large', 'the document is too large');
  try {
    const { message } = decodeMessage(bytes, 'wbxml');
    return message.commands.flatMap(addedItems).flatMap(({ item, meta }) => accountsIn(item, meta));
  } catch (error) {
    if (isPcAgentError(error, 'provisioning') || !isPcAgentError(error)) throw error;
    throw documentError('malformed', error.message, error.offset);
  }
}

interface Added {
  readonly item: Item;
  readonly meta: Meta | undefined;
}

function addedItems(command: Command): readonly Added[] {
  if (command.kind === 'Atomic' || command.kind === 'Sequence') return command.commands.flatMap(addedItems);
  if (command.kind !== 'Add') return [];
  const inbox = (item: Item): boolean => /^(?:\.\/)?Inbox(?:\/|$)/.test(item.target?.uri ?? '');
  return command.items.filter(inbox).map((item) => ({ item, meta: command.meta }));
}

function accountsIn(item: Item, commandMeta: Meta | undefined): readonly AccountObject[] {
  const objects = objectsOf(item, commandMeta);
  return objects.flatMap((object) => {
    const account = isDmAccObject(object) ? readDmAcc(object) : undefined;
    return account === undefined ? [] : [account];
  });
}

function objectsOf(item: Item, commandMeta: Meta | undefined): readonly ObjectNode[] {
  const { type } = effectiveMeta(item, commandMeta);
  // A tree may stand in the message itself, by its own code page.
  const markup = item.markup === undefined ? {} : { markup: item.markup };
  if (!isTnds({ type, ...markup })) return [];
  const tree = readTnds({ value: item.markup === undefined ? itemBytes(item, commandMeta) : undefined, ...markup });
  if (typeof tree === 'number') throw documentError('malformed', `the serialized tree cannot be read (${tree})`);
  return tree.nodes.map(objectOfTree);
}

/** By its identifier; without one, by what it holds (DM 1.1.2 had none). */
function isDmAccObject(object: ObjectNode): boolean {
  if (isDmAccId(object.type)) return true;
  const names = [...object.children.keys()].map((name) => name.toLowerCase());
  return (object.type ?? '') === '' && names.includes('serverid');
}
